package dev.octet.format.onnx;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import dev.octet.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Elements in the field of their element type: {@code float_data}, {@code int32_data} and so on.
 *
 * <p>In {@code int32_data} each entry holds one element, or one packed byte of elements that are
 * smaller than a byte; only the lowest bits count. A complex element is two entries.
 */
final class TypedData {

  private TypedData() {}

  /** The fields of a message, with the bits that one entry has room for. */
  private enum Field {
    FLOATS("float_data", 32),
    DOUBLES("double_data", 64),
    INT64S("int64_data", 64),
    UINT64S("uint64_data", 64),
    INT32S("int32_data", 32),
    STRINGS("string_data", 0);

    private final String word;
    private final int bits;

    Field(String word, int bits) {
      this.word = word;
      this.bits = bits;
    }

    static Field of(DataType type) {
      return switch (type) {
        case FLOAT, COMPLEX64 -> FLOATS;
        case DOUBLE, COMPLEX128 -> DOUBLES;
        case INT64 -> INT64S;
        case UINT32, UINT64 -> UINT64S;
        case STRING -> STRINGS;
        case UINT8, INT8, UINT16, INT16, INT32, BOOL, FLOAT16, BFLOAT16, UINT4, INT4 -> INT32S;
        case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT4E2M1 -> INT32S;
        case FLOAT8E8M0, UINT2, INT2 -> INT32S;
      };
    }
  }

  static String field(DataType type) {
    return Field.of(type).word;
  }

  /** Returns the entries that so many elements take. */
  static long count(DataType type, long elements) {
    if (type == DataType.STRING) {
      return elements;
    }
    return type.bits() < Byte.SIZE
        ? type.packedBytes(elements)
        : Math.multiplyExact(Math.max(1, type.bits() / Field.of(type).bits), elements);
  }

  /** Returns the entries that a message has. */
  static int found(TensorProto proto, DataType type) {
    return switch (Field.of(type)) {
      case FLOATS -> proto.getFloatDataCount();
      case DOUBLES -> proto.getDoubleDataCount();
      case INT64S -> proto.getInt64DataCount();
      case UINT64S -> proto.getUint64DataCount();
      case STRINGS -> proto.getStringDataCount();
      case INT32S -> proto.getInt32DataCount();
    };
  }

  static void clear(TensorProto.Builder proto, DataType type) {
    switch (Field.of(type)) {
      case FLOATS -> proto.clearFloatData();
      case DOUBLES -> proto.clearDoubleData();
      case INT64S -> proto.clearInt64Data();
      case UINT64S -> proto.clearUint64Data();
      case STRINGS -> proto.clearStringData();
      case INT32S -> proto.clearInt32Data();
    }
  }

  /** Reads the elements of a message that has as many entries as the sizes ask for. */
  static Tensor read(TensorProto proto, DataType type, long[] sizes) {
    if (type == DataType.STRING) {
      List<byte[]> strings = new ArrayList<>();
      proto.getStringDataList().forEach(s -> strings.add(s.toByteArray()));
      return Tensor.ofStrings(strings, sizes);
    }
    int count = found(proto, type);
    int width = width(type);
    ByteBuffer data =
        ByteBuffer.allocate(Math.multiplyExact(count, width)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      switch (Field.of(type)) {
        case FLOATS -> data.putFloat(proto.getFloatData(i));
        case DOUBLES -> data.putDouble(proto.getDoubleData(i));
        case INT64S -> data.putLong(proto.getInt64Data(i));
        case UINT64S -> put(data, width, proto.getUint64Data(i));
        case INT32S -> put(data, width, proto.getInt32Data(i));
        case STRINGS -> throw noBytes(type);
      }
    }
    return Tensor.ofBytes(type, sizes, data.flip());
  }

  /** Adds the elements of a tensor to a message. */
  static void write(TensorProto.Builder proto, Tensor tensor) {
    DataType type = tensor.dataType();
    if (type == DataType.STRING) {
      tensor.strings().forEach(s -> proto.addStringData(ByteString.copyFrom(s)));
      return;
    }
    ByteBuffer data = tensor.data();
    while (data.hasRemaining()) {
      switch (Field.of(type)) {
        case FLOATS -> proto.addFloatData(data.getFloat());
        case DOUBLES -> proto.addDoubleData(data.getDouble());
        case INT64S -> proto.addInt64Data(data.getLong());
        case UINT64S ->
            proto.addUint64Data(
                type == DataType.UINT32 ? Integer.toUnsignedLong(data.getInt()) : data.getLong());
        case INT32S -> proto.addInt32Data(nextInt32(data, type));
        case STRINGS -> throw noBytes(type);
      }
    }
  }

  private static IllegalArgumentException noBytes(DataType type) {
    return new IllegalArgumentException(type + " has no bytes of its elements");
  }

  /** Returns the bytes of one entry in the packed form. */
  private static int width(DataType type) {
    return Math.max(Byte.SIZE, Math.min(type.bits(), Field.of(type).bits)) / Byte.SIZE;
  }

  private static void put(ByteBuffer data, int width, long entry) {
    switch (width) {
      case 8 -> data.putLong(entry);
      case 4 -> data.putInt((int) entry);
      case 2 -> data.putShort((short) entry);
      default -> data.put((byte) entry);
    }
  }

  /** Signed elements are extended by their sign, all others by zeros. */
  private static int nextInt32(ByteBuffer data, DataType type) {
    return switch (type) {
      case INT32 -> data.getInt();
      case INT16 -> data.getShort();
      case INT8 -> data.get();
      case UINT16, FLOAT16, BFLOAT16 -> Short.toUnsignedInt(data.getShort());
      case UINT8, BOOL, UINT4, INT4, UINT2, INT2 -> Byte.toUnsignedInt(data.get());
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT8E8M0, FLOAT4E2M1 ->
          Byte.toUnsignedInt(data.get());
      case FLOAT, DOUBLE, INT64, UINT32, UINT64, STRING, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(type + " is not written as int32_data");
    };
  }
}
