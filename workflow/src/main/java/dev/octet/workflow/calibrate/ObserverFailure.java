package dev.octet.workflow.calibrate;

import dev.octet.api.error.OctetException;

/** The error that says that an observer from elsewhere does not keep its contract. */
final class ObserverFailure {

  static final String NEXT =
      "Correct the observer, or report it to whoever wrote it; --verbose prints where it failed.";

  private ObserverFailure() {}

  static OctetException inAddition(String observer, RuntimeException e) {
    return OctetException.backend(
            "OCT-CAL-017", "The statistics of observer '" + observer + "' do not add up: " + e)
        .cause(e)
        .next(NEXT);
  }

  static OctetException.Builder of(String observer, String bringer, String why) {
    return OctetException.backend(
        "OCT-CAL-017", "Observer '" + observer + "' of " + bringer + " failed: " + why);
  }
}
