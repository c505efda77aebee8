package dev.octet.annotation.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SpecTreeTest {

  private static final Storage[] STORAGES = Storage.values();

  @Test
  void readsBackWhatItWroteForGeneratedSpecs() {
    Random random = new Random(42);
    for (int i = 0; i < 5000; i++) {
      QuantizationSpec spec = generate(random, i % 6);
      assertEquals(spec, SpecTree.fromTree(SpecTree.toTree(spec)));
    }
  }

  @Test
  void writesAPerChannelWeightInTheWordsOfAPlan() {
    QuantizationSpec weight =
        QuantizationSpec.Observed.of(new QuantizedType(Storage.INT8, -127, 127))
            .withScheme(Scheme.symmetric())
            .withGranularity(new Granularity.PerChannel(1));
    Map<String, Tree> expected = new LinkedHashMap<>();
    expected.put("kind", Tree.of("observed"));
    expected.put("type", Tree.of("int8"));
    expected.put("min", Tree.of(-127));
    expected.put("max", Tree.of(127));
    expected.put("scheme", Tree.of("symmetric"));
    expected.put("granularity", Tree.of("per-channel"));
    expected.put("axis", Tree.of(1));
    expected.put("observer", Tree.of(Map.of("name", Tree.of("min-max"))));
    expected.put("mode", Tree.of("static"));
    Tree.Mapping written = SpecTree.toTree(weight);
    assertEquals(Tree.of(expected), written);
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(written.entries().keySet()));
  }

  @Test
  void namesThePathOfAnUnknownWord() {
    Tree tree = at("$.spec", Map.of("kind", at("$.spec.kind", "observd")));
    OctetException e = assertThrows(OctetException.class, () -> SpecTree.fromTree(tree));
    assertEquals("OCT-TREE-004", e.id());
    assertEquals("$.spec.kind", e.place().orElseThrow());
    assertTrue(e.candidates().contains("observed"), e.getMessage());
  }

  @Test
  void namesThePathOfAValueOutOfRange() {
    Map<String, Tree> fixed = new LinkedHashMap<>(SpecTree.toTree(fixed(1f, 0)).entries());
    fixed.put("scale", Tree.of(0));
    OctetException e =
        assertThrows(OctetException.class, () -> SpecTree.fromTree(at("$.x", fixed)));
    assertEquals("OCT-TREE-005", e.id());
    assertEquals("$.x", e.place().orElseThrow());
  }

  @Test
  void refusesAnUnknownField() {
    Map<String, Tree> entries = new LinkedHashMap<>(SpecTree.toTree(fixed(1f, 0)).entries());
    entries.put("scala", Tree.of(1));
    OctetException e =
        assertThrows(OctetException.class, () -> SpecTree.fromTree(Tree.of(entries)));
    assertEquals("OCT-TREE-003", e.id());
  }

  @Test
  void refusesAFieldOfAnotherGranularity() {
    Random random = new Random(1);
    Map<String, Tree> entries =
        new LinkedHashMap<>(
            SpecTree.toTree(observed(random, new Granularity.PerTensor())).entries());
    entries.put("axis", Tree.of(0));
    OctetException e =
        assertThrows(OctetException.class, () -> SpecTree.fromTree(Tree.of(entries)));
    assertEquals("OCT-TREE-006", e.id());
  }

  @Test
  void refusesAStepOfAnotherGrid() {
    QuantizationSpec spec =
        QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8))
            .withScheme(Scheme.affine().withGrid(ScaleGrid.powersOfTwo()));
    Map<String, Tree> entries = new LinkedHashMap<>(SpecTree.toTree(spec).entries());
    assertEquals(Tree.of("power-of-two"), entries.get("grid"));
    entries.put("gridStep", Tree.of(0.5f));
    OctetException e =
        assertThrows(OctetException.class, () -> SpecTree.fromTree(Tree.of(entries)));
    assertEquals("OCT-TREE-006", e.id());
    entries.put("grid", Tree.of("multiple-of"));
    entries.put("gridStep", Tree.of(0));
    OctetException none =
        assertThrows(OctetException.class, () -> SpecTree.fromTree(Tree.of(entries)));
    assertEquals("OCT-TREE-005", none.id());
  }

  @Test
  void refusesAPointThatIsOperandAndResult() {
    Tree point = Tree.of(Map.of("node", Tree.of("a"), "operand", Tree.of(0), "result", Tree.of(0)));
    OctetException e = assertThrows(OctetException.class, () -> SpecTree.pointFromTree(point));
    assertEquals("OCT-TREE-005", e.id());
  }

  @Test
  void writesInputsAndOutputsByName() {
    for (Point point : List.of(Point.input("a b"), Point.output("y"))) {
      QuantizationSpec spec = new QuantizationSpec.Shared(point);
      assertEquals(spec, SpecTree.fromTree(SpecTree.toTree(spec)));
    }
    assertEquals(
        Tree.of(Map.of("kind", Tree.of("shared"), "with", Tree.of(Map.of("input", Tree.of("x"))))),
        SpecTree.toTree(new QuantizationSpec.Shared(Point.input("x"))));
    Tree both = Tree.of(Map.of("input", Tree.of("x"), "output", Tree.of("y")));
    OctetException e = assertThrows(OctetException.class, () -> SpecTree.pointFromTree(both));
    assertEquals("OCT-TREE-003", e.id());
    Tree ofNode = Tree.of(Map.of("input", Tree.of("x"), "node", Tree.of("a")));
    assertEquals(
        "OCT-TREE-003",
        assertThrows(OctetException.class, () -> SpecTree.pointFromTree(ofNode)).id());
  }

  @Test
  void refusesADerivedSpecWithoutSources() {
    Map<String, Tree> entries =
        new LinkedHashMap<>(SpecTree.toTree(generate(new Random(3), 3)).entries());
    entries.put("sources", Tree.of(List.of()));
    OctetException e =
        assertThrows(OctetException.class, () -> SpecTree.fromTree(Tree.of(entries)));
    assertEquals("OCT-TREE-005", e.id());
  }

  private static QuantizationSpec generate(Random random, int kind) {
    return switch (kind) {
      case 0 -> observed(random, granularity(random));
      case 1 -> {
        QuantizedType type = type(random);
        yield random.nextBoolean()
            ? QuantizationSpec.Fixed.of(
                type, positive(random), random.nextBoolean() ? type.min() : type.max())
            : fixedPerChannel(random, type);
      }
      case 2 -> new QuantizationSpec.Shared(point(random));
      case 3 -> {
        List<Point> sources = new ArrayList<>(List.of(point(random)));
        while (random.nextBoolean()) {
          sources.add(point(random));
        }
        yield new QuantizationSpec.Derived(type(random), derivation(random), sources);
      }
      case 5 ->
          new QuantizationSpec.NarrowFloat(
              pick(random, QuantizationSpec.NarrowFloat.TYPES.toArray(DataType[]::new)));
      default -> new QuantizationSpec.KeepFloat("reason \"" + random.nextInt() + "\"\n");
    };
  }

  private static QuantizationSpec fixedPerChannel(Random random, QuantizedType type) {
    float[] scales = new float[1 + random.nextInt(4)];
    float[] zeroPoints = new float[scales.length];
    boolean small = type.storage().bits() <= 16;
    for (int i = 0; i < scales.length; i++) {
      scales[i] = positive(random);
      float part = random.nextInt(3) / 2f;
      zeroPoints[i] = small ? type.min() + (type.max() - type.min()) * part : 0f;
    }
    boolean zero = type.min() <= 0 && type.max() >= 0;
    return small || zero
        ? QuantizationSpec.Fixed.perChannel(
            type, QuantizationParameters.ofFractions(scales, zeroPoints), random.nextInt(3))
        : QuantizationSpec.Fixed.of(type, scales[0], type.min());
  }

  private static Scheme scheme(Random random, Scheme scheme) {
    Scheme with = scheme.withZeroPoints(pick(random, Scheme.ZeroPoints.values()));
    if (!with.grid().isAny() || random.nextBoolean()) {
      return with;
    }
    ScaleLevels.Over over = pick(random, ScaleLevels.Over.values());
    ScaleLevels levels =
        random.nextBoolean()
            ? ScaleLevels.float8(over)
            : ScaleLevels.integers(1 + random.nextInt(1 << 24), over);
    return with.withLevels(levels.rounded(pick(random, ScaleLevels.Rounding.values())));
  }

  @Test
  void refusesLevelsThatAreNone() {
    Scheme scheme = Scheme.symmetric().withLevels(ScaleLevels.float8(ScaleLevels.Over.TENSOR));
    QuantizationSpec spec =
        QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8)).withScheme(scheme);
    Map<String, Tree> entries = new LinkedHashMap<>(SpecTree.toTree(spec).entries());
    entries.put("grid", Tree.of("power-of-two"));
    assertEquals(
        "OCT-TREE-005",
        assertThrows(OctetException.class, () -> SpecTree.fromTree(at("$.x", entries))).id());
    entries.remove("grid");
    Map<String, Tree> levels =
        new LinkedHashMap<>(entries.get("scaleLevels").asMapping().entries());
    levels.put("largest", Tree.of(16));
    entries.put("scaleLevels", Tree.of(levels));
    OctetException unknown =
        assertThrows(OctetException.class, () -> SpecTree.fromTree(at("$.x", entries)));
    assertEquals("OCT-TREE-003", unknown.id());
    assertTrue(unknown.getMessage().contains("'largest'"), unknown.getMessage());
  }

  private static QuantizationSpec.Observed observed(Random random, Granularity granularity) {
    NumericProfile profile =
        switch (random.nextInt(3)) {
          case 0 -> NumericProfile.onnx();
          case 1 -> NumericProfile.torch().withScaleFloor(positive(random));
          default ->
              NumericProfile.onnx()
                  .withDivision(pick(random, NumericProfile.Division.values()))
                  .withZeroPointOrder(pick(random, NumericProfile.ZeroPointOrder.values()))
                  .withScaleFloor(positive(random));
        };
    TreeMap<String, String> parameters = new TreeMap<>();
    while (random.nextBoolean()) {
      parameters.put("p" + random.nextInt(4), "v" + random.nextInt());
    }
    return QuantizationSpec.Observed.of(observable(random))
        .withScheme(
            scheme(
                random,
                Scheme.of(pick(random, Scheme.Symmetry.values()))
                    .withProfile(profile)
                    .withGrid(grid(random))))
        .withGranularity(granularity)
        .withObserver(new ObserverSpec("observer" + random.nextInt(3), parameters))
        .withMode(pick(random, Mode.values()));
  }

  private static Derivation derivation(Random random) {
    Derivation derivation =
        random.nextBoolean() ? Derivation.productOfScales() : Derivation.named("acme-repeated");
    while (random.nextBoolean()) {
      derivation = derivation.with("p" + random.nextInt(4), "v" + random.nextInt());
    }
    return derivation;
  }

  private static ScaleGrid grid(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> ScaleGrid.any();
      case 1 -> ScaleGrid.powersOfTwo();
      case 2 -> ScaleGrid.onesOverIntegers();
      case 3 -> ScaleGrid.multiplesOf(positive(random));
      default -> ScaleGrid.named("acme-grid" + random.nextInt(3));
    };
  }

  private static Granularity granularity(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> new Granularity.PerTensor();
      case 1 -> new Granularity.PerChannel(random.nextInt(5));
      case 2 -> new Granularity.PerGroup(random.nextInt(3), 1 + random.nextInt(128));
      case 3 -> new Granularity.PerBlock(List.of(1L + random.nextInt(4), 32L));
      default -> new Granularity.PerToken();
    };
  }

  private static QuantizedType observable(Random random) {
    QuantizedType type = type(random);
    return type.storage() == Storage.INT64 ? QuantizedType.of(Storage.INT8) : type;
  }

  private static QuantizedType type(Random random) {
    Storage storage = pick(random, STORAGES);
    return random.nextBoolean()
        ? QuantizedType.of(storage)
        : new QuantizedType(storage, storage.min() + 1, storage.max());
  }

  private static QuantizationSpec fixed(float scale, long zeroPoint) {
    return QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT8), scale, zeroPoint);
  }

  /** Any finite float32 above 0, subnormal ones included. */
  private static float positive(Random random) {
    return Float.intBitsToFloat(1 + random.nextInt(0x7f7fffff));
  }

  private static Point point(Random random) {
    String node = "node" + random.nextInt(9);
    return random.nextBoolean()
        ? Point.operand(node, random.nextInt(4))
        : Point.result(node, random.nextInt(4));
  }

  private static <T> T pick(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  private static Tree at(String path, String text) {
    return new Tree.Text(text, new Position("", path, 0, 0));
  }

  private static Tree at(String path, Map<String, Tree> entries) {
    return new Tree.Mapping(entries, new Position("", path, 0, 0));
  }
}
