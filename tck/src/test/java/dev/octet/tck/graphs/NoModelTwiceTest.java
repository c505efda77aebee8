package dev.octet.tck.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.OpType;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.tck.integers.IntegerModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What cases are made of is not composed twice under two names. */
class NoModelTwiceTest {

  private static final long SEED = 7;

  static List<String> backends() {
    return QuantizerCatalog.discover(NoModelTwiceTest.class.getClassLoader()).names();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void compositionsOfACapabilityDifferInMoreThanTheirNames(String backend) {
    List<Capability> capabilities =
        QuantizerCatalog.discover(NoModelTwiceTest.class.getClassLoader())
            .provider(backend)
            .capabilities(Options.none());
    Composer composer = new Composer(capabilities, Breadth.WHOLE, SEED);
    for (int i = 0; i < capabilities.size(); i++) {
      requireDifferent(composer.compositions(i));
    }
    requireDifferent(composer.undeclared());
  }

  private static void requireDifferent(List<Composition> compositions) {
    Map<String, List<String>> namesByContent = new TreeMap<>();
    for (Composition made : compositions) {
      String content = GraphContent.of(made);
      namesByContent.computeIfAbsent(content, c -> new ArrayList<>()).add(made.name());
    }
    requireOneName(namesByContent);
  }

  @Test
  void integerModelsDifferInMoreThanTheirNames() {
    IntegerComposer composer = new IntegerComposer(SEED);
    Map<String, List<String>> namesByContent = new TreeMap<>();
    for (OpType op : IntegerComposer.operators().stream().sorted().map(OpType::onnx).toList()) {
      for (Types types : IntegerComposer.types(op)) {
        List<IntegerModel> models = new ArrayList<>(composer.everyForm(op, types, Numbers.RANDOM));
        models.addAll(composer.wide(op, types, Numbers.RANDOM));
        models.addAll(composer.vectors(op, types));
        models.addAll(composer.scalars(op, types));
        for (IntegerModel model : models) {
          namesByContent
              .computeIfAbsent(GraphContent.of(model.model().graph()), c -> new ArrayList<>())
              .add(model.name());
        }
      }
    }
    assertTrue(namesByContent.size() > 500, namesByContent.size() + " models");
    requireOneName(namesByContent);
  }

  private static void requireOneName(Map<String, List<String>> namesByContent) {
    assertEquals(
        List.of(), namesByContent.values().stream().filter(names -> names.size() > 1).toList());
  }
}
