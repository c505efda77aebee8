package dev.octet.api.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.InputFile;
import dev.octet.api.guard.ServicePlace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which build of a backend this is: its version, and the SHA-256 of the jar that its provider comes
 * from. Plans and calibrations record it, so that another jar of a vendor is noticed. Immutable and
 * thread-safe.
 */
public final class ProviderBuild {

  private static final int CHUNK = 1 << 16;

  private final Optional<String> version;
  private final Optional<String> sha256;
  private final boolean octets;

  private ProviderBuild(Optional<String> version, Optional<String> sha256, boolean octets) {
    this.version = version;
    this.sha256 = sha256;
    this.octets = octets;
  }

  /**
   * Returns the build of a backend.
   *
   * @throws OctetException {@code OCT-REG-006} if it fails to tell its version
   */
  public static ProviderBuild of(QuantizerProvider provider) {
    return GuardedProvider.of(provider).build();
  }

  static ProviderBuild of(ServicePlace place, Optional<String> version) {
    return new ProviderBuild(
        version, place.file().flatMap(ProviderBuild::sha256), place.isOctets());
  }

  /** Returns what {@link QuantizerProvider#version} says. */
  public Optional<String> version() {
    return version;
  }

  /**
   * Returns the SHA-256 of the jar, in lower-case hexadecimal digits. Of a folder it is that of its
   * class files by rising path: of each the path from the folder in UTF-8 with slashes, a zero
   * byte, the number of bytes (8 bytes, the highest first), and the bytes. Empty where the class
   * comes from elsewhere, or what it came from cannot be read any more.
   */
  public Optional<String> sha256() {
    return sha256;
  }

  /** Tells whether it is one of Octet's own, which go by their version. */
  public boolean isOctets() {
    return octets;
  }

  private static Optional<String> sha256(Path file) {
    MessageDigest digest = digest();
    try {
      if (Files.isDirectory(file)) {
        addClasses(file, digest);
      } else {
        addContent(file, digest);
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.of(HexFormat.of().formatHex(digest.digest()));
  }

  private static void addClasses(Path folder, MessageDigest digest) throws IOException {
    SortedMap<String, Path> classes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".class")).toList();
      for (Path file : found) {
        classes.put(folder.relativize(file).toString().replace('\\', '/'), file);
      }
    }
    for (var entry : classes.entrySet()) {
      digest.update(entry.getKey().getBytes(UTF_8));
      digest.update((byte) 0);
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(Files.size(entry.getValue())).flip());
      addContent(entry.getValue(), digest);
    }
  }

  private static void addContent(Path file, MessageDigest digest) throws IOException {
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = InputFile.open(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        digest.update(chunk, 0, read);
      }
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns version and hash, as far as they are known. */
  @Override
  public String toString() {
    return "version " + version.orElse("unknown") + ", SHA-256 " + sha256.orElse("unknown");
  }
}
