package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page under docs that a test writes anew or holds against what it is written from. */
final class GeneratedPage {

  private final Class<?> test;

  /**
   * Makes the pages of a test.
   *
   * @param test the test that writes them, which messages name
   */
  GeneratedPage(Class<?> test) {
    this.test = test;
  }

  /** Returns how the pages are renewed. */
  String renew() {
    return "renew the page: ./mvnw -pl cli -am test -Dtest="
        + test.getSimpleName()
        + " -Dsurefire.failIfNoSpecifiedTests=false -Doctet.pages.write=true";
  }

  /** Checks that a file has a text; with the property octet.pages.write it is written first. */
  void requireCurrent(Path file, String text) throws IOException {
    if (Boolean.getBoolean("octet.pages.write")) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    }
    assertTrue(Files.exists(file), file + " is missing; " + renew());
    assertEquals(text, Files.readString(file), file + " is not current; " + renew());
  }
}
