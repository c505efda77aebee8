package dev.octet.cli;

import dev.octet.api.tree.Tree;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.convert.ConversionReport;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.convert.SaturationCheck;
import dev.octet.workflow.plan.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes a converted model and says what became of the user's. */
final class QuantizedFile {

  /** The backend whose files are also run elsewhere, where full-range integers may saturate. */
  private static final String OWN_BACKEND = "cpu";

  private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB"};

  private QuantizedFile() {}

  /**
   * Writes a model.
   *
   * @param model the user's float model, for its size
   * @param planned the plan that was converted
   * @param quantized the converted model
   * @param output the file to write
   */
  static Report write(Path model, Planner.Planned planned, QuantizedModel quantized, Path output) {
    OnnxFormat.write(quantized.model(), output);
    ConversionReport conversion = quantized.report();
    Plan plan = planned.plan();
    String backend = plan.document().backend();
    long before = size(model, conversion.constantBytesBefore());
    long after = size(output, conversion.constantBytesAfter());
    Report report = new Report();
    new Coverage(conversion.nodes(), conversion.quantizedNodes(), conversion.floatNodes())
        .addTo(report, backend);
    report.field("bytesBefore", Tree.of(before)).field("bytesAfter", Tree.of(after));
    report.field("output", Tree.of(output.toString()));
    report.findings(planned.raised()).findings(conversion.findings());
    if (backend.equals(OWN_BACKEND)) {
      report.findings(SaturationCheck.of(quantized.model().graph()).stream().toList());
    }
    return report
        .line(
            String.format(
                Locale.ROOT,
                "%s became %s (%.2f times smaller)",
                words(before),
                words(after),
                (double) before / after))
        .line("Wrote " + output);
  }

  /**
   * Returns the bytes of a model. Constants in files beside it are more than the file holds, and
   * count in its place.
   */
  private static long size(Path file, long constants) {
    try {
      return Math.max(Files.size(file), constants);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String words(long bytes) {
    double number = bytes;
    int unit = 0;
    while (number >= 1000 && unit < UNITS.length - 1) {
      number /= 1000;
      unit++;
    }
    return unit == 0
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%.2f %s", number, UNITS[unit]);
  }
}
