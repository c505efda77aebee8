package dev.octet.api.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file beside another one that refers to it, named by its own content: {@code OWNER.HASH.data},
 * where HASH is the first 32 digits of the SHA-256 of the bytes as {@code sha256sum} prints it. The
 * same bytes have the same name, and other bytes another one, so that writing one never changes
 * what an older owner refers to. It gets its name by {@link WholeFile#commitWith}.
 *
 * <pre>{@code
 * try (WholeFile owner = WholeFile.of(path);
 *     DataFile data = DataFile.beside(owner)) {
 *   data.write(out -> ...);
 *   owner.write(out -> ... data.name() ...);
 *   owner.commitWith(data, old -> List.of());
 * }
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class DataFile implements AutoCloseable {

  private static final int DIGITS = 32;
  private static final String ENDING = "[0-9a-f]{" + DIGITS + "}\\.data";
  private static final Pattern NAME = Pattern.compile(".*\\." + ENDING);

  /** Names have 255 bytes at most, of which a character of UTF-16 takes 3 in UTF-8. */
  private static final int LONGEST_OWNER = 70;

  private final Path owner;
  private final Scratch scratch;
  private Optional<String> name = Optional.empty();

  private DataFile(Path owner) {
    this.owner = owner;
    this.scratch = new Scratch(owner.resolveSibling("data"));
  }

  /** Begins a file beside another one; nothing is made yet. */
  public static DataFile beside(WholeFile owner) {
    return new DataFile(owner.target());
  }

  /** Tells whether a file is named by its content as these are. */
  public static boolean isNamedByContent(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Returns the names of the files that are beside a file and named as its data: what it or an
   * earlier one of its name refers to, and what a writer that was killed left.
   *
   * @param owner the file; need not exist
   * @throws IOException if the folder cannot be read
   */
  public static List<String> namesBeside(Path owner) throws IOException {
    Pattern own = Pattern.compile(Pattern.quote(prefix(owner) + ".") + ENDING);
    try (Stream<Path> files = Files.list(owner.toAbsolutePath().getParent())) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> own.matcher(name).matches())
          .sorted()
          .toList();
    }
  }

  /**
   * Writes all that is to be in the file.
   *
   * @throws IOException if it cannot be written, or {@code content} throws it
   */
  public void write(WholeFile.Content content) throws IOException {
    MessageDigest digest = sha256();
    try (OutputStream out = scratch.open()) {
      content.writeTo(new DigestOutputStream(out, digest));
    }
    String hash = HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    name = Optional.of(prefix(owner) + "." + hash + ".data");
  }

  /**
   * Returns the name that the file has in the folder of its owner.
   *
   * @throws IllegalStateException if nothing was written
   */
  public String name() {
    return name.orElseThrow(() -> new IllegalStateException("it wrote no file"));
  }

  private static String prefix(Path owner) {
    String whole = String.valueOf(owner.getFileName());
    if (whole.length() <= LONGEST_OWNER) {
      return whole;
    }
    int end = Character.isLowSurrogate(whole.charAt(LONGEST_OWNER)) ? 1 : 0;
    return whole.substring(0, LONGEST_OWNER - end);
  }

  void force() throws IOException {
    scratch.force();
  }

  /** Returns the file under its name. */
  Path target() {
    return owner.resolveSibling(name());
  }

  boolean isInPlace() {
    return Files.exists(target(), LinkOption.NOFOLLOW_LINKS);
  }

  void place() throws IOException {
    scratch.moveTo(target());
  }

  /** Removes what was written and did not get its name. */
  @Override
  public void close() {
    scratch.close();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
