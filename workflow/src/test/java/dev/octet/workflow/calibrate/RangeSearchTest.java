package dev.octet.workflow.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.ScaleGrid;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.kernels.quantize.ParameterRule;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RangeSearchTest {

  private static final Observers OBSERVERS = Observers.standard();
  private static final QuantizedType INT8 = QuantizedType.of(Storage.INT8);
  private static final QuantizedType INT4 = QuantizedType.of(Storage.INT4);
  private static final List<QuantizedType> TYPES =
      List.of(
          INT8,
          QuantizedType.of(Storage.UINT8),
          new QuantizedType(Storage.INT8, -127, 127),
          INT4,
          QuantizedType.of(Storage.INT16),
          new QuantizedType(Storage.UINT8, 0, 127));
  private static final QuantizedType FIVE_LEVELS = new QuantizedType(Storage.INT4, -2, 2);

  /** Affine and symmetric, with scales down to the smallest float32. */
  private static final List<Scheme> FINE =
      Stream.of(Scheme.Symmetry.values())
          .sorted(Comparator.reverseOrder())
          .map(s -> Scheme.of(s).withProfile(NumericProfile.onnx().withScaleFloor(Float.MIN_VALUE)))
          .toList();

  private static final List<Scheme> SCHEMES = List.of(Scheme.affine(), Scheme.symmetric());

  @Test
  void percentileCutsExactlyTheShareThatItMay() {
    for (long seed = 1; seed <= 40; seed++) {
      Random random = new Random(seed);
      // Whole numbers up to 2000: each has a bin of its own, so that bins can be told from values.
      float[] values = new float[1 + random.nextInt(400)];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(2000) - random.nextInt(3) * 900;
      }
      float[] sorted = values.clone();
      Arrays.sort(sorted);
      for (String percent : List.of("100", "99.99", "99", "90.5", "50", "1", "0.001")) {
        BigDecimal kept = new BigDecimal(percent);
        int droppable =
            new BigDecimal(100)
                .subtract(kept)
                .multiply(new BigDecimal(values.length))
                .divide(new BigDecimal(200), 0, RoundingMode.FLOOR)
                .intValueExact();
        Histogram histogram = Streams.histogram(values);
        Range range = PercentileKind.range(histogram, kept);
        String message = "seed " + seed + ", percent " + percent;
        float width = (float) histogram.binWidth();
        assertTrue(width <= 1, message);
        float top = sorted[values.length - 1 - droppable];
        assertEquals(sorted[droppable] + 0f, range.min(), message);
        float edge = top == 0 ? 0 : Math.min(top + width, sorted[values.length - 1]);
        assertEquals(edge, range.max(), message);
      }
    }
  }

  @Test
  void percentileOfAHundredIsTheObservedRange() {
    Histogram histogram = Streams.histogram(-1.7f, 0.3f, 1e6f);
    assertEquals(new Range(-1.7f, 1e6f), PercentileKind.range(histogram, new BigDecimal("100.0")));
  }

  @Test
  void percentileDropsZerosLikeOtherValues() {
    float[] values = new float[100];
    Arrays.fill(values, 0, 40, 0f);
    Arrays.fill(values, 40, 100, 3f);
    Histogram histogram = Streams.histogram(values);
    assertEquals(new Range(0f, 3f), PercentileKind.range(histogram, new BigDecimal("50")));
    assertEquals(new Range(3f, 3f), PercentileKind.range(histogram, new BigDecimal("10")));
  }

  @Test
  void everySearchStaysInsideWhatWasObserved() {
    for (long seed = 1; seed <= 12; seed++) {
      Random random = new Random(seed);
      for (float[] values : shapes(random)) {
        Histogram histogram = Streams.histogram(values);
        for (ObserverSpec spec : ObserverTest.ALL) {
          ChannelStatistics statistics = statistics(spec, values);
          for (QuantizedType type : TYPES) {
            for (Scheme scheme : SCHEMES) {
              Range range = range(spec, statistics, type, scheme);
              String message = spec.name() + " " + type + " seed " + seed + ": " + range;
              assertTrue(range.min() >= histogram.min(), message);
              assertTrue(range.max() <= histogram.max(), message);
            }
          }
        }
      }
    }
  }

  @Test
  void oneValueIsItsOwnRange() {
    for (float value : new float[] {0f, 1f, -3.25f, Float.MIN_VALUE, Float.MAX_VALUE, 1e-40f}) {
      for (ObserverSpec spec : ObserverTest.ALL) {
        for (Scheme scheme : SCHEMES) {
          ChannelStatistics statistics = statistics(spec, value, value, value);
          assertEquals(
              new Range(value, value),
              range(spec, statistics, INT8, scheme),
              spec.name() + " of " + value);
        }
      }
    }
  }

  @Test
  void theWholeOfFloat32NarrowsToWhatHasAScale() {
    Histogram histogram = Streams.histogram(Float.MAX_VALUE, -Float.MAX_VALUE, 1f);
    Range range = SquaredErrorSearch.search(histogram, ParameterRule.of(INT8, Scheme.affine()));
    assertTrue(
        ParameterRule.of(INT8, Scheme.affine()).choose(range.min(), range.max()).scale(0) > 0);
  }

  @Test
  void squaredErrorOfAGridIsTheExactIntegral() {
    for (long seed = 1; seed <= 25; seed++) {
      Random random = new Random(seed);
      float[] values = Streams.gaussian(random, 30, random.nextInt(3) - 1, 1);
      Histogram histogram = Streams.histogram(values);
      QuantizedType type = seed % 2 == 0 ? INT8 : INT4;
      Scheme scheme = SCHEMES.get((int) (seed / 2 % 2));
      float cut = (float) (random.nextDouble() * 2 + 0.1);
      Grid grid = Grid.of(-cut / 2, cut, ParameterRule.of(type, scheme));
      double exact = exactSquaredError(histogram, grid).doubleValue();
      double found = FilledBins.of(histogram).squaredError(grid);
      assertEquals(exact, found, exact * 1e-9, "seed " + seed);
    }
  }

  @Test
  void aGridThatIsSetAsideHasNoSmallerSquaredError() {
    int aside = 0;
    for (float[] values : shapes(new Random(3))) {
      Histogram histogram = Streams.histogram(values);
      FilledBins bins = FilledBins.of(histogram);
      for (QuantizedType type : List.of(INT8, INT4, QuantizedType.of(Storage.INT16))) {
        for (Scheme scheme : FINE) {
          ParameterRule rule = ParameterRule.of(type, scheme);
          for (int cut = 1; cut <= 40; cut++) {
            float low = Math.min(histogram.min(), 0) * (cut % 7 / 6f);
            float high = Math.max(histogram.max(), 0) * (cut / 40f);
            if (rule.hasScale(low, high)) {
              aside += requireNotSmaller(bins, Grid.of(low, high, rule));
            }
          }
        }
      }
    }
    assertTrue(aside > 2000, aside + " were set aside");
  }

  private static int requireNotSmaller(FilledBins bins, Grid grid) {
    double error = bins.squaredError(grid);
    int aside = 0;
    for (double part : new double[] {0, 0.1, 0.5, 0.9, 1, 1 + 0x1p-52, 1 + 0x1p-20, 2}) {
      if (bins.isAtLeast(error * part, grid)) {
        assertTrue(error >= error * part, grid + " has an error of " + error);
        aside++;
      }
    }
    return aside;
  }

  @Test
  void squaredErrorFindsTheBestOfAllPairsOfEdges() {
    for (long seed = 1; seed <= 30; seed++) {
      Histogram histogram = small(new Random(seed));
      FilledBins bins = FilledBins.of(histogram);
      for (Scheme scheme : FINE) {
        boolean affine = scheme.symmetry() == Scheme.Symmetry.AFFINE;
        double best = Double.POSITIVE_INFINITY;
        for (float low : edges(histogram, -1)) {
          for (float high : edges(histogram, 1)) {
            if (affine || (-low == high && high > 0)) {
              best = Math.min(best, error(bins, new Range(low, high), FIVE_LEVELS, scheme));
            }
          }
        }
        Range found = SquaredErrorSearch.search(histogram, ParameterRule.of(FIVE_LEVELS, scheme));
        double reached = error(bins, found, FIVE_LEVELS, scheme);
        assertTrue(reached <= best, "seed " + seed + " " + scheme + ": " + reached + " > " + best);
        assertTrue(reached > 0);
      }
    }
  }

  @Test
  void squaredErrorComesNearTheBestOfAllThresholdsOfManyBins() {
    for (long seed = 1; seed <= 8; seed++) {
      for (float[] values : shapes(new Random(seed)).subList(0, 3)) {
        Histogram histogram = Streams.histogram(values);
        FilledBins bins = FilledBins.of(histogram);
        float widest = Math.max(-histogram.min(), histogram.max());
        for (QuantizedType type : List.of(INT4, INT8)) {
          double best = Double.POSITIVE_INFINITY;
          for (int i = 1; i * histogram.binWidth() < widest; i++) {
            float limit = (float) (i * histogram.binWidth());
            Range range = new Range(-limit, limit);
            best = Math.min(best, error(bins, range, type, Scheme.symmetric()));
          }
          Range found =
              SquaredErrorSearch.search(histogram, ParameterRule.of(type, Scheme.symmetric()));
          double reached = error(bins, found, type, Scheme.symmetric());
          assertTrue(reached <= best * 1.01, "seed " + seed + ": " + reached + " > " + best);
        }
      }
    }
  }

  @Test
  void squaredErrorIsNeverWorseThanTheObservedRangeOrAPercentile() {
    for (long seed = 1; seed <= 6; seed++) {
      Random random = new Random(seed);
      for (float[] values : shapes(random)) {
        Histogram histogram = Streams.histogram(values);
        FilledBins bins = FilledBins.of(histogram);
        for (QuantizedType type : TYPES) {
          for (Scheme scheme : SCHEMES) {
            Range found = SquaredErrorSearch.search(histogram, ParameterRule.of(type, scheme));
            double error = error(bins, found, type, scheme);
            double observed =
                error(bins, new Range(histogram.min(), histogram.max()), type, scheme);
            assertTrue(error <= observed, "seed " + seed + " " + type + " " + found);
            for (String percent : List.of("99.9", "99", "95")) {
              Range cut = PercentileKind.range(histogram, new BigDecimal(percent));
              // A percentile need not end on one of the candidates' edges of both sides.
              assertTrue(
                  error <= error(bins, cut, type, scheme) * 1.02,
                  "seed " + seed + " " + type + " " + found + " against " + cut);
            }
          }
        }
      }
    }
  }

  @Test
  void squaredErrorCutsAnOutlierThatCostsMoreThanItIsWorth() {
    float[] values = Streams.gaussian(new Random(7), 100_000, 0, 1);
    values[0] = 40f;
    Range range =
        SquaredErrorSearch.search(
            Streams.histogram(values), ParameterRule.of(INT4, Scheme.affine()));
    assertTrue(range.max() < 10, range.toString());
    assertTrue(range.max() > 2, range.toString());
  }

  @Test
  void squaredErrorKeepsTheWholeRangeOfAnEvenSpread() {
    float[] values = new float[10_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i - 5000) / 5000f;
    }
    Range range =
        SquaredErrorSearch.search(
            Streams.histogram(values), ParameterRule.of(INT8, Scheme.affine()));
    assertEquals(-1, range.min(), 0.01);
    assertEquals(1, range.max(), 0.01);
  }

  @Test
  void entropyFindsTheBestOfAllPairsOfFilledBins() {
    for (long seed = 1; seed <= 30; seed++) {
      Histogram histogram = small(new Random(seed));
      Scheme scheme = FINE.get(0);
      Range found = EntropySearch.search(histogram, ParameterRule.of(FIVE_LEVELS, scheme));
      double best = Double.POSITIVE_INFINITY;
      double reached = Double.POSITIVE_INFINITY;
      for (int first : filled(histogram, true)) {
        for (int last : filled(histogram, false)) {
          float low = (float) Math.max(first * histogram.binWidth(), histogram.min());
          float high = (float) Math.min((last + 1) * histogram.binWidth(), histogram.max());
          if (last - first + 1 >= 5) {
            Grid grid = Grid.of(low, high, ParameterRule.of(FIVE_LEVELS, scheme));
            double divergence = divergence(histogram, first, last, grid);
            best = Math.min(best, divergence);
            // The last bin and the one before it may end at the same maximum.
            reached = found.equals(new Range(low, high)) ? Math.min(reached, divergence) : reached;
          }
        }
      }
      assertEquals(best, reached, 1e-12, "seed " + seed);
    }
  }

  @Test
  void entropyKeepsTheObservedRangeWhenThereAreMoreLevelsThanBins() {
    float[] values = Streams.gaussian(new Random(3), 5000, 0, 1);
    Histogram histogram = Streams.histogram(values);
    QuantizedType int16 = QuantizedType.of(Storage.INT16);
    Range observed = new Range(histogram.min(), histogram.max());
    assertEquals(
        observed, EntropySearch.search(histogram, ParameterRule.of(int16, Scheme.affine())));
    assertEquals(
        observed, EntropySearch.search(histogram, ParameterRule.of(int16, Scheme.symmetric())));
  }

  @Test
  void entropyCutsFarOutliers() {
    float[] values = Streams.gaussian(new Random(11), 100_000, 0, 1);
    values[0] = 30f;
    values[1] = -25f;
    for (Scheme scheme : SCHEMES) {
      Range range = EntropySearch.search(Streams.histogram(values), ParameterRule.of(INT8, scheme));
      assertTrue(range.max() < 15, scheme + ": " + range);
      assertTrue(range.max() > 1.5, scheme + ": " + range);
    }
  }

  @Test
  void theLatticeSearchTriesEveryPairOfSmallGrids() {
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      int rows = 1 + random.nextInt(32);
      int columns = 1 + random.nextInt(32);
      double[][] values = new double[rows][columns];
      double best = Double.POSITIVE_INFINITY;
      for (double[] row : values) {
        for (int j = 0; j < columns; j++) {
          row[j] = random.nextInt(200);
          best = Math.min(best, row[j]);
        }
      }
      int[] found = LatticeSearch.minimise(rows, columns, (i, j, least) -> values[i][j]);
      assertEquals(best, values[found[0]][found[1]]);
    }
  }

  @Test
  void theLatticeSearchReachesTheBottomOfALargeValley() {
    for (int target : new int[] {0, 1, 1000, 2047, 4095}) {
      int other = 4095 - target;
      int[] found =
          LatticeSearch.minimise(
              4096, 4096, (i, j, least) -> Math.pow(i - target, 2) + Math.pow(j - other, 2));
      assertEquals(target, found[0]);
      assertEquals(other, found[1]);
      int[] line = LatticeSearch.minimise(4096, 1, (i, j, least) -> Math.abs(i - target));
      assertEquals(target, line[0]);
    }
  }

  @Test
  void amongEqualsTheLatticeSearchTakesTheFirst() {
    int[] found = LatticeSearch.minimise(100, 100, (i, j, least) -> 1);
    assertEquals(List.of(0, 0), List.of(found[0], found[1]));
    int[] none = LatticeSearch.minimise(100, 100, (i, j, least) -> Double.POSITIVE_INFINITY);
    assertEquals(List.of(0, 0), List.of(none[0], none[1]));
  }

  private static List<float[]> shapes(Random random) {
    float[] relu = Streams.gaussian(random, 3000, 0, 2);
    float[] negative = Streams.gaussian(random, 3000, 0, 1);
    float[] heavy = Streams.gaussian(random, 3000, 0, 1);
    for (int i = 0; i < relu.length; i++) {
      relu[i] = Math.max(relu[i], 0f);
      negative[i] = -Math.abs(negative[i]) - 0.5f;
      heavy[i] = heavy[i] * heavy[i] * heavy[i];
    }
    return List.of(
        relu,
        negative,
        heavy,
        Streams.gaussian(random, 2000, 100, 1),
        new float[] {0f, 0f},
        new float[] {1e-42f, 3e-45f, -2e-43f},
        new float[] {-1e30f, 2e30f, 1f});
  }

  private static ChannelStatistics statistics(ObserverSpec spec, float... values) {
    ValueObserver observer = OBSERVERS.create(spec);
    observer.observe(values, 0, values.length, ChannelLayout.perTensor(values.length));
    return observer.statistics().get(0);
  }

  /**
   * Returns a histogram of at most 32 bins on a side: whole multiples of the smallest float32,
   * which no width can be finer than.
   */
  private static Histogram small(Random random) {
    float[] values = new float[300];
    for (int i = 0; i < values.length; i++) {
      double deviation = random.nextInt(20) == 0 ? 12 : 4;
      double value = Math.rint(random.nextGaussian() * deviation);
      values[i] = (float) Math.max(-31, Math.min(31, value)) * Float.MIN_VALUE;
    }
    Histogram histogram = Streams.histogram(values);
    assertEquals(-149, histogram.exponent());
    return histogram;
  }

  private static List<Float> edges(Histogram histogram, int side) {
    TreeSet<Float> edges = new TreeSet<>();
    double width = histogram.binWidth();
    float end = side < 0 ? histogram.min() : histogram.max();
    edges.add(end);
    for (int i = 0; i * width < Math.abs(end); i++) {
      edges.add((float) (side * i * width) + 0f);
    }
    return new ArrayList<>(edges);
  }

  private static List<Integer> filled(Histogram histogram, boolean negative) {
    List<Integer> filled = new ArrayList<>();
    for (int i = histogram.firstBin(); i < histogram.firstBin() + histogram.bins(); i++) {
      if (histogram.count(i) > 0 && i < 0 == negative) {
        filled.add(i);
      }
    }
    return filled;
  }

  private static double error(FilledBins bins, Range range, QuantizedType type, Scheme scheme) {
    return bins.squaredError(Grid.of(range.min(), range.max(), ParameterRule.of(type, scheme)));
  }

  @Test
  void searchesAmongTheScalesOfTheGrid() {
    float[] values = new float[4001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == 0 ? 1000f : (i % 2001 - 1000) * 0.1f;
    }
    Histogram histogram = Streams.histogram(values);
    Scheme reciprocal = Scheme.affine().withGrid(ScaleGrid.onesOverIntegers());
    ParameterRule rule = ParameterRule.of(INT8, reciprocal);
    assertTrue(!rule.hasScale(histogram.min(), histogram.max()));
    for (Range found :
        List.of(
            SquaredErrorSearch.search(histogram, rule), EntropySearch.search(histogram, rule))) {
      assertTrue(rule.hasScale(found.min(), found.max()), found + " has no scale");
    }
    ParameterRule powers =
        ParameterRule.of(INT8, Scheme.affine().withGrid(ScaleGrid.powersOfTwo()));
    Range found = SquaredErrorSearch.search(histogram, powers);
    FilledBins bins = FilledBins.of(histogram);
    double least = bins.squaredError(Grid.of(found.min(), found.max(), powers));
    for (float cut = 20; cut <= 1000; cut *= 1.5f) {
      double other = bins.squaredError(Grid.of(-Math.min(cut, 100f), cut, powers));
      assertTrue(least <= other * 1.001, "the range up to " + cut + " has a smaller error");
    }
  }

  private static Range range(
      ObserverSpec observer, ChannelStatistics statistics, QuantizedType type, Scheme scheme) {
    QuantizationSpec.Observed spec =
        QuantizationSpec.Observed.of(type).withScheme(scheme).withObserver(observer);
    return OBSERVERS.choose(spec, statistics).range();
  }

  /** The formula of EntropySearch, bin by bin, without any of its regrouping. */
  private static double divergence(Histogram histogram, int first, int last, Grid grid) {
    double all = 0;
    double below = 0;
    double above = 0;
    TreeMap<Double, double[]> levels = new TreeMap<>();
    for (int i = histogram.firstBin(); i < histogram.firstBin() + histogram.bins(); i++) {
      long count = histogram.count(i);
      all += count;
      below += i < first ? count : 0;
      above += i > last ? count : 0;
      if (count > 0 && i >= first && i <= last) {
        double[] sum = levels.computeIfAbsent(level(histogram, i, grid), l -> new double[2]);
        sum[0] += count;
        sum[1]++;
      }
    }
    double divergence = StrictMath.log((all - below - above) / all);
    for (int i = first; i <= last; i++) {
      double p = histogram.count(i) + (i == first ? below : 0) + (i == last ? above : 0);
      if (p > 0) {
        double[] sum = levels.get(level(histogram, i, grid));
        divergence += p / all * StrictMath.log(p / (sum[0] / sum[1]));
      }
    }
    return divergence;
  }

  private static double level(Histogram histogram, int bin, Grid grid) {
    double low = Math.max(bin * histogram.binWidth(), histogram.min());
    double high = Math.min((bin + 1) * histogram.binWidth(), histogram.max());
    return grid.nearest((low + high) / 2 / grid.scale());
  }

  /** Integrates (x - k s)^2 over every bin, split where k changes, in 60 decimal digits. */
  private static BigDecimal exactSquaredError(Histogram histogram, Grid grid) {
    MathContext digits = new MathContext(60);
    BigDecimal scale = new BigDecimal(grid.scale());
    BigDecimal half = scale.divide(BigDecimal.valueOf(2));
    FilledBins bins = FilledBins.of(histogram);
    BigDecimal sum = BigDecimal.ZERO;
    for (int b = 0; b < bins.size(); b++) {
      BigDecimal low = new BigDecimal(bins.low[b]);
      BigDecimal high = new BigDecimal(bins.high[b]);
      BigDecimal integral = BigDecimal.ZERO;
      for (long k = (long) grid.first(); k <= (long) grid.last(); k++) {
        BigDecimal middle = scale.multiply(BigDecimal.valueOf(k));
        BigDecimal from = k == (long) grid.first() ? low : low.max(middle.subtract(half));
        BigDecimal to = k == (long) grid.last() ? high : high.min(middle.add(half));
        if (from.compareTo(to) < 0) {
          BigDecimal a = from.subtract(middle);
          BigDecimal c = to.subtract(middle);
          integral =
              integral.add(c.pow(3).subtract(a.pow(3)).divide(BigDecimal.valueOf(3), digits));
        }
      }
      BigDecimal mean;
      if (low.compareTo(high) == 0) {
        BigDecimal u = low.divide(scale, digits);
        BigDecimal k = new BigDecimal(grid.nearest(u.doubleValue()));
        mean = low.subtract(k.multiply(scale)).pow(2);
      } else {
        mean = integral.divide(high.subtract(low), digits);
      }
      sum = sum.add(mean.multiply(BigDecimal.valueOf(bins.count[b])));
    }
    return sum;
  }
}
