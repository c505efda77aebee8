package dev.octet.api.file;

import dev.octet.api.error.FileErrors;
import dev.octet.api.error.OctetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
   * @throws IOException if there is none, or it cannot be looked at
   */
  public static FileIdentity of(Path file) throws IOException {
    Path real = file.toRealPath();
    return new FileIdentity(real, attributes(real));
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
        throw FileErrors.changed(
            file, told(size, changed), told(now.size(), now.lastModifiedTime()));
      }
    } catch (NoSuchFileException e) {
      // Deleted, and so not changed.
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
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
