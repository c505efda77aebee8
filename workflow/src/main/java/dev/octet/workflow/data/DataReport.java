package dev.octet.workflow.data;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.report.Report;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Says what is known of the classes of some data. */
public final class DataReport {

  private static final int MOST_SHOWN = 20;

  private DataReport() {}

  /** Returns the names of the classes, and what a user must know of the labels. */
  public static Report of(DataSource data) {
    return names(data).findings(data.findings());
  }

  /** Returns the names of the classes, and what a user must know of the samples themselves. */
  public static Report names(DataSource data) {
    return names(data.classNames()).findings(data.sampleFindings());
  }

  /**
   * Returns the names of some classes.
   *
   * @param names the names in the order of the scores; the report is empty where there is none
   */
  public static Report names(List<String> names) {
    Report report = new Report();
    if (names.isEmpty()) {
      return report;
    }
    String shown =
        IntStream.range(0, Math.min(MOST_SHOWN, names.size()))
            .mapToObj(i -> i + " " + names.get(i))
            .collect(Collectors.joining(", "));
    String more = names.size() > MOST_SHOWN ? ", and " + (names.size() - MOST_SHOWN) + " more" : "";
    return report
        .field("classes", Tree.of(names.stream().map(Tree::of).toList()))
        .paragraph(0, "classes " + shown + more);
  }
}
