package dev.octet.format.onnx;

import dev.octet.api.file.FileIdentity;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.TensorOrigin.Form;
import dev.octet.format.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one written model where the data of each tensor stands, and collects what goes to the
 * data file. Not thread-safe.
 */
final class DataPlacement {

  /** Tensors below this many bytes always stand in the model. */
  static final int SMALLEST_OUTSIDE = 1024;

  /** Data starts at multiples of a memory page, so that readers can map it. */
  private static final long ALIGNMENT = 4096;

  /**
   * A tensor in the data file.
   *
   * @param offset where its data begins, in bytes
   * @param tensor the tensor
   */
  record Placed(long offset, Tensor tensor) {}

  private final Optional<Path> folder;
  private final @Nullable String dataFile;
  private final List<Placed> placed = new ArrayList<>();
  private long end;

  private DataPlacement(Optional<Path> folder, @Nullable String dataFile) {
    this.folder = folder;
    this.dataFile = dataFile;
  }

  /** All data stands in the model. */
  static DataPlacement inside() {
    return new DataPlacement(Optional.empty(), null);
  }

  /** Data that the model's real folder has already stays there, all other stands in the model. */
  static DataPlacement insideOrKept(Path folder) {
    return new DataPlacement(Optional.of(folder), null);
  }

  /** As {@link #insideOrKept}, but all other data from 1 KiB on goes to a new data file. */
  static DataPlacement outsideOrKept(Path folder, String dataFile) {
    return new DataPlacement(Optional.of(folder), dataFile);
  }

  /** Tells whether a tensor goes on referring to its external data, which is still there. */
  boolean keeps(TensorOrigin origin) {
    return origin.form() == Form.EXTERNAL
        && folder.isPresent()
        && origin.folder().equals(folder)
        && origin.file().filter(FileIdentity::isCurrent).isPresent();
  }

  /** Tells whether the data of a tensor that is not kept goes to the data file. */
  boolean placesOutside(Tensor tensor) {
    return dataFile != null
        && tensor.dataType() != DataType.STRING
        && tensor.byteCount() >= SMALLEST_OUTSIDE;
  }

  /** Puts a tensor into the data file and lets a message refer to it. */
  void place(Tensor tensor, TensorProto.Builder proto) {
    long offset = Math.addExact(end, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    placed.add(new Placed(offset, tensor));
    end = Math.addExact(offset, tensor.byteCount());
    proto
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .clearExternalData()
        .addExternalData(entry("location", String.valueOf(dataFile)))
        .addExternalData(entry("offset", Long.toString(offset)))
        .addExternalData(entry("length", Long.toString(tensor.byteCount())));
  }

  /** Returns what goes to the data file, by ascending offsets. */
  List<Placed> placed() {
    return placed;
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
