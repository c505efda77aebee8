package dev.octet.api.graph;

import dev.octet.api.file.FileRegion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Where the packed bytes of a tensor are. Immutable and thread-safe. */
interface TensorBytes {

  long count();

  /** Returns some of the bytes as a read-only little-endian view; see {@link Tensor#window}. */
  ByteBuffer window(long offset, int length);

  Optional<FileRegion> region();

  /** Says why reading a window failed in the midst of it, if the file is to blame. */
  void requireUnchanged();

  /** Bytes in memory, which nobody changes. */
  record InMemory(ByteBuffer data) implements TensorBytes {

    @Override
    public long count() {
      return data.remaining();
    }

    @Override
    public ByteBuffer window(long offset, int length) {
      return data.slice(Math.toIntExact(offset), length).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public Optional<FileRegion> region() {
      return Optional.empty();
    }

    @Override
    public void requireUnchanged() {
      // Memory of our own does not change.
    }
  }

  /** Bytes in a file. */
  record InFile(FileRegion bytes) implements TensorBytes {

    @Override
    public long count() {
      return bytes.length();
    }

    @Override
    public ByteBuffer window(long offset, int length) {
      return bytes.window(offset, length);
    }

    @Override
    public Optional<FileRegion> region() {
      return Optional.of(bytes);
    }

    @Override
    public void requireUnchanged() {
      bytes.file().requireUnchanged();
    }
  }
}
