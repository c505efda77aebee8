package dev.octet.kernels.real;

import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A kernel that reads floats of any width as doubles, exactly, computes in double, and rounds each
 * result to its type once, half to even. Results that are integers, such as indices, are doubles
 * without a fraction.
 */
public final class RealKernel implements Kernel {

  private final List<Optional<ArrayType>> operandTypes;
  private final List<ArrayType> resultTypes;
  private final Body body;

  /** What a kernel computes. */
  @FunctionalInterface
  public interface Body {

    /**
     * Computes all results.
     *
     * @param operands the operands
     * @param results an array for each result, of exactly its elements, filled with zeros; also for
     *     results that nobody asked for
     * @param workers the threads
     */
    void run(RealOperands operands, double[][] results, Workers workers);
  }

  private RealKernel(Preparation preparation, Body body) {
    this.operandTypes = preparation.operands();
    this.resultTypes = preparation.results();
    this.body = body;
  }

  /** Returns the kernel of a node. */
  public static Kernel of(Preparation preparation, Body body) {
    return new RealKernel(preparation, body);
  }

  @Override
  public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
    double[][] reals = new double[resultTypes.size()][];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = new double[resultTypes.get(i).count()];
    }
    body.run(new RealOperands(operandTypes, operands), reals, workers);
    for (int i = 0; i < results.length; i++) {
      Object target = results[i];
      if (target != null) {
        store(reals[i], resultTypes.get(i), target);
      }
    }
  }

  private static void store(double[] values, ArrayType type, Object target) {
    if (target instanceof float[] floats) {
      for (int i = 0; i < values.length; i++) {
        floats[i] = (float) values[i];
      }
      return;
    }
    boolean real = Elements.isReal(type.dataType());
    for (int i = 0; i < values.length; i++) {
      if (real) {
        Elements.putReal(type.dataType(), target, i, values[i]);
      } else {
        Elements.putInteger(type.dataType(), target, i, (long) values[i]);
      }
    }
  }
}
