package dev.octet.api.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens files that somebody named, to read them. Opening a pipe that has a name waits until
 * somebody writes to it, for ever where nobody does, so these are refused. A pipe that the shell
 * has opened already ({@code <(command)}) has no name but that of a descriptor, and is read like a
 * file.
 */
public final class InputFile {

  private static final int KIND = 0170000;
  private static final int PIPE = 0010000;

  private InputFile() {}

  /**
   * Opens a file.
   *
   * @return a stream, which the caller closes
   * @throws IOException if it cannot be opened, or is a pipe that has a name
   */
  public static InputStream open(Path file) throws IOException {
    requireNoPipe(file);
    return Files.newInputStream(file);
  }

  /**
   * Refuses a pipe that has a name, before something else opens it.
   *
   * @throws IOException if the file is one
   */
  public static void requireNoPipe(Path file) throws IOException {
    if (Files.exists(file) && isOther(file) && isPipe(file)) {
      throw new FileSystemException(file.toString(), null, "it is a pipe, and no file");
    }
  }

  /**
   * Refuses pipes and devices, which have no end that is known and cannot be read twice.
   *
   * @throws IOException if the file is one
   */
  public static void requireRegular(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new FileSystemException(file.toString(), null, "it is no regular file");
    }
  }

  private static boolean isOther(Path file) {
    return !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  /** Only a pipe that has a name has a real path. */
  private static boolean isPipe(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return false;
    }
    int mode = (int) Files.getAttribute(file, "unix:mode");
    return (mode & KIND) == PIPE && hasRealPath(file);
  }

  private static boolean hasRealPath(Path file) {
    try {
      return !file.toRealPath().startsWith("/dev/fd");
    } catch (IOException e) {
      return false;
    }
  }
}
