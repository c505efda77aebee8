package dev.octet.api.graph;

import dev.octet.api.file.FileIdentity;
import dev.octet.api.file.FileRegion;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Where the packed bytes of a tensor are. Immutable and thread-safe. */
interface TensorBytes {

  long count();

  /** Returns some of the bytes as a read-only little-endian view; see {@link Tensor#window}. */
  ByteBuffer window(long offset, int length);

  Optional<FileRegion> region();

  /** Tells whether the bytes are in memory as long as this is. */
  boolean isHeld();

  /** Returns the same bytes for somebody to read one after the other: none of them goes then. */
  default TensorBytes opened() {
    return this;
  }

  /** The files that windows are read from: none for memory of our own, which does not change. */
  default List<FileIdentity> files() {
    return region().map(FileRegion::file).stream().toList();
  }

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
    public boolean isHeld() {
      return true;
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
    public boolean isHeld() {
      return false;
    }
  }

  /** Bytes in memory that the machine may let go of when it wants that, and that are made again. */
  final class Renewable implements TensorBytes {

    private final long count;
    private final Supplier<TensorBytes> make;
    private SoftReference<TensorBytes> last;

    /**
     * Starts with bytes in memory.
     *
     * @param make gives the same bytes again
     */
    Renewable(TensorBytes first, Supplier<TensorBytes> make) {
      this.count = first.count();
      this.make = make;
      this.last = new SoftReference<>(first);
    }

    @Override
    public long count() {
      return count;
    }

    @Override
    public ByteBuffer window(long offset, int length) {
      return opened().window(offset, length);
    }

    @Override
    public Optional<FileRegion> region() {
      return Optional.empty();
    }

    @Override
    public boolean isHeld() {
      return false;
    }

    /** Threads that ask at once wait for one of them: memory is what is wanted here. */
    @Override
    public synchronized TensorBytes opened() {
      TensorBytes bytes = last.get();
      if (bytes == null) {
        bytes = make.get();
        last = new SoftReference<>(bytes);
      }
      return bytes;
    }
  }
}
