package dev.octet.workflow.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementTest {

  private static final Map<String, RowMeasure> OUTPUTS =
      Map.of("boxes", RowMeasure.COSINE, "scores", RowMeasure.AGREEMENT, "map", RowMeasure.NONE);

  @Test
  void namesAFigureALimitAndPerhapsAnOutput() {
    Requirement drop = Requirement.parse("top1-drop<=0.01");
    assertEquals(Figure.TOP1_DROP, drop.figure());
    assertEquals(Optional.empty(), drop.output());
    assertFalse(drop.atLeast());
    assertEquals(0.01, drop.limit());
    Requirement odd = Requirement.parse(" sqnr:a:b>=c >= -2.5e1 ");
    assertEquals(Figure.SQNR, odd.figure());
    assertEquals(Optional.of("a:b>=c"), odd.output());
    assertTrue(odd.atLeast());
    assertEquals(-25, odd.limit());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "sqnr", "sqnr>20", "sqnr>=", "sqnr>=20dB", "sqnr>=NaN", ">=20", "sqnr:>=20"})
  void refusesWhatIsNoRequirement(String text) {
    OctetException e = assertThrows(OctetException.class, () -> Requirement.parse(text));
    assertEquals("OCT-CLI-031", e.id());
    assertEquals("'" + text + "' is no figure, operator and number", e.fact());
    assertEquals(Figure.words(), e.candidates());
  }

  @Test
  void namesTheFigureThatWasMeant() {
    OctetException e =
        assertThrows(OctetException.class, () -> Requirement.parse("top1-dorp<=0.01"));
    assertEquals("OCT-CLI-031", e.id());
    assertEquals("there is no figure 'top1-dorp'", e.fact());
    assertEquals("top1-drop", e.candidates().get(0));
    OctetException whole =
        assertThrows(OctetException.class, () -> Requirement.parse("top1:scores>=0.9"));
    assertEquals("outputs have no 'top1' of their own", whole.fact());
  }

  @Test
  void holdsUpToItsLimitAndForNoFigureThatIsNoNumber() {
    assertTrue(holds("top1>=0.9", 0.9));
    assertFalse(holds("top1>=0.9", Math.nextDown(0.9)));
    assertTrue(holds("top1-drop<=0", 0.0));
    assertTrue(holds("top1-drop<=0", -0.5));
    assertTrue(holds("sqnr>=200", Double.POSITIVE_INFINITY));
    assertFalse(holds("sqnr<=20", Double.POSITIVE_INFINITY));
    assertFalse(holds("sqnr<=20", Double.NEGATIVE_INFINITY));
    assertFalse(holds("sqnr<=20", Double.NaN));
    assertFalse(holds("largest-error>=1", Double.POSITIVE_INFINITY));
  }

  private static boolean holds(String text, double value) {
    return new Requirement.Result(Requirement.parse(text), Optional.empty(), value).holds();
  }

  @Test
  void asksForWhatItIsCountedFrom() {
    Figure.Given alone = new Figure.Given(false, false, false, OUTPUTS);
    assertUntold("'top1>=1' needs labels, and the data has none", "top1>=1", alone);
    assertUntold("'nll<=1' needs tokens, and the data is none", "nll<=1", alone);
    assertUntold(
        "'sqnr>=1' needs a reference and an output of numbers, and there is none such",
        "sqnr>=1",
        alone);
    for (String text : List.of("top1-drop<=1", "nll-rise<=1", "agreement>=1", "cosine>=1")) {
      assertEquals("OCT-CLI-032", refused(text, alone).id(), text);
    }
    Figure.Given labelled = new Figure.Given(true, false, true, OUTPUTS);
    for (String text :
        List.of("top1>=1", "top1-drop<=1", "agreement>=1", "cosine:boxes>=1", "sqnr:map>=1")) {
      Requirement.parse(text).requireTold(labelled);
    }
    Map<String, RowMeasure> whole = Map.of("indices", RowMeasure.EQUALITY);
    Figure.Given indices = new Figure.Given(false, false, true, whole);
    Requirement.parse("equal-elements>=1").requireTold(indices);
    assertEquals("OCT-CLI-032", refused("sqnr>=1", indices).id());
    assertEquals("OCT-CLI-032", refused("equal-elements>=1", labelled).id());
    OctetException e = refused("cosine:scores>=1", labelled);
    assertEquals("OCT-CLI-032", e.id());
    assertEquals(List.of("boxes"), e.candidates());
    assertEquals("OCT-CLI-032", refused("sqnr:nothing>=1", labelled).id());
  }

  private static void assertUntold(String fact, String text, Figure.Given given) {
    OctetException e = refused(text, given);
    assertEquals("OCT-CLI-032", e.id());
    assertEquals(fact, e.fact());
  }

  private static OctetException refused(String text, Figure.Given given) {
    return assertThrows(OctetException.class, () -> Requirement.parse(text).requireTold(given));
  }
}
