package dev.octet.format.onnx;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.DataFile;
import dev.octet.api.file.WholeFile;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.protobuf.CodedOutputStream;
import dev.octet.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes a model to its file, and a data file beside it when it is large, which is named by its
 * content; see {@link WholeFile} and {@link DataFile} for what stands there when that fails. The
 * data of the model that was replaced goes, if its name says that it was written in this way, and
 * no other model of the folder refers to it.
 */
final class ModelFile {

  private static final int CHUNK = 1 << 16;

  private final WholeFile file;
  private final Path folder;

  private ModelFile(WholeFile file, Path folder) {
    this.file = file;
    this.folder = folder;
  }

  /**
   * Writes a model that keeps at most {@code largestInside} bytes of tensor data in its file.
   *
   * @throws OctetException OCT-ONNX-030 if it cannot be written
   */
  static void write(Model model, Path file, long largestInside) {
    try (WholeFile whole = WholeFile.of(file)) {
      Path folder = whole.target().resolveSibling("").toRealPath();
      new ModelFile(whole, folder).write(model, largestInside);
    } catch (IOException e) {
      throw OnnxErrors.UNWRITABLE
          .error("the model cannot be written: " + e)
          .at(file.toString())
          .cause(e)
          .build();
    }
  }

  private void write(Model model, long largestInside) throws IOException {
    DataPlacement placement = placement(model, largestInside);
    MessagePart message = ModelWriter.write(model, placement);
    if (placement.placed().isEmpty()) {
      write(message);
      file.commit(this::superseded);
      return;
    }
    // The model names its data, and the data's name is its content's: the data is written first.
    try (DataFile data = DataFile.beside(file)) {
      data.write(out -> writeData(placement.placed(), out));
      write(ModelWriter.write(model, placement.named(data.name())));
      file.commitWith(data, this::superseded);
    }
  }

  private void write(MessagePart message) throws IOException {
    file.write(
        out -> {
          CodedOutputStream coded = CodedOutputStream.newInstance(out, CHUNK);
          message.writeTo(coded);
          coded.flush();
        });
  }

  /** Returns how many bytes the elements of all tensors take. */
  static long dataBytes(Model model) {
    return tensors(model.graph()).stream().mapToLong(Tensor::byteCount).sum();
  }

  private DataPlacement placement(Model model, long largestInside) {
    DataPlacement inside = DataPlacement.insideOrKept(folder);
    long bytes =
        tensors(model.graph()).stream()
            .filter(t -> TensorWriter.unedited(t).filter(inside::keeps).isEmpty())
            .mapToLong(Tensor::byteCount)
            .sum();
    return bytes <= largestInside ? inside : DataPlacement.outsideOrKept(folder);
  }

  private static void writeData(List<DataPlacement.Placed> placed, OutputStream out)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    long end = 0;
    for (DataPlacement.Placed item : placed) {
      out.write(new byte[Math.toIntExact(item.offset() - end)]);
      item.tensor()
          .forEachWindow(
              (offset, window) -> {
                while (window.hasRemaining()) {
                  int count = Math.min(chunk.length, window.remaining());
                  window.get(chunk, 0, count);
                  out.write(chunk, 0, count);
                }
              });
      end = item.offset() + item.tensor().byteCount();
    }
  }

  /**
   * Returns the data files of the old model, and what else is named as data of this file, that
   * neither the new one nor another model of the folder refers to.
   */
  private Set<String> superseded(Path old) throws IOException {
    Set<String> names = new TreeSet<>(DataFile.namesBeside(old));
    if (Files.isRegularFile(old)) {
      locations(old).stream().filter(DataFile::isNamedByContent).forEach(names::add);
    }
    if (!names.isEmpty()) {
      names.removeAll(DataLocations.of(file.partial()));
      try (DirectoryStream<Path> others = Files.newDirectoryStream(folder, ModelFile::mayBeModel)) {
        for (Path other : others) {
          if (!names.isEmpty() && !other.getFileName().equals(old.getFileName())) {
            names.removeAll(locations(other));
          }
        }
      }
    }
    return names;
  }

  /** Data names no data, and what is hidden is not in place. */
  private static boolean mayBeModel(Path other) {
    String name = String.valueOf(other.getFileName());
    return !name.startsWith(".")
        && !DataFile.isNamedByContent(name)
        && Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS);
  }

  /** What is no model refers to nothing. */
  private static Set<String> locations(Path model) throws IOException {
    try {
      return DataLocations.of(model);
    } catch (InvalidProtocolBufferException e) {
      return Set.of();
    }
  }

  private static List<Tensor> tensors(Graph graph) {
    List<Tensor> tensors = new ArrayList<>();
    for (Graph each : ModelWriter.graphs(graph)) {
      tensors.addAll(each.initializers().values());
    }
    for (Node node : graph.nodesWithSubgraphs()) {
      for (Attribute attribute : node.attributes().values()) {
        attribute.value().tensor().ifPresent(tensors::add);
      }
    }
    return tensors;
  }
}
