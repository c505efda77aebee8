package dev.octet.api.file;

import dev.octet.api.error.OctetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A part of a file, read by window and never loaded as a whole.
 *
 * <p>The region is mapped into memory when it is made, which reads nothing and holds no file open.
 * The machine reads what a window is asked for, and may let go of it whenever it wants the memory.
 * The mapping ends when neither the region nor a window of it is in use any more (it goes with the
 * garbage, as the JDK's mappings do). Until then a file that is deleted, or replaced by another one
 * of its name, goes on being read as it was; one that is changed in place or truncated is refused
 * at the next window. Whoever truncates a file under a window that is being read makes that read
 * fail with an {@link InternalError}, of which {@link MappedReading} makes an error.
 *
 * <p>Immutable and thread-safe.
 */
public final class FileRegion {

  /** The most bytes that every region gives as one window. */
  public static final int LARGEST_WINDOW = 1 << 30;

  private final FileIdentity file;
  private final long offset;
  private final long length;

  /** One begins every {@link #LARGEST_WINDOW} bytes, and overlaps with the next. */
  private final List<ByteBuffer> mappings;

  private FileRegion(FileIdentity file, long offset, long length, List<ByteBuffer> mappings) {
    this.file = file;
    this.offset = offset;
    this.length = length;
    this.mappings = mappings;
  }

  /**
   * Maps a part of a file.
   *
   * @param file the file, as it was when it was looked at first
   * @param offset where the region begins, in bytes
   * @param length how many bytes it has; may be 0
   * @throws IllegalArgumentException if the file has not so many bytes
   * @throws OctetException {@code OCT-FILE-003} if it was changed since
   * @throws IOException if it cannot be opened or mapped, or was replaced by another one since
   *     ({@link ReplacedFileException})
   */
  public static FileRegion map(FileIdentity file, long offset, long length) throws IOException {
    if (offset < 0 || length < 0 || offset > file.size() - length) {
      throw new IllegalArgumentException(
          offset
              + " and "
              + length
              + " bytes more do not lie in the "
              + file.size()
              + " of "
              + file);
    }
    List<ByteBuffer> mappings = new ArrayList<>();
    try (FileChannel channel = file.open()) {
      long from = 0;
      do {
        long size = Math.min(length - from, Integer.MAX_VALUE);
        mappings.add(channel.map(FileChannel.MapMode.READ_ONLY, offset + from, size));
        from += LARGEST_WINDOW;
      } while (from < length);
    }
    file.requireCurrent();
    return new FileRegion(file, offset, length, List.copyOf(mappings));
  }

  /** Returns which file this is a part of. */
  public FileIdentity file() {
    return file;
  }

  /** Returns where the region begins in its file, in bytes. */
  public long offset() {
    return offset;
  }

  /** Returns how many bytes the region has. */
  public long length() {
    return length;
  }

  /**
   * Returns some of the bytes as a read-only view, little-endian and with a position of its own.
   *
   * @param from where the window begins in this region, in bytes
   * @param count how many bytes it has, at most {@link #LARGEST_WINDOW}; any number of a region of
   *     less than 2 GiB
   * @throws IndexOutOfBoundsException if the region has not these bytes
   * @throws IllegalArgumentException if there are too many for one window
   * @throws OctetException {@code OCT-FILE-003} if the file was changed or truncated
   */
  public ByteBuffer window(long from, int count) {
    Objects.checkFromIndexSize(from, count, length);
    file.requireUnchanged();
    int mapping = (int) Math.min(from / LARGEST_WINDOW, mappings.size() - 1);
    ByteBuffer mapped = mappings.get(mapping);
    int start = (int) (from - (long) mapping * LARGEST_WINDOW);
    if (count > mapped.limit() - start) {
      throw new IllegalArgumentException(count + " bytes are too many for one window");
    }
    return mapped.slice(start, count).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the file with the first byte and the number of bytes. */
  @Override
  public String toString() {
    return file + " from " + offset + ", " + length + " bytes";
  }
}
