package dev.octet.kernels.primitive;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.thread.Workers;

/** Loops of plain Java, in the forms that the compiler of the JVM turns into vectors. */
final class PlainLoops implements Primitives {

  static final PlainLoops INSTANCE = new PlainLoops();

  /** Floats that stay in the first-level cache between two loops over them. */
  private static final int CHUNK = 1024;

  private PlainLoops() {}

  @Override
  public String description() {
    return "plain loops";
  }

  @Override
  public void quantize(
      float[] x, int from, int count, float scale, Saturation saturation, Object into, int at) {
    float[] quotients = new float[Math.min(CHUNK, count)];
    for (int done = 0; done < count; done += CHUNK) {
      int some = Math.min(CHUNK, count - done);
      System.arraycopy(x, from + done, quotients, 0, some);
      if (into instanceof byte[] bytes) {
        ShiftedRows.quantize(quotients, some, scale, saturation, bytes, at + done);
      } else {
        ShiftedRows.quantize(quotients, some, scale, saturation, (short[]) into, at + done);
      }
    }
  }

  @Override
  public void round(float[] values, int count, Saturation saturation, byte[] into, int at) {
    ShiftedRows.round(values, 0, count, 1f, saturation, into, at);
  }

  @Override
  public void dequantize(
      DataType type,
      Object q,
      int from,
      int count,
      float scale,
      int zeroPoint,
      float[] into,
      int at) {
    // A loop that is entered once for a whole tensor is compiled in the middle of a run, and badly.
    for (int done = 0; done < count; done += CHUNK) {
      int some = Math.min(CHUNK, count - done);
      dequantizeSome(type, q, from + done, some, scale, zeroPoint, into, at + done);
    }
  }

  private static void dequantizeSome(
      DataType type,
      Object q,
      int from,
      int count,
      float scale,
      int zeroPoint,
      float[] into,
      int at) {
    switch (type) {
      case INT8, INT4, INT2 -> {
        byte[] bytes = (byte[]) q;
        for (int i = 0; i < count; i++) {
          into[at + i] = (float) (bytes[from + i] - zeroPoint) * scale;
        }
      }
      case UINT8, UINT4, UINT2 -> {
        byte[] bytes = (byte[]) q;
        for (int i = 0; i < count; i++) {
          into[at + i] = (float) ((bytes[from + i] & 0xFF) - zeroPoint) * scale;
        }
      }
      case INT16 -> {
        short[] shorts = (short[]) q;
        for (int i = 0; i < count; i++) {
          into[at + i] = (float) (shorts[from + i] - zeroPoint) * scale;
        }
      }
      case UINT16 -> {
        short[] shorts = (short[]) q;
        for (int i = 0; i < count; i++) {
          into[at + i] = (float) ((shorts[from + i] & 0xFFFF) - zeroPoint) * scale;
        }
      }
      case INT32, UINT32, INT64, UINT64, BOOL, STRING, FLOAT, DOUBLE, FLOAT16, BFLOAT16 ->
          throw notNarrow(type);
      case COMPLEX64, COMPLEX128, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ ->
          throw notNarrow(type);
      case FLOAT8E8M0, FLOAT4E2M1 -> throw notNarrow(type);
    }
  }

  private static IllegalArgumentException notNarrow(DataType type) {
    return new IllegalArgumentException(type + " has no integers of at most 16 bits");
  }

  @Override
  public void convolve(Convolution task, Workers workers) {
    PlainConvolution.run(task, workers);
  }

  @Override
  public void multiply(MatrixProduct task, Workers workers) {
    if (WordProduct.fits(task)) {
      WordProduct.run(task, workers);
    } else {
      PlainProduct.run(task, workers);
    }
  }

  @Override
  public void convolve(WideConvolution task, Workers workers) {
    WideSums.convolve(task, workers);
  }

  @Override
  public void multiply(WideProduct task, Workers workers) {
    WideSums.multiply(task, workers);
  }

  @Override
  public void multiply(GroupedProduct task, Workers workers) {
    task.right().multiply(task, workers);
  }
}
