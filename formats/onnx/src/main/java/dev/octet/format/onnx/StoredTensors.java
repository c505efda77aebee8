package dev.octet.format.onnx;

import dev.octet.api.file.FileRegion;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import java.util.IdentityHashMap;
import java.util.Optional;

/**
 * Tensors of one message whose {@code raw_data} was left in the file of the model, by the very
 * object that stands for the tensor: equal ones may have different data. Such an object is built
 * once, and handed on as it is. Not thread-safe.
 */
final class StoredTensors {

  private final IdentityHashMap<TensorProto, FileRegion> regions = new IdentityHashMap<>();

  /** Adds a tensor whose message has no data, which is a region of the file. */
  void add(TensorProto proto, FileRegion region) {
    regions.put(proto, region);
  }

  /** Returns the data of a tensor, if it was left in the file. */
  Optional<FileRegion> region(TensorProto proto) {
    return Optional.ofNullable(regions.get(proto));
  }

  /** Returns for how many tensors it was. */
  int count() {
    return regions.size();
  }
}
