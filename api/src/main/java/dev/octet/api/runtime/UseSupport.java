package dev.octet.api.runtime;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a runtime promises of a use: by which rule, and how exactly. Incubating. Immutable. */
public final class UseSupport {

  private final Exactness exactness;
  private final Optional<RequantizationProfile> requantization;

  UseSupport(Exactness exactness, Optional<RequantizationProfile> requantization) {
    this.exactness = Objects.requireNonNull(exactness, "exactness");
    this.requantization = Objects.requireNonNull(requantization, "requantization");
  }

  /** Returns how near integers are to those of {@link #requantization}. */
  public Exactness exactness() {
    return exactness;
  }

  /** Returns how integers are rounded; empty where integers are moved and nothing is rounded. */
  public Optional<RequantizationProfile> requantization() {
    return requantization;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UseSupport that
        && exactness.equals(that.exactness)
        && requantization.equals(that.requantization);
  }

  @Override
  public int hashCode() {
    return Objects.hash(exactness, requantization);
  }

  /** Returns both in words, such as {@code exact, float-half-even}. */
  @Override
  public String toString() {
    String words =
        exactness.match(
            new Exactness.Cases<>(
                exact -> "exact",
                bounded ->
                    bounded.steps() == 1 ? "within 1 step" : "within " + bounded.steps() + " steps",
                unsupported -> "not on integers: " + unsupported.reason()));
    return words + requantization.map(profile -> ", " + profile).orElse("");
  }
}
