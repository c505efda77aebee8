package dev.octet.cli.forms;

import dev.octet.api.graph.Attribute;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What stands around a form beside its layers; runtimes move operators past one another. */
enum Around {
  /** Nothing else. */
  LAYERS {
    @Override
    Model network(Model layers) {
      return layers;
    }

    @Override
    Tensor input(Tensor x) {
      return x;
    }
  },

  /** What the form reads is added to what it makes, where that fits, else that to itself. */
  ADDED {
    @Override
    Model network(Model layers) {
      Graph typed = ShapeInference.infer(layers, OperatorSet.standard());
      List<Node> nodes = new ArrayList<>();
      for (Node node : layers.graph().nodes()) {
        if (!node.name().equals("form") || !isFloat(typed, node.results().get(0))) {
          nodes.add(node);
          continue;
        }
        String made = node.results().get(0);
        boolean fits = typed.type(made).equals(typed.type("v"));
        nodes.add(node.withResults(List.of("alone")));
        String other = fits ? "v" : "alone";
        nodes.add(Node.of("sum", OpType.onnx("Add"), List.of("alone", other), List.of(made)));
      }
      return layers.withGraph(changed(layers.graph(), layers.graph().inputs(), nodes));
    }

    @Override
    Tensor input(Tensor x) {
      return x;
    }
  },

  /** The network is given channels last, and gives them last, too. */
  CHANNELS_LAST {
    @Override
    Model network(Model layers) {
      TensorType given = layers.graph().inputs().get(0).tensorType().orElseThrow();
      long[] sizes = given.shape().orElseThrow().sizes();
      List<Node> nodes = new ArrayList<>();
      nodes.add(moved("before", "x", "first_x", inverse(toLast(sizes.length))));
      for (Node node : layers.graph().nodes()) {
        nodes.add(node.withOperands(node.operands().stream().map(Around::behind).toList()));
      }
      Optional<Integer> rank = rank(layers);
      if (rank.isPresent()) {
        Node last = nodes.remove(nodes.size() - 1);
        nodes.add(last.withResults(List.of("first_y")));
        nodes.add(moved("behind", "first_y", "y", toLast(rank.get())));
      }
      Shape moved =
          Shape.of(LongStream.of(toLast(sizes.length)).map(i -> sizes[(int) i]).toArray());
      ValueInfo x = ValueInfo.of("x", TensorType.of(DataType.FLOAT, moved));
      return layers.withGraph(changed(layers.graph(), List.of(x), nodes));
    }

    @Override
    Tensor input(Tensor x) {
      long[] perm = toLast(x.sizes().length);
      return Tensor.of(x.floats(), LongStream.of(perm).map(i -> x.sizes()[(int) i]).toArray());
    }
  };

  /** Returns the network with layers alone, put in its place. */
  abstract Model network(Model layers);

  /** Returns the numbers of the network's input in the order in which this one takes them. */
  abstract Tensor input(Tensor x);

  private static String behind(String operand) {
    return operand.equals("x") ? "first_x" : operand;
  }

  private static boolean isFloat(Graph typed, String value) {
    return typed
        .type(value)
        .flatMap(type -> type.tensor())
        .filter(type -> type.dataType() == DataType.FLOAT)
        .isPresent();
  }

  private static Optional<Integer> rank(Model layers) {
    return ShapeInference.infer(layers, OperatorSet.standard())
        .type("y")
        .flatMap(type -> type.tensor())
        .flatMap(TensorType::shape)
        .map(Shape::rank)
        .filter(rank -> rank > 1);
  }

  private static Node moved(String name, String read, String made, long[] perm) {
    List<Long> axes = LongStream.of(perm).boxed().toList();
    return Node.of(
        name, OpType.onnx("Transpose"), List.of(read), List.of(made), Attribute.of("perm", axes));
  }

  private static long[] toLast(int rank) {
    return IntStream.range(0, rank)
        .mapToLong(i -> i == 0 ? 0 : i == rank - 1 ? 1 : i + 1)
        .toArray();
  }

  private static long[] inverse(long[] perm) {
    long[] inverse = new long[perm.length];
    for (int i = 0; i < perm.length; i++) {
      inverse[(int) perm[i]] = i;
    }
    return inverse;
  }

  private static Graph changed(Graph graph, List<ValueInfo> inputs, List<Node> nodes) {
    return new Graph(
        graph.name(),
        inputs,
        graph.outputs(),
        graph.initializers(),
        nodes,
        Map.of(),
        Optional.empty());
  }
}
