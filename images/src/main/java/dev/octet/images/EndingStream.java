package dev.octet.images;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Bytes in memory for a decoder that takes what lies behind their end for zeros: of a small file
 * that says that it is large it would fill billions of pixels with them. It may look behind the end
 * a few times, as at the end of what is whole.
 */
final class EndingStream extends MemoryCacheImageInputStream {

  private static final int MOST_LOOKS = 1000;

  private int looks;

  EndingStream(byte[] bytes) {
    super(new ByteArrayInputStream(bytes));
  }

  @Override
  public int read() throws IOException {
    return looked(super.read());
  }

  @Override
  public int read(byte[] target, int from, int count) throws IOException {
    return looked(super.read(target, from, count));
  }

  private int looked(int result) throws IOException {
    if (result < 0 && ++looks > MOST_LOOKS) {
      throw new IOException("it is cut off");
    }
    return result;
  }
}
