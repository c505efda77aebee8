package dev.octet.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Messages of Protocol Buffers, seen as fields without a schema: what a field holds is taken for a
 * message where it parses as one.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">The encoding</a>
 */
final class Wire implements Structure {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;
  private static final int MOST_DEPTH = 12;
  private static final int MOST_COPIES = 1 << 10;

  private final Structure bytes = new PlainBytes();
  private final Structure texts = new Text();

  /**
   * A field.
   *
   * @param number its number, at least 1
   * @param type how its content is stored
   * @param content the bytes of the content, without the length
   * @param inside the fields of the content, where it is a message; mutable
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Field(int number, int type, byte[] content, List<Field> inside) {

    static Field message(int number, List<Field> inside) {
      return new Field(number, BYTES, new byte[0], inside);
    }

    static Field plain(int number, int type, byte[] content) {
      return new Field(number, type, content, List.of());
    }
  }

  /** A field and the list that it stands in. */
  private record Place(List<Field> siblings, int index) {

    Field field() {
      return siblings.get(index);
    }

    void set(Field other) {
      siblings.set(index, other);
    }
  }

  @Override
  public byte[] mutate(byte[] input, List<byte[]> pool, SplittableRandom random) {
    List<Field> fields = parse(input, 0).orElse(List.of());
    if (fields.isEmpty() || random.nextInt(16) == 0) {
      return bytes.mutate(input, pool, random);
    }
    List<Place> places = places(fields);
    edit(places.get(random.nextInt(places.size())), pool, random);
    return encoded(fields);
  }

  private void edit(Place place, List<byte[]> pool, SplittableRandom random) {
    Field field = place.field();
    List<Field> siblings = place.siblings();
    switch (random.nextInt(10)) {
      case 0 -> siblings.remove(place.index());
      case 1 -> siblings.add(random.nextInt(siblings.size() + 1), field);
      case 2 -> Collections.swap(siblings, place.index(), random.nextInt(siblings.size()));
      case 3 -> siblings.addAll(Collections.nCopies(1 << random.nextInt(7), field));
      case 4 -> donor(pool, random).ifPresent(other -> siblings.add(place.index(), other));
      case 5 -> donor(pool, random).ifPresent(o -> place.set(renumbered(o, field.number())));
      case 6 ->
          place.set(random.nextInt(4) == 0 ? nested(field, random) : changed(field, pool, random));
      case 7 ->
          place.set(renumbered(field, 1 + random.nextInt(random.nextBoolean() ? 30 : 1 << 20)));
      default -> {
        Place leaf = leaf(place, random);
        leaf.set(changed(leaf.field(), pool, random));
      }
    }
  }

  /** Returns a field inside of one that holds no others: what surrounds it stays a message. */
  private static Place leaf(Place place, SplittableRandom random) {
    Place leaf = place;
    while (!leaf.field().inside().isEmpty()) {
      List<Field> inside = leaf.field().inside();
      leaf = new Place(inside, random.nextInt(inside.size()));
    }
    return leaf;
  }

  private static Field renumbered(Field field, int number) {
    return new Field(number, field.type(), field.content(), field.inside());
  }

  /** Returns a field with itself inside of itself, many times. */
  private static Field nested(Field field, SplittableRandom random) {
    Field result = field;
    for (int i = 1 << random.nextInt(9); i > 0; i--) {
      result = Field.message(field.number(), new ArrayList<>(List.of(result)));
    }
    return result;
  }

  private static Optional<Field> donor(List<byte[]> pool, SplittableRandom random) {
    List<Place> places = places(parse(pool.get(random.nextInt(pool.size())), 0).orElse(List.of()));
    return places.isEmpty()
        ? Optional.empty()
        : Optional.of(places.get(random.nextInt(places.size())).field());
  }

  private Field changed(Field field, List<byte[]> pool, SplittableRandom random) {
    if (field.type() == VARINT) {
      return Field.plain(field.number(), VARINT, varint(number(field.content(), random)));
    }
    if (field.type() == BYTES) {
      return Field.plain(field.number(), BYTES, changed(encoded(field), pool, random));
    }
    ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    number.putFloat(Values.real(random)).putInt((int) Values.integer(random));
    int width = field.type() == FIXED32 ? 4 : 8;
    return Field.plain(field.number(), field.type(), Arrays.copyOf(number.array(), width));
  }

  private static long number(byte[] varint, SplittableRandom random) {
    return random.nextInt(3) == 0
        ? Values.near(readVarint(ByteBuffer.wrap(varint)), random)
        : Values.integer(random);
  }

