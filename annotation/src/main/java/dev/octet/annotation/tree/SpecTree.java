package dev.octet.annotation.tree;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Point;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.ScaleLevels;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes specs as plain trees and reads them back.
 *
 * <p>Every spec is a map with a {@code kind}:
 *
 * <ul>
 *   <li>{@code observed}: {@code type}, {@code min}, {@code max}, {@code scheme} ({@code affine},
 *       {@code symmetric}), optionally {@code profile} (ONNX arithmetic when absent), optionally
 *       {@code grid} (any scale when absent; {@code power-of-two}, {@code one-over-integer}, {@code
 *       integer-reciprocal}, {@code multiple-of} with {@code gridStep}, or a name that a backend
 *       brings), optionally {@code scaleLevels} (scales of one level when absent; {@code factors},
 *       {@code integers} with {@code largest} or {@code float8-e4m3}, {@code over}, {@code row} or
 *       {@code tensor}, and {@code rounding}, {@code up} or {@code nearest}), optionally {@code
 *       zeroPoints} ({@code whole} when absent, {@code real}), {@code granularity} ({@code
 *       per-tensor}; {@code per-channel} with {@code axis}; {@code per-group} with {@code axis} and
 *       {@code groupSize}; {@code per-block} with {@code blockSizes}; {@code per-token}), {@code
 *       observer} with {@code name} and optional {@code parameters}, and {@code mode} ({@code
 *       static}, {@code dynamic}, {@code weight-only}, {@code quantization-aware});
 *   <li>{@code fixed}: {@code type}, {@code min}, {@code max}, {@code scale}, {@code zeroPoint}:
 *       two numbers, or, with {@code axis}, two lists of them;
 *   <li>{@code shared}: {@code with}, a point such as {@code {node: conv1, operand: 0}} or {@code
 *       {input: image}};
 *   <li>{@code derived}: {@code type}, {@code min}, {@code max}, {@code derivation}, a name or
 *       {@code name} with {@code parameters}, and {@code sources}, a list of points;
 *   <li>{@code keep-float}: {@code reason}.
 * </ul>
 *
 * <p>A profile has {@code division} ({@code divide}, {@code multiply-by-reciprocal}), {@code
 * zeroPoint} ({@code after-rounding}, {@code before-rounding}) and {@code scaleFloor}. Floats are
 * written as decimals that read back as the same float32. {@code fromTree(toTree(s))} equals {@code
 * s}.
 */
public final class SpecTree {

  private SpecTree() {}

  /** Returns a spec as a tree. */
  public static Tree.Mapping toTree(QuantizationSpec spec) {
    return spec.match(
        new QuantizationSpec.Cases<>(
            SpecTree::observed,
            SpecTree::fixed,
            shared -> shared(toTree(shared.with())),
            derived ->
                derived(
                    derived.type(),
                    derived.rule(),
                    derived.sources().stream().map(SpecTree::toTree).toList()),
            SpecTree::keepFloat,
            SpecTree::narrowFloat));
  }

  /**
   * Returns the tree of a shared spec.
   *
   * @param with the tree of the other point
   */
  public static Tree.Mapping shared(Tree with) {
    Map<String, Tree> entries = kind("shared");
    entries.put("with", with);
    return Tree.of(entries);
  }

  /**
   * Returns the tree of a derived spec.
   *
   * @param type the integer type and range
   * @param derivation the rule
   * @param sources the trees of the other points
   */
  public static Tree.Mapping derived(
      QuantizedType type, Derivation derivation, List<? extends Tree> sources) {
    Map<String, Tree> entries = kind("derived");
    putType(entries, type);
    entries.put("derivation", derivationTree(derivation));
    entries.put("sources", Tree.of(sources));
    return Tree.of(entries);
  }

