package dev.octet.workflow.data;

import dev.octet.api.file.InputFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Bytes that can be read from any place. Thread-safe. */
interface ByteSource extends AutoCloseable {

  /** Returns the number of bytes. */
  long size();

  /**
   * Fills an array.
   *
   * @throws IOException if there are too few bytes or they cannot be read
   */
  void read(long position, byte[] target) throws IOException;

  @Override
  void close() throws IOException;

  /**
   * Opens a file; nothing of it is held in memory.
   *
   * @throws IOException if it cannot be opened, or is no regular file
   */
  static ByteSource file(Path file) throws IOException {
    InputFile.requireRegular(file);
    return new OfFile(FileChannel.open(file, StandardOpenOption.READ));
  }

  /**
   * Bytes of a file.
   *
   * @param channel the open file
   */
  record OfFile(FileChannel channel) implements ByteSource {
    @Override
    public long size() {
      try {
        return channel.size();
      } catch (IOException e) {
        return 0;
      }
    }

    @Override
    public void read(long position, byte[] target) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(target);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position()) < 0) {
          throw new IOException("the file ends at byte " + channel.size());
        }
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /**
   * Bytes of an uncompressed member of an archive.
   *
   * @param archive the open archive
   * @param entry the member
   */
  record OfStoredMember(ZipFile archive, ZipEntry entry) implements ByteSource {
    @Override
    public long size() {
      return entry.getSize();
    }

    @Override
    public void read(long position, byte[] target) throws IOException {
      // For a stored member ZipFile skips by moving its position in the file.
      try (InputStream in = archive.getInputStream(entry)) {
        in.skipNBytes(position);
        if (in.readNBytes(target, 0, target.length) < target.length) {
          throw new IOException("the member ends at byte " + entry.getSize());
        }
      }
    }

    @Override
    public void close() throws IOException {
      archive.close();
    }
  }

  /**
   * Bytes in memory.
   *
   * @param bytes the bytes, not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record OfMemory(byte[] bytes) implements ByteSource {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void read(long position, byte[] target) throws IOException {
      if (position + target.length > bytes.length) {
        throw new IOException("the data ends at byte " + bytes.length);
      }
      System.arraycopy(bytes, (int) position, target, 0, target.length);
    }

    @Override
    public void close() {}
  }
}
