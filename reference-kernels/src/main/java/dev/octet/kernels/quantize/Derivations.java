package dev.octet.kernels.quantize;

import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.DerivationContext;
import dev.octet.api.spec.DerivationKind;
import java.util.List;

/** Octet's own derivations; {@link Derivation} has their definitions. */
public final class Derivations {

  private Derivations() {}

  /** Returns all of them. */
  public static List<DerivationKind> own() {
    return List.of(new ProductOfScales());
  }

  private static final class ProductOfScales implements DerivationKind {

    @Override
    public String name() {
      return Derivation.productOfScales().name();
    }

    @Override
    public String documentation() {
      return "The scale is the product of the sources' scales, the zero point 0.";
    }

    @Override
    public int count(DerivationContext context) {
      int count = 1;
      for (DerivationContext.Source source : context.sources()) {
        int own = source.parameters().count();
        if (own != 1 && count != 1 && own != count) {
          throw new IllegalArgumentException("they have " + count + " and " + own + " channels");
        }
        count = Math.max(count, own);
      }
      return count;
    }

    @Override
    public float scale(DerivationContext context, int index) {
      float product = 1f;
      for (DerivationContext.Source source : context.sources()) {
        product *= source.scale(index);
      }
      return product;
    }
  }
}
