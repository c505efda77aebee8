package dev.octet.backend.onnxruntime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Copies tensors to and from ONNX Runtime's memory, which has native byte order; the machines it
 * runs on are little-endian.
 */
final class OrtTensors {

  private OrtTensors() {}

  static OnnxTensor toNative(OrtEnvironment environment, Tensor tensor) throws OrtException {
    ByteBuffer data =
        ByteBuffer.allocateDirect(Math.toIntExact(tensor.byteCount()))
            .order(ByteOrder.nativeOrder());
    tensor.forEachWindow((at, window) -> data.put(window));
    data.flip();
    return OnnxTensor.createTensor(environment, data, tensor.sizes(), toNative(tensor.dataType()));
  }

  static Tensor fromNative(OnnxTensor tensor) {
    TensorInfo info = tensor.getInfo();
    return Tensor.ofBytes(fromNative(info.type), info.getShape(), tensor.getByteBuffer());
  }

  private static OnnxJavaType toNative(DataType type) {
    return switch (type) {
      case FLOAT -> OnnxJavaType.FLOAT;
      case DOUBLE -> OnnxJavaType.DOUBLE;
      case INT8 -> OnnxJavaType.INT8;
      case UINT8 -> OnnxJavaType.UINT8;
      case INT16 -> OnnxJavaType.INT16;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case BOOL -> OnnxJavaType.BOOL;
      case FLOAT16 -> OnnxJavaType.FLOAT16;
      case BFLOAT16 -> OnnxJavaType.BFLOAT16;
      case UINT16, STRING, UINT32, UINT64, COMPLEX64, COMPLEX128 -> throw refused(type.toString());
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT8E8M0 ->
          throw refused(type.toString());
      case UINT4, INT4, FLOAT4E2M1, UINT2, INT2 -> throw refused(type.toString());
    };
  }

  private static DataType fromNative(OnnxJavaType type) {
    return switch (type) {
      case FLOAT -> DataType.FLOAT;
      case DOUBLE -> DataType.DOUBLE;
      case INT8 -> DataType.INT8;
      case UINT8 -> DataType.UINT8;
      case INT16 -> DataType.INT16;
      case INT32 -> DataType.INT32;
      case INT64 -> DataType.INT64;
      case BOOL -> DataType.BOOL;
      case FLOAT16 -> DataType.FLOAT16;
      case BFLOAT16 -> DataType.BFLOAT16;
      default -> throw refused(type.toString());
    };
  }

  private static OctetException refused(String type) {
    return OrtErrors.ELEMENT_TYPE
        .error("ONNX Runtime's Java interface has no tensors of type " + type)
        .build();
  }
}
