package dev.octet.cli;

import picocli.CommandLine.Option;

/** Whether each of many nodes is listed. */
final class AllOption {

  @Option(
      names = "--all",
      description =
          "List every node; where there are many, those of an operator of which the same is said"
              + " share a line otherwise. JSON always has them all.")
  private boolean all;

  boolean all() {
    return all;
  }
}
