package dev.octet.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Text in UTF-8, seen as words, white space and single signs. */
final class Text implements Structure {

  private static final Pattern TOKEN = Pattern.compile("[\\p{Alnum}_.]+|\\s+|.", Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("[0-9.]+");

  /** Lines, and what takes their place in models. */
  private static final Pattern LINE_END = Pattern.compile("[\n;]");

  private static final Pattern WORD = Pattern.compile("[\\p{Alnum}_.]+");
  private static final int MOST_MOVED = 12;
  private static final int MOST_DEPTH = 13;

  /** Fewer than the digits of the largest long. */
  private static final int MOST_DIGITS = 19;

  private static final List<String> OPENING =
      List.of("[", "{\"a\":", "- ", "? ", "(", "{a: ", "[[");

  private final Structure bytes = new PlainBytes();

  @Override
  public byte[] mutate(byte[] input, List<byte[]> pool, SplittableRandom random) {
    int kind = random.nextInt(32);
    if (kind == 0) {
      return bytes.mutate(input, pool, random);
    }
    if (kind < 8) {
      List<String> lines = lines(input);
      moveLines(lines, pool, random);
      return String.join("\n", lines).getBytes(UTF_8);
    }
    List<String> tokens = tokens(input);
    if (tokens.isEmpty()) {
      return Values.word(random).getBytes(UTF_8);
    }
    if (kind < 14) {
      move(tokens, pool, random);
    } else {
      exchange(tokens, pool, random);
    }
    return text(tokens);
  }

  /**
   * Leaves lines out, doubles them, or takes one of another text: the rest is as valid as before.
   */
  private static void moveLines(List<String> lines, List<byte[]> pool, SplittableRandom random) {
    int at = random.nextInt(lines.size());
    List<String> run = lines.subList(at, at + 1 + random.nextInt(Math.min(3, lines.size() - at)));
    switch (random.nextInt(4)) {
      case 0 -> run.clear();
      case 1 -> lines.addAll(random.nextInt(lines.size()), List.copyOf(run));
      case 2 -> Collections.swap(lines, at, random.nextInt(lines.size()));
      default -> {
        List<String> others = lines(pool.get(random.nextInt(pool.size())));
        lines.add(at, others.get(random.nextInt(others.size())));
      }
    }
  }

  private static List<String> lines(byte[] input) {
    return new ArrayList<>(List.of(LINE_END.split(new String(input, UTF_8), -1)));
  }

  private static void move(List<String> tokens, List<byte[]> pool, SplittableRandom random) {
    int at = random.nextInt(tokens.size());
    List<String> run =
        tokens.subList(at, at + 1 + random.nextInt(Math.min(MOST_MOVED, tokens.size() - at)));
    switch (random.nextInt(6)) {
      case 0 -> run.clear();
      case 1 -> tokens.addAll(at, List.copyOf(run));
      case 2 -> Collections.swap(tokens, at, random.nextInt(tokens.size()));
      case 3 -> tokens.set(at, Values.word(random));
      case 4 -> tokens.add(at, one(pool, TOKEN, random));
      default -> tokens.set(at, nested(random) + tokens.get(at));
    }
  }

  /**
   * Puts a number in the place of a number, a word in that of a word. Half of the time a number: at
   * these readers check most.
   */
  private static void exchange(List<String> tokens, List<byte[]> pool, SplittableRandom random) {
    Pattern wanted = random.nextBoolean() ? NUMBER : WORD;
    int at = next(tokens, wanted, random.nextInt(tokens.size()));
    boolean number = NUMBER.matcher(tokens.get(at)).matches();
    if (number && random.nextInt(4) > 0) {
      tokens.set(at, random.nextBoolean() ? near(tokens.get(at), random) : number(random));
    } else if (random.nextInt(6) == 0) {
      tokens.set(at, Values.word(random));
    } else {
      tokens.set(at, one(pool, number ? NUMBER : WORD, random));
    }
  }

  /**
   * Returns the first place of a kind of token at or behind a place, going round; else that one.
   */
  private static int next(List<String> tokens, Pattern kind, int at) {
    for (int i = 0; i < tokens.size(); i++) {
      int place = (at + i) % tokens.size();
      if (kind.matcher(tokens.get(place)).matches()) {
        return place;
      }
    }
    return at;
  }

  /** Returns a number beside one; a fraction stands for itself with another sign. */
  private static String near(String number, SplittableRandom random) {
    boolean whole = number.length() < MOST_DIGITS && number.chars().allMatch(Character::isDigit);
    return whole ? Long.toString(Values.near(Long.parseLong(number), random)) : "-" + number;
  }

  private static String number(SplittableRandom random) {
    return random.nextInt(4) == 0
        ? Float.toString(Values.real(random))
        : Long.toString(Values.integer(random));
  }

  /** Returns a token of a kind from one of some texts; no text where it has none. */
  private static String one(List<byte[]> pool, Pattern kind, SplittableRandom random) {
    List<String> others =
        tokens(pool.get(random.nextInt(pool.size()))).stream()
            .filter(token -> kind.matcher(token).matches())
            .toList();
    return others.isEmpty() ? "" : others.get(random.nextInt(others.size()));
  }

  private static String nested(SplittableRandom random) {
    return OPENING.get(random.nextInt(OPENING.size())).repeat(1 << random.nextInt(MOST_DEPTH));
  }

  private static List<String> tokens(byte[] input) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(new String(input, UTF_8));
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    return tokens;
  }

  private static byte[] text(List<String> tokens) {
    return String.join("", tokens).getBytes(UTF_8);
  }

  @Override
  public Stream<byte[]> smaller(byte[] input) {
    List<String> tokens = tokens(input);
    Stream<byte[]> fewer = PlainBytes.runs(tokens.size()).map(run -> without(tokens, run));
    return Stream.concat(fewer, bytes.smaller(input));
  }

  private static byte[] without(List<String> tokens, int[] run) {
    List<String> rest = new ArrayList<>(tokens.subList(0, run[0]));
    rest.addAll(tokens.subList(run[1], tokens.size()));
    return text(rest);
  }
}
