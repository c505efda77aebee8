package dev.octet.tck.graphs;

import dev.octet.api.graph.Shape;
import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.provider.Capability;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What is worth trying of conditions: the numbers that their words name, and what lies around them.
 * A condition is asked and not read, so that one of a vendor's own is tried like any other; its
 * words say where it is worth asking. Immutable.
 *
 * @param numbers the whole numbers of the words, at least 1
 * @param decimals all numbers of the words
 * @param words the words of all conditions
 * @param own whether a condition is of a vendor's own, whose numbers need not be in its words
 */
record Hints(SortedSet<Long> numbers, Set<Double> decimals, List<String> words, boolean own) {

  /** Numbers that say which operand, axis or step is meant. */
  private static final Pattern PLACES =
      Pattern.compile("\\b(operands?|axis|steps?|results?) -?[0-9]+( (and|or) -?[0-9]+)*");

  private static final Pattern NUMBER =
      Pattern.compile("(?<![\\w.])-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?(?![\\w])");

  /** Beyond it, no size is made. */
  private static final long LARGEST = 1 << 20;

  /** Up to here, multiples are tried as well. */
  private static final long MULTIPLES = 1 << 13;

  private static final long[] USUAL = {
    1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 40, 48, 63, 64, 65, 96, 127, 128, 129,
    255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 4095, 4096, 4097, 65535, 65536, 65537
  };

  /** Returns the hints of some conditions. */
  static Hints of(List<Capability.StepCondition> conditions) {
    SortedSet<Long> numbers = new TreeSet<>();
    Set<Double> decimals = new TreeSet<>();
    List<String> words =
        conditions.stream()
            .map(asked -> PLACES.matcher(asked.condition().words()).replaceAll(""))
            .toList();
    for (String each : words) {
      Matcher number = NUMBER.matcher(each);
      while (number.find()) {
        decimals.add(Double.parseDouble(number.group()));
        if (number.group().matches("[0-9]{1,7}") && Long.parseLong(number.group()) > 0) {
          numbers.add(Long.parseLong(number.group()));
        }
      }
    }
    List<NodeCondition> own =
        conditions.stream()
            .flatMap(asked -> withParts(asked.condition()))
            .filter(condition -> condition.example().isPresent())
            .toList();
    own.forEach(condition -> numbers.addAll(sizes(condition)));
    return new Hints(numbers, decimals, words, !own.isEmpty());
  }

  private static Stream<NodeCondition> withParts(NodeCondition condition) {
    return Stream.concat(
        Stream.of(condition), condition.parts().stream().flatMap(Hints::withParts));
  }

  private static Set<Long> sizes(NodeCondition own) {
    Set<Long> sizes = new TreeSet<>();
    own.example()
        .ifPresent(
            view -> {
              for (int i = 0; i < view.node().operands().size(); i++) {
                view.shape(i)
                    .filter(Shape::isKnown)
                    .map(Shape::sizes)
                    .ifPresent(all -> LongStream.of(all).filter(s -> s > 0).forEach(sizes::add));
              }
            });
    return sizes;
  }

  /** Tells whether a condition may be about ranks. */
  boolean aboutRanks() {
    return own || words.stream().anyMatch(each -> each.contains("rank"));
  }

  /** Tells whether there is a size to try. */
  boolean isEmpty() {
    return numbers.isEmpty() && !own;
  }

  /**
   * Returns the sizes that are worth trying: the numbers and their neighbours, halves and
   * multiples, and what two of them give together.
   */
  SortedSet<Long> sizes() {
    SortedSet<Long> sizes = new TreeSet<>(List.of(1L));
    for (long n : numbers) {
      sizes.addAll(List.of(n - 1, n, n + 1, n / 2));
      if (n <= MULTIPLES) {
        sizes.addAll(List.of(n + n / 2, 2 * n, 3 * n, 5 * n));
      }
      for (long m : numbers) {
        sizes.addAll(List.of(n + m, n - m));
        sizes.add(leastCommonMultiple(n, m));
      }
    }
    if (own) {
      LongStream.of(USUAL).forEach(size -> sizes.add(size));
    }
    sizes.removeIf(size -> size < 1 || size > LARGEST);
    return sizes;
  }

  private static long leastCommonMultiple(long n, long m) {
    return n / BigInteger.valueOf(n).gcd(BigInteger.valueOf(m)).longValue() * m;
  }
}
