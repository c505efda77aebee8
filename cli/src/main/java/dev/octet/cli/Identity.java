package dev.octet.cli;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.data.SampleRange;
import dev.octet.workflow.provenance.FloatFile;
import dev.octet.workflow.report.Report;
import java.nio.file.Path;
import java.util.List;

/** What a command read, by hashes, as fields of its JSON: a report says of what it is one. */
final class Identity {

  private Identity() {}

  /** Adds the SHA-256 of the model's file, as {@code sha256sum} prints it. */
  static void addModel(Report report, Path model) {
    addFile(report, "modelSha256", model);
  }

  /** Adds the SHA-256 of a file. */
  static void addFile(Report report, String field, Path file) {
    report.field(field, () -> Tree.of(FloatFile.sha256(file)));
  }

  /** Adds the content hash of the data that samples are of, where it is known. */
  static void addData(Report report, List<SampleRange> samples) {
    SampleRange.data(samples).ifPresent(hash -> report.field("dataHash", Tree.of(hash)));
  }
}
