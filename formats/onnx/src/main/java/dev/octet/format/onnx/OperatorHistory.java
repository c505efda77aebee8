package dev.octet.format.onnx;

import dev.octet.api.graph.OpType;
import dev.octet.api.operator.OperatorSignature;
import java.util.OptionalLong;

/** How the operators of the default domain change from one operator set to another. */
final class OperatorHistory {

  private OperatorHistory() {}

  /** Returns the version that defines an operator in an operator set; empty when none does. */
  static OptionalLong since(String operator, long opset) {
    return OperatorSignature.of(OpType.onnx(operator))
        .map(known -> known.since(opset))
        .orElse(OptionalLong.empty());
  }

  /**
   * Returns the first version above {@code from}, up to {@code to}, whose nodes must be converted.
   */
  static OptionalLong nextConversion(String operator, long from, long to) {
    return OperatorSignature.of(OpType.onnx(operator)).stream()
        .flatMap(known -> known.versions().stream())
        .filter(version -> version > from && version <= to)
        .filter(version -> OperatorConversions.names().contains(operator + " " + version))
        .mapToLong(Long::longValue)
        .findFirst();
  }
}
