package dev.octet.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** PNG files, whose chunks keep right checksums, so that what is in them is looked at. */
final class PngChunks implements Structure {

  private static final int SIGNATURE = 8;

  private final Structure bytes = new PlainBytes();

  /**
   * A chunk.
   *
   * @param type four letters
   * @param content its bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Chunk(String type, byte[] content) {}

  @Override
  public byte[] mutate(byte[] input, List<byte[]> pool, SplittableRandom random) {
    List<Chunk> chunks = chunks(input);
    if (chunks.isEmpty() || random.nextInt(6) == 0) {
      return bytes.mutate(input, pool, random);
    }
    int at = random.nextInt(chunks.size());
    Chunk chunk = chunks.get(at);
    switch (random.nextInt(8)) {
      case 0 -> chunks.remove(at);
      case 1 -> chunks.add(random.nextInt(chunks.size() + 1), chunk);
      case 2 -> Collections.swap(chunks, at, random.nextInt(chunks.size()));
      case 3 -> chunks.addAll(at, chunks(pool.get(random.nextInt(pool.size()))));
      case 4 -> chunks.set(0, withSize(chunks.get(0), random));
      default -> chunks.set(at, new Chunk(chunk.type(), content(chunk, random)));
    }
    return encoded(Arrays.copyOf(input, SIGNATURE), chunks);
  }

  private byte[] content(Chunk chunk, SplittableRandom random) {
    return bytes.mutate(chunk.content(), List.of(chunk.content()), random);
  }

  /** Says other sizes than there are, where the first chunk is the header. */
  private static Chunk withSize(Chunk header, SplittableRandom random) {
    if (header.content().length < 8) {
      return header;
    }
    ByteBuffer content = ByteBuffer.wrap(header.content().clone());
    content.putInt(4 * random.nextInt(2), (int) Values.integer(random));
    return new Chunk(header.type(), content.array());
  }

  @Override
  public Stream<byte[]> smaller(byte[] input) {
    List<Chunk> chunks = chunks(input);
    Stream<byte[]> fewer =
        PlainBytes.runs(chunks.size())
            .map(
                run -> {
                  List<Chunk> rest = new ArrayList<>(chunks.subList(0, run[0]));
                  rest.addAll(chunks.subList(run[1], chunks.size()));
                  return encoded(Arrays.copyOf(input, SIGNATURE), rest);
                });
    return Stream.concat(fewer, bytes.smaller(input));
  }

  /** Returns the chunks as far as they are whole. */
  private static List<Chunk> chunks(byte[] file) {
    List<Chunk> chunks = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file);
    in.position(Math.min(SIGNATURE, file.length));
    while (in.remaining() >= 12) {
      int length = in.getInt();
      if (length < 0 || length > in.remaining() - 8) {
        break;
      }
      byte[] type = new byte[4];
      byte[] content = new byte[length];
      in.get(type).get(content).getInt();
      chunks.add(new Chunk(new String(type, ISO_8859_1), content));
    }
    return chunks;
  }

  private static byte[] encoded(byte[] signature, List<Chunk> chunks) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(signature);
    for (Chunk chunk : chunks) {
      byte[] type = chunk.type().getBytes(ISO_8859_1);
      CRC32 checksum = new CRC32();
      checksum.update(type);
      checksum.update(chunk.content());
      out.writeBytes(ByteBuffer.allocate(4).putInt(chunk.content().length).array());
      out.writeBytes(type);
      out.writeBytes(chunk.content());
      out.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }
    return out.toByteArray();
  }
}
