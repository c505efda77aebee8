package dev.octet.annotation.tree;

import dev.octet.api.error.ErrorId;

/** Errors of specs as trees, beside those of any tree. */
final class SpecErrors {

  static final ErrorId UNFIT_FIELD =
      ErrorId.input(
          "OCT-TREE-006",
          "A field belongs to another granularity than the one that is named.",
          "Remove the field or correct the granularity.");

  private SpecErrors() {}
}
