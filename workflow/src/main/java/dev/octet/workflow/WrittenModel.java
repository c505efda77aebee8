package dev.octet.workflow;

import dev.octet.api.error.OctetException;
import dev.octet.api.format.FormatCatalog;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.provenance.FloatFile;
import dev.octet.workflow.report.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A model that was written, and what it became of.
 *
 * @param output the file
 * @param bytesBefore bytes of the user's model; constants in files beside it count
 * @param bytesAfter bytes of the written one, counted in the same way
 */
public record WrittenModel(Path output, long bytesBefore, long bytesAfter) {

  /**
   * Writes a model.
   *
   * @param catalogs the formats that there are
   * @param model the file of the user's model
   * @param original what was read from it
   * @param written the model to write
   * @param output the file to write
   * @throws OctetException as {@link FormatCatalog#write}; {@code OCT-FMT-008} if the format wrote
   *     no file
   */
  public static WrittenModel write(
      Catalogs catalogs, Path model, Model original, Model written, Path output) {
    catalogs.formats().write(written, output);
    if (!Files.exists(output)) {
      throw WorkflowErrors.NOT_WRITTEN
          .error("the model format of '" + output + "' wrote no file")
          .build();
    }
    return new WrittenModel(output, size(model, original), size(output, written));
  }

  /** Adds the sizes and the file, with its SHA-256, to the fields of a report. */
  public void addFields(Report report) {
    report.field("bytesBefore", Tree.of(bytesBefore)).field("bytesAfter", Tree.of(bytesAfter));
    report.field("output", Tree.of(output.toString()));
    report.field("outputSha256", () -> Tree.of(FloatFile.sha256(output)));
  }

  /** Adds a line for the sizes and one for the file. */
  public Report addLines(Report report) {
    return report
        .line(
            String.format(
                Locale.ROOT,
                "%s became %s (%s)",
                Report.bytes(bytesBefore),
                Report.bytes(bytesAfter),
                change()))
        .line("Wrote " + output);
  }

  /** Says how many times smaller or larger, as two decimals tell it. */
  private String change() {
    boolean larger = bytesAfter > bytesBefore;
    String times =
        String.format(
            Locale.ROOT,
            "%.2f",
            larger ? (double) bytesAfter / bytesBefore : (double) bytesBefore / bytesAfter);
    return times.equals("1.00")
        ? "about as large"
        : times + (larger ? " times larger" : " times smaller");
  }

  /** Constants in files beside a model are more than its file holds, and count in its place. */
  private static long size(Path file, Model model) {
    try {
      return Math.max(Files.size(file), constantBytes(model.graph()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long constantBytes(Graph graph) {
    long bytes = graph.initializers().values().stream().mapToLong(Tensor::byteCount).sum();
    for (Node node : graph.nodes()) {
      bytes += node.subgraphs().stream().mapToLong(WrittenModel::constantBytes).sum();
    }
    return bytes;
  }
}
