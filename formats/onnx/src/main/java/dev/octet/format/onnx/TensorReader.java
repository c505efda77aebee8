package dev.octet.format.onnx;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.FileRegion;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.TensorOrigin.Form;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import dev.octet.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads tensors from whichever field or file holds their elements. */
final class TensorReader {

  private final Source source;
  private final StoredTensors stored;
  private final ExternalDataReader external;

  /** Reads tensors whose messages have all of their data that is in the model. */
  TensorReader(Source source) {
    this(source, new StoredTensors());
  }

  /** Reads tensors of which some left their data in the model's file. */
  TensorReader(Source source, StoredTensors stored) {
    this.source = source;
    this.stored = stored;
    this.external = new ExternalDataReader(source);
  }

  /** Reads a tensor; {@code place} names it in messages. */
  Tensor read(TensorProto proto, String place) {
    return read(proto, place, !proto.hasName());
  }

  /** Reads a constant of a graph, which keeps the name; {@code place} names it in messages. */
  Tensor constant(TensorProto proto, String place) {
    return read(proto, place, true);
  }

  private Tensor read(TensorProto proto, String place, boolean nameIsKept) {
    DataType type =
        DataType.ofOnnxNumber(proto.getDataType()).orElseThrow(() -> unknownType(proto, place));
    if (proto.hasSegment()) {
      throw source
          .error(
              OnnxErrors.SEGMENTS, "a tensor is stored in segments, which are not supported", place)
          .build();
    }
    long[] sizes = sizes(proto, type, place);
    if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      return external(proto, type, sizes, place);
    }
    Optional<FileRegion> region = stored.region(proto);
    if (region.isPresent()) {
      requireSize(type, sizes, region.get().length(), place);
      Tensor elements = Tensor.ofRegion(type, sizes, region.get());
      return raw(proto, elements, nameIsKept && isPlain(proto));
    }
    if (proto.hasRawData() && (!proto.getRawData().isEmpty() || typedCount(proto, type) == 0)) {
      ByteString data = proto.getRawData();
      requireSize(type, sizes, data.size(), place);
      Tensor elements = Tensor.ofBytes(type, sizes, data.asReadOnlyByteBuffer());
      return raw(proto, elements, nameIsKept && isPlain(proto));
    }
    return typed(proto, type, sizes, place);
  }

  private Tensor external(TensorProto proto, DataType type, long[] sizes, String place) {
    if (type == DataType.STRING) {
      throw source
          .error(OnnxErrors.EXTERNAL_STRINGS, "a tensor of strings has external data", place)
          .build();
    }
    ExternalDataReader.External read =
        external.read(proto, type, sizes, type.packedBytes(count(sizes)), place);
    return read.elements()
        .withOrigin(
            TensorOrigin.outside(proto, read.elements(), external.realFolder(place), read.file()));
  }

  private void requireSize(DataType type, long[] sizes, long found, String place) {
    long expected = type.packedBytes(count(sizes));
    if (type == DataType.STRING || found != expected) {
      throw mismatch(type, sizes, expected + " bytes", found + " bytes of raw_data", place);
    }
  }

  private static Tensor raw(TensorProto proto, Tensor elements, boolean plain) {
    return elements.withOrigin(
        plain
            ? TensorOrigin.inside(TensorProto.getDefaultInstance(), Form.PLAIN, elements)
            : TensorOrigin.inside(proto.toBuilder().clearRawData().build(), Form.RAW, elements));
  }

  /** Tells whether a message with raw data has nothing else but element type, sizes and name. */
  private static boolean isPlain(TensorProto proto) {
    return !proto.hasDocString()
        && !proto.hasDataLocation()
        && proto.getExternalDataCount() == 0
        && proto.getMetadataPropsCount() == 0
        && proto.getFloatDataCount() == 0
        && proto.getInt32DataCount() == 0
        && proto.getStringDataCount() == 0
        && proto.getInt64DataCount() == 0
        && proto.getDoubleDataCount() == 0
        && proto.getUint64DataCount() == 0
        && proto.getUnknownFields().asMap().isEmpty();
  }

  private Tensor typed(TensorProto proto, DataType type, long[] sizes, String place) {
    long expected = TypedData.count(type, count(sizes));
    int found = typedCount(proto, type);
    if (found != expected) {
      throw mismatch(
          type, sizes, expected + " entries", found + " in " + TypedData.field(type), place);
    }
    Tensor elements = TypedData.read(proto, type, sizes);
    TensorProto.Builder rest = proto.toBuilder();
    TypedData.clear(rest, type);
    TensorProto.Builder again = rest.clone();
    TypedData.write(again, elements);
    boolean reproducible = again.build().equals(proto);
    return elements.withOrigin(
        reproducible
            ? TensorOrigin.inside(rest.build(), Form.TYPED, elements)
            : TensorOrigin.inside(proto, Form.VERBATIM, elements));
  }

  private static int typedCount(TensorProto proto, DataType type) {
    return TypedData.found(proto, type);
  }

  private long[] sizes(TensorProto proto, DataType type, String place) {
    long[] sizes = new long[proto.getDimsCount()];
    boolean negative = false;
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = proto.getDims(i);
      negative |= sizes[i] < 0;
    }
    if (negative) {
      throw source
          .error(
              OnnxErrors.NEGATIVE_DIMS, "dims " + Arrays.toString(sizes) + " are negative", place)
          .build();
    }
    try {
      if (type.packedBytes(count(sizes)) >= 0) {
        return sizes;
      }
    } catch (ArithmeticException e) {
      // The error below.
    }
    throw tooLarge(type, sizes, place);
  }

  /** A zero anywhere makes the count zero, however large the other sizes are. */
  private static long count(long[] sizes) {
    for (long size : sizes) {
      if (size == 0) {
        return 0;
      }
    }
    long count = 1;
    for (long size : sizes) {
      count = Math.multiplyExact(count, size);
    }
    return count;
  }

  /** Returns the error about an element type. */
  OctetException unknownType(TensorProto proto, String place) {
    return source
        .error(
            OnnxErrors.ELEMENT_TYPE,
            "element type " + proto.getDataType() + " is not supported",
            place)
        .candidates(List.of("1 (FLOAT) to " + DataType.values().length + " (INT2)"))
        .build();
  }

  private OctetException tooLarge(DataType type, long[] sizes, String place) {
    return source
        .error(
            OnnxErrors.LARGE_TENSOR,
            type + Arrays.toString(sizes) + " takes 2^63 bytes or more",
            place)
        .build();
  }

  private OctetException mismatch(
      DataType type, long[] sizes, String expected, String found, String place) {
    return source
        .error(
            OnnxErrors.DATA_SIZE,
            type + Arrays.toString(sizes) + " takes " + expected + ", but there are " + found,
            place)
        .build();
  }
}
