package dev.octet.tck.check;

import dev.octet.api.spec.ScaleGridKind;
import dev.octet.tck.graphs.RandomFloats;
import dev.octet.tck.subject.Subject;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Whether a backend's own scale grids are sets of scales, each found from below. */
final class GridChecks {
  private static final int RANDOM = 500;

  private GridChecks() {}

  static List<RuleCheck> all() {
    return List.of(new RuleCheck("TCK-OBS-007", GridChecks::grids));
  }

  private static List<TckCase> grids(Subject subject) {
    return subject.provider().scaleGrids().stream()
        .map(grid -> Answered.on(grid.name(), () -> requireGrid(subject, grid, scales(subject))))
        .toList();
  }

  /** Rising scales: powers of two with their neighbours, powers of ten, both ends, and random. */
  private static List<Float> scales(Subject subject) {
    TreeSet<Float> scales = new TreeSet<>(List.of(Float.MIN_VALUE, Float.MAX_VALUE));
    for (int e = Float.MIN_EXPONENT; e <= Float.MAX_EXPONENT; e++) {
      float power = Math.scalb(1f, e);
      scales.addAll(List.of(Math.nextDown(power), power, Math.nextUp(power)));
    }
    for (int e = -30; e <= 30; e++) {
      scales.add((float) Math.pow(10, e));
    }
    SplittableRandom random = RandomFloats.generator(subject.seed(), "scales");
    for (int i = 0; i < RANDOM; i++) {
      scales.add((float) Math.pow(2, random.nextDouble() * 40 - 30));
    }
    return List.copyOf(scales);
  }

  private static void requireGrid(Subject subject, ScaleGridKind grid, List<Float> scales) {
    ScaleGridKind again =
        subject.provider().scaleGrids().stream()
            .filter(other -> other.name().equals(grid.name()))
            .findFirst()
            .orElseThrow(() -> Violation.of("a second call of scaleGrids() has no such grid"));
    float before = 0;
    for (float scale : scales) {
      float found = grid.atLeast(scale);
      if (found < before) {
        throw Violation.of(
            "the scale at least %s is %s, and for a smaller one it was %s", scale, found, before);
      }
      if (found != again.atLeast(scale) || found != grid.atLeast(scale)) {
        throw Violation.of("the scale at least %s is %s, and asked again another", scale, found);
      }
      before = found;
    }
    scales.forEach(scale -> requireNothingBetween(grid, scale));
  }

  /** Between a scale and the next one of the grid there is none. */
  private static void requireNothingBetween(ScaleGridKind grid, float scale) {
    float found = grid.atLeast(scale);
    if (found < Float.POSITIVE_INFINITY && found > scale) {
      float between = scale + (found - scale) / 2;
      float nearer = grid.atLeast(between);
      if (nearer != found) {
        throw Violation.of(
            "the scale at least %s is %s, and that at least %s, which lies between, is %s",
            scale, found, between, nearer);
      }
    }
  }
}
