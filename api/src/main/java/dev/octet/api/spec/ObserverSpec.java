package dev.octet.api.spec;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which observer watches a point, with its parameters. Two observers are the same when name and all
 * parameters are equal.
 *
 * @param name the observer's name, such as {@code min-max}, {@code percentile}, {@code entropy},
 *     {@code squared-error}
 * @param parameters the parameters by name, in the observer's canonical text form
 */
public record ObserverSpec(String name, SortedMap<String, String> parameters) {

  /** Copies the parameters. */
  public ObserverSpec {
    Objects.requireNonNull(name, "name");
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
  }

  /** Returns the observer that keeps the smallest and the largest value. */
  public static ObserverSpec minMax() {
    return new ObserverSpec("min-max", new TreeMap<>());
  }

  /**
   * Returns the observer that keeps a histogram and cuts both tails.
   *
   * @param percent the share of values to keep, in percent, above 0 and at most 100, such as 99.99
   */
  public static ObserverSpec percentile(double percent) {
    if (!(percent > 0 && percent <= 100)) {
      throw new IllegalArgumentException("percentile " + percent + " is not in (0, 100]");
    }
    return new ObserverSpec(
        "percentile", new TreeMap<>(java.util.Map.of("percent", Double.toString(percent))));
  }

  /** Returns the observer that keeps a histogram and takes the range of least relative entropy. */
  public static ObserverSpec entropy() {
    return new ObserverSpec("entropy", new TreeMap<>());
  }

  /** Returns the observer that keeps a histogram and takes the range of least squared error. */
  public static ObserverSpec squaredError() {
    return new ObserverSpec("squared-error", new TreeMap<>());
  }

  /** Returns the name, and the parameters where there are some. */
  @Override
  public String toString() {
    return parameters.isEmpty() ? name : name + " " + parameters;
  }
}