  private static Tree.Mapping fixed(QuantizationSpec.Fixed spec) {
    Map<String, Tree> entries = kind("fixed");
    putType(entries, spec.type());
    QuantizationParameters parameters = spec.parameters();
    List<Tree> scales = new ArrayList<>();
    List<Tree> zeroPoints = new ArrayList<>();
    for (int i = 0; i < parameters.count(); i++) {
      scales.add(Tree.of(parameters.scale(i)));
      zeroPoints.add(
          parameters.isFractional()
              ? Tree.of(parameters.realZeroPoint(i))
              : Tree.of(parameters.zeroPoint(i)));
    }
    OptionalInt axis = axis(spec.granularity());
    entries.put("scale", axis.isPresent() ? Tree.of(scales) : scales.get(0));
    entries.put("zeroPoint", axis.isPresent() ? Tree.of(zeroPoints) : zeroPoints.get(0));
    axis.ifPresent(at -> entries.put("axis", Tree.of(at)));
    return Tree.of(entries);
  }

  private static OptionalInt axis(Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<OptionalInt>(
            whole -> OptionalInt.empty(),
            channel -> OptionalInt.of(channel.axis()),
            runs -> OptionalInt.empty(),
            block -> OptionalInt.empty(),
            token -> OptionalInt.empty()));
  }

  private static Tree.Mapping keepFloat(QuantizationSpec.KeepFloat spec) {
    Map<String, Tree> entries = kind("keep-float");
    entries.put("reason", Tree.of(spec.reason()));
    return Tree.of(entries);
  }

  private static Tree.Mapping narrowFloat(QuantizationSpec.NarrowFloat spec) {
    Map<String, Tree> entries = kind("narrow-float");
    entries.put("type", Tree.of(spec.type()));
    return Tree.of(entries);
  }

  private static Map<String, Tree> kind(String word) {
    Map<String, Tree> entries = new LinkedHashMap<>();
    entries.put("kind", Tree.of(word));
    return entries;
  }

  /** Its node and its operand or result index; of an input or output its name. */
  private static Tree.Mapping toTree(Point point) {
    Map<String, Tree> entries = new LinkedHashMap<>();
    if (point.isBoundary()) {
      entries.put(sideWord(point.side()), Tree.of(point.name()));
    } else {
      entries.put("node", Tree.of(point.node()));
      entries.put(sideWord(point.side()), Tree.of(point.index()));
    }
    return Tree.of(entries);
  }

  /**
   * Reads a spec.
   *
   * @throws OctetException {@code OCT-TREE-001} to {@code OCT-TREE-003} for a value of another
   *     type, a missing field or an unknown one; {@code OCT-TREE-006} for a field of another
   *     granularity or grid; {@code OCT-TREE-004} for a word that is not known; {@code
   *     OCT-TREE-005} for a value out of its range; each names the path
   */
  public static QuantizationSpec fromTree(Tree tree) {
    return fromTree(tree, new OfPoints());
  }

  /**
   * Reads a spec whose points are written in terms of the reader's own.
   *
   * @param tree the spec
   * @param maker what reads its points and makes the spec
   * @param <P> points
   * @param <S> specs
   * @throws OctetException as {@link #fromTree(Tree)}
   */
  public static <P, S> S fromTree(Tree tree, Maker<P, S> maker) {
    Tree.Mapping map = tree.asMapping();
    Tree kind = map.get("kind");
    return switch (kind.asText()) {
      case "observed" -> maker.observed(observed(map));
      case "fixed" -> maker.fixed(fixed(map));
      case "shared" -> shared(map, maker);
      case "derived" -> derived(map, maker);
      case "keep-float" -> {
        map.allowOnly("kind", "reason");
        Tree reason = map.get("reason");
        yield maker.keepFloat(
            reason.inRange(() -> new QuantizationSpec.KeepFloat(reason.asText())));
      }
      case "narrow-float" -> {
        map.allowOnly("kind", "type");
        DataType[] types = QuantizationSpec.NarrowFloat.TYPES.toArray(DataType[]::new);
        yield maker.narrowFloat(
            new QuantizationSpec.NarrowFloat(map.get("type").asWord("type", types)));
      }
      default ->
          throw kind.unknownWord(
              "kind",
              List.of("observed", "fixed", "shared", "derived", "keep-float", "narrow-float"));
    };
  }

  /**
   * Makes specs of what a tree says. An {@link IllegalArgumentException} becomes {@code
   * OCT-TREE-005} at the point that it is about.
   *
   * @param <P> points
   * @param <S> specs
   */
  public interface Maker<P, S> {

    /** Reads a point. */
    P point(Tree tree);

    /** Returns a spec whose scales are observed. */
    S observed(QuantizationSpec.Observed spec);

    /** Returns a spec whose scale is known beforehand. */
    S fixed(QuantizationSpec.Fixed spec);

    /** Returns a spec with the parameters of another point. */
    S shared(P with);

    /** Returns a spec whose scales are computed from those of other points. */
    S derived(QuantizedType type, Derivation derivation, List<P> sources);

    /** Returns a spec that keeps a point in float. */
    S keepFloat(QuantizationSpec.KeepFloat spec);

    /** Returns a spec that makes a point a narrower float. */
    S narrowFloat(QuantizationSpec.NarrowFloat spec);
  }

  private static final class OfPoints implements Maker<Point, QuantizationSpec> {
    @Override
    public Point point(Tree tree) {
      return pointFromTree(tree);
    }

    @Override
    public QuantizationSpec observed(QuantizationSpec.Observed spec) {
      return spec;
    }

    @Override
    public QuantizationSpec fixed(QuantizationSpec.Fixed spec) {
      return spec;
    }

    @Override
    public QuantizationSpec shared(Point with) {
      return new QuantizationSpec.Shared(with);
    }

    @Override
    public QuantizationSpec derived(
        QuantizedType type, Derivation derivation, List<Point> sources) {
      return new QuantizationSpec.Derived(type, derivation, sources);
    }

    @Override
    public QuantizationSpec keepFloat(QuantizationSpec.KeepFloat spec) {
      return spec;
    }

    @Override
    public QuantizationSpec narrowFloat(QuantizationSpec.NarrowFloat spec) {
      return spec;
    }
  }

  static Point pointFromTree(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    List<Point.Side> sides =
        Stream.of(Point.Side.values())
            .filter(side -> map.find(sideWord(side)).isPresent())
            .toList();
    Point.Side side = sides.isEmpty() ? Point.Side.RESULT : sides.get(0);
    if (side.isBoundary()) {
      map.allowOnly(sideWord(side));
      return new Point(map.get(sideWord(side)).asText(), side, 0);
    }
    map.allowOnly("node", "operand", "result");
    if (sides.size() > 1) {
      throw tree.outOfRange("a point is either an operand or a result");
    }
    Tree index = map.get(sideWord(side));
    String node = map.get("node").asText();
    return index.inRange(() -> new Point(node, side, index.asInt()));
  }

  private static Tree.Mapping observed(QuantizationSpec.Observed spec) {
    Map<String, Tree> entries = kind("observed");
    putType(entries, spec.type());
    entries.put("scheme", Tree.of(spec.scheme().symmetry()));
    if (!spec.scheme().profile().equals(NumericProfile.onnx())) {
      entries.put("profile", profileTree(spec.scheme().profile()));
    }
    putGrid(entries, spec.scheme().grid());
    spec.scheme().levels().ifPresent(levels -> entries.put("scaleLevels", levelsTree(levels)));
    if (spec.scheme().zeroPoints() != Scheme.ZeroPoints.WHOLE) {
      entries.put("zeroPoints", Tree.of(spec.scheme().zeroPoints()));
    }
    entries.putAll(granularity(spec.granularity()));
    entries.put("observer", observerTree(spec.observer()));
    entries.put("mode", Tree.of(spec.mode()));
    return Tree.of(entries);
  }

  private static void putGrid(Map<String, Tree> entries, ScaleGrid grid) {
    if (!grid.isAny()) {
      entries.put("grid", Tree.of(grid.name()));
      grid.step().ifPresent(step -> entries.put("gridStep", Tree.of(step)));
    }
  }

  private static Tree levelsTree(ScaleLevels levels) {
    Map<String, Tree> entries = new LinkedHashMap<>();
    entries.put("factors", Tree.of(levels.factors()));
    if (levels.factors() == ScaleLevels.Factors.INTEGERS) {
      entries.put("largest", Tree.of(levels.largest()));
    }
    entries.put("over", Tree.of(levels.over()));
    entries.put("rounding", Tree.of(levels.rounding()));
    return Tree.of(entries);
  }

  private static void putType(Map<String, Tree> entries, QuantizedType type) {
    entries.put("type", Tree.of(type.storage().name().toLowerCase(Locale.ROOT)));
    entries.put("min", Tree.of(type.min()));
    entries.put("max", Tree.of(type.max()));
  }

  private static Tree profileTree(NumericProfile profile) {
    Map<String, Tree> entries = new LinkedHashMap<>();
    entries.put("division", Tree.of(profile.division()));
    entries.put("zeroPoint", Tree.of(profile.zeroPointOrder()));
    entries.put("scaleFloor", Tree.of(profile.scaleFloor()));
    return Tree.of(entries);
  }

  private static Map<String, Tree> granularity(Granularity granularity) {
    return granularity.match(
        new Granularity.Cases<>(
            whole -> fields("per-tensor"),
            channel -> fields("per-channel", "axis", Tree.of(channel.axis())),
            group ->
                fields(
                    "per-group", "axis", Tree.of(group.axis()), "groupSize", Tree.of(group.size())),
            block ->
                fields(
                    "per-block",
                    "blockSizes",
                    Tree.of(block.sizes().stream().map(Tree::of).toList())),
            token -> fields("per-token")));
  }

  /** Fields are names and values in turns. */
  private static Map<String, Tree> fields(String word, Object... fields) {
    Map<String, Tree> entries = new LinkedHashMap<>();
    entries.put("granularity", Tree.of(word));
    for (int i = 0; i < fields.length; i += 2) {
      entries.put((String) fields[i], (Tree) fields[i + 1]);
    }
    return entries;
  }

  private static Tree observerTree(ObserverSpec observer) {
    return named(observer.name(), observer.parameters());
  }

  /** A derivation without parameters is a word. */
  private static Tree derivationTree(Derivation derivation) {
    return derivation.parameters().isEmpty()
        ? Tree.of(derivation.name())
        : named(derivation.name(), derivation.parameters());
  }

  private static Tree named(String name, SortedMap<String, String> parameters) {
    Map<String, Tree> entries = new LinkedHashMap<>();
    entries.put("name", Tree.of(name));
    if (!parameters.isEmpty()) {
      Map<String, Tree> fields = new LinkedHashMap<>();
      parameters.forEach((parameter, value) -> fields.put(parameter, Tree.of(value)));
      entries.put("parameters", Tree.of(fields));
    }
    return Tree.of(entries);
  }

  private static QuantizationSpec.Observed observed(Tree.Mapping map) {
    map.allowOnly(
        "kind",
        "type",
        "min",
        "max",
        "scheme",
        "profile",
        "grid",
        "gridStep",
        "scaleLevels",
        "zeroPoints",
        "granularity",
        "axis",
        "groupSize",
        "blockSizes",
        "observer",
        "mode");
    Scheme scheme =
        Scheme.of(map.get("scheme").asWord("scheme", Scheme.Symmetry.values()))
            .withGrid(grid(map))
            .withProfile(map.find("profile").map(SpecTree::profile).orElseGet(NumericProfile::onnx))
            .withZeroPoints(
                map.find("zeroPoints")
                    .map(word -> word.asWord("zeroPoints", Scheme.ZeroPoints.values()))
                    .orElse(Scheme.ZeroPoints.WHOLE));
    Optional<Tree> levels = map.find("scaleLevels");
    Scheme whole =
        levels.isEmpty()
            ? scheme
            : levels.get().inRange(() -> scheme.withLevels(levels(levels.get())));
    return QuantizationSpec.Observed.of(type(map))
        .withScheme(whole)
        .withGranularity(granularity(map))
        .withObserver(observer(map.get("observer")))
        .withMode(map.get("mode").asWord("mode", Mode.values()));
  }

  private static QuantizationSpec.Fixed fixed(Tree.Mapping map) {
    map.allowOnly("kind", "type", "min", "max", "scale", "zeroPoint", "axis");
    QuantizedType type = type(map);
    Optional<Tree> axis = map.find("axis");
    List<Tree> scales = axis.isPresent() ? map.get("scale").asItems() : List.of(map.get("scale"));
    Tree zeroPoint = map.get("zeroPoint");
    List<Tree> zeroPoints = axis.isPresent() ? zeroPoint.asItems() : List.of(zeroPoint);
    QuantizationParameters parameters = map.inRange(() -> parameters(scales, zeroPoints));
    return axis.isPresent()
        ? map.inRange(() -> QuantizationSpec.Fixed.perChannel(type, parameters, axis.get().asInt()))
        : map.inRange(() -> QuantizationSpec.Fixed.of(type, parameters));
  }

  private static QuantizationParameters parameters(List<Tree> scales, List<Tree> zeroPoints) {
    float[] scale = floats(scales);
    boolean whole = zeroPoints.stream().allMatch(SpecTree::isWhole);
    return whole
        ? QuantizationParameters.of(scale, zeroPoints.stream().mapToLong(Tree::asLong).toArray())
        : QuantizationParameters.ofFractions(scale, floats(zeroPoints));
  }

  private static boolean isWhole(Tree number) {
    return number.asNumber().stripTrailingZeros().scale() <= 0;
  }

  private static float[] floats(List<Tree> numbers) {
    float[] floats = new float[numbers.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = numbers.get(i).asNumber().floatValue();
    }
    return floats;
  }

  private static ScaleLevels levels(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    map.allowOnly("factors", "largest", "over", "rounding");
    ScaleLevels.Over over = map.get("over").asWord("over", ScaleLevels.Over.values());
    ScaleLevels.Rounding rounding =
        map.get("rounding").asWord("rounding", ScaleLevels.Rounding.values());
    ScaleLevels levels =
        switch (map.get("factors").asWord("factors", ScaleLevels.Factors.values())) {
          case INTEGERS -> {
            Tree largest = map.get("largest");
            yield largest.inRange(() -> ScaleLevels.integers(largest.asInt(), over));
          }
          case FLOAT8_E4M3 -> {
            map.allowOnly("factors", "over", "rounding");
            yield ScaleLevels.float8(over);
          }
        };
    return levels.rounded(rounding);
  }

  private static <P, S> S shared(Tree.Mapping map, Maker<P, S> maker) {
    map.allowOnly("kind", "with");
    Tree with = map.get("with");
    P point = maker.point(with);
    return with.inRange(() -> maker.shared(point));
  }

  private static <P, S> S derived(Tree.Mapping map, Maker<P, S> maker) {
    map.allowOnly("kind", "type", "min", "max", "derivation", "sources");
    QuantizedType type = type(map);
    Derivation derivation = derivation(map.get("derivation"));
    Tree sources = map.get("sources");
    List<P> points = sources.asItems().stream().map(maker::point).toList();
    return sources.inRange(() -> maker.derived(type, derivation, points));
  }

  private static Derivation derivation(Tree tree) {
    if (tree.isText()) {
      return tree.inRange(() -> Derivation.named(tree.asText()));
    }
    Tree.Mapping map = tree.asMapping();
    map.allowOnly("name", "parameters");
    Tree name = map.get("name");
    Derivation derivation = name.inRange(() -> Derivation.named(name.asText()));
    for (Map.Entry<String, String> parameter : parameters(map).entrySet()) {
      derivation = derivation.with(parameter.getKey(), parameter.getValue());
    }
    return derivation;
  }

  private static QuantizedType type(Tree.Mapping map) {
    Storage storage = map.get("type").asWord("type", Storage.values());
    long min = map.get("min").asLong();
    long max = map.get("max").asLong();
    return map.get("min").inRange(() -> new QuantizedType(storage, min, max));
  }

  private static NumericProfile profile(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    map.allowOnly("division", "zeroPoint", "scaleFloor");
    NumericProfile.Division division =
        map.get("division").asWord("division", NumericProfile.Division.values());
    NumericProfile.ZeroPointOrder order =
        map.get("zeroPoint").asWord("zeroPoint", NumericProfile.ZeroPointOrder.values());
    Tree floor = map.get("scaleFloor");
    return floor.inRange(
        () ->
            NumericProfile.onnx()
                .withDivision(division)
                .withZeroPointOrder(order)
                .withScaleFloor(floor.asNumber().floatValue()));
  }

  private static ScaleGrid grid(Tree.Mapping map) {
    Optional<Tree> name = map.find("grid");
    Optional<Tree> step = map.find("gridStep");
    if (name.isPresent() && name.get().equals(Tree.of("multiple-of"))) {
      Tree given = map.get("gridStep");
      return given.inRange(() -> ScaleGrid.multiplesOf(given.asNumber().floatValue()));
    }
    if (step.isPresent()) {
      throw unfit(map, "gridStep", "grid " + name.map(Tree::asText).orElse("any"));
    }
    return name.map(tree -> tree.inRange(() -> ScaleGrid.named(tree.asText())))
        .orElseGet(ScaleGrid::any);
  }

  private static OctetException unfit(Tree.Mapping map, String field, String what) {
    return SpecErrors.UNFIT_FIELD
        .error("field '" + field + "' does not belong to " + what)
        .at(map.position().toString())
        .build();
  }

  private static Granularity granularity(Tree.Mapping map) {
    Tree word = map.get("granularity");
    return switch (word.asText()) {
      case "per-tensor" -> with(map, new Granularity.PerTensor());
      case "per-token" -> with(map, new Granularity.PerToken());
      case "per-channel" ->
          with(
              map, word.inRange(() -> new Granularity.PerChannel(map.get("axis").asInt())), "axis");
      case "per-group" ->
          with(
              map,
              word.inRange(
                  () ->
                      new Granularity.PerGroup(
                          map.get("axis").asInt(), map.get("groupSize").asLong())),
              "axis",
              "groupSize");
      case "per-block" -> with(map, word.inRange(() -> block(map)), "blockSizes");
      default ->
          throw word.unknownWord(
              "granularity",
              List.of("per-tensor", "per-channel", "per-group", "per-block", "per-token"));
    };
  }

  private static Granularity block(Tree.Mapping map) {
    return new Granularity.PerBlock(
        map.get("blockSizes").asItems().stream().map(Tree::asLong).toList());
  }

  /** Refuses fields that belong to another granularity. */
  private static Granularity with(Tree.Mapping map, Granularity granularity, String... fields) {
    for (String field : List.of("axis", "groupSize", "blockSizes")) {
      if (map.entries().containsKey(field) && !List.of(fields).contains(field)) {
        throw unfit(map, field, map.get("granularity").asText());
      }
    }
    return granularity;
  }

  private static ObserverSpec observer(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    map.allowOnly("name", "parameters");
    return new ObserverSpec(map.get("name").asText(), parameters(map));
  }

  private static SortedMap<String, String> parameters(Tree.Mapping map) {
    SortedMap<String, String> parameters = new TreeMap<>();
    map.find("parameters")
        .ifPresent(
            p -> p.asMapping().entries().forEach((name, v) -> parameters.put(name, v.asText())));
    return parameters;
  }

  private static String sideWord(Point.Side side) {
    return Tree.of(side).asText();
  }
}
