package dev.octet.fuzz;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Images: PNG by its chunks, all others as bytes. */
final class ImageParts implements Structure {

  private static final int PNG = 0x89;

  private final Structure png = new PngChunks();
  private final Structure bytes = new PlainBytes();

  private Structure of(byte[] input) {
    return input.length > 0 && (input[0] & 0xff) == PNG ? png : bytes;
  }

  @Override
  public byte[] mutate(byte[] input, List<byte[]> pool, SplittableRandom random) {
    return of(input).mutate(input, pool, random);
  }

  @Override
  public Stream<byte[]> smaller(byte[] input) {
    return of(input).smaller(input);
  }
}
