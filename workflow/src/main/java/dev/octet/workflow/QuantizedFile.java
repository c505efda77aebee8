package dev.octet.workflow;

import dev.octet.api.error.OctetException;
import dev.octet.api.format.FormatCatalog;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.boundary.IntegerBoundary;
import dev.octet.workflow.convert.ConversionReport;
import dev.octet.workflow.convert.ConvertedModelChecks;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.inspect.Coverage;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.report.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes a converted model and says what became of the user's. */
public final class QuantizedFile {

  private QuantizedFile() {}

  /**
   * Writes a model.
   *
   * @param catalogs the formats that there are, and the backends that run the file and are asked
   *     what they make of it
   * @param model the user's float model, for its size
   * @param plan the plan that was converted
   * @param quantized the converted model
   * @param output the file to write
   * @return what became of the user's model, and what a user must know
   * @throws OctetException as {@link ConvertedModelChecks#of} and {@link FormatCatalog#write};
   *     {@code OCT-FMT-008} if the format wrote no file
   */
  public static Report write(
      Catalogs catalogs, Path model, Plan plan, QuantizedModel quantized, Path output) {
    String backend = plan.document().backend();
    List<Finding> checks =
        ConvertedModelChecks.of(quantized.model(), catalogs.backend(backend), catalogs.backends());
    catalogs.formats().write(quantized.model(), output);
    requireWritten(output);
    ConversionReport conversion = quantized.report();
    long before = size(model, conversion.constantBytesBefore());
    long after = size(output, conversion.constantBytesAfter());
    Report report = new Report();
    new Coverage(conversion.nodes(), conversion.quantizedNodes(), conversion.floatNodes())
        .addTo(report, backend);
    IntegerBoundary.of(quantized.model()).addTo(report);
    report.field("bytesBefore", Tree.of(before)).field("bytesAfter", Tree.of(after));
    report.field("output", Tree.of(output.toString()));
    report.findings(conversion.findings()).findings(checks);
    return report
        .line(
            String.format(
                Locale.ROOT,
                "%s became %s (%.2f times smaller)",
                Report.bytes(before),
                Report.bytes(after),
                (double) before / after))
        .line("Wrote " + output);
  }

  private static void requireWritten(Path output) {
    if (!Files.exists(output)) {
      throw WorkflowErrors.NOT_WRITTEN
          .error("the model format of '" + output + "' wrote no file")
          .build();
    }
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
}
