package dev.octet.tck.graphs;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.api.qdq.QdqGraph;
import dev.octet.api.runtime.OperatorUse;
import dev.octet.tck.exact.RealProduct;
import java.util.List;

/**
 * A model whose only product reads floats, or integers that the model makes of them while it runs,
 * and a constant that is stored in integers. Immutable.
 *
 * @param name tells it from others; the same for the same composition
 * @param model the model: one float input, one float output
 * @param input what the input is given
 * @param product the node that multiplies
 * @param expected the product of what both operands mean
 * @param steps the distance of neighbouring integers in each row of the input; 0 where it is float
 */
public record FloatProduct(
    String name,
    Model model,
    Tensor input,
    String product,
    RealProduct expected,
    List<Float> steps) {

  /** Copies the list. */
  public FloatProduct {
    steps = List.copyOf(steps);
  }

  /** Returns the use of an operator that the product is. */
  public OperatorUse use() {
    Node node = model.graph().node(product).orElseThrow();
    return OperatorUse.of(new QdqGraph(model.graph()), node);
  }
}
