package dev.octet.workflow.diff;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.GroupStatistics;
import dev.octet.workflow.calibrate.ObservedGroup;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.text.JsonText;
import dev.octet.workflow.verify.Difference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds what two calibrations saw differently. */
final class CalibrationDifferences {

  /** What calibrations tell of the channels of a group, and the words for it. */
  private static final Map<String, String> FIELDS = fields();

  private final List<Difference> found = new ArrayList<>();

  private CalibrationDifferences() {}

  private static Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("observedMin", "minimum");
    fields.put("observedMax", "maximum");
    fields.put("rangeMin", "low end of the range");
    fields.put("rangeMax", "high end of the range");
    fields.put("scale", "scale");
    fields.put("zeroPoint", "zero point");
    return fields;
  }

  static List<Difference> of(Calibration before, Calibration after, Observers observers) {
    CalibrationDifferences differences = new CalibrationDifferences();
    differences.compare("model", "content", before.modelHash(), after.modelHash());
    differences.compare("samples", "number", before.samples() + "", after.samples() + "");
    if (!before.seen().equals(after.seen()) && before.samples() == after.samples()) {
      differences.found.add(new Difference("samples", "data", "are others"));
    }
    differences.compare(
        "calibration", "runtime", before.runtime().toString(), after.runtime().toString());
    differences.compareGroups(groups(before, observers), groups(after, observers));
    boolean same = before.contentHash().equals(after.contentHash());
    if (differences.found.isEmpty() && !same) {
      differences.found.add(
          new Difference("content", "tensors", "was observed otherwise, beside the groups"));
    }
    return List.copyOf(differences.found);
  }

  /** What was seen of a group, and what its parameters are. */
  private record Seen(String name, GroupStatistics statistics, Tree.Mapping parameters) {}

  private static Map<ObservedGroup, Seen> groups(Calibration calibration, Observers observers) {
    Map<String, Tree> parameters =
        calibration.toTree(observers).get("parameters").asMapping().entries();
    Map<ObservedGroup, Seen> groups = new LinkedHashMap<>();
    int index = 0;
    for (Map.Entry<String, Tree> named : parameters.entrySet()) {
      GroupStatistics statistics = calibration.groups().get(index++);
      groups.put(
          statistics.group(), new Seen(named.getKey(), statistics, named.getValue().asMapping()));
    }
    return groups;
  }

  private void compareGroups(Map<ObservedGroup, Seen> before, Map<ObservedGroup, Seen> after) {
    Map<ObservedGroup, Seen> others = new LinkedHashMap<>(after);
    before.forEach(
        (group, seen) -> {
          Seen other = others.remove(group);
          if (other == null) {
            compareOtherwise(group, seen, others, before);
          } else if (!seen.statistics().equals(other.statistics())) {
            found.add(new Difference("group", seen.name(), how(seen, other)));
          }
        });
    others.forEach((group, seen) -> alone(group, seen, "second"));
  }

  /** A group of the same values with another spec is the same group otherwise. */
  private void compareOtherwise(
      ObservedGroup group,
      Seen seen,
      Map<ObservedGroup, Seen> others,
      Map<ObservedGroup, Seen> before) {
    ObservedGroup otherwise =
        others.keySet().stream()
            .filter(other -> other.values().equals(group.values()) && !before.containsKey(other))
            .findFirst()
            .orElse(null);
    if (otherwise == null) {
      alone(group, seen, "first");
      return;
    }
    others.remove(otherwise);
    compare("group", seen.name(), group.spec().toString(), otherwise.spec().toString());
  }

  private void alone(ObservedGroup group, Seen seen, String which) {
    found.add(
        new Difference(
            "group",
            seen.name(),
            "is in the %s calibration alone (%s)".formatted(which, group.spec())));
  }

  private static String how(Seen seen, Seen other) {
    List<String> words = new ArrayList<>();
    FIELDS.forEach(
        (field, word) -> {
          List<Tree> first = items(seen, field);
          List<Tree> second = items(other, field);
          if (!first.equals(second)) {
            words.add(word + " " + change(first, second));
          }
        });
    return words.isEmpty()
        ? "has the same range of other statistics"
        : "has " + String.join(", ", words);
  }

  private static List<Tree> items(Seen seen, String field) {
    return seen.parameters().find(field).map(Tree::asItems).orElse(List.of());
  }

  private static String change(List<Tree> first, List<Tree> second) {
    if (first.size() == 1 && second.size() == 1) {
      return text(first.get(0)) + " -> " + text(second.get(0));
    }
    if (first.size() != second.size()) {
      return "of " + first.size() + " -> " + second.size() + " channels";
    }
    int others = 0;
    for (int i = 0; i < first.size(); i++) {
      others += first.get(i).equals(second.get(i)) ? 0 : 1;
    }
    return "of " + others + " of " + first.size() + " channels";
  }

  private static String text(Tree number) {
    return JsonText.write(number).strip();
  }

  private void compare(String kind, String name, String first, String second) {
    if (!first.equals(second)) {
      found.add(new Difference(kind, name, "is " + first + " -> " + second));
    }
  }
}
