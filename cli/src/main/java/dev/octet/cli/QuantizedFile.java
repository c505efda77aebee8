package dev.octet.cli;

import dev.octet.api.format.FormatCatalog;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.convert.ConversionReport;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.plan.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes a converted model and says what became of the user's. */
final class QuantizedFile {

  private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB"};

  private QuantizedFile() {}

  /**
   * Writes a model.
   *
   * @param formats the formats that there are
   * @param model the user's float model, for its size
   * @param plan the plan that was converted
   * @param quantized the converted model
   * @param checks what the backends that run the file make of it
   * @param output the file to write
   */
  static Report write(
      FormatCatalog formats,
      Path model,
      Plan plan,
      QuantizedModel quantized,
      List<Finding> checks,
      Path output) {
    formats.write(quantized.model(), output);
    ConversionReport conversion = quantized.report();
    String backend = plan.document().backend();
    long before = size(model, conversion.constantBytesBefore());
    long after = size(output, conversion.constantBytesAfter());
    Report report = new Report();
    new Coverage(conversion.nodes(), conversion.quantizedNodes(), conversion.floatNodes())
        .addTo(report, backend);
    report.field("bytesBefore", Tree.of(before)).field("bytesAfter", Tree.of(after));
    report.field("output", Tree.of(output.toString()));
    report.findings(conversion.findings()).findings(checks);
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
