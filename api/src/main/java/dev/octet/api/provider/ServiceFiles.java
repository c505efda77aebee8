package dev.octet.api.provider;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The files in which jars list their services: which jar lists a class that cannot be loaded. */
final class ServiceFiles {

  private static final String UNKNOWN = "a jar of the class path or module path";

  /** A list of a jar of somebody may have any length. */
  private static final int MOST_BYTES = 1 << 20;

  private final String file;
  private final ClassLoader classLoader;

  ServiceFiles(Class<?> service, ClassLoader classLoader) {
    this.file = "META-INF/services/" + service.getName();
    this.classLoader = classLoader;
  }

  /** Returns the class that an error names and the jar that lists it, as far as they are known. */
  String place(Throwable error) {
    String message = String.valueOf(error.getMessage());
    for (Map.Entry<String, String> listed : jarByClass().entrySet()) {
      String name = listed.getKey();
      if (Pattern.compile("(?<![\\w.$])" + Pattern.quote(name) + "(?![\\w$])")
          .matcher(message)
          .find()) {
        return name + " in " + listed.getValue();
      }
    }
    return UNKNOWN;
  }

  private Map<String, String> jarByClass() {
    Map<String, String> jars = new LinkedHashMap<>();
    try {
      for (URL url : Collections.list(classLoader.getResources(file))) {
        classes(url).forEach(name -> jars.putIfAbsent(name, jar(url)));
      }
    } catch (IOException e) {
      // The error that is looked up stands for itself; only its place stays unknown.
      return jars;
    }
    return jars;
  }

  private static List<String> classes(URL url) throws IOException {
    URLConnection connection = url.openConnection();
    // A jar that is cached stays open, and is read as it was.
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      String start = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
      return start
          .lines()
          .map(line -> line.replaceAll("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .toList();
    }
  }

  private String jar(URL url) {
    String place = url.getPath().replaceAll("(!/|/)" + Pattern.quote(file) + "$", "");
    return place.replaceFirst("^file:", "");
  }
}
