package dev.octet.api.provider;

import dev.octet.api.error.ErrorId;

/** Errors of finding a backend and of what it is asked for first. */
final class CatalogErrors {

  static final ErrorId UNKNOWN_NAME =
      ErrorId.usage(
          "OCT-REG-001",
          "There is no backend or model format of that name.",
          "Correct the name, or add the provider's jar with --class-path or to providers/.");

  static final ErrorId SAME_NAME =
      ErrorId.usage(
          "OCT-REG-002",
          "Two backends, or two model formats, have the same name.",
          "Remove one of them from the class path or module path.");

  static final ErrorId BROKEN_PROVIDER =
      ErrorId.usage(
          "OCT-REG-003",
          "The backend or model format of that name, or of a jar of that name, could not be"
              + " loaded.",
          "Report it to its vendor, or use another build of it; octet backends lists the others.");

  static final ErrorId OTHER_API_VERSION =
      ErrorId.backend(
          "OCT-REG-004",
          "A backend or model format was written for another version of the API.",
          "Use a version of it for the API of this Octet.");

  static final ErrorId NO_RUNTIME =
      ErrorId.backend("OCT-REG-005", "A backend has no runtime.", "Choose another --runtime.");

  static final ErrorId NO_WORKING_RUNTIME =
      ErrorId.backend(
          "OCT-REG-007",
          "The runtime of a backend does not work on this machine.",
          "Do what the message names, or choose another --runtime.");

  private CatalogErrors() {}
}
