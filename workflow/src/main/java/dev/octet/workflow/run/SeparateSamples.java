package dev.octet.workflow.run;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;

/**
 * Tells whether samples of one run give what each gives by itself: the first two in one run and in
 * two. Outputs of floats may differ by what another order of additions makes, 2^-16 of the largest
 * element; all others are equal.
 */
final class SeparateSamples {

  private static final double TOLERANCE = 0x1p-16;

  private SeparateSamples() {}

  /**
   * Tells whether the first two samples may share a run.
   *
   * @param data at least two samples
   * @throws dev.octet.api.error.OctetException as {@link ExecutableModel#run} and {@link
   *     DataSource#batch}
   */
  static boolean share(ExecutableModel model, DataSource data, Execution execution) {
    Map<String, Tensor> together = model.run(data.batch(0, 2), execution.cancellation());
    boolean counted =
        together.values().stream().allMatch(output -> output.rank() > 0 && output.sizes()[0] == 2);
    for (int i = 0; i < 2 && counted; i++) {
      Map<String, Tensor> alone = model.run(data.batch(i, 1), execution.cancellation());
      for (Map.Entry<String, Tensor> output : together.entrySet()) {
        Tensor own = Objects.requireNonNull(alone.get(output.getKey()), output.getKey());
        if (!isPart(own, output.getValue(), i)) {
          return false;
        }
      }
    }
    return counted;
  }

  /** Tells whether a tensor of one sample is a part of one of two samples. */
  private static boolean isPart(Tensor own, Tensor both, int index) {
    boolean sameKind = own.dataType() == both.dataType();
    if (!sameKind || 2 * own.elementCount() != both.elementCount()) {
      return false;
    }
    int count = Math.toIntExact(own.elementCount());
    if (own.dataType() == DataType.FLOAT) {
      return isClose(own.floats(), both.floats(), index * count);
    }
    if (own.dataType() == DataType.STRING || own.dataType().bits() < Byte.SIZE) {
      return false;
    }
    ByteBuffer part = both.data();
    int bytes = Math.toIntExact(own.byteCount());
    return part.slice(index * bytes, bytes).equals(own.data());
  }

  private static boolean isClose(float[] own, float[] both, int at) {
    double largest = 0;
    for (float element : own) {
      largest = Float.isFinite(element) ? Math.max(largest, Math.abs(element)) : largest;
    }
    for (int i = 0; i < own.length; i++) {
      boolean same = Float.compare(own[i], both[at + i]) == 0;
      if (!same && !(Math.abs((double) own[i] - both[at + i]) <= TOLERANCE * largest)) {
        return false;
      }
    }
    return true;
  }
}
