package dev.octet.workflow.verify;

import dev.octet.workflow.Catalogs;
import dev.octet.workflow.execution.Execution;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A quantized file, and what it is said to have come from.
 *
 * @param catalogs the formats and backends that there are
 * @param quantized the quantized file
 * @param model the float model
 * @param plan the plan that it was converted by; not needed for a file of source quantization
 * @param calibration the calibration
 * @param data the description of the data, whose content is compared, and which is run where there
 *     is no calibration
 * @param execution how samples are run
 */
public record VerifyRequest(
    Catalogs catalogs,
    Path quantized,
    Path model,
    Optional<Path> plan,
    Optional<Path> calibration,
    Optional<Path> data,
    Execution execution) {

  /** Checks that no component is null. */
  public VerifyRequest {
    Objects.requireNonNull(catalogs, "catalogs");
    Objects.requireNonNull(quantized, "quantized");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(plan, "plan");
    Objects.requireNonNull(calibration, "calibration");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(execution, "execution");
  }
}
