package dev.octet.api.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/**
 * A file that is written as a whole or not at all.
 *
 * <p>It is written under a name of its own in the same folder, forced to the disk, and then moved
 * into place in one step, so that its name stands for the old file or the new one whenever the
 * process ends. When writing fails, or the process is interrupted, the old file stays and nothing
 * else is left; only a process that is killed outright leaves the hidden file behind, which
 * disturbs nobody.
 *
 * <p>A symbolic link is followed, also to a file that does not exist yet: the link stays, and what
 * it leads to is replaced, in its own folder. Of several names of one file (hard links) only the
 * one that is named stands for the new file. What exists and is no regular file (a device, a pipe,
 * a socket, a folder) is refused.
 *
 * <pre>{@code
 * try (WholeFile file = WholeFile.of(path)) {
 *   file.write(out -> out.write(content));
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

  /** Tells which data files go with the file that refers to them. */
  @FunctionalInterface
  public interface Superseded {

    /**
     * Returns the names of the data files that nobody needs when an old file is replaced: those
     * that it refers to, and those that a writer left that was killed, see {@link
     * DataFile#namesBeside}. Whatever is not named by its content stays.
     *
     * @param old the file that is about to be replaced; may not exist, or be anything
     * @throws IOException if that cannot be told; nothing is replaced then
     */
    Collection<String> by(Path old) throws IOException;
  }

  private final Path target;
  private final Scratch scratch;

  private WholeFile(Path target) {
    this.target = target;
    this.scratch = new Scratch(target);
  }

  /**
   * Begins to write a file; nothing is made yet.
   *
   * @param file the file, or a link to it; need not exist
   * @throws IOException if it exists and is no regular file, its folder does not exist, or it is a
   *     circle of links
   */
  public static WholeFile of(Path file) throws IOException {
    return new WholeFile(followed(file));
  }

  /**
   * Tries whether a file can be written, as well as that can be told before: makes a file in its
   * folder and removes it again.
   *
   * @param file the file, or a link to it; need not exist
   * @throws IOException as {@link #of}; if the folder takes no files, or the file is protected
   *     against writing; the reason is that of a {@link FileSystemException}
   */
  public static void requireWritable(Path file) throws IOException {
    Path target = followed(file);
    if (Files.exists(target) && !Files.isWritable(target)) {
      throw refused(file, "it is protected against writing");
    }
    requireTaken(file, target);
  }

  /**
   * Tries whether files can be written in a folder, which may have to be made, with those that it
   * is in: makes a file in the nearest folder that exists, and removes it again.
   *
   * @throws IOException if that is no folder, or takes no files; the reason is that of a {@link
   *     FileSystemException}
   */
  public static void requireWritableFolder(Path folder) throws IOException {
    Path above = folder.toAbsolutePath().normalize();
    while (!Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
      above = above.resolveSibling("");
    }
    if (!Files.isDirectory(above)) {
      throw refused(folder, "'" + above + "' is no folder");
    }
    requireTaken(folder, above.resolve("file"));
  }

  private static void requireTaken(Path named, Path file) throws FileSystemException {
    try (Scratch attempt = new Scratch(file)) {
      attempt.open().close();
    } catch (AccessDeniedException e) {
      throw refused(named, "files in its folder may not be made");
    } catch (NoSuchFileException e) {
      throw refused(named, "its folder takes no file");
    } catch (FileSystemException e) {
      throw refused(named, "its folder takes no file: " + e.getReason());
    } catch (IOException e) {
      throw refused(named, "its folder takes no file: " + e.getMessage());
    }
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
    try (OutputStream out = open()) {
      content.writeTo(out);
    }
  }

  /**
   * Makes the file under the name of {@link #partial}, for whoever writes it over some time and
   * closes the stream before {@link #commit}. The stream has no buffer.
   *
   * @throws IOException if it cannot be made, or was made before
   */
  public OutputStream open() throws IOException {
    return scratch.open();
  }

  /**
   * Returns where the file is written until it is whole: a name that nobody else has, with the
   * extension of the file. It does not exist before somebody writes it.
   */
  public Path partial() {
    return scratch.path();
  }

  /** Returns the absolute path of the file that is written, links followed. */
  public Path target() {
    return target;
  }

  /**
   * Gives what was written its name.
   *
   * @throws IllegalStateException if nothing was written
   * @throws IOException if that is not possible; the name then stands for what it stood for
   */
  public void commit() throws IOException {
    scratch.force();
    scratch.moveTo(target);
  }

  /**
   * Gives what was written its name, and removes the data files that only the old file needed. A
   * process that is killed in between leaves them.
   *
   * @throws IllegalStateException if nothing was written
   * @throws IOException if that is not possible; the name then stands for what it stood for
   */
  public void commit(Superseded superseded) throws IOException {
    if (superseded.by(target).isEmpty()) {
      commit();
      return;
    }
    scratch.force();
    FolderLock.run(target.resolveSibling(""), () -> exchange(superseded, ""));
  }

  /**
   * Gives this file and the data that it refers to their names: first the data, which nobody knows
   * yet, then this file, which is the step that counts; then it removes the data files that only
   * the old file needed. A process that is killed in between leaves the old file with its data, or
   * the new one with its own, and perhaps the data of the other.
   *
   * @param data is beside this file
   * @throws IllegalStateException if nothing was written to one of them
   * @throws IOException if that is not possible; the name then stands for what it stood for
   */
  public void commitWith(DataFile data, Superseded superseded) throws IOException {
    scratch.force();
    data.force();
    FolderLock.run(
        target.resolveSibling(""),
        () -> {
          boolean known = data.isInPlace();
          data.place();
          try {
            exchange(superseded, data.name());
          } catch (IOException e) {
            if (!known) {
              Scratch.remove(data.target());
            }
            throw e;
          }
        });
  }

  private void exchange(Superseded superseded, String needed) throws IOException {
    Collection<String> old = superseded.by(target);
    scratch.moveTo(target);
    for (String name : old) {
      Path file = target.resolveSibling(name);
      if (DataFile.isNamedByContent(name)
          && target.getFileSystem().getPath(name).getNameCount() == 1
          && !name.equals(needed)
          && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        Scratch.remove(file);
      }
    }
  }

  /** Removes what was written and not committed. */
  @Override
  public void close() {
    scratch.close();
  }

  private static Path followed(Path file) throws IOException {
    Path path = file.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(path); links++) {
      if (links == MOST_LINKS) {
        throw new FileSystemLoopException(file.toString());
      }
      path = path.resolveSibling(Files.readSymbolicLink(path));
    }
    requireFile(file, path);
    return path;
  }

  private static void requireFile(Path file, Path target) throws IOException {
    if (Files.isDirectory(target)) {
      throw refused(file, "this is a folder");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw refused(file, "this is a device, a pipe or a socket, and no file");
    }
    Optional<Path> folder = Optional.ofNullable(target.getParent());
    if (folder.filter(Files::isDirectory).isEmpty()) {
      throw refused(file, "there is no folder '" + folder.map(Path::toString).orElse("") + "'");
    }
  }

  private static FileSystemException refused(Path file, String reason) {
    return new FileSystemException(file.toString(), null, reason);
  }
}
