package dev.octet.kernels.quantize;

import dev.octet.api.graph.Shape;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.DerivationContext;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.ScaleGrid;
import java.util.List;

/** Octet's own derivations; {@link Derivation} has their definitions. */
public final class Derivations {

  private Derivations() {}

  /** Returns all of them. */
  public static List<DerivationKind> own() {
    return List.of(new ProductOfScales());
  }

  /** The one value of the parameter that refuses losses. */
  private static final String REFUSED = "refused";

  /** The parameters that one of these derivations may have. */
  public static List<String> parameters() {
    return List.of(ProductOfScales.GRID, ProductOfScales.LOSS);
  }

  /**
   * Returns the scale grid that the value of a parameter of {@link #parameters} names: that of
   * every scale where it names none.
   *
   * @throws IllegalArgumentException if the parameter has no such value; the message says which it
   *     has
   */
  public static ScaleGrid grid(String parameter, String value) {
    if (parameter.equals(ProductOfScales.GRID)) {
      return named(value);
    }
    if (!value.equals(REFUSED)) {
      throw new IllegalArgumentException("the value '" + REFUSED + "'");
    }
    return ScaleGrid.any();
  }

  private static ScaleGrid named(String grid) {
    try {
      return ScaleGrid.named(grid);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the name of a scale grid without a step", e);
    }
  }

  private static final class ProductOfScales implements DerivationKind {

    static final String GRID = "grid";
    static final String LOSS = "loss";

    @Override
    public String name() {
      return Derivation.productOfScales().name();
    }

    @Override
    public String documentation() {
      return "The scale is the product of the sources' scales, the zero point 0; with 'grid' it has"
          + " to be one of that scale grid, with 'loss=refused' nothing may be lost for it.";
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
      return count == 1 ? 1 : count * repeats(context, count);
    }

    /** A grouped ConvTranspose has more output channels than its weight, [C, M / group, ...]. */
    private static int repeats(DerivationContext context, int count) {
      long groups =
          context.node().op().is("ConvTranspose") ? context.node().intAttribute("group", 1) : 1;
      boolean each =
          context.shape().filter(shape -> shape.equals(Shape.of(count * groups))).isPresent();
      return each ? Math.toIntExact(groups) : 1;
    }

    @Override
    public float scale(DerivationContext context, int index) {
      float product = 1f;
      for (DerivationContext.Source source : context.sources()) {
        product *= source.scale(index % source.parameters().count());
      }
      return product;
    }

    @Override
    public ScaleGrid grid(DerivationContext context) {
      String name = context.derivation().parameters().get(GRID);
      return name == null ? ScaleGrid.any() : ScaleGrid.named(name);
    }

    @Override
    public boolean refusesLoss(DerivationContext context) {
      return context.derivation().parameters().containsKey(LOSS);
    }
  }
}
