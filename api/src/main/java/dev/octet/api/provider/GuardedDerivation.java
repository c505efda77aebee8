package dev.octet.api.provider;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.guard.Guard;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.DerivationContext;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import java.util.Optional;

/** A derivation of which every call is guarded. */
final class GuardedDerivation implements DerivationKind {

  private final DerivationKind kind;
  private final String name;
  private final Guard guard;

  private GuardedDerivation(DerivationKind kind, String name, Guard guard) {
    this.kind = kind;
    this.name = name;
    this.guard = guard;
  }

  static GuardedDerivation of(DerivationKind kind, Guard guard) {
    Guard unnamed = guard.part("derivation " + kind.getClass().getName());
    String name = unnamed.same("name", () -> Derivation.named(kind.name()).name());
    return new GuardedDerivation(kind, name, guard.part("derivation '" + name + "'"));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String documentation() {
    return guard.words("documentation", kind::documentation);
  }

  @Override
  public int count(DerivationContext context) {
    Guard at = at(context);
    int count = at.<Integer>callOrRefuse("count", () -> kind.count(context));
    long most = context.shape().map(GuardedDerivation::elements).orElse((long) Guard.MOST);
    if (count < 1 || count > Math.max(1, most)) {
      throw at.breach(
          "count",
          "it gives "
              + count
              + " pairs of scale and zero point for "
              + context.shape().map(shape -> "a value of shape " + shape).orElse("one value"));
    }
    return count;
  }

  private static long elements(Shape shape) {
    long elements = 1;
    for (Dimension dimension : shape.dimensions()) {
      long size = dimension.known().orElse(Guard.MOST);
      elements = Math.min(Guard.MOST, elements) * Math.min(Guard.MOST, size);
    }
    return Math.min(Guard.MOST, elements);
  }

  private Guard at(DerivationContext context) {
    return guard.at(() -> Optional.of(context.node().name()));
  }

  @Override
  public float scale(DerivationContext context, int index) {
    float scale = at(context).<Float>same("scale", () -> kind.scale(context, index));
    // An infinity is a product that grew too large, of which conversion says at which point.
    if (!(scale > 0)) {
      throw at(context).breach("scale", "scale " + index + " is " + scale + ", and not above 0");
    }
    return scale;
  }

  @Override
  public QuantizedType storedType(DerivationContext context) {
    QuantizedType stored = at(context).same("storedType", () -> kind.storedType(context));
    int bits = stored.storage().bits();
    boolean wide = bits >= Integer.SIZE && bits >= context.type().storage().bits();
    if (!wide && !stored.equals(context.type())) {
      throw at(context)
          .breach(
              "storedType",
              "it stores " + context.type() + " as " + stored + ", which is narrower");
    }
    return stored;
  }

  @Override
  public ScaleGrid grid(DerivationContext context) {
    return at(context).same("grid", () -> kind.grid(context));
  }

  @Override
  public boolean refusesLoss(DerivationContext context) {
    return at(context).<Boolean>same("refusesLoss", () -> kind.refusesLoss(context));
  }

  @Override
  public long zeroPoint(DerivationContext context, int index) {
    return at(context).<Long>same("zeroPoint", () -> kind.zeroPoint(context, index));
  }
}
