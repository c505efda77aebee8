package dev.octet.workflow.image;

/** What a level weighs by its distance when images are resized. */
public enum Filter {
  /** {@code 1 - |x|} for |x| below 1. */
  BILINEAR(1) {
    @Override
    double weight(double distance) {
      double x = Math.abs(distance);
      return x < 1 ? 1 - x : 0;
    }
  },
  /** Keys' cubic with a = -0.5, evaluated in the order of Pillow's {@code bicubic_filter}. */
  BICUBIC(2) {
    @Override
    double weight(double distance) {
      double x = Math.abs(distance);
      if (x < 1) {
        return ((KEYS + 2) * x - (KEYS + 3)) * x * x + 1;
      }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * KEYS : 0;
    }
  };

  private static final double KEYS = -0.5;

  private final double support;

  Filter(double support) {
    this.support = support;
  }

  /** Returns the distance from which on nothing weighs anything. */
  double support() {
    return support;
  }

  abstract double weight(double distance);
}
