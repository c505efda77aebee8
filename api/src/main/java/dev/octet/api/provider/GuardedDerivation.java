package dev.octet.api.provider;

import dev.octet.api.guard.Guard;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.DerivationContext;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.QuantizedType;

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
    String name = unnamed.call("name", () -> Derivation.named(kind.name()).name());
    return new GuardedDerivation(kind, name, guard.part("derivation '" + name + "'"));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String documentation() {
    return guard.call("documentation", kind::documentation);
  }

  @Override
  public int count(DerivationContext context) {
    int count = guard.<Integer>callOrRefuse("count", () -> kind.count(context));
    if (count < 1) {
      throw guard.breach("count", "it gives " + count + " pairs of scale and zero point");
    }
    return count;
  }

  @Override
  public float scale(DerivationContext context, int index) {
    return guard.<Float>call("scale", () -> kind.scale(context, index));
  }

  @Override
  public QuantizedType storedType(DerivationContext context) {
    QuantizedType stored = guard.call("storedType", () -> kind.storedType(context));
    int bits = stored.storage().bits();
    boolean wide = bits >= Integer.SIZE && bits >= context.type().storage().bits();
    if (!wide && !stored.equals(context.type())) {
      throw guard.breach(
          "storedType", "it stores " + context.type() + " as " + stored + ", which is narrower");
    }
    return stored;
  }

  @Override
  public long zeroPoint(DerivationContext context, int index) {
    return guard.<Long>call("zeroPoint", () -> kind.zeroPoint(context, index));
  }
}
