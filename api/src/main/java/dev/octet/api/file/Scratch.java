package dev.octet.api.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file under a hidden name that nobody else has, until it is moved to its own. It is removed when
 * that does not come to pass, also when the process is interrupted.
 */
final class Scratch implements AutoCloseable {

  /** Names have 255 bytes at most, of which a character of UTF-16 takes 3 in UTF-8. */
  private static final int LONGEST_TAIL = 64;

  private final Path path;
  private final Thread ending = new Thread(this::interrupt, "octet-unfinished-file");
  private volatile boolean interrupted;

  /** Chooses a name in the folder of a file; makes nothing yet. */
  Scratch(Path file) {
    this.path = file.resolveSibling("." + UUID.randomUUID() + "-" + tail(file));
    try {
      Runtime.getRuntime().addShutdownHook(ending);
    } catch (IllegalStateException e) {
      // Who writes while the process ends has its own reasons, and this may still be in time.
    }
  }

  /** The name is last, since compilers may ask for its extension. */
  private static String tail(Path file) {
    String name = String.valueOf(file.getFileName());
    int from = Math.max(0, name.length() - LONGEST_TAIL);
    return name.substring(
        from > 0 && Character.isLowSurrogate(name.charAt(from)) ? from + 1 : from);
  }

  Path path() {
    return path;
  }

  /** Makes the file. What exists under this name, or a link of this name, makes that fail. */
  OutputStream open() throws IOException {
    OutputStream out =
        Files.newOutputStream(
            path,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            LinkOption.NOFOLLOW_LINKS);
    if (interrupted) {
      out.close();
      remove(path);
      requireNotInterrupted();
    }
    return out;
  }

  /**
   * Waits until the content would survive a loss of power.
   *
   * @throws IllegalStateException if nothing was written
   */
  void force() throws IOException {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      requireNotInterrupted();
      throw new IllegalStateException("it wrote no file");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Gives the file its name, which always stands for a whole file, the old or the new one. */
  void moveTo(Path target) throws IOException {
    requireNotInterrupted();
    try {
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(path, target, StandardCopyOption.REPLACE_EXISTING);
    }
    forceFolder(target);
  }

  /**
   * Lets the name of a file survive a loss of power, too, where the machine can do that: not every
   * file system does, and what was written is in place by then.
   */
  private static void forceFolder(Path file) {
    try (FileChannel folder =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    } catch (IOException e) {
      // The file has its name, for all that can be told.
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(ending);
    } catch (IllegalStateException e) {
      // The process is ending, and the file is gone.
    }
    remove(path);
  }

  private void interrupt() {
    interrupted = true;
    remove(path);
  }

  private void requireNotInterrupted() throws IOException {
    if (interrupted) {
      throw new FileSystemException(path.toString(), null, "the process is ending");
    }
  }

  /** Removes a file, if that is possible. */
  static void remove(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The write has succeeded or failed with its own error; a leftover changes neither.
    }
  }
}
