package dev.octet.api.guard;

import dev.octet.api.error.ErrorId;
import java.net.URL;
import java.security.CodeSource;

/**
 * Where the code of a service comes from.
 *
 * @param type its class
 */
public record ServicePlace(Class<?> type) {

  /** Returns the jar or folder that the class comes from, as far as it is known. */
  public String jar() {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL url = source == null ? null : source.getLocation();
    return url == null ? "an unknown place" : url.getPath();
  }

  /** Tells whether it is Octet's own code, of which errors need not say where it stands. */
  boolean isOctets() {
    return ErrorId.isOctets(type);
  }

  /** Returns the class and the jar. */
  @Override
  public String toString() {
    return type.getName() + " in " + jar();
  }
}
