package dev.octet.workflow.calibrate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Random streams of values, and their division into shards. */
final class Streams {

  private Streams() {}

  /** Mixes magnitudes, signs, exact zeros of both signs, subnormals, huge and non-finite values. */
  static float[] wild(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (random.nextInt(12)) {
            case 0 -> 0f;
            case 1 -> -0f;
            case 2 -> Float.NaN;
            case 3 -> random.nextBoolean() ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
            case 4 -> Float.intBitsToFloat(random.nextInt(0x00800000));
            case 5 -> Float.intBitsToFloat(random.nextInt());
            case 6 -> Math.scalb(1f, random.nextInt(40) - 20);
            case 7 -> -Math.scalb(1f, random.nextInt(40) - 20);
            default -> (float) random.nextGaussian();
          };
    }
    return values;
  }

  static float[] gaussian(Random random, int count, double mean, double deviation) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return values;
  }

  /** Deals the values out to shards, in random order. */
  static List<float[]> shards(Random random, float[] values, int shards) {
    List<List<Float>> dealt = new ArrayList<>();
    for (int s = 0; s < shards; s++) {
      dealt.add(new ArrayList<>());
    }
    for (float value : values) {
      dealt.get(random.nextInt(shards)).add(value);
    }
    List<float[]> arrays = new ArrayList<>();
    for (List<Float> shard : dealt) {
      Collections.shuffle(shard, random);
      float[] array = new float[shard.size()];
      for (int i = 0; i < array.length; i++) {
        array[i] = shard.get(i);
      }
      arrays.add(array);
    }
    return arrays;
  }

  static Histogram histogram(float... values) {
    HistogramAccumulator accumulator = new HistogramAccumulator();
    accumulator.add(values, 0, values.length);
    return accumulator.toHistogram();
  }
}
