package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.WrittenModel;
import dev.octet.workflow.inspect.Origin;
import dev.octet.workflow.provenance.FloatFile;
import dev.octet.workflow.provenance.ModelBom;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.report.Table;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes a model whose layers were rewritten, and says what became of each of them. */
public final class SourceFile {

  private SourceFile() {}

  /**
   * Writes a model, whose metadata names the files of the float model.
   *
   * @param catalogs the formats that there are
   * @param model the file of the user's float model
   * @param original what was read from it
   * @param quantized the rewritten model
   * @param output the file to write
   * @throws OctetException as {@link WrittenModel#write}
   */
  public static Report write(
      Catalogs catalogs, Path model, Model original, SourceQuantized quantized, Path output) {
    Model claiming = quantized.from(FloatFile.of(model, original)).model();
    WrittenModel written = WrittenModel.write(catalogs, model, original, claiming, output);
    Report report = new Report();
    List<LayerOutcome> layers = quantized.layers();
    report.field("layers", Tree.of(layers.stream().map(SourceFile::tree).toList()));
    report.field("quantizedLayers", Tree.of(quantized.quantizedLayers()));
    written.addFields(report);
    Origin.addFields(report, claiming);
    report.findings(quantized.findings());
    report.table(table(layers));
    long weightsBefore = bytes(layers, true);
    long weightsAfter = bytes(layers, false);
    report.line(
        String.format(
            Locale.ROOT,
            "%d of %d layers quantized; their weights became %s of %s (%.1f %%)",
            quantized.quantizedLayers(),
            layers.size(),
            Report.bytes(weightsAfter),
            Report.bytes(weightsBefore),
            100.0 * weightsAfter / weightsBefore));
    return written.addLines(report);
  }

  /**
   * Returns what a file is made of that {@link #write} wrote, as a bill of materials.
   *
   * @param model the file of the user's float model
   * @param original what was read from it
   * @param quantized the rewritten model
   * @param output the file that was written
   * @throws OctetException as {@link FloatFile#of} and {@link ModelBom#of}
   */
  public static Tree.Mapping bom(
      Path model, Model original, SourceQuantized quantized, Path output) {
    return ModelBom.of(output, quantized.from(FloatFile.of(model, original)).model(), model);
  }

  private static long bytes(List<LayerOutcome> layers, boolean before) {
    return layers.stream()
        .filter(LayerOutcome::isQuantized)
        .flatMap(layer -> layer.weight().stream())
        .mapToLong(weight -> before ? weight.bytesBefore() : weight.bytesAfter())
        .sum();
  }

  private static Tree tree(LayerOutcome layer) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(layer.node()));
    fields.put("op", Tree.of(layer.op().toString()));
    fields.put("quantized", Tree.of(layer.isQuantized()));
    layer.reason().ifPresent(reason -> fields.put("reason", Tree.of(reason)));
    layer
        .weight()
        .ifPresent(
            weight -> {
              fields.put("inputs", Tree.of(weight.inputs()));
              fields.put("outputs", Tree.of(weight.outputs()));
              fields.put("bytesBefore", Tree.of(weight.bytesBefore()));
              fields.put("bytesAfter", Tree.of(weight.bytesAfter()));
              weight.sqnrDb().ifPresent(sqnr -> fields.put("weightSqnrDb", Tree.of(sqnr)));
            });
    return Tree.of(fields);
  }

  private static Table table(List<LayerOutcome> layers) {
    Table table = new Table("LAYER", "OPERATOR", "INPUTS x OUTPUTS", "WEIGHT SQNR", "BECAME");
    for (LayerOutcome layer : layers) {
      Optional<LayerOutcome.Weight> weight = layer.weight();
      table.row(
          layer.node(),
          layer.op(),
          weight.map(w -> w.inputs() + " x " + w.outputs()).orElse(""),
          weight
              .flatMap(LayerOutcome.Weight::sqnrDb)
              .map(sqnr -> String.format(Locale.ROOT, "%.1f dB", sqnr))
              .orElse(""),
          layer.reason().map(reason -> "float: " + reason).orElse("integers"));
    }
    return table;
  }
}
