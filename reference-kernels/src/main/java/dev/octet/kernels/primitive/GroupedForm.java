package dev.octet.kernels.primitive;

import dev.octet.kernels.thread.Workers;

/** How the weights of a {@link GroupedProduct} are kept, which decides how it is computed. */
sealed interface GroupedForm permits StoredGroups, PackedGroups {

  /** Computes a product whose right matrix is kept so. */
  void multiply(GroupedProduct task, Workers workers);
}
