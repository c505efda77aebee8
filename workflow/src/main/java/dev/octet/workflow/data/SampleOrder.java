package dev.octet.workflow.data;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.random.SplitMix64;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.stream.IntStream;

/**
 * Which stored samples are used, one after the other.
 *
 * <p>{@code shuffle} brings all samples into another order: for i from the last position down to 1,
 * the samples at i and at {@link SplitMix64#nextBelow}{@code (i + 1)} change places. Samples of a
 * folder with a folder for each class are then dealt: the first of each class in the order of the
 * folders, the second of each, and so on; a class that has no more is passed over. {@code skip}
 * leaves out the first of that order, {@code take} is how many of the rest are used.
 */
final class SampleOrder {

  private final int[] picks;

  private SampleOrder(int[] picks) {
    this.picks = picks;
  }

  /**
   * Orders samples.
   *
   * @param root where shuffle, skip and take may stand
   * @param size how many samples are stored
   * @param folders the folders that the samples are dealt from; empty when they are not
   * @throws dev.octet.api.error.OctetException {@code OCT-DATA-014} if nothing is left, or less
   *     than is to be taken
   */
  static SampleOrder of(Tree.Mapping root, int size, Optional<ClassFolders> folders) {
    int[] all = IntStream.range(0, size).toArray();
    root.find("shuffle").ifPresent(seed -> shuffle(all, seed.asLong()));
    int[] order = folders.map(classes -> dealt(all, classes)).orElse(all);
    int skip = number(root, "skip").orElse(0);
    int rest = size - Math.min(skip, size);
    OptionalInt take = number(root, "take");
    int count = take.orElse(rest);
    if (count > rest || count == 0) {
      String fact = "there are %s samples after the first %s".formatted(rest, skip);
      if (take.isPresent()) {
        fact += ", and " + count + " are to be taken";
      }
      Tree place = root.find("take").or(() -> root.find("skip")).orElse(root);
      throw DataErrors.NOTHING_LEFT.error(fact).at(place.position().toString()).build();
    }
    return new SampleOrder(Arrays.copyOfRange(order, skip, skip + count));
  }

  private static void shuffle(int[] all, long seed) {
    SplitMix64 numbers = new SplitMix64(seed);
    for (int i = all.length - 1; i > 0; i--) {
      int other = numbers.nextBelow(i + 1);
      int moved = all[i];
      all[i] = all[other];
      all[other] = moved;
    }
  }

  private static int[] dealt(int[] order, ClassFolders folders) {
    List<Queue<Integer>> waiting = new ArrayList<>();
    folders.names().forEach(name -> waiting.add(new ArrayDeque<>()));
    for (int sample : order) {
      waiting.get(folders.samples()[sample]).add(sample);
    }
    int[] dealt = new int[order.length];
    int count = 0;
    while (count < dealt.length) {
      for (Queue<Integer> members : waiting) {
        Integer next = members.poll();
        if (next != null) {
          dealt[count++] = next;
        }
      }
    }
    return dealt;
  }

  private static OptionalInt number(Tree.Mapping root, String name) {
    Optional<Tree> value = root.find(name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    int number = value.get().asInt();
    if (number < 0) {
      throw value.get().outOfRange("'" + name + "' is " + number + ", which is negative");
    }
    return OptionalInt.of(number);
  }

  /**
   * Checks that whole batches come of it.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-DATA-018} if not
   */
  void requireMultiple(int batch, Tree root) {
    if (batch < 1 || picks.length % batch != 0) {
      String fact = "the model takes " + batch + " samples at a time; there are " + picks.length;
      throw DataErrors.NO_WHOLE_BATCH
          .error(fact)
          .at(root.position().toString())
          .next("Set 'take' to a multiple of " + batch + ".");
    }
  }

  /** Returns how many samples are used. */
  int size() {
    return picks.length;
  }

  /** Returns where the sample at a position is stored. */
  int stored(int position) {
    return picks[position];
  }

  /** Returns how many samples from a position on are stored one behind the other, at most some. */
  int run(int position, int most) {
    int count = 1;
    while (count < most && picks[position + count] == picks[position] + count) {
      count++;
    }
    return count;
  }

  /**
   * Returns which stored samples are used.
   *
   * @param data what identifies the data
   */
  List<SampleRange> ranges(String data) {
    int[] sorted = picks.clone();
    Arrays.sort(sorted);
    SampleOrder rising = new SampleOrder(sorted);
    List<SampleRange> ranges = new ArrayList<>();
    for (int at = 0; at < sorted.length; ) {
      int count = rising.run(at, sorted.length - at);
      ranges.add(new SampleRange(data, sorted[at], count));
      at += count;
    }
    return ranges;
  }

  /** Returns some neighbouring samples. */
  SampleOrder part(int from, int count) {
    return new SampleOrder(Arrays.copyOfRange(picks, from, from + count));
  }
}
