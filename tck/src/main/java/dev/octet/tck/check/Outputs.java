package dev.octet.tck.check;

import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.SupportedOperators;
import dev.octet.tck.graphs.Composition;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the reference kernels can run, and how outputs compare. */
final class Outputs {

  private Outputs() {}

  /** Tells whether the reference kernels run a composition. */
  static boolean isRunnable(Composition made) {
    return SupportedOperators.refusals(made.model()).isEmpty();
  }

  /**
   * Demands that outputs are equal bit for bit.
   *
   * @throws Violation with the fact, and the first output that differs
   */
  static void requireSameBits(
      List<Map<String, Tensor>> expected, List<Map<String, Tensor>> found, String fact) {
    for (int i = 0; i < expected.size(); i++) {
      for (Map.Entry<String, Tensor> output : expected.get(i).entrySet()) {
        Tensor other = found.get(i).get(output.getKey());
        if (other == null || !output.getValue().data().equals(other.data())) {
          throw Violation.of("%s: sample %d, output '%s'", fact, i, output.getKey());
        }
      }
    }
  }

  /**
   * Returns the largest difference of floats, as a part of the largest absolute float that is
   * expected; 0 when all are 0.
   */
  static double distance(List<Map<String, Tensor>> expected, List<Map<String, Tensor>> found) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.size(); i++) {
      for (Map.Entry<String, Tensor> output : expected.get(i).entrySet()) {
        float[] wanted = output.getValue().floats();
        float[] got = Objects.requireNonNull(found.get(i).get(output.getKey())).floats();
        for (int e = 0; e < wanted.length; e++) {
          largest = Math.max(largest, Math.abs((double) wanted[e]));
          double apart = Math.abs((double) wanted[e] - got[e]);
          difference = Double.isNaN(apart) ? Double.POSITIVE_INFINITY : Math.max(difference, apart);
        }
      }
    }
    return largest == 0 ? difference : difference / largest;
  }
}
