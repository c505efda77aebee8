package dev.octet.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Availability;
import dev.octet.api.provider.QuantizerCatalog;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuProviderTest {

  @Test
  void theProviderIsFoundByItsName() {
    QuantizerCatalog catalog = QuantizerCatalog.discover(CpuProvider.class.getClassLoader());
    assertEquals(
        "cpu",
        catalog.provider("cpu").ask(CpuProvider.class, "name", CpuProvider::name).orElseThrow());
  }

  @Test
  void itsRuntimeIsThereOnEveryMachine() {
    CpuProvider provider = new CpuProvider();
    assertInstanceOf(Availability.Available.class, provider.availability());
    assertTrue(provider.runtime().isPresent());
  }

  @Test
  void everyCapabilityHasInt8ActivationsAndWeightsWithoutTheirLowestValue() {
    List<dev.octet.api.provider.Capability> capabilities =
        new CpuProvider().capabilities(Options.none());
    assertTrue(capabilities.size() > 20, capabilities.size() + " capabilities");
    capabilities.forEach(
        c -> {
          assertEquals("int8", c.activation().orElseThrow().toString());
          c.weight().ifPresent(w -> assertEquals("int8[-127..127]", w.toString()));
        });
  }

  @Test
  void anUnknownObserverIsRefusedWithTheKnownOnes() {
    OctetException error =
        assertThrows(
            OctetException.class,
            () -> new CpuProvider().create(Options.of("observer", "average")));
    assertEquals("OCT-OPT-003", error.id());
    assertEquals(List.of("min-max", "percentile", "entropy", "squared-error"), error.candidates());
  }
}
