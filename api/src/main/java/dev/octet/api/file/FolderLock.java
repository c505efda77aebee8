package dev.octet.api.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets one process at a time, and one thread of it, exchange files of a folder that belong
 * together. The lock is that of the machine on a hidden file, which goes with the lock; a process
 * that is killed leaves the file, but not the lock.
 */
final class FolderLock {

  /** The file that is locked. */
  static final String NAME = ".octet.lock";

  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private FolderLock() {}

  /** What is done under the lock. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  /**
   * Does something under the lock of a folder.
   *
   * @throws IOException what the action throws, or that another process does not let go
   */
  static void run(Path folder, Action action) throws IOException {
    Path file = folder.resolve(NAME);
    // Where one thread closes the file, the machine takes the lock from all of a process.
    synchronized (FolderLock.class) {
      FileChannel lock = acquire(file);
      try {
        action.run();
      } finally {
        release(file, lock);
      }
    }
  }

  /** Whoever waits for the lock finds that this is no longer the file of the name. */
  private static void release(Path file, FileChannel lock) throws IOException {
    try {
      Scratch.remove(file);
    } finally {
      lock.close();
    }
  }

  private static FileChannel acquire(Path file) throws IOException {
    long start = System.nanoTime();
    while (true) {
      try {
        Optional<FileChannel> locked = tryOnce(file);
        if (locked.isPresent()) {
          return locked.get();
        }
      } catch (NoSuchFileException e) {
        // Whoever had it has let go of it and removed the file: it is made again, if it can be.
      }
      if (System.nanoTime() - start > LONGEST.toNanos()) {
        throw new FileSystemException(
            file.toString(), null, "another process has held it for " + LONGEST.toSeconds() + " s");
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Returns the locked file, if nobody else has it locked, and it still is the one of its name. */
  private static Optional<FileChannel> tryOnce(Path file) throws IOException {
    make(file);
    Optional<Object> before = key(file);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    boolean held = false;
    try {
      held = isLocked(channel) && Objects.equals(before, key(file));
    } finally {
      if (!held) {
        channel.close();
      }
    }
    return held ? Optional.of(channel) : Optional.empty();
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException | UnsupportedOperationException e) {
      // Where the machine has no locks, the threads of this process at least wait for each other.
      return true;
    }
  }

  private static void make(Path file) throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileSystemException(file.toString(), null, "this is no file to lock");
      }
    }
  }

  private static Optional<Object> key(Path file) throws IOException {
    return Optional.ofNullable(
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey());
  }
}
