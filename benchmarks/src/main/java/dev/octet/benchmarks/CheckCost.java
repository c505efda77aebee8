package dev.octet.benchmarks;

import dev.octet.api.graph.Model;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.check.CheckSettings;
import dev.octet.workflow.check.ResultCheck;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.run.NamedRuntime;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Measures what the check of a result costs beside the calibration that is before it, on {@code
 * cpu}: the arguments are pairs of a model and a data description.
 *
 * <p>Both are done in turn in one process; the first rounds are not counted. Prints the median of
 * each and their ratio, with the time of calibrating taken to be that of 200 samples.
 */
public final class CheckCost {

  private static final int WARM_UPS = 3;
  private static final int ROUNDS = 9;
  private static final double SAMPLES = 200;
  private static final double NANOSECONDS = 1e9;

  private final Catalogs catalogs = Catalogs.discover(CheckCost.class.getClassLoader());
  private final NamedRuntime kernels = catalogs.runtime("cpu");
  private final Execution execution = Execution.standard();

  private CheckCost() {}

  /** Measures models. */
  public static void main(String[] args) {
    CheckCost cost = new CheckCost();
    for (int i = 0; i + 1 < args.length; i += 2) {
      cost.measure(Path.of(args[i]), Path.of(args[i + 1]));
    }
  }

  private void measure(Path file, Path description) {
    Model model = catalogs.read(file);
    Plan plan = Quantization.plan(QuantizationRequest.of(model, catalogs.backend("cpu")));
    double[] calibrating = new double[WARM_UPS + ROUNDS];
    double[] checking = new double[WARM_UPS + ROUNDS];
    try (DataSource data = DataSource.open(description, model)) {
      for (int round = 0; round < calibrating.length; round++) {
        long start = System.nanoTime();
        Calibration calibration = Quantization.calibrate(plan, data, execution);
        calibrating[round] = (System.nanoTime() - start) / NANOSECONDS * SAMPLES / data.size();
        QuantizedModel quantized = Quantization.convert(plan, calibration);
        start = System.nanoTime();
        check(plan, calibration, quantized, data);
        checking[round] = (System.nanoTime() - start) / NANOSECONDS;
      }
    }
    print(file, median(calibrating), median(checking));
  }

  private void check(
      Plan plan, Calibration calibration, QuantizedModel quantized, DataSource data) {
    ResultCheck.of(
        plan,
        quantized,
        changed -> Quantization.convert(changed, calibration),
        data,
        CheckSettings.standard(),
        kernels,
        execution);
  }

  private static double median(double[] times) {
    double[] counted = Arrays.copyOfRange(times, WARM_UPS, times.length);
    Arrays.sort(counted);
    return counted[counted.length / 2];
  }

  private static void print(Path file, double calibrating, double checking) {
    System.out.printf(
        Locale.ROOT,
        "%s: calibrating 200 samples %.3f s, checking %.3f s, ratio %.3f%n",
        file.getFileName(),
        calibrating,
        checking,
        checking / calibrating);
  }
}
