package dev.octet.kernels.integer;

import static dev.octet.kernels.dialect.BinarySlots.LEFT;
import static dev.octet.kernels.dialect.BinarySlots.RESULT;
import static dev.octet.kernels.dialect.BinarySlots.RIGHT;

import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.dialect.BinarySlots;
import dev.octet.kernels.floats.FloatBinary;
import dev.octet.kernels.index.Broadcast;
import dev.octet.kernels.thread.Workers;
import java.util.Objects;
import java.util.Optional;

/**
 * Operators on two tensors, element by element, as their reading in float: each operand is
 * dequantized, both are put together in float32 by the function of the operator on floats, and the
 * result is quantized. Of 8 or 16 bits in any mix.
 */
final class DequantizedBinary implements CompiledNode {

  private static final int GRAIN = 1 << 14;

  private final FloatBinary function;

  /**
   * Makes a node with the operands of {@link BinarySlots}.
   *
   * @param function what puts the operands together
   */
  DequantizedBinary(FloatBinary function) {
    this.function = function;
  }

  /** Refuses operands of other types than such operators take. */
  static Optional<String> refusal(Signature signature) {
    return Refusals.first(
        Refusals.unlessEightOrSixteenBits(
            signature,
            LEFT.value(),
            LEFT.zeroPoint(),
            RIGHT.value(),
            RIGHT.zeroPoint(),
            RESULT.zeroPoint()),
        Refusals.unlessFloat(signature, LEFT.scale(), RIGHT.scale(), RESULT.scale()));
  }

  /** Refuses scales and zero points of which there are several. */
  static void requireScalars(Preparation preparation) {
    Refusals.requireScalars(
        preparation,
        LEFT.scale(),
        LEFT.zeroPoint(),
        RIGHT.scale(),
        RIGHT.zeroPoint(),
        RESULT.scale(),
        RESULT.zeroPoint());
  }

  @Override
  public Kernel bind(Preparation preparation) {
    requireScalars(preparation);
    Broadcast walk =
        Broadcast.of(
            preparation.result(0).sizes(),
            preparation.operand(LEFT.value()).sizes(),
            preparation.operand(RIGHT.value()).sizes());
    return (operands, results, workers) -> {
      OperandReader reader = new OperandReader(preparation, operands);
      Object y = Objects.requireNonNull(results[0]);
      Run run =
          new Run(
              walk,
              new DequantizedOperand(reader, LEFT),
              new DequantizedOperand(reader, RIGHT),
              new QuantizedResult(preparation, reader, RESULT, y));
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
      function.plain(buffers[0], buffers[1], buffers[0], 0, some);
      run.result.write(buffers[0], some, at + done);
    }
  }
}
