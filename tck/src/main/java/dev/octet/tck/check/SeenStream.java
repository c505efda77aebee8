package dev.octet.tck.check;

import dev.octet.api.observer.ChannelLayout;
import dev.octet.tck.graphs.RandomFloats;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What an observer may see: calls one after the other. Immutable.
 *
 * @param name what it is called
 * @param channels how many channels each call has
 * @param parts the values of each call
 */
record SeenStream(String name, int channels, List<SeenPart> parts) {

  /** Blocks and neighbours of each call; two calls are empty. */
  private static final List<List<Integer>> SIZES =
      List.of(
          List.of(1, 1),
          List.of(0, 3),
          List.of(3, 5),
          List.of(1, 65),
          List.of(2, 0),
          List.of(2, 9));

  private static final int CHANNELS = 3;

  /** What the name of a stream of two values, each as often as the other, begins with. */
  static final String TWO = "two-values";

  /** Every stream that holds one value in each channel holds these. */
  static final List<Float> CONSTANTS = List.of(3.7f, -0.6f, 1e-3f);

  private static final List<Float> EXTREMES =
      List.of(
          1e36f,
          -1e36f,
          Float.MIN_VALUE,
          -Float.MIN_VALUE,
          Float.MIN_NORMAL,
          -Float.MIN_NORMAL,
          0f);

  private static final List<Float> ODD =
      List.of(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);

  SeenStream {
    parts = List.copyOf(parts);
  }

  /** Gives an element of a stream. */
  @FunctionalInterface
  private interface Element {
    float at(SplittableRandom random, int part, int channel, int index);
  }

  /** Returns the streams, each of one channel and of several. */
  static List<SeenStream> all(long seed) {
    List<SeenStream> all = new ArrayList<>();
    for (int channels : new int[] {1, CHANNELS}) {
      all.add(of(seed, "random", channels, (r, p, c, i) -> random(r) * (1 + p) * (1 << c)));
      all.add(of(seed, "rising", channels, (r, p, c, i) -> sign(c) * (i + 1) * (1 << (3 * p))));
      all.add(of(seed, "falling", channels, (r, p, c, i) -> sign(c) * 1e4f / ((i + 1) << (3 * p))));
      all.add(constant(channels));
      all.add(
          of(seed, TWO, channels, (r, p, c, i) -> i % 2 == 0 ? 1.3f + c : -0.7f).withoutFirst());
      all.add(of(seed, "zeros", channels, (r, p, c, i) -> i % 2 == 0 ? -0f : 0f));
      all.add(of(seed, "above-zero", channels, (r, p, c, i) -> 5 + random(r)));
      all.add(of(seed, "below-zero", channels, (r, p, c, i) -> -5 + random(r)));
      all.add(
          of(seed, "extreme", channels, (r, p, c, i) -> EXTREMES.get(r.nextInt(EXTREMES.size()))));
      all.add(
          of(seed, "not-finite", channels, (r, p, c, i) -> i % 4 == 3 ? random(r) : odd(i + p)));
      all.add(of(seed, "nothing-finite", channels, (r, p, c, i) -> odd(i + p + c)));
      all.add(of(seed, "finite-late", channels, (r, p, c, i) -> p < 4 ? odd(i) : random(r)));
    }
    return all;
  }

  /** Returns the stream in which each channel has one value. */
  static SeenStream constant(int channels) {
    return of(0, "constant", channels, (r, p, c, i) -> CONSTANTS.get(c));
  }

  /** Returns the stream whose channels all differ. */
  static SeenStream varied(long seed) {
    return of(seed, "varied", CHANNELS, (r, p, c, i) -> random(r) * (1 + p) + 2 * c);
  }

  private static SeenStream of(long seed, String name, int channels, Element element) {
    SplittableRandom random = RandomFloats.generator(seed, name + channels);
    List<SeenPart> parts = new ArrayList<>();
    for (int p = 0; p < SIZES.size(); p++) {
      int part = p;
      parts.add(
          SeenPart.of(
              new ChannelLayout(SIZES.get(p).get(0), channels, SIZES.get(p).get(1)),
              (c, i) -> element.at(random, part, c, i)));
    }
    return new SeenStream(name + "/" + channels, channels, parts);
  }

  /** The first call has one value. */
  private SeenStream withoutFirst() {
    return new SeenStream(name, channels, parts.subList(1, parts.size()));
  }

  private static float random(SplittableRandom random) {
    return (float) (random.nextDouble() + random.nextDouble() - 1);
  }

  private static int sign(int channel) {
    return channel % 2 == 0 ? 1 : -1;
  }

  private static float odd(int index) {
    return ODD.get(index % ODD.size());
  }
}
