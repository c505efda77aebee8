package dev.octet.tck.check;

import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.NodeAnnotation;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.DerivationContext;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.tck.graphs.Composition;
import dev.octet.tck.subject.Subject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a backend's own derivations are functions of their sources that do not fall. */
final class DerivationChecks {

  private DerivationChecks() {}

  static List<RuleCheck> all() {
    return List.of(new RuleCheck("TCK-OBS-008", DerivationChecks::derivations));
  }

  private record Context(
      Derivation derivation,
      QuantizedType type,
      Node node,
      Optional<Shape> shape,
      List<Source> sources)
      implements DerivationContext {

    Context with(int source, float factor) {
      List<Source> others = new ArrayList<>(sources);
      OfSource before = (OfSource) sources.get(source);
      others.set(source, before.times(factor));
      return new Context(derivation, type, node, shape, others);
    }
  }

  private record OfSource(
      QuantizationParameters parameters, QuantizedType type, Optional<Shape> shape)
      implements DerivationContext.Source {

    OfSource times(float factor) {
      float[] scales = parameters.scales();
      for (int i = 0; i < scales.length; i++) {
        scales[i] *= factor;
      }
      return new OfSource(QuantizationParameters.of(scales, parameters.zeroPoints()), type, shape);
    }
  }

  /** A case for each derivation: its name, and every place where the backend's marks use it. */
  private static List<TckCase> derivations(Subject subject) {
    return subject.provider().derivations().stream()
        .map(kind -> Answered.on(kind.name(), () -> requireFunction(subject, kind)))
        .toList();
  }

  private static void requireFunction(Subject subject, DerivationKind kind) {
    DerivationKind again =
        subject.provider().derivations().stream()
            .filter(other -> other.name().equals(kind.name()))
            .findFirst()
            .orElseThrow(() -> Violation.of("a second call of derivations() has no such one"));
    if (!kind.documentation().endsWith(".")) {
      throw Violation.of("it is documented by no sentence: '%s'", kind.documentation());
    }
    Set<Node> seen = new HashSet<>();
    for (Composition made : subject.met()) {
      for (Context context : contexts(subject, made, kind)) {
        if (seen.add(context.node())) {
          requireFunction(kind, again, context, made.name());
        }
      }
    }
  }

  private static List<Context> contexts(Subject subject, Composition made, DerivationKind kind) {
    AnnotatedGraph annotated = subject.annotation(made);
    GraphValues values = GraphValues.of(annotated.graph());
    List<Context> contexts = new ArrayList<>();
    for (NodeAnnotation node : annotated.nodes().values()) {
      node.operands()
          .forEach(
              (index, spec) -> {
                Point point = Point.operand(node.node(), index);
                spec.concrete()
                    .filter(concrete -> isOf(kind, concrete))
                    .flatMap(concrete -> context(annotated, values, point, concrete))
                    .ifPresent(contexts::add);
              });
    }
    return contexts;
  }

  private static boolean isOf(DerivationKind kind, QuantizationSpec.Concrete spec) {
    return spec.derivation().filter(rule -> rule.name().equals(kind.name())).isPresent();
  }

  /** Returns the context of a point; empty where a source has the parameters of another one. */
  private static Optional<Context> context(
      AnnotatedGraph annotated,
      GraphValues values,
      Point point,
      QuantizationSpec.Concrete derived) {
    List<DerivationContext.Source> sources = new ArrayList<>();
    for (Point source : derived.sources()) {
      Optional<QuantizationSpec.Concrete> spec =
          annotated.spec(source).flatMap(QuantizationSpec::concrete);
      if (spec.isEmpty()) {
        return Optional.empty();
      }
      Optional<Shape> shape = values.value(source).flatMap(GraphValues.Value::shape);
      int count = count(spec.get(), shape.orElse(Shape.of()));
      sources.add(new OfSource(parameters(count, sources.size()), spec.get().type(), shape));
    }
    return Optional.of(
        new Context(
            derived.derivation().orElseThrow(),
            derived.type(),
            values.member(point.node()).orElseThrow().node(),
            values.value(point).flatMap(GraphValues.Value::shape),
            sources));
  }

  private static int count(QuantizationSpec.Concrete spec, Shape shape) {
    return spec.match(
        new QuantizationSpec.ConcreteCases<>(
            observed -> count(observed.granularity(), shape),
            fixed -> fixed.parameters().count(),
            derived -> 1));
  }

  private static int count(Granularity granularity, Shape shape) {
    return granularity.match(
        new Granularity.Cases<>(
            whole -> 1,
            channel -> Math.toIntExact(shape.sizes()[channel.axis()]),
            group -> 1,
            block -> 1,
            token -> 1));
  }

  /** Scales that all differ, so that one in the place of another shows. */
  private static QuantizationParameters parameters(int count, int source) {
    float[] scales = new float[count];
    for (int i = 0; i < count; i++) {
      scales[i] = (0.01f + 0.003f * source) * (1 + 0.37f * i);
    }
    return QuantizationParameters.of(scales, new long[count]);
  }

  private static void requireFunction(
      DerivationKind kind, DerivationKind again, Context context, String where) {
    int count = kind.count(context);
    Optional<Long> last =
        context
            .shape()
            .filter(Shape::isKnown)
            .filter(s -> s.rank() > 0)
            .map(Shape::sizes)
            .map(sizes -> sizes[sizes.length - 1]);
    if (count != 1 && last.isPresent() && count != last.get()) {
      throw Violation.of(
          "in %s it has %d pairs for a value of sizes %s: one, or one for each index of the last"
              + " axis, is allowed",
          where, count, context.shape().orElseThrow());
    }
    for (int i = 0; i < count; i++) {
      float scale = kind.scale(context, i);
      if (!(scale > 0 && Float.isFinite(scale))) {
        throw Violation.of("in %s scale %d is %s", where, i, scale);
      }
      if (scale != kind.scale(context, i) || scale != again.scale(context, i)) {
        throw Violation.of("in %s scale %d is %s, and asked again another", where, i, scale);
      }
      requireZeroPoint(kind, context, i, where);
      for (int s = 0; s < context.sources().size(); s++) {
        float larger = kind.scale(context.with(s, 2), i);
        if (larger < scale) {
          throw Violation.of(
              "in %s scale %d falls from %s to %s when those of source %d grow",
              where, i, scale, larger, s);
        }
      }
    }
  }

  private static void requireZeroPoint(
      DerivationKind kind, Context context, int index, String where) {
    long zero = kind.zeroPoint(context, index);
    QuantizedType stored = kind.storedType(context);
    if (zero < stored.min() || zero > stored.max()) {
      throw Violation.of("in %s zero point %d is %d, outside %s", where, index, zero, stored);
    }
  }
}
