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
  private final boolean outside;
  private final String dataFile;
  private final List<Placed> placed = new ArrayList<>();
  private long end;

  private DataPlacement(Optional<Path> folder, boolean outside, String dataFile) {
    this.folder = folder;
    this.outside = outside;
    this.dataFile = dataFile;
  }

  /** All data stands in the model. */
  static DataPlacement inside() {
    return new DataPlacement(Optional.empty(), false, "");
  }

  /** Data that the model's real folder has already stays there, all other stands in the model. */
  static DataPlacement insideOrKept(Path folder) {
    return new DataPlacement(Optional.of(folder), false, "");
  }

  /**
   * As {@link #insideOrKept}, but all other data from 1 KiB on goes to a new data file, which has
   * no name yet.
   */
  static DataPlacement outsideOrKept(Path folder) {
    return new DataPlacement(Optional.of(folder), true, "");
  }

  /** Places the data of the same model anew, at the same offsets, in a data file of this name. */
  DataPlacement named(String name) {
    return new DataPlacement(folder, outside, name);
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
    return outside
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
        .addExternalData(entry("location", dataFile))
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
