package dev.octet.workflow.provenance;

import dev.octet.api.error.FileErrors;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.graph.Model;
import dev.octet.workflow.digest.ContentHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The bytes of a model's file, and of the files beside it that hold its constants. Immutable.
 *
 * @param sha256 the SHA-256 of the model's file, in lower-case hexadecimal digits
 * @param data the SHA-256 of each file beside it, by the name from the model's folder on, with
 *     slashes
 */
public record FloatFile(String sha256, Map<String, String> data) {

  /** Sorts and copies the files. */
  public FloatFile {
    Objects.requireNonNull(sha256, "sha256");
    data = new LinkedHashMap<>(new TreeMap<>(data));
  }

  /**
   * Reads the files of a model.
   *
   * @param file the model's file
   * @param model what was read from it
   * @throws dev.octet.api.error.OctetException {@code OCT-FILE-001} or {@code OCT-FILE-002} if one
   *     of them cannot be read
   */
  public static FloatFile of(Path file, Model model) {
    List<Path> beside =
        ModelFormat.of(model).map(format -> format.dataFiles(model)).orElse(List.of());
    Map<String, String> data = new TreeMap<>();
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a folder");
    for (Path each : beside) {
      data.put(name(folder, each.toAbsolutePath()), sha256(each));
    }
    return new FloatFile(sha256(file), data);
  }

  private static String name(Path folder, Path file) {
    return folder.normalize().relativize(file.normalize()).toString().replace('\\', '/');
  }

  /**
   * Returns the SHA-256 of a file, in lower-case hexadecimal digits.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-FILE-001} or {@code OCT-FILE-002} if it
   *     cannot be read
   */
  public static String sha256(Path file) {
    try {
      return ContentHash.ofFile(file);
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
  }

  /**
   * Returns the lines of {@link Claim#MODEL_DATA}; empty when there is no file beside the model.
   */
  public Optional<String> dataLines() {
    return data.isEmpty()
        ? Optional.empty()
        : Optional.of(
            data.entrySet().stream()
                .map(file -> file.getValue() + "  " + file.getKey())
                .collect(Collectors.joining("\n")));
  }
}
