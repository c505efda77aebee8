package dev.octet.cli.conformance;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.cli.conformance.GoldenDecisions.TorchParameters;
import dev.octet.cli.conformance.GoldenDecisions.TorchSpec;
import dev.octet.cli.conformance.GoldenPoints.MarkedPoint;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Marks exactly the points that a golden file marks: what a comparison must find equal. */
final class MarksOfGolden implements Quantizer {

  private final GoldenDecisions golden;

  MarksOfGolden(GoldenDecisions golden) {
    this.golden = golden;
  }

  @Override
  public void annotate(AnnotationContext context) {
    Map<Point, Integer> groups = new TreeMap<>();
    GoldenPoints points = GoldenPoints.of(golden, context.graph());
    for (MarkedPoint mark : points.marked()) {
      mark.group().ifPresent(group -> groups.putIfAbsent(mark.point(), group));
    }
    Map<Integer, Point> first = new HashMap<>();
    groups.forEach(
        (point, group) -> {
          Optional<Node> node =
              point.isBoundary() ? Optional.empty() : context.graph().node(point.node());
          node.filter(n -> !context.isClaimed(n))
              .ifPresent(n -> context.claim("golden", List.of(n)));
          Point before = first.putIfAbsent(group, point);
          context.mark(
              point,
              before == null
                  ? spec(node, golden.specs().get(group), points)
                  : new QuantizationSpec.Shared(before));
          context.optOutOfImplicitSharing(point);
        });
  }

  private QuantizationSpec spec(Optional<Node> node, TorchSpec spec, GoldenPoints points) {
    Storage storage = Storage.valueOf(spec.type().toUpperCase(Locale.ROOT));
    QuantizedType type = new QuantizedType(storage, spec.min(), spec.max());
    if (spec.observer().equals(TorchSpec.DERIVED)) {
      return new QuantizationSpec.Derived(
          type, Derivation.productOfScales(), points.edges(spec.sources()));
    }
    if (spec.fixed().isPresent()) {
      TorchParameters fixed = spec.fixed().get();
      return QuantizationSpec.Fixed.of(type, fixed.scale(), fixed.zeroPoint());
    }
    Scheme.Symmetry symmetry =
        spec.scheme().endsWith("symmetric") ? Scheme.Symmetry.SYMMETRIC : Scheme.Symmetry.AFFINE;
    return QuantizationSpec.Observed.of(type)
        .withScheme(
            Scheme.of(symmetry)
                .withProfile(NumericProfile.torch().withScaleFloor(golden.floor(spec))))
        .withGranularity(granularity(node, spec))
        .withMode(
            golden.trained()
                ? Mode.QUANTIZATION_AWARE
                : spec.dynamic() ? Mode.DYNAMIC : Mode.STATIC);
  }

  private static Granularity granularity(Optional<Node> node, TorchSpec spec) {
    if (!spec.scheme().startsWith("per_channel")) {
      return new Granularity.PerTensor();
    }
    int axis = spec.axis().orElseThrow();
    return new Granularity.PerChannel(
        node.filter(DecisionComparison::holdsItsWeightTransposed).isPresent() ? 1 - axis : axis);
  }
}
