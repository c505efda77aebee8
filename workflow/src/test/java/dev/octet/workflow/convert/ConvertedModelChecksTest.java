package dev.octet.workflow.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.Quantizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ConvertedModelChecksTest {

  private static final Model MODEL =
      Model.of(
          new Graph("g", List.of(), List.of(), Map.of(), List.of(), Map.of(), Optional.empty()),
          13);

  private final List<Model> seen = new ArrayList<>();

  @Test
  void theBackendThatPlannedSpeaksFirstAndThenThoseThatRunItsFilesInItsOrder() {
    Backend planner =
        new Backend("planner", List.of("one", "planner", "missing", "two"), warning("a"));
    QuantizerCatalog catalog =
        QuantizerCatalog.of(
            List.of(
                new Backend("two", List.of("other"), warning("c")),
                new Backend("other", List.of(), warning("d")),
                planner,
                new Backend("one", List.of(), warning("b"))));
    List<Finding> findings = ConvertedModelChecks.of(MODEL, planner, catalog);
    Finding missing = findings.get(2);
    assertEquals("OCT-CONV-105", missing.id());
    assertTrue(missing.message().contains("'missing' runs its files, too"), missing.message());
    assertEquals(
        List.of("a", "b", missing.message(), "c"),
        findings.stream().map(Finding::message).toList());
    assertEquals(List.of(MODEL, MODEL, MODEL), seen);
  }

  @Test
  void aBackendThatIsNotInTheCatalogueChecksItsOwnModels() {
    Backend planner = new Backend("planner", List.of(), warning("a"));
    assertEquals(1, ConvertedModelChecks.of(MODEL, planner, QuantizerCatalog.of(List.of())).size());
  }

  @Test
  void aBackendThatFailsIsNamed() {
    Backend broken =
        new Backend(
            "broken",
            List.of(),
            model -> {
              throw new IllegalStateException("no luck");
            });
    Backend planner = new Backend("planner", List.of("broken"), warning("a"));
    OctetException error =
        assertThrows(
            OctetException.class,
            () -> ConvertedModelChecks.of(MODEL, planner, QuantizerCatalog.of(List.of(broken))));
    assertEquals("OCT-REG-006", error.id());
    assertEquals(
        "backend 'broken' failed in checkConverted: java.lang.IllegalStateException: no luck",
        error.fact());
  }

  @Test
  void aBackendThatListsNoNamesIsNamed() {
    Backend broken =
        new Backend("broken", List.of(), warning("a")) {
          @Override
          public List<String> alsoRunBy() {
            throw new NoClassDefFoundError("Gone");
          }
        };
    OctetException error =
        assertThrows(
            OctetException.class,
            () -> ConvertedModelChecks.of(MODEL, broken, QuantizerCatalog.of(List.of())));
    assertEquals("OCT-REG-006", error.id());
    assertEquals(NoClassDefFoundError.class, error.getCause().getClass());
  }

  @Test
  void anErrorOfTheBackendStaysAsItIs() {
    OctetException refusal =
        ErrorId.backend("ACME-CHIP-001", "The model is too large.", "Cut it.")
            .error("the model is too large")
            .build();
    Backend planner =
        new Backend(
            "planner",
            List.of(),
            model -> {
              throw refusal;
            });
    assertSame(
        refusal,
        assertThrows(
            OctetException.class,
            () -> ConvertedModelChecks.of(MODEL, planner, QuantizerCatalog.of(List.of()))));
  }

  private static Function<Model, List<Finding>> warning(String text) {
    return model ->
        List.of(new Finding(Finding.Severity.WARNING, "ACME-CHIP-002", text, Optional.empty()));
  }

  private class Backend implements QuantizerProvider {

    private final String name;
    private final List<String> others;
    private final Function<Model, List<Finding>> check;

    Backend(String name, List<String> others, Function<Model, List<Finding>> check) {
      this.name = name;
      this.others = others;
      this.check = check;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String description() {
      return "a backend that checks";
    }

    @Override
    public List<Capability> capabilities(Options options) {
      return List.of();
    }

    @Override
    public Quantizer create(Options options) {
      throw new AssertionError("a check plans nothing");
    }

    @Override
    public List<String> alsoRunBy() {
      return others;
    }

    @Override
    public List<Finding> checkConverted(Model converted) {
      seen.add(converted);
      return check.apply(converted);
    }
  }
}
