package dev.octet.api.file;

import dev.octet.api.error.FileErrors;
import dev.octet.api.error.OctetException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which file it was that a path stood for, and what is told of its content without reading it: how
 * many bytes it has and when it was last changed, as finely as the file system keeps that.
 * Immutable and thread-safe.
 */
public final class FileIdentity {

  private final Path file;
  private final long size;
  private final FileTime changed;

  /** Null where the file system does not tell files apart. */
  private final @Nullable Object key;

  private FileIdentity(Path file, BasicFileAttributes attributes) {
    this.file = file;
    this.size = attributes.size();
    this.changed = attributes.lastModifiedTime();
    this.key = attributes.fileKey();
  }

  /**
   * Returns the identity of the file that a path stands for, links followed.
   *
   * @throws IOException if there is none, it cannot be looked at, or it is no regular file
   */
  public static FileIdentity of(Path file) throws IOException {
    Path real = file.toRealPath();
    BasicFileAttributes attributes = attributes(real);
    if (!attributes.isRegularFile()) {
      throw new FileSystemException(real.toString(), null, "not a regular file");
    }
    return new FileIdentity(real, attributes);
  }

  /** Returns the real path of the file. */
  public Path file() {
    return file;
  }

  /** Returns how many bytes the file had. */
  public long size() {
    return size;
  }

  /** Tells whether the path still stands for this file, and nobody has changed that. */
  public boolean isCurrent() {
    try {
      BasicFileAttributes now = attributes(file);
      return isThis(now) && isUnchanged(now);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Refuses a file that was changed in place or truncated. One that was deleted, or replaced by
   * another one of its name, is as it was for whoever still has it open or mapped; where the file
   * system does not tell files apart, it counts as changed.
   *
   * @throws OctetException {@code OCT-FILE-003}
   */
  public void requireUnchanged() {
    try {
      BasicFileAttributes now = attributes(file);
      if (isThis(now) && !isUnchanged(now)) {
        throw changedTo(now);
      }
    } catch (NoSuchFileException e) {
      // Deleted, and so not changed.
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
  }

  /**
   * Opens the file to map it. Java tells nothing but the size of a file that is open, so the path
   * is looked at: before this opens it, and by {@link #requireCurrent} once more when it was
   * mapped. What is not noticed is a path that stood for another file of this size between these
   * two, and for this one again after them.
   *
   * @throws OctetException {@code OCT-FILE-003} if the path stands for another file, or this one
   *     was changed
   * @throws IOException if it cannot be opened
   */
  FileChannel open() throws IOException {
    requireCurrent();
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    if (channel.size() != size) {
      channel.close();
      throw new ReplacedFileException(file);
    }
    return channel;
  }

  /**
   * Refuses a path that stands for another file than it did, and a file that was changed.
   *
   * @throws OctetException {@code OCT-FILE-003} if this file was changed
   * @throws IOException if there is no file any more, or another one ({@link
   *     ReplacedFileException})
   */
  void requireCurrent() throws IOException {
    BasicFileAttributes now = attributes(file);
    if (!isThis(now)) {
      throw new ReplacedFileException(file);
    }
    if (!isUnchanged(now)) {
      throw changedTo(now);
    }
  }

  private OctetException changedTo(BasicFileAttributes now) {
    return FileErrors.changed(file, told(size, changed), told(now.size(), now.lastModifiedTime()));
  }

  private boolean isThis(BasicFileAttributes now) {
    return Objects.equals(key, now.fileKey());
  }

  private boolean isUnchanged(BasicFileAttributes now) {
    return size == now.size() && changed.equals(now.lastModifiedTime());
  }

  private static String told(long size, FileTime changed) {
    return size + " bytes of " + changed;
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }

  /** Returns the path of the file. */
  @Override
  public String toString() {
    return file.toString();
  }
}
