package dev.octet.workflow.source;

import dev.octet.workflow.source.LinearLayer.Form;

/**
 * Where the elements and scales of a weight of N rows and K columns stand in its constant.
 *
 * @param form how the constant is stored
 * @param group how many columns of a row share a scale; the last group of a row may have fewer
 * @param hasOneScale whether all rows share one scale
 */
record WeightGrid(Form form, int group, boolean hasOneScale) {

  /** Returns the grid of a layer under a rule. */
  static WeightGrid of(Form form, LayerRule rule) {
    return new WeightGrid(
        form,
        rule.granularity().columns(form),
        rule.granularity().kind() == WeightGranularity.Kind.TENSOR);
  }

  /** Returns N. */
  int rows() {
    return (int) form.outputs();
  }

  /** Returns K. */
  int columns() {
    return (int) form.inputs();
  }

  /** Returns how many groups a row has. */
  int groups() {
    return (columns() + group - 1) / group;
  }

  /** Returns how many scales there are. */
  int scales() {
    return hasOneScale ? 1 : rows() * groups();
  }

  /** Returns the index of an element; sizes other than these two are 1. */
  int element(int row, int column) {
    return form.inputAxis() == 0 ? column * rows() + row : row * columns() + column;
  }

  /** Returns the index of a scale and zero point. */
  int scale(int row, int inGroup) {
    if (hasOneScale) {
      return 0;
    }
    return form.inputAxis() == 0 ? inGroup * rows() + row : row * groups() + inGroup;
  }
}
