package dev.octet.api.provider;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of this API. Providers of the same major version work with every later minor version.
 *
 * @param major changes when a provider must be changed or rebuilt
 * @param minor changes when something is added
 */
public record ApiVersion(int major, int minor) {

  /**
   * The version of the API that a class is compiled against: a constant, which the compiler copies
   * into the class. {@link BuiltFor} takes it.
   */
  public static final String CURRENT = "1.0";

  private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})");

  /** Returns the version of the API that this code belongs to. */
  public static ApiVersion current() {
    return parse(CURRENT);
  }

  /**
   * Returns the version that a class says it was built for; empty when it says none.
   *
   * @throws IllegalArgumentException if what it says is no version
   */
  static Optional<ApiVersion> of(Class<?> service) {
    return Optional.ofNullable(service.getDeclaredAnnotation(BuiltFor.class))
        .map(built -> parse(built.value()));
  }

  private static ApiVersion parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("API version '" + text + "' is not MAJOR.MINOR");
    }
    return new ApiVersion(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
  }

  /**
   * Tells whether a provider written for this version works with an implementation of another one.
   */
  public boolean worksWith(ApiVersion implementation) {
    return major == implementation.major && minor <= implementation.minor;
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
