package dev.octet.workflow.diff;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.octet.api.error.FileErrors;
import dev.octet.api.file.InputFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What a file is, told by its content. */
public enum FileKind {
  /** A plan, or other JSON. */
  PLAN("plan"),
  /** A calibration. */
  CALIBRATION("calibration"),
  /** Whatever is neither: a model, if a format reads it. */
  MODEL("model");

  private static final String CALIBRATIONS_START = "octet-calibration";
  private static final int FIRST_BYTES = 64;

  private final String word;

  FileKind(String word) {
    this.word = word;
  }

  /**
   * Tells what a file is.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-FILE-001} or {@code OCT-FILE-002} if it
   *     cannot be read
   */
  public static FileKind of(Path file) {
    String start = start(file);
    if (start.stripLeading().startsWith("{")) {
      return PLAN;
    }
    return start.contains(CALIBRATIONS_START) ? CALIBRATION : MODEL;
  }

  private static String start(Path file) {
    try (InputStream in = InputFile.open(file)) {
      return new String(in.readNBytes(FIRST_BYTES), ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw FileErrors.missing(file, e);
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
  }

  /** Returns the kind in a word. */
  @Override
  public String toString() {
    return word;
  }
}
