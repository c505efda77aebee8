package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.text.JsonText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The option of every command that writes a model: what it is made of, for machines to keep. */
final class BomOption {

  @Option(
      names = "--bom",
      paramLabel = "FILE",
      description =
          "Also write a bill of materials, CycloneDX 1.6 in JSON: the model and the float model"
              + " with hashes, the data, Octet and the backend; - is standard output.")
  private Optional<Path> file = Optional.empty();

  /**
   * Adds it to the outputs of a command, if it is asked for.
   *
   * @throws OctetException as {@link OutputFiles#text}
   */
  void addTo(OutputFiles outputs) {
    file.ifPresent(bom -> outputs.text("--bom", bom));
  }

  /** Returns where it goes; empty when it is not asked for. */
  List<Path> texts() {
    return file.stream().toList();
  }

  /**
   * Writes it, if it is asked for, and says so.
   *
   * @throws OctetException {@code OCT-CLI-002} if it cannot be written
   */
  void write(Reporter reporter, Report report, Supplier<Tree.Mapping> bom) {
    if (file.isEmpty()) {
      return;
    }
    Path target = file.get();
    reporter.write(target, JsonText.toBytes(bom.get()));
    report.field("bom", Tree.of(target.toString())).line("Wrote " + Outputs.name(target));
  }
}
