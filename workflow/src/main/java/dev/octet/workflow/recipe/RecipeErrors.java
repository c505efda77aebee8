package dev.octet.workflow.recipe;

import dev.octet.api.error.ErrorId;

/** Errors of recipes. */
final class RecipeErrors {

  static final ErrorId NO_RECIPE =
      ErrorId.input("OCT-REC-001", "A file is no recipe.", "Write recipe: 1 at its top.");

  private RecipeErrors() {}
}
