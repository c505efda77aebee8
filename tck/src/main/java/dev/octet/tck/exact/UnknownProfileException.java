package dev.octet.tck.exact;

import dev.octet.api.graph.OpType;
import dev.octet.api.runtime.RequantizationProfile;

/**
 * That a runtime rounds by a rule of which the kit has no exact form, so that it cannot tell right
 * integers from wrong ones.
 */
public final class UnknownProfileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  UnknownProfileException(RequantizationProfile profile, OpType op) {
    this(
        "the kit does not know the profile '"
            + profile.name()
            + "' ("
            + profile.formula()
            + ") of "
            + op);
  }

  private UnknownProfileException(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  /** Returns which rule of which operator the kit does not know. */
  public String reason() {
    return reason;
  }
}
