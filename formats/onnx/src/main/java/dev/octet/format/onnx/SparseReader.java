package dev.octet.format.onnx;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.proto.OnnxMl.SparseTensorProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads sparse tensors of a graph in full: the elements that a file lists, and zero everywhere
 * else. Indices are INT64, {@code [count]} into the elements in row-major order or {@code [count,
 * rank]}, and ascend, as ONNX demands.
 */
final class SparseReader {

  /** What a tensor may take in full: a few bytes of a file could ask for any memory. */
  private static final long MOST_BYTES = 1L << 28;

  private final Source source;
  private final TensorReader tensors;

  SparseReader(Source source, TensorReader tensors) {
    this.source = source;
    this.tensors = tensors;
  }

  /** Returns the tensor with all its elements; {@code place} names it in messages. */
  Tensor read(SparseTensorProto proto, String place) {
    Tensor values = tensors.read(proto.getValues(), "the values of " + place);
    Tensor indices = tensors.read(proto.getIndices(), "the indices of " + place);
    if (values.dataType() == DataType.STRING) {
      throw tensors.unknownType(proto.getValues(), place);
    }
    long[] sizes = proto.getDimsList().stream().mapToLong(size -> size).toArray();
    long count = count(values.dataType(), sizes, place);
    long[] places = places(indices, values.elementCount(), sizes, place);
    requireAscending(places, count, place);
    Tensor whole =
        Tensor.ofBytes(values.dataType(), sizes, ByteBuffer.wrap(scattered(values, places, count)));
    return isOutside(proto.getValues()) || isOutside(proto.getIndices())
        ? whole
        : whole.withOrigin(new SparseOrigin(proto, whole));
  }

  private static boolean isOutside(TensorProto proto) {
    return proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
  }

  private long count(DataType type, long[] sizes, String place) {
    boolean fits = Arrays.stream(sizes).allMatch(size -> size >= 0);
    long count = fits ? 1 : 0;
    for (long size : sizes) {
      fits &= count == 0 || size <= 8 * MOST_BYTES / count;
      count = fits ? count * size : 0;
    }
    if (!fits || type.packedBytes(count) > MOST_BYTES) {
      throw source
          .error(
              OnnxErrors.LARGE_SPARSE,
              type + Arrays.toString(sizes) + " is no tensor of at most " + MOST_BYTES + " bytes",
              place)
          .build();
    }
    return count;
  }

  /** Returns the index of each listed element in row-major order. */
  private long[] places(Tensor indices, long listed, long[] sizes, String place) {
    long[] shape = indices.sizes();
    boolean linear = Arrays.equals(shape, new long[] {listed});
    boolean byAxis = Arrays.equals(shape, new long[] {listed, sizes.length});
    if (indices.dataType() != DataType.INT64 || !(linear || byAxis)) {
      throw unfit("indices of " + indices.type() + " for " + listed + " values", place);
    }
    long[] stored = indices.integers();
    if (linear) {
      return stored;
    }
    long[] places = new long[(int) listed];
    for (int i = 0; i < places.length; i++) {
      for (int axis = 0; axis < sizes.length; axis++) {
        long index = stored[i * sizes.length + axis];
        if (index < 0 || index >= sizes[axis]) {
          throw unfit("index " + index + " along an axis of " + sizes[axis], place);
        }
        places[i] = places[i] * sizes[axis] + index;
      }
    }
    return places;
  }

  private void requireAscending(long[] places, long count, String place) {
    long before = -1;
    for (long index : places) {
      if (index <= before || index >= count) {
        throw unfit("index " + index + " behind " + before + " of " + count + " elements", place);
      }
      before = index;
    }
  }

  private static byte[] scattered(Tensor values, long[] places, long count) {
    DataType type = values.dataType();
    byte[] whole = new byte[(int) type.packedBytes(count)];
    ByteBuffer from = values.data();
    int bytes = type.bits() / Byte.SIZE;
    for (int i = 0; i < places.length; i++) {
      if (bytes > 0) {
        from.get(i * bytes, whole, (int) places[i] * bytes, bytes);
      } else {
        int each = type.bits();
        int part = (from.get(i * each / Byte.SIZE) >> (i * each % Byte.SIZE)) & ((1 << each) - 1);
        int bit = (int) (places[i] * each % Byte.SIZE);
        whole[(int) (places[i] * each / Byte.SIZE)] |= (byte) (part << bit);
      }
    }
    return whole;
  }

  private OctetException unfit(String fact, String place) {
    return source.error(OnnxErrors.SPARSE_INDICES, fact, place).build();
  }
}
