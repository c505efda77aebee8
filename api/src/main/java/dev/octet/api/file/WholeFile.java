package dev.octet.api.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * A file that is written as a whole or not at all.
 *
 * <p>It is written under a name of its own in the same folder, forced to the disk, and then moved
 * into place in one step, so that its name stands for the old file or the new one whenever the
 * process ends. When writing fails, or the process is interrupted, the old file stays and nothing
 * else is left; only a process that is killed outright leaves the hidden file behind.
 *
 * <p>A symbolic link is followed, also to a file that does not exist yet. What exists and is no
 * regular file (a device, a pipe) is written to when all is there, and never replaced; what is
 * written until then stands in a folder of its own among the temporary files.
 *
 * <pre>{@code
 * try (WholeFile file = WholeFile.of(path)) {
 *   Files.write(file.partial(), content);
 *   file.commit();
 * }
 * }</pre>
 *
 * <p>Not thread-safe; several threads and processes may write one file at once, and the last to
 * commit wins.
 */
public final class WholeFile implements AutoCloseable {

  /** As many links as Linux follows. */
  private static final int MOST_LINKS = 40;

  /** The content of a file. */
  @FunctionalInterface
  public interface Content {

    /**
     * Writes all bytes, and does not close the stream, which has no buffer.
     *
     * @throws IOException what the stream throws, or that the content cannot be made; the file is
     *     not written then
     */
    void writeTo(OutputStream out) throws IOException;
  }

  private final Disk disk;
  private final Path target;
  private final Optional<Path> scratch;
  private final Path partial;
  private final Thread ending = new Thread(this::interrupt, "octet-unfinished-file");
  private volatile boolean interrupted;

  private WholeFile(Disk disk, Path target, Optional<Path> scratch) {
    this.disk = disk;
    this.target = target;
    this.scratch = scratch;
    // The name is last: compilers may ask for its extension.
    String name = "." + UUID.randomUUID() + "-" + target.getFileName();
    this.partial = scratch.map(s -> s.resolve(name)).orElseGet(() -> target.resolveSibling(name));
  }

  /**
   * Begins to write a file; nothing is made yet.
   *
   * @param file the file, or a link to it; need not exist
   * @throws IOException if it is a folder or a circle of links
   */
  public static WholeFile of(Path file) throws IOException {
    return of(file, new Disk());
  }

  static WholeFile of(Path file, Disk disk) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "this is a folder");
    }
    boolean replaced = !Files.exists(file) || Files.isRegularFile(file);
    WholeFile whole =
        replaced
            ? new WholeFile(disk, followed(file), Optional.empty())
            : new WholeFile(
                disk, file.toAbsolutePath(), Optional.of(Files.createTempDirectory("octet")));
    whole.watchForTheEnd();
    return whole;
  }

  /**
   * Writes a file, or replaces it.
   *
   * @param file the file, in an existing folder
   * @param content all its bytes
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, byte[] content) throws IOException {
    write(file, out -> out.write(content));
  }

  /**
   * Writes a file piece by piece, or replaces it.
   *
   * @param file the file, in an existing folder
   * @param content writes its bytes
   * @throws IOException if it cannot be written, or {@code content} throws it
   */
  public static void write(Path file, Content content) throws IOException {
    try (WholeFile whole = of(file)) {
      whole.write(content);
      whole.commit();
    }
  }

  /**
   * Writes all that is to be in the file; its name still stands for what it stood for.
   *
   * @throws IOException if it cannot be written, or {@code content} throws it
   */
  public void write(Content content) throws IOException {
    try (OutputStream out = disk.create(partial)) {
      requireNotInterrupted();
      content.writeTo(out);
    }
  }

  /**
   * Returns where the file is written until it is whole: a name that nobody else has, with the
   * extension of the file. It does not exist before somebody writes it.
   */
  public Path partial() {
    return partial;
  }

  /** Returns the absolute path of the file that is written, links followed. */
  public Path target() {
    return target;
  }

  /** Tells whether this is a device or a pipe, which is written to and never replaced. */
  public boolean isWrittenThrough() {
    return scratch.isPresent();
  }

  /**
   * Gives what was written its name.
   *
   * @throws IllegalStateException if nothing was written
   * @throws IOException if that is not possible; the name then stands for what it stood for
   */
  public void commit() throws IOException {
    force();
    place();
  }

  /**
   * Gives two files their names, of which this one refers to the other: first the other, then this
   * one. A process that is killed between the two leaves the new other file beside the old one of
   * this name.
   *
   * @throws IllegalStateException if nothing was written to one of them
   * @throws IOException if that is not possible; both names then stand for what they stood for
   */
  public void commitBehind(WholeFile other) throws IOException {
    force();
    other.force();
    Path old = other.partial.resolveSibling(other.partial.getFileName() + ".old");
    if (Files.exists(other.target)) {
      disk.keep(other.target, old);
    }
    try {
      other.place();
      place();
    } catch (IOException e) {
      other.putBack(old);
      throw e;
    }
    delete(old);
  }

  private void putBack(Path old) throws IOException {
    if (Files.exists(old)) {
      disk.replace(old, target);
      // Where both are names of one file, moving one to the other does nothing.
      delete(old);
    } else {
      Files.deleteIfExists(target);
    }
  }

  /** Removes what was written and not committed. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(ending);
    } catch (IllegalStateException e) {
      // The process is ending, and the file is gone.
    }
    removePartial();
  }

  private void force() throws IOException {
    if (!Files.isRegularFile(partial)) {
      requireNotInterrupted();
      throw new IllegalStateException("it wrote no file");
    }
    disk.force(partial);
  }

  private void place() throws IOException {
    requireNotInterrupted();
    if (isWrittenThrough()) {
      disk.copyThrough(partial, target);
    } else {
      disk.replace(partial, target);
    }
  }

  private void watchForTheEnd() {
    try {
      Runtime.getRuntime().addShutdownHook(ending);
    } catch (IllegalStateException e) {
      // Who writes while the process ends has its own reasons, and this may still be in time.
    }
  }

  private void interrupt() {
    interrupted = true;
    removePartial();
  }

  private void requireNotInterrupted() throws IOException {
    if (interrupted) {
      throw new FileSystemException(target.toString(), null, "the process is ending");
    }
  }

  private void removePartial() {
    delete(partial);
    scratch.ifPresent(WholeFile::delete);
  }

  private static Path followed(Path file) throws IOException {
    Path path = file.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(path); links++) {
      if (links == MOST_LINKS) {
        throw new FileSystemLoopException(file.toString());
      }
      path = path.resolveSibling(Files.readSymbolicLink(path));
    }
    return path;
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The write has succeeded or failed with its own error; a leftover changes neither.
    }
  }
}
