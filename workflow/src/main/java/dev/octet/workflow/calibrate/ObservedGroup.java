package dev.octet.workflow.calibrate;

import dev.octet.annotation.tree.SpecTree;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.workflow.text.JsonText;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A group of points whose scale and zero point calibration finds.
 *
 * @param values the float values that the group's points read or define, in the order of the graph,
 *     each once, those of subgraphs by their paths; not empty; constants are among them only when
 *     the group has other values too
 * @param spec how the group is quantized; its mode is static
 */
public record ObservedGroup(List<String> values, QuantizationSpec.Observed spec) {

  /** By the names of the values, then by the spec as text. */
  static final Comparator<ObservedGroup> ORDER =
      Comparator.<ObservedGroup, String>comparing(group -> String.join("\0", group.values))
          .thenComparing(group -> JsonText.write(SpecTree.toTree(group.spec)));

  /** Copies the values and checks that there is one. */
  public ObservedGroup {
    values = List.copyOf(values);
    Objects.requireNonNull(spec, "spec");
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a group has no value");
    }
  }

  /** Returns the values in words. */
  String words() {
    return "'" + String.join("', '", values) + "'";
  }

  /** Returns number of values, first value and spec, in one line. */
  @Override
  public String toString() {
    return values.size() + " values from '" + values.get(0) + "', " + spec;
  }
}
