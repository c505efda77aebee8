package dev.octet.api.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What writing a file as a whole asks of the file system; all of it may fail. */
class Disk {

  /** Makes a file that does not exist. */
  OutputStream create(Path file) throws IOException {
    return Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
  }

  /** Waits until the content of a file would survive a loss of power. */
  void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Gives a file another name, which always stands for a whole file, the old or the new one. */
  void replace(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Keeps a file under a second name; without links it loses the first. */
  void keep(Path file, Path second) throws IOException {
    try {
      Files.createLink(second, file);
    } catch (IOException | UnsupportedOperationException e) {
      Files.move(file, second);
    }
  }

  /** Writes a file to what is no file, and cannot be replaced. */
  void copyThrough(Path from, Path to) throws IOException {
    try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.WRITE)) {
      Files.copy(from, out);
    }
  }
}
