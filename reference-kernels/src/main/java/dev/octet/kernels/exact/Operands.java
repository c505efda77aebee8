package dev.octet.kernels.exact;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/** The operands of one node. */
record Operands(Node node, Map<String, Tensor> tensors) {

  Optional<Tensor> find(int index) {
    return node.operand(index)
        .map(
            name -> {
              Tensor tensor = tensors.get(name);
              if (tensor == null) {
                throw new IllegalArgumentException(
                    "operand '" + name + "' of '" + node.name() + "' is not given");
              }
              return tensor;
            });
  }

  Tensor get(int index) {
    return find(index)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "operand " + index + " of '" + node.name() + "' is left out"));
  }

  /** The integers at an index, their scale and zero point at the next two. */
  Quantized quantized(int index) {
    return new Quantized(get(index), get(index + 1), find(index + 2));
  }

  BigDecimal scale(int index) {
    return new BigDecimal(get(index).floats()[0]);
  }

  long zeroPoint(int index) {
    return find(index).map(t -> t.integers()[0]).orElse(0L);
  }
}
