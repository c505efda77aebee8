package dev.octet.api.provider;

import dev.octet.api.guard.Guard;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.ScaleGridKind;

/** A scale grid of which every call is guarded and every scale is checked. */
final class GuardedScaleGrid implements ScaleGridKind {

  private final ScaleGridKind kind;
  private final String name;
  private final Guard guard;

  private GuardedScaleGrid(ScaleGridKind kind, String name, Guard guard) {
    this.kind = kind;
    this.name = name;
    this.guard = guard;
  }

  static GuardedScaleGrid of(ScaleGridKind kind, Guard guard) {
    Guard unnamed = guard.part("scale grid " + kind.getClass().getName());
    String name = unnamed.same("name", () -> ScaleGrid.named(kind.name()).name());
    return new GuardedScaleGrid(kind, name, guard.part("scale grid '" + name + "'"));
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
  public float atLeast(float scale) {
    float found = guard.<Float>same("atLeast", () -> kind.atLeast(scale));
    // A NaN is not at least anything.
    if (!(found >= scale)) {
      throw breach(scale, found, "which is below it");
    }
    if (found < Float.POSITIVE_INFINITY) {
      float again = guard.<Float>call("atLeast", () -> kind.atLeast(found));
      if (again != found) {
        throw breach(scale, found, "and at least that is " + again);
      }
    }
    return found;
  }

  private RuntimeException breach(float scale, float found, String why) {
    return guard.breach("atLeast", "at least " + scale + " is " + found + ", " + why);
  }
}
