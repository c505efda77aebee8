package dev.octet.kernels.recurrent;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.Operator;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.real.RealTypes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** Defines the recurrent layers. */
public final class RecurrentOperators {

  private static final int RNN_GATES = 1;
  private static final int GRU_GATES = 3;
  private static final int LSTM_GATES = 4;

  private static final Attribute.Value.Cases<List<String>> NAMES =
      new Attribute.Value.Cases<>(
          integer -> List.of(),
          number -> List.of(),
          string -> List.of(),
          integers -> List.of(),
          numbers -> List.of(),
          strings -> strings.values(),
          tensor -> List.of(),
          graph -> List.of(),
          graphs -> List.of(),
          opaque -> List.of());

  private RecurrentOperators() {}

  /** Returns the definitions. */
  public static List<OperatorDefinition> definitions() {
    return List.of(
        OperatorDefinition.of(
            "RNN", RecurrentShape.of(RNN_GATES, 1), operator(RecurrentOperators::rnn)),
        OperatorDefinition.of(
            "GRU", RecurrentShape.of(GRU_GATES, 1), operator(RecurrentOperators::gru)),
        OperatorDefinition.of(
            "LSTM", RecurrentShape.of(LSTM_GATES, 2), operator(RecurrentOperators::lstm)));
  }

  private static Operator operator(Function<Preparation, RealKernel.Body> body) {
    return RealTypes.indices(RealTypes.reals(RealTypes.operator(body), 0, 1, 2, 3, 5, 6, 7), 4);
  }

  private static RealKernel.Body rnn(Preparation preparation) {
    List<Activation> functions = activations(preparation.node(), "Tanh");
    return RecurrentLayer.of(
        preparation,
        (operands, d) -> new RnnCell(gates(preparation, operands, RNN_GATES, d), functions.get(d)));
  }

  private static RealKernel.Body gru(Preparation preparation) {
    List<Activation> functions = activations(preparation.node(), "Sigmoid", "Tanh");
    boolean linearFirst = preparation.node().intAttribute("linear_before_reset", 0) != 0;
    return RecurrentLayer.of(
        preparation,
        (operands, d) ->
            new GruCell(
                gates(preparation, operands, GRU_GATES, d),
                functions.get(2 * d),
                functions.get(2 * d + 1),
                linearFirst));
  }

  private static RealKernel.Body lstm(Preparation preparation) {
    List<Activation> functions = activations(preparation.node(), "Sigmoid", "Tanh", "Tanh");
    boolean coupled = preparation.node().intAttribute("input_forget", 0) != 0;
    ArrayType r = preparation.operand(2);
    int peepholes = 3 * r.size(0) * r.size(2);
    return RecurrentLayer.of(
        preparation,
        (operands, d) ->
            new LstmCell(
                gates(preparation, operands, LSTM_GATES, d),
                functions.get(3 * d),
                functions.get(3 * d + 1),
                functions.get(3 * d + 2),
                coupled,
                new LstmCell.Peepholes(operands.reals(7, peepholes, 0), d, r.size(2))));
  }

  private static Gates gates(
      Preparation preparation, RealOperands operands, int gates, int direction) {
    ArrayType w = preparation.operand(1);
    ArrayType r = preparation.operand(2);
    return new Gates(
        r.size(2),
        w.size(2),
        new Gates.Row(operands.reals(1)),
        new Gates.Row(operands.reals(2)),
        new Gates.Row(operands.reals(3, 2 * r.size(0) * r.size(1), 0)),
        gates,
        direction);
  }

  /** The functions of all directions, those of the first one before those of the second. */
  private static List<Activation> activations(Node node, String... defaults) {
    int directions = RecurrentShape.directions(node.stringAttribute("direction", "forward"));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < directions; i++) {
      names.addAll(List.of(defaults));
    }
    List<String> stated = strings(node);
    if (!stated.isEmpty()) {
      names = Activation.checked(stated, names.size());
    }
    Iterator<Float> alphas = node.floatsAttribute("activation_alpha").orElse(List.of()).iterator();
    Iterator<Float> betas = node.floatsAttribute("activation_beta").orElse(List.of()).iterator();
    double clip = node.floatAttribute("clip", Float.POSITIVE_INFINITY);
    return names.stream().map(name -> Activation.of(name, alphas, betas, clip)).toList();
  }

  private static List<String> strings(Node node) {
    Attribute stated = node.attributes().get("activations");
    return stated == null ? List.of() : stated.value().match(NAMES);
  }
}
