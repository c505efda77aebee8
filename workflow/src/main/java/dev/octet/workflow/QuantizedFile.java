package dev.octet.workflow;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.boundary.IntegerBoundary;
import dev.octet.workflow.convert.ConversionReport;
import dev.octet.workflow.convert.ConvertedModelChecks;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.inspect.Coverage;
import dev.octet.workflow.inspect.Origin;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.provenance.FloatFile;
import dev.octet.workflow.provenance.ModelBom;
import dev.octet.workflow.report.Report;
import java.nio.file.Path;
import java.util.List;

/** Writes a converted model and says what became of the user's. */
public final class QuantizedFile {

  private QuantizedFile() {}

  /**
   * Writes a model, whose metadata names the files of the float model.
   *
   * @param catalogs the formats that there are, and the backends that run the file and are asked
   *     what they make of it
   * @param model the file of the user's float model
   * @param plan the plan that was converted
   * @param quantized the converted model
   * @param output the file to write
   * @return what became of the user's model, and what a user must know
   * @throws OctetException as {@link ConvertedModelChecks#of} and {@link WrittenModel#write}
   */
  public static Report write(
      Catalogs catalogs, Path model, Plan plan, QuantizedModel quantized, Path output) {
    String backend = plan.document().backend();
    List<Finding> checks =
        ConvertedModelChecks.of(quantized.model(), catalogs.backend(backend), catalogs.backends());
    Model original = plan.prepared().original();
    Model claiming = quantized.from(FloatFile.of(model, original)).model();
    WrittenModel written = WrittenModel.write(catalogs, model, original, claiming, output);
    ConversionReport conversion = quantized.report();
    Report report = new Report();
    new Coverage(conversion.nodes(), conversion.quantizedNodes(), conversion.floatNodes())
        .addTo(report, backend);
    IntegerBoundary.of(quantized.model()).addTo(report);
    written.addFields(report);
    Origin.addFields(report, claiming);
    report.findings(conversion.findings()).findings(checks);
    return written.addLines(report);
  }

  /**
   * Returns what a file is made of that {@link #write} wrote, as a bill of materials.
   *
   * @param model the file of the user's float model
   * @param plan the plan that was converted
   * @param quantized the converted model
   * @param output the file that was written
   * @throws OctetException as {@link FloatFile#of} and {@link ModelBom#of}
   */
  public static Tree.Mapping bom(Path model, Plan plan, QuantizedModel quantized, Path output) {
    FloatFile file = FloatFile.of(model, plan.prepared().original());
    return ModelBom.of(output, quantized.from(file).model(), model);
  }
}
