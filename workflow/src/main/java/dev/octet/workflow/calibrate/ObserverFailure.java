package dev.octet.workflow.calibrate;

import dev.octet.api.error.OctetException;

/** The error that says that an observer from elsewhere does not keep its contract. */
final class ObserverFailure {

  private ObserverFailure() {}

  static OctetException inAddition(String observer, RuntimeException e) {
    return because("The statistics of observer '" + observer + "' do not add up: " + e)
        .cause(e)
        .build();
  }

  static OctetException.Builder of(String observer, String bringer, String why) {
    return because("Observer '" + observer + "' of " + bringer + " failed: " + why);
  }

  private static OctetException.Builder because(String fact) {
    return CalibrationErrors.OBSERVER_FAILED.error(fact);
  }
}
