package dev.octet.workflow.diff;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.verify.Difference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What differs between two plans, two calibrations or two models. Immutable and thread-safe.
 *
 * @param kind what they are
 * @param differences what differs, in the order of the first where both have it; none where they
 *     are equal
 */
public record Diff(FileKind kind, List<Difference> differences) {

  /** Copies the list. */
  public Diff {
    Objects.requireNonNull(kind, "kind");
    differences = List.copyOf(differences);
  }

  /**
   * Compares what two plans decide: backend and model, which nodes are quantized by which rule and
   * at which points, which points share parameters, and how groups are quantized. One decision is
   * one difference: that groups come and go with their points is none, nor are names of groups,
   * reasons, findings and builds. Options and policy count where no decision differs, since
   * decisions are what they are for.
   */
  public static Diff of(PlanDocument before, PlanDocument after) {
    return new Diff(FileKind.PLAN, PlanDifferences.of(before, after));
  }

  /**
   * Compares what two calibrations saw, group by group: ranges, scales and zero points. Who made
   * them is no difference.
   *
   * @param observers the observers that they name
   */
  public static Diff of(Calibration before, Calibration after, Observers observers) {
    return new Diff(FileKind.CALIBRATION, CalibrationDifferences.of(before, after, observers));
  }

  /** Compares two models by the names of their parts, and constants element by element. */
  public static Diff of(Model before, Model after) {
    return new Diff(FileKind.MODEL, ModelChanges.of(before, after));
  }

  /**
   * Compares two files, whose kind is told by their content. Models that are the same and are not
   * stored alike differ in their bytes.
   *
   * @param catalogs the formats and backends that there are
   * @throws OctetException {@code OCT-DIFF-001} if they are of different kinds; as reading them
   */
  public static Diff ofFiles(Catalogs catalogs, Path before, Path after) {
    FileKind kind = FileKind.of(before);
    FileKind other = FileKind.of(after);
    if (kind != other) {
      throw DiffErrors.OTHER_KINDS
          .error("'%s' is a %s and '%s' a %s".formatted(before, kind, after, other))
          .build();
    }
    return switch (kind) {
      case PLAN -> of(PlanDocument.read(before), PlanDocument.read(after));
      case CALIBRATION -> {
        Observers observers = catalogs.observers();
        yield of(
            Calibration.read(before, observers), Calibration.read(after, observers), observers);
      }
      case MODEL -> ofModels(catalogs, before, after);
    };
  }

  private static Diff ofModels(Catalogs catalogs, Path before, Path after) {
    Diff compared = of(catalogs.read(before), catalogs.read(after));
    if (!compared.areEqual()) {
      return compared;
    }
    try {
      long at = Files.mismatch(before, after);
      return at < 0
          ? compared
          : new Diff(
              FileKind.MODEL,
              List.of(new Difference("byte", Long.toString(at), "is the first that is another")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells whether nothing differs. */
  public boolean areEqual() {
    return differences.isEmpty();
  }

  /** Returns the comparison for people and programs: a line for each difference. */
  public Report report() {
    Report report =
        new Report()
            .field("kind", Tree.of(kind.toString()))
            .field("equal", Tree.of(areEqual()))
            .field("differences", Tree.of(differences.stream().map(Difference::toTree).toList()));
    differences.forEach(difference -> report.line(difference.toString()));
    return areEqual() ? report.line("The " + kind + "s are equal.") : report;
  }
}
