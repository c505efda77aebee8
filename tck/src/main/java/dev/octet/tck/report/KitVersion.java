package dev.octet.tck.report;

import java.util.Optional;

/** Which version of the kit this is. */
final class KitVersion {

  private KitVersion() {}

  /** Returns the version of the jar; {@code unpacked} for class files in a folder. */
  static String text() {
    return Optional.ofNullable(KitVersion.class.getPackage().getImplementationVersion())
        .orElse("unpacked");
  }
}
