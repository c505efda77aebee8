package dev.octet.workflow.provenance;

import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What ran a float model: two that are not equal may have computed other bits.
 *
 * @param name the name of the backend whose runtime it is
 * @param version the version of what computes; empty where it is that of the backend, or not known
 * @param options the options that it ran with, by name, those of several values joined by commas
 */
public record RuntimeBuild(String name, Optional<String> version, SortedMap<String, String> options)
    implements Comparable<RuntimeBuild> {

  private static final Comparator<RuntimeBuild> ORDER =
      Comparator.comparing(RuntimeBuild::name)
          .thenComparing(build -> build.version.orElse(""))
          .thenComparing(build -> build.options.toString());

  /** Copies the options. */
  public RuntimeBuild {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
    options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
  }

  /** Returns Octet's own kernels, whose results have the same bits on every machine. */
  public static RuntimeBuild octets() {
    return new RuntimeBuild("cpu", Optional.empty(), new TreeMap<>());
  }

  /** Tells whether it is Octet's own kernels. */
  public boolean isOctets() {
    return equals(octets());
  }

  /** Reads what {@link #putInto} wrote into an object; empty where it names none. */
  static Optional<RuntimeBuild> find(Tree.Mapping map) {
    SortedMap<String, String> options = new TreeMap<>();
    map.find("runtimeOptions")
        .ifPresent(
            given ->
                given
                    .asMapping()
                    .entries()
                    .forEach((name, value) -> options.put(name, value.asText())));
    Optional<String> version = map.find("runtimeVersion").map(Tree::asText);
    return map.find("runtime").map(name -> new RuntimeBuild(name.asText(), version, options));
  }

  /** Adds {@code runtime} and, where there are some, its version and options to an object. */
  public void putInto(Map<String, Tree> tree) {
    tree.put("runtime", Tree.of(name));
    version.ifPresent(text -> tree.put("runtimeVersion", Tree.of(text)));
    if (!options.isEmpty()) {
      Map<String, Tree> values = new LinkedHashMap<>();
      options.forEach((key, value) -> values.put(key, Tree.of(value)));
      tree.put("runtimeOptions", Tree.of(values));
    }
  }

  /** Returns the options as {@code name=value}, one a line; empty where there are none. */
  Optional<String> optionLines() {
    List<String> lines = new ArrayList<>();
    options.forEach((key, value) -> lines.add(key + "=" + value));
    return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines));
  }

  @Override
  public int compareTo(RuntimeBuild other) {
    return ORDER.compare(this, other);
  }

  /** Returns name, version and options, such as {@code onnxruntime 1.29.0 (threads=1)}. */
  @Override
  public String toString() {
    String numbered = version.map(text -> name + " " + text).orElse(name);
    return optionLines()
        .map(lines -> numbered + " (" + lines.replace("\n", ", ") + ")")
        .orElse(numbered);
  }
}
