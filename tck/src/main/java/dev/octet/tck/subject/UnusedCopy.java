package dev.octet.tck.subject;

import dev.octet.api.error.ErrorId;
import dev.octet.api.provider.QuantizerProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.security.CodeSource;
import java.util.Optional;

/**
 * Loads the classes of a backend once more, so that a copy of it has statics that nobody has used:
 * what a process of its own would see.
 */
public final class UnusedCopy extends ClassLoader {

  private final Class<?> provider;
  private final String place;

  private UnusedCopy(Class<?> provider, ClassLoader usual, String place) {
    super(usual);
    this.provider = provider;
    this.place = place;
  }

  /**
   * Returns a copy of a backend behind its guard. Empty where it cannot be made without knowing
   * more: the class is of a named module, or has no constructor without arguments.
   *
   * @param provider the class of the backend
   */
  public static Optional<QuantizerProvider> of(Class<?> provider) {
    CodeSource source = provider.getProtectionDomain().getCodeSource();
    ClassLoader usual = provider.getClassLoader();
    if (provider.getModule().isNamed() || usual == null || source == null) {
      return Optional.empty();
    }
    try {
      Class<?> copy =
          new UnusedCopy(provider, usual, String.valueOf(source.getLocation()))
              .loadClass(provider.getName());
      Constructor<?> constructor = copy.getDeclaredConstructor();
      constructor.setAccessible(true);
      return Optional.of(QuantizerProvider.guarded((QuantizerProvider) constructor.newInstance()));
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      return Optional.empty(); // other rules ask the backend itself
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      URL file = isOfTheBackend(name) ? getResource(name.replace('.', '/') + ".class") : null;
      return file == null || !file.toString().contains(place)
          ? super.loadClass(name, resolve)
          : again(name, file);
    }
  }

  /** What stands in the backend's jar; of Octet's own ones, whose jars may be one, the package. */
  private boolean isOfTheBackend(String name) {
    return ErrorId.isOctets(provider)
        ? name.startsWith(provider.getPackageName() + ".")
        : !name.startsWith("dev.octet.");
  }

  private Class<?> again(String name, URL file) throws ClassNotFoundException {
    try (InputStream in = file.openStream()) {
      byte[] bytes = in.readAllBytes();
      describePackage(name.substring(0, Math.max(0, name.lastIndexOf('.'))));
      return defineClass(name, bytes, 0, bytes.length, provider.getProtectionDomain());
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /** Gives a package what the jar's manifest says of it, from which a version may be read. */
  private void describePackage(String name) {
    if (getDefinedPackage(name) == null) {
      Package as = provider.getPackage();
      definePackage(
          name,
          as.getSpecificationTitle(),
          as.getSpecificationVersion(),
          as.getSpecificationVendor(),
          as.getImplementationTitle(),
          as.getImplementationVersion(),
          as.getImplementationVendor(),
          null);
    }
  }
}
