package dev.octet.benchmarks;

import dev.octet.workflow.QuantizationRequest;
import dev.octet.annotation.policy.Policy;
import dev.octet.api.graph.Model;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.plan.Plan;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;

/**
 * Measures how the time to plan grows with the number of nodes: normalise, annotate, resolve and
 * write the plan, for each backend that is named (cpu when none is).
 *
 * <p>Prints the median of each size and the exponent between the two largest; 1 is linear. Time is
 * that of the planning thread on a processor, so that other programs count less.
 */
public final class PlanningTime {

  private static final List<Integer> SIZES = List.of(1_000, 10_000, 100_000);
  private static final int WARM_UPS = 3;
  private static final int RUNS = 5;
  private static final double NANOSECONDS = 1e9;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private PlanningTime() {}

  /** Measures the named backends. */
  public static void main(String[] args) {
    for (String backend : args.length == 0 ? new String[] {"cpu"} : args) {
      measure(provider(backend));
    }
  }

  private static void measure(QuantizerProvider provider) {
    for (int i = 0; i < WARM_UPS; i++) {
      seconds(provider, GeneratedNetwork.of(SIZES.get(1)));
    }
    double[] medians = new double[SIZES.size()];
    for (int i = 0; i < medians.length; i++) {
      Model model = GeneratedNetwork.of(SIZES.get(i));
      medians[i] = median(provider, model);
      print("%s: %d nodes in %.3f s", provider.name(), model.graph().nodes().size(), medians[i]);
    }
    int last = medians.length - 1;
    double growth = Math.log(medians[last] / medians[last - 1]);
    double exponent = growth / Math.log((double) SIZES.get(last) / SIZES.get(last - 1));
    print("%s: exponent %.2f", provider.name(), exponent);
  }

  private static double median(QuantizerProvider provider, Model model) {
    double[] times = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      times[i] = seconds(provider, model);
    }
    Arrays.sort(times);
    return times[RUNS / 2];
  }

  private static double seconds(QuantizerProvider provider, Model model) {
    System.gc();
    long start = THREADS.getCurrentThreadCpuTime();
    Plan plan = Quantization.plan(QuantizationRequest.of(model, provider));
    double seconds = (THREADS.getCurrentThreadCpuTime() - start) / NANOSECONDS;
    if (plan.document().groups().isEmpty()) {
      throw new IllegalStateException("nothing is quantized, so that nothing was measured");
    }
    return seconds;
  }

  private static QuantizerProvider provider(String name) {
    for (QuantizerProvider provider : ServiceLoader.load(QuantizerProvider.class)) {
      if (provider.name().equals(name)) {
        return provider;
      }
    }
    throw new IllegalArgumentException("no backend is named '" + name + "'");
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
