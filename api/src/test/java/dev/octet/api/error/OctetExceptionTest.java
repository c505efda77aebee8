package dev.octet.api.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OctetExceptionTest {

  @Test
  void theMessageSaysWhatWhereWhichAndWhatNext() {
    OctetException error =
        ErrorId.input("ACME-DATA-001", "There is no such input.", "Give another.")
            .error("input 'a' is not an input of the model")
            .at("x.yaml:3:5")
            .candidates(List.of("b", "c"))
            .next("Correct the name.");
    assertEquals(
        "ACME-DATA-001: input 'a' is not an input of the model (at x.yaml:3:5). Candidates: b, c."
            + " Correct the name.",
        error.getMessage());
    assertEquals(3, error.kind().exitCode());
  }

  @Test
  void theNextStepIsThatOfTheIdWhereNoneIsGiven() {
    ErrorId id = ErrorId.backend("ACME-CHIP-001", "The model is too large.", "Cut it.");
    OctetException error = id.error("the model has 9 bytes").build();
    assertEquals("ACME-CHIP-001", error.id());
    assertEquals(ErrorKind.BACKEND, error.kind());
    assertEquals("ACME-CHIP-001: the model has 9 bytes. Cut it.", error.getMessage());
    assertEquals("Buy more.", id.error("the model has 9 bytes").next("Buy more.").nextStep());
  }

  @Test
  void anErrorInAFileKeepsItsPartsAndBecomesOneOfTheInput() {
    OctetException error =
        ErrorId.usage("ACME-CHIP-002", "There is no such mode.", "Choose one.")
            .error("there is no mode 'fast'")
            .candidates(List.of("slow"))
            .build();
    OctetException elsewhere = error.at("node 'a'");
    assertEquals(ErrorKind.USAGE, elsewhere.kind());
    assertEquals(
        "ACME-CHIP-002: there is no mode 'fast' (at node 'a'). Candidates: slow. Choose one.",
        elsewhere.getMessage());
    OctetException inFile = elsewhere.inFile("x.yaml:3:5");
    assertEquals(ErrorKind.INPUT, inFile.kind());
    assertEquals("x.yaml:3:5", inFile.place().orElseThrow());
    assertEquals(error.fact(), inFile.fact());
    assertEquals(elsewhere, inFile.getCause());
    assertEquals(ErrorKind.INPUT, inFile.at("x.yaml").kind());
  }

  @Test
  void theShortestAndTheLongestIdAreTaken() {
    assertEquals("AB-000", ErrorId.requireForm("AB-000"));
    assertEquals("AB-CD-000", ErrorId.requireForm("AB-CD-000"));
    assertEquals("ABCDEFG8-ABCDEF-999", ErrorId.requireForm("ABCDEFG8-ABCDEF-999"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "R-001",
        "A-REG-001",
        "8A-REG-001",
        "ABCDEFGH9-REG-001",
        "OCT-R-001",
        "OCT-REGISTR-001",
        "OCT-R1-001",
        "OCT-REG-01",
        "OCT-REG-0001",
        "oct-REG-001",
        " OCT-REG-001",
        "OCT-REG-001\n"
      })
  void aMalformedIdIsRefused(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ErrorId.usage(text, "Wrong.", "Mend."));
    assertEquals("id '" + text + "' is not <OWNER>-<nnn> or <OWNER>-<AREA>-<nnn>", e.getMessage());
  }

  @Test
  void theNearestNamesComeFirst() {
    assertEquals(
        List.of("conv1", "conv2"), NearMisses.of("conv11", List.of("gemm", "conv2", "conv1"), 2));
    assertEquals(List.of(), NearMisses.of("x", List.of(), 3));
  }

  @Test
  void withoutALimitFiveNamesAreShown() {
    List<String> known = List.of("f", "e", "d", "c", "b", "a");
    assertEquals(List.of("a", "b", "c", "d", "e"), NearMisses.of("x", known));
  }
}
