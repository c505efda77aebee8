package dev.octet.api.spec;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Point;
import dev.octet.api.tree.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes specs as plain trees and reads them back.
 *
 * <p>Every spec is a map with a {@code kind}:
 *
 * <ul>
 *   <li>{@code observed}: {@code type}, {@code min}, {@code max}, {@code scheme} ({@code affine},
 *       {@code symmetric}), optionally {@code profile} (ONNX arithmetic when absent), {@code
 *       granularity} ({@code per-tensor}; {@code per-channel} with {@code axis}; {@code per-group}
 *       with {@code axis} and {@code groupSize}; {@code per-block} with {@code blockSizes}; {@code
 *       per-token}), {@code observer} with {@code name} and optional {@code parameters}, and {@code
 *       mode} ({@code static}, {@code dynamic}, {@code weight-only}, {@code quantization-aware});
 *   <li>{@code fixed}: {@code type}, {@code min}, {@code max}, {@code scale}, {@code zeroPoint};
 *   <li>{@code shared}: {@code with}, a point such as {@code {node: conv1, operand: 0}};
 *   <li>{@code derived}: {@code type}, {@code min}, {@code max}, {@code derivation}, {@code
 *       sources}, a list of points;
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
    Map<String, Tree> entries = new LinkedHashMap<>();
    if (spec instanceof QuantizationSpec.Observed observed) {
      putObserved(entries, observed);
    } else if (spec instanceof QuantizationSpec.Fixed fixed) {
      entries.put("kind", Tree.of("fixed"));
      putType(entries, fixed.type());
      entries.put("scale", Tree.of(fixed.scale()));
      entries.put("zeroPoint", Tree.of(fixed.zeroPoint()));
    } else if (spec instanceof QuantizationSpec.Shared shared) {
      entries.put("kind", Tree.of("shared"));
      entries.put("with", toTree(shared.with()));
    } else if (spec instanceof QuantizationSpec.Derived derived) {
      entries.put("kind", Tree.of("derived"));
      putType(entries, derived.type());
      entries.put("derivation", Tree.of(derived.derivation()));
      entries.put("sources", Tree.of(derived.sources().stream().map(SpecTree::toTree).toList()));
    } else if (spec instanceof QuantizationSpec.KeepFloat keepFloat) {
      entries.put("kind", Tree.of("keep-float"));
      entries.put("reason", Tree.of(keepFloat.reason()));
    }
    return Tree.of(entries);
  }

  /** Returns a point as a tree: its node and its operand or result index. */
  public static Tree.Mapping toTree(Point point) {
    Map<String, Tree> entries = new LinkedHashMap<>();
    entries.put("node", Tree.of(point.node()));
    entries.put(sideWord(point.side()), Tree.of(point.index()));
    return Tree.of(entries);
  }

  /**
   * Reads a spec.
   *
   * @throws OctetException {@code OCT-TREE-001} to {@code OCT-TREE-003} for a value of another
   *     type, a missing field or an unknown one; {@code OCT-TREE-004} for a word that is not known;
   *     {@code OCT-TREE-005} for a value out of its range; each names the path
   */
  public static QuantizationSpec fromTree(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    Tree kind = map.get("kind");
    return switch (kind.asText()) {
      case "observed" -> observed(map);
      case "fixed" -> fixed(map);
      case "shared" -> shared(map);
      case "derived" -> derived(map);
      case "keep-float" -> {
        map.allowOnly("kind", "reason");
        yield new QuantizationSpec.KeepFloat(map.get("reason").asText());
      }
      default ->
          throw kind.unknownWord(
              "kind", List.of("observed", "fixed", "shared", "derived", "keep-float"));
    };
  }

  /** Reads a point; see {@link #fromTree} for the errors. */
  public static Point pointFromTree(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    map.allowOnly("node", "operand", "result");
    if (map.find("operand").isPresent() && map.find("result").isPresent()) {
      throw tree.outOfRange("a point is either an operand or a result");
    }
    Point.Side side = map.find("operand").isPresent() ? Point.Side.OPERAND : Point.Side.RESULT;
    Tree index = map.get(sideWord(side));
    String node = map.get("node").asText();
    return index.inRange(() -> new Point(node, side, index.asInt()));
  }

  private static void putObserved(Map<String, Tree> entries, QuantizationSpec.Observed spec) {
    entries.put("kind", Tree.of("observed"));
    putType(entries, spec.type());
    entries.put("scheme", Tree.of(spec.scheme().symmetry()));
    if (!spec.scheme().profile().equals(NumericProfile.onnx())) {
      entries.put("profile", profileTree(spec.scheme().profile()));
    }
    putGranularity(entries, spec.granularity());
    entries.put("observer", observerTree(spec.observer()));
    entries.put("mode", Tree.of(spec.mode()));
  }

  /** Adds the fields {@code type}, {@code min} and {@code max}. */
  public static void putType(Map<String, Tree> entries, QuantizedType type) {
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

  private static void putGranularity(Map<String, Tree> entries, Granularity granularity) {
    if (granularity instanceof Granularity.PerTensor) {
      entries.put("granularity", Tree.of("per-tensor"));
    } else if (granularity instanceof Granularity.PerChannel channel) {
      entries.put("granularity", Tree.of("per-channel"));
      entries.put("axis", Tree.of(channel.axis()));
    } else if (granularity instanceof Granularity.PerGroup group) {
      entries.put("granularity", Tree.of("per-group"));
      entries.put("axis", Tree.of(group.axis()));
      entries.put("groupSize", Tree.of(group.size()));
    } else if (granularity instanceof Granularity.PerBlock block) {
      entries.put("granularity", Tree.of("per-block"));
      entries.put("blockSizes", Tree.of(block.sizes().stream().map(Tree::of).toList()));
    } else if (granularity instanceof Granularity.PerToken) {
      entries.put("granularity", Tree.of("per-token"));
    }
  }

  private static Tree observerTree(ObserverSpec observer) {
    Map<String, Tree> entries = new LinkedHashMap<>();
    entries.put("name", Tree.of(observer.name()));
    if (!observer.parameters().isEmpty()) {
      Map<String, Tree> parameters = new LinkedHashMap<>();
      observer.parameters().forEach((name, value) -> parameters.put(name, Tree.of(value)));
      entries.put("parameters", Tree.of(parameters));
    }
    return Tree.of(entries);
  }

  private static QuantizationSpec observed(Tree.Mapping map) {
    map.allowOnly(
        "kind",
        "type",
        "min",
        "max",
        "scheme",
        "profile",
        "granularity",
        "axis",
        "groupSize",
        "blockSizes",
        "observer",
        "mode");
    Scheme scheme =
        new Scheme(
            map.get("scheme").asWord("scheme", Scheme.Symmetry.values()),
            map.find("profile").map(SpecTree::profile).orElseGet(NumericProfile::onnx));
    return new QuantizationSpec.Observed(
        type(map),
        scheme,
        granularity(map),
        observer(map.get("observer")),
        map.get("mode").asWord("mode", Mode.values()));
  }

  private static QuantizationSpec fixed(Tree.Mapping map) {
    map.allowOnly("kind", "type", "min", "max", "scale", "zeroPoint");
    QuantizedType type = type(map);
    float scale = map.get("scale").asNumber().floatValue();
    long zeroPoint = map.get("zeroPoint").asLong();
    return map.inRange(() -> new QuantizationSpec.Fixed(type, scale, zeroPoint));
  }

  private static QuantizationSpec shared(Tree.Mapping map) {
    map.allowOnly("kind", "with");
    return new QuantizationSpec.Shared(pointFromTree(map.get("with")));
  }

  private static QuantizationSpec derived(Tree.Mapping map) {
    map.allowOnly("kind", "type", "min", "max", "derivation", "sources");
    QuantizedType type = type(map);
    Derivation derivation = map.get("derivation").asWord("derivation", Derivation.values());
    Tree sources = map.get("sources");
    List<Point> points = sources.asItems().stream().map(SpecTree::pointFromTree).toList();
    return sources.inRange(() -> new QuantizationSpec.Derived(type, derivation, points));
  }

  /** Reads {@code type}, {@code min} and {@code max}; see {@link #fromTree} for the errors. */
  public static QuantizedType type(Tree.Mapping map) {
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
    return floor.inRange(() -> new NumericProfile(division, order, floor.asNumber().floatValue()));
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
                          map.get("axis").asInt(), map.get("groupSize").asInt())),
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
        map.get("blockSizes").asItems().stream().map(Tree::asInt).toList());
  }

  /** Refuses fields that belong to another granularity. */
  private static Granularity with(Tree.Mapping map, Granularity granularity, String... fields) {
    for (String field : List.of("axis", "groupSize", "blockSizes")) {
      if (map.entries().containsKey(field) && !List.of(fields).contains(field)) {
        throw OctetException.input(
                "OCT-TREE-003",
                "field '" + field + "' does not belong to " + map.get("granularity").asText())
            .at(map.position().toString())
            .next("Remove the field or correct the granularity.");
      }
    }
    return granularity;
  }

  private static ObserverSpec observer(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    map.allowOnly("name", "parameters");
    TreeMap<String, String> parameters = new TreeMap<>();
    map.find("parameters")
        .ifPresent(
            p -> p.asMapping().entries().forEach((name, v) -> parameters.put(name, v.asText())));
    return new ObserverSpec(map.get("name").asText(), parameters);
  }

  private static String sideWord(Point.Side side) {
    return Tree.of(side).asText();
  }
}
