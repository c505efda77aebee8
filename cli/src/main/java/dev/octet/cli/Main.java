package dev.octet.cli;

import java.util.Locale;

/** Entry point of the {@code octet} command. */
public final class Main {

  private Main() {}

  /**
   * Runs the command and ends the JVM with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    // Messages of all modules have the same digits everywhere.
    Locale.setDefault(Locale.ROOT);
    // Images are decoded without a display.
    System.setProperty("java.awt.headless", "true");
    System.exit(Octet.run(Terminal.ofProcess(), arguments));
  }
}