  private byte[] changed(byte[] content, List<byte[]> pool, SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> new byte[0];
      case 1 -> Values.word(random).getBytes(UTF_8);
      case 2 -> Arrays.copyOf(content, random.nextInt(2 * content.length + 9));
      case 3 -> repeated(content, random.nextInt(8), 1 << random.nextInt(6));
      case 4 -> varint(Values.integer(random));
      default ->
          isText(content)
              ? texts.mutate(content, List.of(content), random)
              : bytes.mutate(content, pool, random);
    };
  }

  private static boolean isText(byte[] content) {
    boolean text = content.length > 0;
    for (byte next : content) {
      text &= next >= ' ' && next < 0x7f;
    }
    return text;
  }

  private static byte[] repeated(byte[] content, int least, int times) {
    int count = content.length > MOST_COPIES ? 1 : least + times;
    byte[] result = new byte[content.length * count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(content, 0, result, i * content.length, content.length);
    }
    return result;
  }

  @Override
  public Stream<byte[]> smaller(byte[] input) {
    List<Field> fields = parse(input, 0).orElse(List.of());
    List<Place> places = places(fields);
    places.sort((a, b) -> Integer.compare(encoded(b.field()).length, encoded(a.field()).length));
    Stream<byte[]> without = places.stream().map(place -> without(fields, place));
    return Stream.concat(without, bytes.smaller(input));
  }

  private static byte[] without(List<Field> fields, Place place) {
    Field field = place.siblings().remove(place.index());
    try {
      return encoded(fields);
    } finally {
      place.siblings().add(place.index(), field);
    }
  }

  private static List<Place> places(List<Field> fields) {
    List<Place> places = new ArrayList<>();
    addPlaces(fields, places);
    return places;
  }

  private static void addPlaces(List<Field> fields, List<Place> places) {
    for (int i = 0; i < fields.size(); i++) {
      places.add(new Place(fields, i));
      addPlaces(fields.get(i).inside(), places);
    }
  }

  /** Reads a message; empty where it is none. */
  private static Optional<List<Field>> parse(byte[] message, int depth) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    List<Field> fields = new ArrayList<>();
    while (in.hasRemaining()) {
      Optional<Field> field = field(in, depth);
      if (field.isEmpty()) {
        return Optional.empty();
      }
      fields.add(field.get());
    }
    return Optional.of(fields);
  }

  private static Optional<Field> field(ByteBuffer in, int depth) {
    long key = readVarint(in);
    long number = key >>> 3;
    int type = (int) (key & 7);
    if (key < 0 || number < 1 || number > 1 << 20) {
      return Optional.empty();
    }
    if (type == VARINT) {
      int from = in.position();
      boolean ends = readVarint(in) != -1 || in.get(in.position() - 1) >= 0;
      byte[] content = new byte[in.position() - from];
      in.get(from, content);
      return ends ? Optional.of(Field.plain((int) number, type, content)) : Optional.empty();
    }
    long length = type == FIXED64 ? 8 : type == FIXED32 ? 4 : type == BYTES ? readVarint(in) : -1;
    if (length < 0 || length > in.remaining()) {
      return Optional.empty();
    }
    byte[] content = new byte[(int) length];
    in.get(content);
    return Optional.of(ofContent((int) number, type, content, depth));
  }

  private static Field ofContent(int number, int type, byte[] content, int depth) {
    if (type != BYTES || content.length == 0 || isText(content) || depth == MOST_DEPTH) {
      return Field.plain(number, type, content);
    }
    return parse(content, depth + 1)
        .map(inside -> Field.message(number, inside))
        .orElseGet(() -> Field.plain(number, type, content));
  }

  /** Returns the next number; -1 with the last byte read below 0 where it does not end. */
  private static long readVarint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64 && in.hasRemaining(); shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    return -1;
  }

  /** Returns a field that holds bytes. */
  static byte[] field(int number, byte[] content) {
    return encoded(List.of(Field.plain(number, BYTES, content)));
  }

  /** Returns a field of 4 bytes. */
  static byte[] fixed(int number, byte[] content) {
    return encoded(List.of(Field.plain(number, FIXED32, content)));
  }

  /** Returns a field that holds a number; none for 0, as writers of version 3 do. */
  static byte[] field(int number, long value) {
    return value == 0 ? new byte[0] : encoded(List.of(Field.plain(number, VARINT, varint(value))));
  }

  /** Returns what the last field of a number holds; no bytes where there is none. */
  static byte[] bytes(byte[] message, int number) {
    byte[] found = {};
    for (Field field : parse(message, 0).orElse(List.of())) {
      found = field.number() == number ? encoded(field) : found;
    }
    return found;
  }

  /** Returns the number that the last field of a number holds; 0 where there is none. */
  static int number(byte[] message, int number) {
    byte[] content = bytes(message, number);
    return content.length == 0 ? 0 : (int) readVarint(ByteBuffer.wrap(content));
  }

  static byte[] varint(long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return out.toByteArray();
  }

  private static byte[] encoded(List<Field> fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Field field : fields) {
      out.writeBytes(varint(((long) field.number() << 3) | field.type()));
      byte[] content = encoded(field);
      if (field.type() == BYTES) {
        out.writeBytes(varint(content.length));
      }
      out.writeBytes(content);
    }
    return out.toByteArray();
  }

  private static byte[] encoded(Field field) {
    return field.inside().isEmpty() ? field.content() : encoded(field.inside());
  }
}
