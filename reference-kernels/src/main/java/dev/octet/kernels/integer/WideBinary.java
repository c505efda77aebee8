package dev.octet.kernels.integer;

import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.thread.Workers;
import java.util.Objects;

/**
 * Elementwise operators of two operands of which one, or the result, has 16 bits: each operand is
 * dequantized, both are put together in float32, and the result is quantized.
 */
final class WideBinary implements CompiledNode {

  private static final int GRAIN = 1 << 14;

  /** Puts the first elements of two arrays together, into the left one. */
  @FunctionalInterface
  interface Combination {
    /** Writes {@code left[i] + right[i]}, or what stands in its place. */
    void apply(float[] left, float[] right, int count);
  }

  private final QuantizedSlot left;
  private final QuantizedSlot right;
  private final ParameterSlot result;
  private final Combination combination;

  WideBinary(
      QuantizedSlot left, QuantizedSlot right, ParameterSlot result, Combination combination) {
    this.left = left;
    this.right = right;
    this.result = result;
    this.combination = combination;
  }

  @Override
  public Kernel bind(Preparation preparation) {
    Refusals.requireScalars(
        preparation,
        left.scale(),
        left.zeroPoint(),
        right.scale(),
        right.zeroPoint(),
        result.scale(),
        result.zeroPoint());
    Broadcast walk =
        Broadcast.of(
            preparation.result(0).sizes(),
            preparation.operand(left.value()).sizes(),
            preparation.operand(right.value()).sizes());
    return (operands, results, workers) -> {
      OperandReader reader = new OperandReader(preparation, operands);
      Object y = Objects.requireNonNull(results[0]);
      Run run =
          new Run(
              walk,
              new DequantizedOperand(reader, left),
              new DequantizedOperand(reader, right),
              new QuantizedResult(preparation, reader, result, y));
      apply(run, workers);
    };
  }

  /** What one run reads and writes. */
  private record Run(
      Broadcast walk, DequantizedOperand left, DequantizedOperand right, QuantizedResult result) {}

  private void apply(Run run, Workers workers) {
    Broadcast walk = run.walk;
    int length = walk.rowLength();
    if (walk.isPlain()) {
      workers.forRange(
          length, GRAIN, (from, to) -> row(run, from, from, from, to - from, buffers(to - from)));
      return;
    }
    workers.forRange(
        walk.rows(),
        Math.max(1, GRAIN / Math.max(1, length)),
        (from, to) -> {
          float[][] buffers = buffers(length);
          for (int row = from; row < to; row++) {
            int l = walk.offset(0, row);
            row(run, l, walk.offset(1, row), row * length, length, buffers);
          }
        });
  }

  private static float[][] buffers(int count) {
    return new float[2][Math.min(DequantizedOperand.CHUNK, count)];
  }

  private void row(Run run, int l, int r, int at, int count, float[][] buffers) {
    int leftStep = run.walk.step(0);
    int rightStep = run.walk.step(1);
    for (int done = 0; done < count; done += DequantizedOperand.CHUNK) {
      int some = Math.min(DequantizedOperand.CHUNK, count - done);
      run.left.read(l + done * leftStep, leftStep, some, buffers[0]);
      run.right.read(r + done * rightStep, rightStep, some, buffers[1]);
      combination.apply(buffers[0], buffers[1], some);
      run.result.write(buffers[0], some, at + done);
    }
  }
}
