package dev.octet.tck.junit;

import dev.octet.api.error.ErrorId;
import dev.octet.api.provider.QuantizerProvider;

/** What keeps tests from having a backend to test. */
final class DoorErrors {

  static final ErrorId NO_BACKEND =
      ErrorId.backend(
          "OCT-TCK-014",
          "No backend is on the class path or module path of the tests.",
          "Add the backend's jar, with META-INF/services/"
              + QuantizerProvider.class.getName()
              + ".");

  static final ErrorId NOT_USABLE =
      ErrorId.backend(
          "OCT-TCK-015",
          "A backend is on the class path or module path of the tests and cannot be used.",
          "Mend what the reason names.");

  private DoorErrors() {}
}
