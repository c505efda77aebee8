package dev.octet.tck.graphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Tensor;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.tck.integers.IntegerModel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a network shrinks to computes what the network computes up to there. */
class ShorterNetworksTest {

  private static final BackendRuntime CPU =
      QuantizerCatalog.discover(ShorterNetworksTest.class.getClassLoader())
          .provider("cpu")
          .runtime()
          .orElseThrow();

  static List<IntegerModel> networks() {
    return new SmallNetworks(7).all();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theFirstStepsGiveTheSameIntegers(IntegerModel network) {
    Map<String, Tensor> whole = run(network);
    for (int count = 1; count < network.steps().size(); count++) {
      Map<String, Tensor> first = run(network.first(count));
      assertEquals(count, first.size());
      requireSame(whole, first);
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theEndAloneIsTheLastOfTheIntegers(IntegerModel network) {
    Map<String, Tensor> end = run(network.endAlone());
    String last = network.steps().get(network.steps().size() - 1).result();
    assertEquals(Set.of(last), end.keySet());
    requireSame(run(network), end);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theFirstStepsOfAnEndGiveOneResult(IntegerModel network) {
    Map<String, Tensor> whole = run(network);
    for (int count = 1; count < network.steps().size(); count++) {
      Map<String, Tensor> first = run(network.endAlone().first(count));
      assertEquals(Set.of(network.steps().get(count - 1).result()), first.keySet());
      requireSame(whole, first);
    }
  }

  private static void requireSame(Map<String, Tensor> whole, Map<String, Tensor> part) {
    part.forEach(
        (name, tensor) -> assertArrayEquals(whole.get(name).integers(), tensor.integers(), name));
  }

  private static Map<String, Tensor> run(IntegerModel model) {
    try (ExecutableModel loaded = CPU.load(LoadRequest.of(model.model()).build())) {
      return loaded.run(model.inputs());
    }
  }
}
