package dev.octet.structure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The modules that have a {@code module-info}, and what their jars hold. */
final class OctetModules {

  private static final String SERVICES = "META-INF/services/";

  private OctetModules() {}

  /** Returns the modules by name. */
  static Map<String, ModuleReference> all() throws IOException, URISyntaxException {
    Map<String, ModuleReference> found = new TreeMap<>();
    ClassLoader loader = OctetModules.class.getClassLoader();
    for (URL url : Collections.list(loader.getResources("module-info.class"))) {
      for (ModuleReference module : ModuleFinder.of(rootOf(url)).findAll()) {
        String name = module.descriptor().name();
        if (name.startsWith("dev.octet.")) {
          found.put(name, module);
        }
      }
    }
    return found;
  }

  private static Path rootOf(URL moduleInfo) throws IOException, URISyntaxException {
    if (moduleInfo.openConnection() instanceof JarURLConnection jar) {
      return Path.of(jar.getJarFileURL().toURI());
    }
    URI uri = moduleInfo.toURI();
    return Path.of(uri).getParent();
  }

  /** Returns the names of providers by that of their service. */
  static Map<String, Set<String>> provides(ModuleDescriptor descriptor) {
    Map<String, Set<String>> provided = new TreeMap<>();
    for (ModuleDescriptor.Provides provides : descriptor.provides()) {
      provided.put(provides.service(), new TreeSet<>(provides.providers()));
    }
    return provided;
  }

  /** Returns the names of all files of a module. */
  static List<String> files(ModuleReference module) throws IOException {
    try (ModuleReader reader = module.open()) {
      return reader.list().filter(name -> !name.endsWith("/")).sorted().toList();
    }
  }

  /** Returns what the files for class paths say: names of providers by that of their service. */
  static Map<String, Set<String>> serviceFiles(ModuleReference module) throws IOException {
    Map<String, Set<String>> registered = new TreeMap<>();
    try (ModuleReader reader = module.open()) {
      List<String> files =
          reader
              .list()
              .filter(name -> name.startsWith(SERVICES) && !name.equals(SERVICES))
              .toList();
      for (String file : files) {
        registered.put(file.substring(SERVICES.length()), providersIn(reader, file));
      }
    }
    return registered;
  }

  private static Set<String> providersIn(ModuleReader reader, String file) throws IOException {
    try (InputStream in = reader.open(file).orElseThrow()) {
      Set<String> providers = new TreeSet<>();
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        String provider = line.replaceFirst("#.*", "").strip();
        if (!provider.isEmpty()) {
          providers.add(provider);
        }
      }
      return providers;
    }
  }
}
