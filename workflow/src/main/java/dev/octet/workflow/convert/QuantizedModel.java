package dev.octet.workflow.convert;

import dev.octet.api.graph.Model;
import dev.octet.workflow.data.ClassList;
import dev.octet.workflow.provenance.Claims;
import dev.octet.workflow.provenance.FloatFile;
import java.util.List;
import java.util.Objects;

/**
 * A converted model with the report on it.
 *
 * @param model the model in QDQ form; {@link dev.octet.api.graph.Provenance} reads which plan it is
 *     from, and which rule owns each node; {@link Claims} reads what else it says of where it came
 *     from
 * @param report what became of every node
 */
public record QuantizedModel(Model model, ConversionReport report) {

  /** Checks that no component is null. */
  public QuantizedModel {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(report, "report");
  }

  /**
   * Returns this model with the names of its classes in its metadata. Converting by a calibration
   * states those that the calibration's data told.
   *
   * @param names the names in the order of the scores; with none, the model is unchanged
   */
  public QuantizedModel named(List<String> names) {
    return new QuantizedModel(ClassList.mark(model, names), report);
  }

  /**
   * Returns this model with the files of the float model in its metadata, so that the file that is
   * written names them by their bytes. Without it, the float model is known by its content hash.
   */
  public QuantizedModel from(FloatFile file) {
    return new QuantizedModel(Claims.of(model).with(file).mark(model), report);
  }

  /**
   * Returns this model without what calibration alone tells of fixed grids, for who has measured
   * how they fit; itself when it tells nothing.
   */
  public QuantizedModel measured() {
    ConversionReport measured = FixedGrids.removedFrom(report);
    return measured.equals(report) ? this : new QuantizedModel(model, measured);
  }

  /** Returns model and report, in one line. */
  @Override
  public String toString() {
    return model + "; " + report;
  }
}
