package dev.octet.cli;

/** Entry point of the {@code octet} command. */
public final class Main {

  private Main() {}

  /**
   * Runs the command and ends the JVM with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    // Images are decoded without a display.
    System.setProperty("java.awt.headless", "true");
    System.exit(Octet.run(Terminal.ofProcess(), arguments));
  }
}
