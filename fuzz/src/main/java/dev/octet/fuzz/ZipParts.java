package dev.octet.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Archives: names, methods and sizes that need not be true, and members of a structure. */
final class ZipParts implements Structure {

  private static final int MOST_UNPACKED = 1 << 20;

  private final Structure bytes = new PlainBytes();
  private final Structure members;
  private final Structure texts = new Text();

  /** Says what members are; those of the folder META-INF are text. */
  ZipParts(Structure members) {
    this.members = members;
  }

  @Override
  public byte[] mutate(byte[] input, List<byte[]> pool, SplittableRandom random) {
    List<ZipMember> parts = parts(input);
    if (parts.isEmpty() || random.nextInt(6) == 0) {
      return bytes.mutate(input, pool, random);
    }
    int at = random.nextInt(parts.size());
    ZipMember part = parts.get(at);
    switch (random.nextInt(12)) {
      case 0 -> parts.remove(at);
      case 1 -> parts.addAll(Collections.nCopies(1 << random.nextInt(8), part));
      case 2 -> parts.set(at, part.named(Values.word(random)));
      case 3 -> parts.set(at, part.named(parts.get(random.nextInt(parts.size())).name() + "/"));
      case 4 -> parts.addAll(parts(pool.get(random.nextInt(pool.size()))));
      case 5 -> parts.set(at, part.withMethod((int) Values.integer(random)));
      case 6 -> parts.set(at, part.withSaidSize(Values.integer(random)));
      case 7 -> parts.set(at, part.withSaidChecksum(random.nextInt()));
      case 8 -> parts.set(at, random.nextInt(64) == 0 ? part.asBomb() : part.deflated());
      default -> parts.set(at, part.withContent(changed(part, random)));
    }
    return ZipMember.archive(parts);
  }

  private byte[] changed(ZipMember part, SplittableRandom random) {
    Structure structure = part.name().startsWith("META-INF") ? texts : members;
    return structure.mutate(part.content(), List.of(part.content()), random);
  }

  @Override
  public Stream<byte[]> smaller(byte[] input) {
    List<ZipMember> parts = parts(input);
    Stream<byte[]> fewer =
        PlainBytes.runs(parts.size())
            .map(
                run -> {
                  List<ZipMember> rest = new ArrayList<>(parts.subList(0, run[0]));
                  rest.addAll(parts.subList(run[1], parts.size()));
                  return ZipMember.archive(rest);
                });
    return Stream.concat(fewer, bytes.smaller(input));
  }

  /** Returns the members as far as they can be read. */
  private static List<ZipMember> parts(byte[] archive) {
    List<ZipMember> parts = new ArrayList<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(archive), UTF_8)) {
      for (ZipEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        parts.add(ZipMember.of(e.getName(), in.readNBytes(MOST_UNPACKED)));
      }
    } catch (IOException | IllegalArgumentException e) {
      // What was read until here are the members.
    }
    return parts;
  }
}
