package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.data.SampleRange;
import dev.octet.workflow.provenance.Maker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The readable form of a calibration. */
final class CalibrationTree {

  private CalibrationTree() {}

  static Tree.Mapping of(Calibration calibration, Observers observers) {
    List<Tree> groups = new ArrayList<>();
    Map<String, Tree> parameters = new LinkedHashMap<>();
    List<String> names = names(calibration.groups());
    for (int i = 0; i < names.size(); i++) {
      GroupStatistics group = calibration.groups().get(i);
      groups.add(group(names.get(i), group));
      parameters.put(names.get(i), parameters(group, observers));
    }
    Map<String, Tree> root = new LinkedHashMap<>();
    root.put("model", Tree.of(calibration.modelHash()));
    root.put("contentHash", Tree.of(calibration.contentHash()));
    root.put("makers", list(List.copyOf(calibration.makers()), Maker::toTree));
    root.put("samples", Tree.of(calibration.samples()));
    root.put("data", list(calibration.seen().ranges(), CalibrationTree::range));
    root.put("groups", Tree.of(groups));
    root.put("parameters", Tree.of(parameters));
    root.putAll(calibration.extras().entries());
    return Tree.of(root);
  }

  /** Returns names for groups, each another: the first of their values. */
  static List<String> names(List<GroupStatistics> groups) {
    Set<String> names = new LinkedHashSet<>();
    for (GroupStatistics group : groups) {
      String first = group.group().values().get(0);
      String name = first;
      for (int i = 2; !names.add(name); i++) {
        name = first + " (" + i + ")";
      }
    }
    return List.copyOf(names);
  }

  /** Returns the positions of some samples in words. */
  static String positions(SampleRange range) {
    return range.count() == 1
        ? "sample " + range.first()
        : "samples " + range.first() + " to " + (range.first() + range.count() - 1);
  }

  private static Tree range(SampleRange range) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put("content", Tree.of(range.data()));
    tree.put("first", Tree.of(range.first()));
    tree.put("samples", Tree.of(range.count()));
    return Tree.of(tree);
  }

  private static Tree group(String name, GroupStatistics statistics) {
    ObservedGroup group = statistics.group();
    QuantizationSpec.Observed spec = group.spec();
    Map<String, Tree> values = new LinkedHashMap<>();
    for (int i = 0; i < group.values().size(); i++) {
      values.put(group.values().get(i), Tree.of((long) statistics.elements().get(i)));
    }
    Map<String, Tree> observer = new LinkedHashMap<>();
    observer.put("name", Tree.of(spec.observer().name()));
    spec.observer().parameters().forEach((key, value) -> observer.put(key, Tree.of(value)));
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put("group", Tree.of(name));
    tree.put("elements", Tree.of(values));
    tree.put("observer", Tree.of(observer));
    tree.put("channels", Tree.of(statistics.channels().size()));
    tree.put("nonFinite", Tree.of(statistics.nonFinite()));
    statistics.logits().ifPresent(seen -> tree.put("logits", logits(seen)));
    return Tree.of(tree);
  }

  private static Tree logits(LogitStatistics seen) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    if (seen.rows() && Float.isFinite(seen.kept())) {
      tree.put("kept", Tree.of(seen.kept()));
    }
    tree.put("cut", Tree.of(seen.cut()));
    tree.put("masked", Tree.of(seen.masked()));
    return Tree.of(tree);
  }

  private static Tree parameters(GroupStatistics statistics, Observers observers) {
    List<ChannelStatistics> channels = statistics.channels();
    Map<String, Tree> tree = new LinkedHashMap<>();
    if (channels.isEmpty() || channels.stream().anyMatch(c -> c.finite() == 0)) {
      return Tree.of(tree);
    }
    List<ChosenRange> ranges = GroupRanges.of(statistics, observers);
    if (ranges.stream().allMatch(ChosenRange::hasParameters)) {
      List<QuantizationParameters> chosen = ranges.stream().map(ChosenRange::parameters).toList();
      tree.put("scale", list(chosen, p -> Tree.of(p.scale(0))));
      tree.put("zeroPoint", list(chosen, p -> Tree.of(p.zeroPoint(0))));
    }
    tree.put("observedMin", list(channels, c -> Tree.of(c.min())));
    tree.put("observedMax", list(channels, c -> Tree.of(c.max())));
    tree.put("rangeMin", list(ranges, r -> Tree.of(r.range().min())));
    tree.put("rangeMax", list(ranges, r -> Tree.of(r.range().max())));
    return Tree.of(tree);
  }

  private static <T> Tree list(List<T> items, Function<T, Tree> form) {
    return Tree.of(items.stream().map(form).toList());
  }
}
