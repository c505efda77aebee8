package dev.octet.cli.forms;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.infer.ShapeInference;
import dev.octet.kernels.operators.OperatorSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a form stands: behind a layer that makes {@code v} of the input {@code x}, and before
 * another one where what it makes fits, since runtimes reorder and fuse between layers. No two axes
 * of an image have one size.
 */
enum Place {
  ROWS("MatMul", 3, 8),
  BLOCK("MatMul", 2, 3, 8),
  LINE("Conv", 2, 3, 9),
  IMAGE("Conv", 1, 3, 7, 6),
  VOLUME("Conv", 1, 3, 5, 4, 6);

  /** How many channels the first layer makes. */
  private static final long CHANNELS = 4;

  private static final long COLUMNS = 8;

  /** Its multiples fill the interval from 0 to 1 evenly. */
  private static final double GOLDEN = 0.6180339887498949;

  private final String layer;
  private final long[] sizes;

  Place(String layer, long... sizes) {
    this.layer = layer;
    this.sizes = sizes;
  }

  /** Returns the input of a run. */
  Map<String, Tensor> input() {
    return Map.of("x", numbers(11, sizes));
  }

  /** Returns the network of a form on an operator set. */
  Model network(OperatorForm form, long opset) {
    Map<String, Tensor> constants = new LinkedHashMap<>(form.constants());
    List<Node> nodes = new ArrayList<>();
    nodes.add(layer("first", "x", "v", sizes[1], constants));
    if (form.node().operands().contains("t")) {
      nodes.add(layer("second", "x", "t", sizes[1], constants));
    }
    nodes.add(form.node());
    Graph open = graph(nodes, constants, "u");
    Graph typed = ShapeInference.infer(model(open, form, opset), OperatorSet.standard());
    if (!fits(typed)) {
      return model(open, form, opset);
    }
    nodes.add(layer("last", "u", "y", CHANNELS, constants));
    return model(graph(nodes, constants, "y"), form, opset);
  }

  private static Model model(Graph graph, OperatorForm form, long opset) {
    String domain = form.node().op().domain();
    Model model = Model.of(graph, opset);
    return domain.isEmpty() ? model : model.withOpset(domain, 1);
  }

  private boolean fits(Graph typed) {
    Optional<Shape> made =
        typed.type("y").flatMap(type -> type.tensor()).flatMap(TensorType::shape);
    int channels = layer.equals("Conv") ? 1 : sizes.length - 1;
    long wanted = layer.equals("Conv") ? CHANNELS : COLUMNS;
    return made.filter(shape -> shape.rank() == sizes.length)
        .filter(shape -> shape.dimensions().get(channels).known().orElse(-1) == wanted)
        .isPresent();
  }

  private Node layer(
      String name, String read, String made, long channels, Map<String, Tensor> constants) {
    String weight = name + "_weight";
    if (layer.equals("MatMul")) {
      constants.put(weight, numbers(name.length(), COLUMNS, COLUMNS));
    } else {
      long[] kernel = new long[sizes.length];
      Arrays.fill(kernel, 1);
      kernel[0] = CHANNELS;
      kernel[1] = channels;
      constants.put(weight, numbers(name.length(), kernel));
    }
    return Node.of(name, OpType.onnx(layer), List.of(read, weight), List.of(made));
  }

  private Graph graph(List<Node> nodes, Map<String, Tensor> constants, String output) {
    List<Node> named = new ArrayList<>(nodes);
    Node last = named.get(named.size() - 1);
    named.set(named.size() - 1, last.withResults(List.of("y")));
    return new Graph(
        name(),
        List.of(ValueInfo.of("x", TensorType.of(DataType.FLOAT, Shape.of(sizes)))),
        List.of(ValueInfo.of("y", new TensorType(DataType.FLOAT, Optional.empty()))),
        constants,
        named,
        Map.of(),
        Optional.empty());
  }

  /** Returns numbers between -2 and 2 that are spread evenly; sums of them are seldom ties. */
  static Tensor numbers(int seed, long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) ((i * GOLDEN + seed * 0.37) % 1 * 4 - 2);
    }
    return Tensor.of(numbers, sizes);
  }
}
