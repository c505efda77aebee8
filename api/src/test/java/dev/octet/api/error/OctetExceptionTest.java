package dev.octet.api.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class OctetExceptionTest {

  @Test
  void theMessageSaysWhatWhereWhichAndWhatNext() {
    OctetException error =
        OctetException.input("OCT-DATA-001", "input 'a' is not an input of the model")
            .at("x.yaml:3:5")
            .candidates(List.of("b", "c"))
            .next("Correct the name.");
    assertEquals(
        "OCT-DATA-001: input 'a' is not an input of the model (at x.yaml:3:5). Candidates: b, c. Correct the name.",
        error.getMessage());
    assertEquals(3, error.kind().exitCode());
  }

  @Test
  void aMalformedIdIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> OctetException.usage("REG-1", "fact"));
  }

  @Test
  void theNearestNamesComeFirst() {
    assertEquals(
        List.of("conv1", "conv2"), NearMisses.of("conv11", List.of("gemm", "conv2", "conv1"), 2));
    assertEquals(List.of(), NearMisses.of("x", List.of(), 3));
  }
}
