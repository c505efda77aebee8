package dev.octet.format.onnx;

import com.google.protobuf.CodedOutputStream;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import onnx.OnnxMl.StringStringEntryProto;
import org.jspecify.annotations.Nullable;

/**
 * Writes a model to its file, and a data file beside it when it is large.
 *
 * <p>Everything is written under temporary names in the same folder and then moved into place, so
 * that a name never stands for half of a file.
 */
final class ModelFile {

  private final Path file;
  private final Path folder;

  /**
   * Prepares to write a file; a symbolic link is followed.
   *
   * @throws OctetException OCT-ONNX-030 if its folder cannot be reached
   */
  ModelFile(Path file) {
    try {
      this.file = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
      Path parent = this.file.getParent();
      if (parent == null || Files.isDirectory(this.file)) {
        throw new IOException("this is a folder");
      }
      this.folder = parent.toRealPath();
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /** Writes a model that keeps at most {@code largestInside} bytes of tensor data in its file. */
  void write(Model model, long largestInside) {
    DataPlacement placement = placement(model, largestInside);
    MessagePart message = ModelWriter.write(model, placement);
    Path data = folder.resolve(dataFile(model));
    List<Path> temporaries = new ArrayList<>();
    try {
      Path newModel = temporary(temporaries);
      try (OutputStream out = Files.newOutputStream(newModel, StandardOpenOption.CREATE_NEW)) {
        CodedOutputStream coded = CodedOutputStream.newInstance(out, 1 << 16);
        message.writeTo(coded);
        coded.flush();
      }
      if (placement.placed().isEmpty()) {
        move(newModel, file);
      } else {
        Path newData = temporary(temporaries);
        writeData(placement.placed(), newData);
        moveBoth(newModel, newData, data, temporaries);
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    } finally {
      temporaries.forEach(ModelFile::delete);
    }
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
    return bytes <= largestInside ? inside : DataPlacement.outsideOrKept(folder, dataFile(model));
  }

  /** Returns a name that no data which stays in this folder has. */
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
    String base = String.valueOf(file.getFileName());
    String name = base + ".data";
    for (int i = 1; kept.contains(name); i++) {
      name = base + "." + i + ".data";
    }
    return name;
  }

  private static void writeData(List<DataPlacement.Placed> placed, Path target) throws IOException {
    try (FileChannel channel =
        FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      for (DataPlacement.Placed item : placed) {
        channel.position(item.offset());
        ByteBuffer data = item.tensor().data();
        while (data.hasRemaining()) {
          channel.write(data);
        }
      }
    }
  }

  /** The data comes first: a model that is in place finds its data. */
  private void moveBoth(Path newModel, Path newData, Path data, List<Path> temporaries)
      throws IOException {
    @Nullable Path oldData = null;
    if (Files.exists(data)) {
      oldData = temporary(temporaries);
      Files.move(data, oldData);
    }
    try {
      move(newData, data);
      move(newModel, file);
    } catch (IOException e) {
      Files.deleteIfExists(data);
      if (oldData != null) {
        Files.move(oldData, data);
      }
      throw e;
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path temporary(List<Path> temporaries) {
    String name =
        "." + file.getFileName() + "." + ProcessHandle.current().pid() + "." + System.nanoTime();
    Path path = folder.resolve(name + "." + temporaries.size() + ".tmp");
    temporaries.add(path);
    return path;
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // What was asked for is done or has failed with its own error; a leftover changes neither.
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

  private static OctetException unwritable(Path file, IOException cause) {
    return OnnxErrors.UNWRITABLE
        .error("the model cannot be written: " + cause)
        .at(file.toString())
        .cause(cause)
        .build();
  }
}
