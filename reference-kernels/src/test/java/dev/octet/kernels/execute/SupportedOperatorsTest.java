package dev.octet.kernels.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.format.FormatOrigin;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SupportedOperatorsTest {

  private static final OpType OWN = new OpType("my", "Again");
  private static final OpType UNKNOWN = new OpType("my", "Other");

  /** A model that was read from a file with a function of its own. */
  private record WithFunction() implements FormatOrigin {
    @Override
    public ModelFormat format() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<OpType, String> functions() {
      return Map.of(OWN, "function 'my.Again' calls itself");
    }
  }

  @Test
  void namesACallOfAFunctionOfTheModelAsThat() {
    Graph graph =
        new Graph(
            "g",
            List.of(),
            List.of(),
            Map.of(),
            List.of(
                Node.of("own", OWN, List.of(), List.of("a")),
                Node.of("other", UNKNOWN, List.of(), List.of("b"))),
            Map.of(),
            Optional.empty());
    Model model =
        new Model(
            graph,
            new TreeMap<>(Map.of("", 17L, "my", 1L)),
            Map.of(),
            Optional.of(new WithFunction()));
    assertEquals(
        Map.of(
            "own",
            "it is a function of the model, whose nodes are not run: function 'my.Again' calls"
                + " itself",
            "other",
            "there is no kernel for the operator"),
        SupportedOperators.refusals(model));
  }
}
