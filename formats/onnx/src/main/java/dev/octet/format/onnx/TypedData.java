package dev.octet.format.onnx;

import com.google.protobuf.ByteString;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import onnx.OnnxMl.TensorProto;

/**
 * Elements in the field of their element type: {@code float_data}, {@code int32_data} and so on.
 *
 * <p>In {@code int32_data} each entry holds one element, or one packed byte of elements that are
 * smaller than a byte; only the lowest bits count. A complex element is two entries.
 */
final class TypedData {

  private TypedData() {}

  static String field(DataType type) {
    return switch (type) {
      case FLOAT, COMPLEX64 -> "float_data";
      case DOUBLE, COMPLEX128 -> "double_data";
      case INT64 -> "int64_data";
      case UINT32, UINT64 -> "uint64_data";
      case STRING -> "string_data";
      case UINT8, INT8, UINT16, INT16, INT32, BOOL, FLOAT16, BFLOAT16, UINT4, INT4 -> "int32_data";
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT4E2M1 -> "int32_data";
      case FLOAT8E8M0, UINT2, INT2 -> "int32_data";
    };
  }

  /** Returns the entries that so many elements take. */
  static long count(DataType type, long elements) {
    return switch (type) {
      case STRING -> elements;
      case COMPLEX64, COMPLEX128 -> Math.multiplyExact(2L, elements);
      default -> type.bits() >= 8 ? elements : type.packedBytes(elements);
    };
  }

  /** Returns the entries that a message has. */
  static int found(TensorProto proto, DataType type) {
    return switch (field(type)) {
      case "float_data" -> proto.getFloatDataCount();
      case "double_data" -> proto.getDoubleDataCount();
      case "int64_data" -> proto.getInt64DataCount();
      case "uint64_data" -> proto.getUint64DataCount();
      case "string_data" -> proto.getStringDataCount();
      default -> proto.getInt32DataCount();
    };
  }

  static void clear(TensorProto.Builder proto, DataType type) {
    switch (field(type)) {
      case "float_data" -> proto.clearFloatData();
      case "double_data" -> proto.clearDoubleData();
      case "int64_data" -> proto.clearInt64Data();
      case "uint64_data" -> proto.clearUint64Data();
      case "string_data" -> proto.clearStringData();
      default -> proto.clearInt32Data();
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
      switch (field(type)) {
        case "float_data" -> data.putFloat(proto.getFloatData(i));
        case "double_data" -> data.putDouble(proto.getDoubleData(i));
        case "int64_data" -> data.putLong(proto.getInt64Data(i));
        case "uint64_data" -> put(data, width, proto.getUint64Data(i));
        default -> put(data, width, proto.getInt32Data(i));
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
      switch (field(type)) {
        case "float_data" -> proto.addFloatData(data.getFloat());
        case "double_data" -> proto.addDoubleData(data.getDouble());
        case "int64_data" -> proto.addInt64Data(data.getLong());
        case "uint64_data" ->
            proto.addUint64Data(
                type == DataType.UINT32 ? Integer.toUnsignedLong(data.getInt()) : data.getLong());
        default -> proto.addInt32Data(nextInt32(data, type));
      }
    }
  }

  /** Returns the bytes of one entry in the packed form. */
  private static int width(DataType type) {
    return switch (type) {
      case COMPLEX64 -> Float.BYTES;
      case COMPLEX128 -> Double.BYTES;
      default -> Math.max(1, type.bits() / 8);
    };
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
