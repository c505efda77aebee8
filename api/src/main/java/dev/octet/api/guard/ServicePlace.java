package dev.octet.api.guard;

import dev.octet.api.error.ErrorId;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the code of a service comes from.
 *
 * @param type its class
 */
public record ServicePlace(Class<?> type) {

  /** Returns the jar or folder that the class comes from, as far as it is known. */
  public String jar() {
    return location().map(URL::getPath).orElse("an unknown place");
  }

  /** Returns the jar or folder that the class comes from; empty where it is none of the disk. */
  public Optional<Path> file() {
    return location().filter(url -> url.getProtocol().equals("file")).map(ServicePlace::path);
  }

  private Optional<URL> location() {
    return Optional.ofNullable(type.getProtectionDomain().getCodeSource())
        .flatMap(source -> Optional.ofNullable(source.getLocation()));
  }

  private static Path path(URL url) {
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      // What loaders do not escape, such as a blank, is part of the name.
      return Path.of(url.getPath());
    }
  }

  /** Tells whether it is Octet's own code, of which errors need not say where it stands. */
  public boolean isOctets() {
    return ErrorId.isOctets(type);
  }

  /** Returns the class and the jar. */
  @Override
  public String toString() {
    return type.getName() + " in " + jar();
  }
}
