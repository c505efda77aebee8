package dev.octet.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Calibrations whose hash fits what they hold, as anybody can write them. */
final class SignedCalibration implements Structure {

  private static final String NAME = "octet-calibration";
  private static final int FORMAT = 1;
  private static final int VERSION = 2;
  private static final int BODY = 3;
  private static final int BODY_HASH = 4;
  private static final int MAKERS = 5;
  private static final int MAKERS_HASH = 6;

  private final Structure wire = new Wire();
  private final Structure text = new Text();

  @Override
  public byte[] mutate(byte[] input, List<byte[]> pool, SplittableRandom random) {
    Parts parts = Parts.of(input);
    return switch (random.nextInt(8)) {
      case 0 -> wire.mutate(input, pool, random);
      case 1 ->
          parts.withMakers(text.mutate(parts.makers(), List.of(parts.makers()), random)).file();
      case 2 -> parts.withVersion(random.nextInt(8)).file();
      default -> parts.withBody(wire.mutate(parts.body(), bodies(pool), random)).file();
    };
  }

  private static List<byte[]> bodies(List<byte[]> pool) {
    return pool.stream().map(file -> Parts.of(file).body()).toList();
  }

  @Override
  public Stream<byte[]> smaller(byte[] input) {
    Parts parts = Parts.of(input);
    Stream<byte[]> bodies = wire.smaller(parts.body()).map(body -> parts.withBody(body).file());
    Stream<byte[]> makers = text.smaller(parts.makers()).map(less -> parts.withMakers(less).file());
    return Stream.concat(Stream.concat(bodies, makers), wire.smaller(input));
  }

  /**
   * What stands in the outer message of a file.
   *
   * @param version the version of the format
   * @param body the statistics, a message
   * @param makers who made it, JSON
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Parts(int version, byte[] body, byte[] makers) {

    static Parts of(byte[] file) {
      int version = Wire.number(file, VERSION);
      return new Parts(version, Wire.bytes(file, BODY), Wire.bytes(file, MAKERS));
    }

    Parts withVersion(int other) {
      return new Parts(other, body, makers);
    }

    Parts withBody(byte[] other) {
      return new Parts(version, other, makers);
    }

    Parts withMakers(byte[] other) {
      return new Parts(version, body, other);
    }

    byte[] file() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(Wire.field(FORMAT, NAME.getBytes(UTF_8)));
      out.writeBytes(Wire.field(VERSION, version));
      out.writeBytes(Wire.field(BODY, body));
      out.writeBytes(Wire.field(BODY_HASH, sha256(body)));
      out.writeBytes(Wire.field(MAKERS, makers));
      out.writeBytes(Wire.field(MAKERS_HASH, sha256(makers)));
      return out.toByteArray();
    }

    private static byte[] sha256(byte[] content) {
      try {
        return MessageDigest.getInstance("SHA-256").digest(content);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
  }
}
