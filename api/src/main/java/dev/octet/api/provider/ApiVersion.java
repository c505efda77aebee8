package dev.octet.api.provider;

/**
 * A version of this API. Providers of the same major version work with every later minor version.
 *
 * @param major changes when a provider must be changed or rebuilt
 * @param minor changes when something is added
 */
public record ApiVersion(int major, int minor) {

  /** Returns the version of the API that this code belongs to. */
  public static ApiVersion current() {
    return new ApiVersion(1, 0);
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
