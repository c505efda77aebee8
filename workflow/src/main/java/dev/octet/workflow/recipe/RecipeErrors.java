package dev.octet.workflow.recipe;

import dev.octet.api.error.ErrorId;

/** Errors of recipes. */
final class RecipeErrors {

  static final ErrorId NO_RECIPE =
      ErrorId.input("OCT-REC-001", "A file is no recipe.", "Write recipe: 1 at its top.");

  static final ErrorId OTHER_VERSION =
      ErrorId.input(
          "OCT-REC-002",
          "The recipe has a version that this release does not read.",
          "Use the release of Octet that it was written for, or write it anew.");

  private RecipeErrors() {}
}
