package dev.octet.tck.graphs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the input of a product means to it, by the formulas of the nodes that make integers of it:
 * every operation in float32, in their order. Immutable.
 */
final class RowSteps {

  /** The least scale of rows: that of rows of zeros. */
  static final float FLOOR = 0x1p-23f;

  private final String name;
  private final float[] meant;
  private final List<Float> steps;

  private RowSteps(String name, float[] meant, List<Float> steps) {
    this.name = name;
    this.meant = meant;
    this.steps = steps;
  }

  /** Returns the value that the product reads. */
  String name() {
    return name;
  }

  /** Returns its elements. */
  float[] meant() {
    return meant;
  }

  /** Returns the distance of neighbouring integers in each row; 0 where it is float. */
  List<Float> steps() {
    return steps;
  }

  /** As it is. */
  static RowSteps none(String name, float[] given, int rows) {
    return new RowSteps(name, given, Collections.nCopies(rows, 0f));
  }

  /** As DynamicQuantizeLinear is defined: uint8, the range extended to 0. */
  static RowSteps perTensor(String name, float[] given, int rows) {
    float low = 0;
    float high = 0;
    for (float x : given) {
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
    float scale = (high - low) / 255;
    double zero = Math.max(0, Math.min(255, Math.rint(-low / scale)));
    float[] meant = new float[given.length];
    for (int i = 0; i < given.length; i++) {
      double integer = Math.max(0, Math.min(255, Math.rint(given[i] / scale) + zero));
      meant[i] = (float) (integer - zero) * scale;
    }
    return new RowSteps(name, meant, Collections.nCopies(rows, scale));
  }

  /** As {@link FloatProducts} writes it: int8, symmetric, a scale for each row. */
  static RowSteps perToken(String name, float[] given, int rows) {
    int inputs = given.length / rows;
    float[] meant = new float[given.length];
    List<Float> steps = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      float most = 0;
      for (int k = 0; k < inputs; k++) {
        most = Math.max(most, Math.abs(given[row * inputs + k]));
      }
      float scale = Math.max(most / 127.5f, FLOOR);
      steps.add(scale);
      for (int i = row * inputs; i < (row + 1) * inputs; i++) {
        double integer = Math.max(-128, Math.min(127, Math.rint(given[i] * (1 / scale))));
        meant[i] = (float) integer * scale;
      }
    }
    return new RowSteps(name, meant, steps);
  }
}
