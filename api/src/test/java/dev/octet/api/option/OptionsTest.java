package dev.octet.api.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OptionsTest {

  private static final OptionDescriptor FLAG =
      new OptionDescriptor(
          "per-channel",
          OptionDescriptor.Type.BOOLEAN,
          "doc",
          Optional.of("true"),
          List.of(),
          false);
  private static final OptionDescriptor BITS =
      new OptionDescriptor(
          "bits", OptionDescriptor.Type.INTEGER, "doc", Optional.of("8"), List.of(), false);
  private static final OptionDescriptor MODE =
      new OptionDescriptor(
          "mode",
          OptionDescriptor.Type.CHOICE,
          "doc",
          Optional.empty(),
          List.of("static", "dynamic"),
          false);
  private static final OptionDescriptor EXCLUDE =
      new OptionDescriptor(
          "exclude", OptionDescriptor.Type.GLOB, "doc", Optional.empty(), List.of(), true);
  private static final List<OptionDescriptor> ALL = List.of(FLAG, BITS, MODE, EXCLUDE);

  @Test
  void defaultsFillInWhatWasNotGiven() {
    Options resolved = Options.none().resolve("acme", ALL);
    assertTrue(resolved.flag("per-channel"));
    assertEquals(Optional.of("8"), resolved.find("bits"));
    assertEquals(Optional.empty(), resolved.find("mode"));
  }

  @Test
  void valuesMayHoldEqualSigns() {
    assertEquals(
        List.of("a=b", "c"), Options.parse(List.of("exclude=a=b", "exclude=c")).all("exclude"));
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    OctetException error = error("bit", "8");
    assertEquals("OCT-OPT-001", error.id());
    assertEquals(List.of("per-channel", "bits", "mode", "exclude"), error.candidates());
  }

  @Test
  void aValueThatDoesNotFitIsRefused() {
    assertEquals("OCT-OPT-003", error("per-channel", "yes").id());
    assertEquals("OCT-OPT-003", error("bits", "4.5").id());
    assertEquals("OCT-OPT-003", error("mode", "qat").id());
    assertEquals(List.of("static", "dynamic"), error("mode", "qat").candidates());
    assertEquals("OCT-OPT-003", error("exclude", "").id());
  }

  @Test
  void onlyRepeatableOptionsMayBeRepeated() {
    assertEquals("OCT-OPT-004", error("bits", "4", "bits", "8").id());
    assertEquals(
        List.of("a", "b"),
        Options.of("exclude", "a", "exclude", "b").resolve("acme", ALL).all("exclude"));
  }

  @Test
  void aTextWithoutEqualSignIsRefused() {
    OctetException error = assertThrows(OctetException.class, () -> Options.parse(List.of("bits")));
    assertEquals("OCT-OPT-002", error.id());
  }

  private static OctetException error(String... given) {
    return assertThrows(OctetException.class, () -> Options.of(given).resolve("acme", ALL));
  }
}
