package dev.octet.kernels.lower;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.array.SmallFloat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Scales that a file stores in 16 bits: a constant FLOAT16 or BFLOAT16, a Cast to FLOAT, and a
 * DequantizeLinear that reads it as scale. They become the constants that the Cast gives.
 */
public final class StoredScales {

  private static final Map<DataType, SmallFloat> NARROW =
      Map.of(DataType.FLOAT16, SmallFloat.FLOAT16, DataType.BFLOAT16, SmallFloat.BFLOAT16);

  private StoredScales() {}

  /** Returns a model whose scales are FLOAT constants wherever a Cast of a constant gave them. */
  public static Model widened(Model model) {
    Graph graph = model.graph();
    Map<String, Node> casts =
        graph.nodes().stream()
            .filter(node -> node.op().is("Cast") && narrow(graph, node).isPresent())
            .collect(Collectors.toMap(node -> node.results().get(0), node -> node));
    List<Node> scales =
        graph.nodes().stream()
            .filter(node -> node.op().is("DequantizeLinear"))
            .flatMap(node -> node.operand(1).stream())
            .distinct()
            .filter(casts::containsKey)
            .map(casts::get)
            .toList();
    if (scales.isEmpty()) {
      return model;
    }
    GraphEditor editor = new GraphEditor(graph);
    for (Node cast : scales) {
      String scale = cast.results().get(0);
      editor.remove(cast.name());
      editor.removeValue(scale);
      editor.putInitializer(scale, wide(narrow(graph, cast).orElseThrow()));
    }
    return model.withGraph(editor.finish().graph());
  }

  private static Optional<Tensor> narrow(Graph graph, Node cast) {
    boolean toFloat = cast.intAttribute("to", 0) == DataType.FLOAT.onnxNumber();
    return cast.operand(0)
        .map(graph.initializers()::get)
        .filter(stored -> toFloat && NARROW.containsKey(stored.dataType()));
  }

  private static Tensor wide(Tensor stored) {
    SmallFloat type = Objects.requireNonNull(NARROW.get(stored.dataType()));
    short[] bits = stored.shorts();
    float[] floats = new float[bits.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) type.value(bits[i] & 0xFFFF);
    }
    return Tensor.of(floats, stored.sizes());
  }
}
