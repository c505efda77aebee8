package dev.octet.format.onnx;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.WholeFile;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.octet.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a model to its file, and a data file beside it when it is large; see {@link WholeFile} for
 * what stands there when that fails.
 */
final class ModelFile {

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
    file.write(
        out -> {
          CodedOutputStream coded = CodedOutputStream.newInstance(out, 1 << 16);
          message.writeTo(coded);
          coded.flush();
        });
    if (placement.placed().isEmpty()) {
      file.commit();
    } else {
      try (WholeFile data = WholeFile.of(folder.resolve(dataFile(model)))) {
        writeData(placement.placed(), data.partial());
        // The data comes first: a model that is in place finds its data.
        file.commitBehind(data);
      }
    }
  }

  /** Returns how many bytes the elements of all tensors take. */
  static long dataBytes(Model model) {
    return tensors(model.graph()).stream().mapToLong(Tensor::byteCount).sum();
  }

  private DataPlacement placement(Model model, long largestInside) throws IOException {
    if (file.isWrittenThrough()) {
      if (dataBytes(model) > largestInside) {
        throw new IOException("the data of a model this large stands beside its file");
      }
      return DataPlacement.inside();
    }
    DataPlacement inside = DataPlacement.insideOrKept(folder);
    long bytes =
        tensors(model.graph()).stream()
            .filter(t -> TensorWriter.unedited(t).filter(inside::keeps).isEmpty())
            .mapToLong(Tensor::byteCount)
            .sum();
    return bytes <= largestInside ? inside : DataPlacement.outsideOrKept(folder, dataFile(model));
  }

  /**
   * Returns a name that no data which stays in this folder has, and no link, which may leave it.
   */
  private String dataFile(Model model) {
    Set<String> kept = new HashSet<>();
    for (Tensor tensor : tensors(model.graph())) {
      Optional<TensorOrigin> origin = Origins.of(tensor.origin(), TensorOrigin.class);
      origin.ifPresent(
          o ->
              o.rest().getExternalDataList().stream()
                  .filter(entry -> entry.getKey().equals("location"))
                  .map(StringStringEntryProto::getValue)
                  .forEach(location -> kept.add(Path.of(location).normalize().toString())));
    }
    String base = String.valueOf(file.target().getFileName());
    String name = base + ".data";
    for (int i = 1; kept.contains(name) || Files.isSymbolicLink(folder.resolve(name)); i++) {
      name = base + "." + i + ".data";
    }
    return name;
  }

  private static void writeData(List<DataPlacement.Placed> placed, Path target) throws IOException {
    try (FileChannel channel =
        FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      for (DataPlacement.Placed item : placed) {
        channel.position(item.offset());
        item.tensor()
            .forEachWindow(
                (offset, window) -> {
                  while (window.hasRemaining()) {
                    channel.write(window);
                  }
                });
      }
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
