package dev.octet.workflow.plan;

import dev.octet.annotation.tree.FindingTree;
import dev.octet.annotation.tree.SpecTree;
import dev.octet.api.error.NearMisses;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.provenance.BackendBuild;
import dev.octet.workflow.provenance.OctetBuild;
import dev.octet.workflow.text.JsonDocument;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Plans as trees: the words of the plan file. */
final class PlanTree {

  private static final String FORMAT = "octet-plan";
  private static final long VERSION = 3;
  private static final long OLDEST = 1;

  /** What hashes count, whatever version a plan is written in. */
  private static final long HASHED_VERSION = 1;

  /** Groups were numbers before. */
  private static final long FIRST_WITH_NAMES = 3;

  /** The groups by the names in the file; in older files, by their numbers as text. */
  private final Map<String, PlannedGroup> listed = new LinkedHashMap<>();

  private final boolean named;
  private final PlanExtras.Reader extras = new PlanExtras.Reader();

  private PlanTree(boolean named) {
    this.named = named;
  }

  static Tree.Mapping toTree(PlanDocument plan) {
    Map<String, Tree> root = new LinkedHashMap<>(fields(plan));
    lists(plan).forEach((name, items) -> root.put(name, Tree.of(items.toList())));
    root.putAll(plan.extras().of(PlanExtras.ROOT));
    return Tree.of(root);
  }

  /** Writes {@link #toTree} as JSON without making all of it. */
  static void write(PlanDocument plan, OutputStream out) throws IOException {
    JsonDocument document = new JsonDocument(out);
    for (Map.Entry<String, Tree> field : fields(plan).entrySet()) {
      document.field(field.getKey(), field.getValue());
    }
    for (Map.Entry<String, Stream<Tree.Mapping>> list : lists(plan).entrySet()) {
      document.items(list.getKey(), list.getValue());
    }
    for (Map.Entry<String, Tree> extra : plan.extras().of(PlanExtras.ROOT).entrySet()) {
      document.field(extra.getKey(), extra.getValue());
    }
    document.end();
  }

  /** Returns what a plan says after its header; each list is made as it is read, once. */
  private static Map<String, Stream<Tree.Mapping>> lists(PlanDocument plan) {
    Map<Integer, PlannedGroup> groups = new HashMap<>();
    plan.groups().forEach(group -> groups.put(group.id(), group));
    Map<String, Stream<Tree.Mapping>> lists = new LinkedHashMap<>();
    putBoundary(lists, plan, groups, Point.Side.INPUT);
    putBoundary(lists, plan, groups, Point.Side.OUTPUT);
    lists.put("nodes", plan.nodes().stream().map(node -> node(node, groups, plan.extras())));
    Map<QuantizationSpec, Tree> written = new HashMap<>();
    lists.put("groups", plan.groups().stream().map(group -> group(group, written, plan.extras())));
    lists.put("findings", plan.findings().stream().map(FindingTree::toTree));
    return lists;
  }

  /** A plan that decides nothing on inputs has no list of them; so of outputs. */
  private static void putBoundary(
      Map<String, Stream<Tree.Mapping>> lists,
      PlanDocument plan,
      Map<Integer, PlannedGroup> groups,
      Point.Side side) {
    List<PlannedBoundary> ofSide =
        plan.boundary().stream().filter(p -> p.point().side() == side).toList();
    if (!ofSide.isEmpty()) {
      lists.put(boundaryList(side), ofSide.stream().map(p -> boundary(p, groups, plan.extras())));
    }
  }

  /** Returns the name of the list of the plan that holds decisions on inputs, or on outputs. */
  static String boundaryList(Point.Side side) {
    return Tree.of(side).asText() + "s";
  }

