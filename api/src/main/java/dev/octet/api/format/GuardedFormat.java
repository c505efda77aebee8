package dev.octet.api.format;

import dev.octet.api.graph.Model;
import dev.octet.api.guard.Guard;
import dev.octet.api.guard.ServicePlace;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A model format of which every call is guarded. */
final class GuardedFormat implements ModelFormat {

  private static final String NOUN = "model format";

  /** Without the dot and in small letters; a dot inside, as in tar.gz, is part of it. */
  private static final Pattern EXTENSION = Pattern.compile("[a-z0-9][a-z0-9._+-]{0,31}");

  private final ModelFormat format;
  private final String name;
  private final Guard guard;

  private GuardedFormat(ModelFormat format, String name, Guard guard) {
    this.format = format;
    this.name = name;
    this.guard = guard;
  }

  static GuardedFormat of(ModelFormat format) {
    if (format instanceof GuardedFormat guarded) {
      return guarded;
    }
    ServicePlace place = new ServicePlace(format.getClass());
    String name = Guard.of("a " + NOUN, place).same("name", format::name);
    return new GuardedFormat(format, name, Guard.of(NOUN + " '" + name + "'", place));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> extensions() {
    List<String> extensions = guard.list("extensions", format::extensions);
    boolean distinct = Set.copyOf(extensions).size() == extensions.size();
    if (extensions.isEmpty() || !distinct) {
      throw guard.breach("extensions", "there are none, or one twice: " + extensions);
    }
    for (String extension : extensions) {
      if (!EXTENSION.matcher(extension).matches()) {
        throw guard.breach(
            "extensions", "'" + extension + "' is not of the form " + EXTENSION.pattern());
      }
    }
    return extensions;
  }

  @Override
  public boolean recognises(Path file, byte[] start) {
    return guard.call("recognises", () -> format.recognises(file, start));
  }

  @Override
  public boolean readable() {
    return guard.call("readable", format::readable);
  }

  @Override
  public Model read(Path file) {
    return guard.call("read", () -> format.read(file));
  }

  @Override
  public void write(Model model, Path file) {
    guard.run("write", () -> format.write(model, file));
  }

  @Override
  public List<Path> dataFiles(Model model) {
    return guard.list("dataFiles", () -> format.dataFiles(model));
  }

  @Override
  public RaisedModel raise(Model model, Collection<StoredForm> forms) {
    return guard.call("raise", () -> format.raise(model, forms));
  }

  @Override
  public Optional<TestData> testData(Path folder, Model model) {
    return guard.call("testData", () -> format.testData(folder, model));
  }

  /** Returns which format it is. */
  @Override
  public String toString() {
    return NOUN + " '" + name + "'";
  }
}