  private static Tree.Mapping boundary(
      PlannedBoundary at, Map<Integer, PlannedGroup> groups, PlanExtras extras) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put("name", Tree.of(at.point().name()));
    tree.put("decidedBy", Tree.of(at.decidedBy()));
    putSpec(tree, at.group(), at.spec(), groups);
    tree.putAll(extras.of(at.point().toString()));
    return Tree.of(tree);
  }

  /** Returns what a plan says before its nodes. */
  private static Map<String, Tree> fields(PlanDocument plan) {
    Map<String, Tree> fields = new LinkedHashMap<>(header(plan).entries());
    fields.put("formatVersion", Tree.of(VERSION));
    if (!plan.octet().equals(OctetBuild.unknown())) {
      fields.put("octet", plan.octet().toTree());
    }
    plan.build().ifPresent(build -> fields.put("provider", build.toTree()));
    return fields;
  }

  /** Returns what the plan's hash counts first: the backend, its options, and the model. */
  static Tree.Mapping header(PlanDocument plan) {
    Map<String, Tree> model = new LinkedHashMap<>();
    model.put("sha256", Tree.of(plan.modelHash()));
    model.put("preparedSha256", Tree.of(plan.preparedHash()));
    Map<String, Tree> root = new LinkedHashMap<>();
    root.put("format", Tree.of(FORMAT));
    root.put("formatVersion", Tree.of(HASHED_VERSION));
    root.put("backend", Tree.of(plan.backend()));
    root.put("options", options(plan.options()));
    plan.policy().ifPresent(policy -> root.put("policy", policy));
    root.put("model", Tree.of(model));
    return Tree.of(root);
  }

  static PlanDocument fromTree(Tree tree) {
    long version = requireFormat(tree.asMapping());
    return new PlanTree(version >= FIRST_WITH_NAMES).document(tree);
  }

  private static Tree options(Options options) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    options
        .values()
        .forEach((name, values) -> tree.put(name, Tree.of(values.stream().map(Tree::of).toList())));
    return Tree.of(tree);
  }

  private static Tree.Mapping node(
      PlannedNode node, Map<Integer, PlannedGroup> groups, PlanExtras extras) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put("name", Tree.of(node.name()));
    tree.put("op", Tree.of(node.op()));
    tree.put("quantized", Tree.of(node.quantized()));
    node.rule().ifPresent(rule -> tree.put("rule", Tree.of(rule)));
    node.quantizer().ifPresent(name -> tree.put("quantizer", Tree.of(name)));
    node.reason().ifPresent(reason -> tree.put("reason", Tree.of(reason)));
    tree.put("decidedBy", Tree.of(node.decidedBy()));
    node.folded().ifPresent(folded -> tree.put("folded", Tree.of(folded)));
    tree.put("operands", points(node.operands(), groups));
    tree.put("results", points(node.results(), groups));
    tree.putAll(extras.of(PlanExtras.node(node.name())));
    return Tree.of(tree);
  }

  private static Tree points(List<PlannedPoint> points, Map<Integer, PlannedGroup> groups) {
    List<Tree> trees = new ArrayList<>(points.size());
    for (PlannedPoint point : points) {
      trees.add(point(point, groups));
    }
    return Tree.of(trees);
  }

  private static Tree point(PlannedPoint point, Map<Integer, PlannedGroup> groups) {
    Map<String, Tree> tree = new LinkedHashMap<>(4);
    tree.put("index", Tree.of(point.index()));
    tree.put("tensor", Tree.of(point.tensor()));
    putSpec(tree, point.group(), point.spec(), groups);
    return Tree.of(tree);
  }

  /** A point whose spec is that of its group leaves it to the group to say so. */
  private static void putSpec(
      Map<String, Tree> tree,
      Optional<Integer> group,
      QuantizationSpec spec,
      Map<Integer, PlannedGroup> groups) {
    Optional<PlannedGroup> of = group.map(groups::get);
    of.ifPresent(known -> tree.put("group", Tree.of(known.name())));
    if (!of.map(PlannedGroup::spec).equals(Optional.of(spec))) {
      tree.put("spec", SpecTree.toTree(spec));
    }
  }

  /** Most groups have one of a few specs; only derived ones are nearly all different. */
  private static Tree.Mapping group(
      PlannedGroup group, Map<QuantizationSpec, Tree> written, PlanExtras extras) {
    Map<String, Tree> tree = new LinkedHashMap<>(4);
    tree.put("group", Tree.of(group.name()));
    Tree spec =
        group.spec().sources().isEmpty()
            ? written.computeIfAbsent(group.spec(), SpecTree::toTree)
            : SpecTree.toTree(group.spec());
    tree.put("spec", spec);
    tree.putAll(extras.of(PlanExtras.group(group.id())));
    return Tree.of(tree);
  }

  private PlanDocument document(Tree tree) {
    Tree.Mapping root = tree.asMapping();
    extras.read(
        PlanExtras.ROOT,
        root,
        "format",
        "formatVersion",
        "backend",
        "options",
        "policy",
        "model",
        "octet",
        "provider",
        "inputs",
        "outputs",
        "nodes",
        "groups",
        "findings");
    Tree.Mapping model = root.get("model").asMapping();
    model.allowOnly("sha256", "preparedSha256");
    readGroups(root.get("groups"));
    List<PlannedBoundary> boundary = new ArrayList<>();
    for (Point.Side side : List.of(Point.Side.INPUT, Point.Side.OUTPUT)) {
      root.find(boundaryList(side)).map(Tree::asItems).orElse(List.of()).stream()
          .map(item -> boundary(item, side))
          .forEach(boundary::add);
    }
    List<PlannedNode> nodes = nodes(root.get("nodes"));
    List<PlannedGroup> groups = groups(boundary, nodes);
    return new PlanDocument(
        root.get("backend").asText(),
        root.find("octet").map(OctetBuild::fromTree).orElseGet(OctetBuild::unknown),
        root.find("provider").map(BackendBuild::fromTree),
        options(root.get("options")),
        root.find("policy").map(Tree::asMapping),
        model.get("sha256").asText(),
        model.get("preparedSha256").asText(),
        boundary,
        nodes,
        groups,
        root.get("findings").asItems().stream().map(FindingTree::fromTree).toList(),
        extras.finish(),
        Optional.of(tree));
  }

  /** Returns the version. */
  private static long requireFormat(Tree.Mapping root) {
    Optional<Tree> format = root.find("format");
    Optional<Tree> version = root.find("formatVersion");
    boolean isPlan =
        format.filter(f -> f.equals(Tree.of(FORMAT))).isPresent() && version.isPresent();
    if (!isPlan) {
      throw PlanErrors.NO_PLAN
          .error("this is no plan: " + whatItIs(root))
          .at(format.orElse(root).position().toString())
          .build();
    }
    long number = version.orElseThrow().asLong();
    String place = version.orElseThrow().position().toString();
    if (number < OLDEST) {
      throw PlanErrors.BEFORE
          .error(
              "the plan has format version " + number + ", from before " + OctetBuild.FILES_SINCE)
          .at(place)
          .build();
    }
    if (number > VERSION) {
      throw PlanErrors.OTHER_VERSION
          .error("the plan has format version " + number)
          .at(place)
          .candidates(LongStream.rangeClosed(OLDEST, VERSION).mapToObj(Long::toString).toList())
          .build();
    }
    return number;
  }

  /** Says what a tree is that is no plan, as far as its fields tell. */
  private static String whatItIs(Tree.Mapping root) {
    Set<String> fields = root.entries().keySet();
    Optional<Tree> given = root.find("format");
    if (given.isPresent()) {
      String format = JsonText.write(given.get()).strip();
      return "its format is " + format + ", not '" + FORMAT + "' with a formatVersion";
    }
    if (fields.contains("backend") && fields.contains("rules")) {
      return "it is a table of rules, as octet backends NAME --rules prints it";
    }
    if (fields.contains("recipe")) {
      return "it is a recipe, for --recipe";
    }
    if (fields.contains("inputs")) {
      return "it is a description of data, for --data";
    }
    return fields.isEmpty()
        ? "it is a map without fields"
        : "it is a map with the fields " + String.join(", ", fields);
  }

  private static Options options(Tree tree) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    tree.asMapping()
        .entries()
        .forEach(
            (name, given) -> values.put(name, given.asItems().stream().map(Tree::asText).toList()));
    return new Options(values);
  }

  private List<PlannedNode> nodes(Tree tree) {
    List<PlannedNode> nodes = new ArrayList<>();
    for (Tree item : tree.asItems()) {
      nodes.add(node(item));
    }
    return nodes;
  }

  private PlannedNode node(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    extras.read(
        PlanExtras.node(map.get("name").asText()),
        map,
        "name",
        "op",
        "quantized",
        "rule",
        "quantizer",
        "reason",
        "decidedBy",
        "folded",
        "operands",
        "results");
    boolean quantized = map.get("quantized").asBoolean();
    if (quantized) {
      // A quantized node names its rule, a float node may leave its reason to the plan.
      map.get("rule");
    }
    return new PlannedNode(
        map.get("name").asText(),
        map.get("op").asText(),
        quantized,
        map.find("rule").map(Tree::asText),
        map.find("quantizer").map(Tree::asText),
        map.find("reason").map(Tree::asText),
        map.find("decidedBy").map(Tree::asText).orElse("plan"),
        map.find("folded").map(Tree::asText),
        points(map.find("operands")),
        points(map.find("results")));
  }

  private List<PlannedPoint> points(Optional<Tree> tree) {
    List<PlannedPoint> points = new ArrayList<>();
    for (Tree item : tree.map(Tree::asItems).orElse(List.of())) {
      points.add(point(item));
    }
    return points;
  }

  private PlannedPoint point(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    map.allowOnly("index", "tensor", "group", "spec");
    int index = map.get("index").asInt();
    String tensor = map.get("tensor").asText();
    QuantizationSpec spec = spec(map);
    Optional<Integer> group = group(map, spec);
    return map.get("index").inRange(() -> new PlannedPoint(index, tensor, group, spec));
  }

  private PlannedBoundary boundary(Tree tree, Point.Side side) {
    Tree.Mapping map = tree.asMapping();
    Point point = new Point(map.get("name").asText(), side, 0);
    extras.read(point.toString(), map, "name", "decidedBy", "group", "spec");
    QuantizationSpec spec = spec(map);
    return new PlannedBoundary(
        point, map.find("decidedBy").map(Tree::asText).orElse("plan"), group(map, spec), spec);
  }

  private QuantizationSpec spec(Tree.Mapping map) {
    return map.find("spec").map(SpecTree::fromTree).orElseGet(() -> group(map.get("group")).spec());
  }

  /** Whoever edits a spec to keep-float may leave the group that the point had. */
  private Optional<Integer> group(Tree.Mapping map, QuantizationSpec spec) {
    return !spec.hasParameters() ? Optional.empty() : Optional.of(group(map.get("group")).id());
  }

  /** Returns the group that a point names. */
  private PlannedGroup group(Tree reference) {
    PlannedGroup group = listed.get(label(reference));
    if (group == null) {
      throw PlanErrors.noGroup(label(reference), reference.position().toString())
          .candidates(named ? NearMisses.of(label(reference), listed.keySet()) : List.of())
          .build();
    }
    return group;
  }

  private String label(Tree group) {
    return named ? group.asText() : Integer.toString(group.asInt());
  }

  private void readGroups(Tree tree) {
    for (Tree item : tree.asItems()) {
      Tree.Mapping map = item.asMapping();
      String label = label(map.get("group"));
      int id = named ? listed.size() : map.get("group").asInt();
      extras.read(PlanExtras.group(id), map, "group", "spec");
      PlannedGroup group =
          checked(item, () -> new PlannedGroup(id, label, concrete(map.get("spec"))));
      if (listed.put(label, group) != null) {
        throw PlanErrors.GROUP_TWICE
            .error("group '" + label + "' is listed twice")
            .at(map.get("group").position().toString())
            .build();
      }
    }
  }

  /** Groups of older files are named as those of a plan that is made here. */
  private List<PlannedGroup> groups(List<PlannedBoundary> boundary, List<PlannedNode> nodes) {
    List<PlannedGroup> groups = List.copyOf(listed.values());
    if (named) {
      return groups;
    }
    List<Integer> ids = groups.stream().map(PlannedGroup::id).toList();
    Map<Integer, String> names = GroupNames.of(ids, boundary, nodes);
    return groups.stream()
        .map(
            group ->
                new PlannedGroup(
                    group.id(), names.getOrDefault(group.id(), group.name()), group.spec()))
        .toList();
  }

  private static QuantizationSpec.Concrete concrete(Tree tree) {
    return SpecTree.fromTree(tree)
        .concrete()
        .orElseThrow(() -> new IllegalArgumentException("a group is observed, fixed or derived"));
  }

  private static <T> T checked(Tree tree, Supplier<T> value) {
    return tree.inRange(value);
  }
}
