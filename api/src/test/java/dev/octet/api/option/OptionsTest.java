package dev.octet.api.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

  private static final OptionDescriptor FLAG =
      OptionDescriptor.flag("per-channel", "doc").defaultValue(true);
  private static final OptionDescriptor BITS =
      OptionDescriptor.integer("bits", "doc").range(2, 1_000_000).defaultValue(8);
  private static final OptionDescriptor MODE =
      OptionDescriptor.word("mode", "doc", "static", "dynamic");
  private static final OptionDescriptor EXCLUDE =
      OptionDescriptor.glob("exclude", "doc").repeated();
  private static final OptionDescriptor EPSILON =
      OptionDescriptor.number("eps", "doc").range(0.0, 1.0);
  private static final List<OptionDescriptor> ALL = List.of(FLAG, BITS, MODE, EXCLUDE, EPSILON);

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
    assertEquals(List.of("per-channel", "bits", "mode", "exclude", "eps"), error.candidates());
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
  void readsValuesByTheirTypes() {
    Options options = Options.of("bits", "+16", "eps", "1e-3", "mode", "dynamic");
    Options resolved = options.resolve("acme", ALL);
    assertEquals(16, resolved.integer("bits"));
    assertEquals(0.001, resolved.number("eps"));
    assertEquals("dynamic", resolved.word("mode"));
    assertEquals(
        "option 'mode' is 'dynamic' and not a whole number of 64 bits",
        assertThrows(IllegalStateException.class, () -> resolved.integer("mode")).getMessage());
    assertEquals(
        "option 'mode' is 'dynamic' and not true or false",
        assertThrows(IllegalStateException.class, () -> resolved.flag("mode")).getMessage());
    assertEquals(
        "option 'none' has no value",
        assertThrows(IllegalStateException.class, () -> resolved.word("none")).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e3", "8.0", "0x8", "", " 8", "1", "1000001", "9223372036854775808"})
  void anIntegerIsDigitsWithinItsRange(String value) {
    OctetException error = error("bits", value);
    assertEquals("OCT-OPT-003", error.id());
    assertEquals(
        "value '"
            + value
            + "' does not fit option 'bits', which takes a whole number from 2 to 1000000",
        error.fact());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999", "NaN", "Infinity", "-1e-9", "1.1", "one"})
  void aNumberIsFiniteAndWithinItsRange(String value) {
    assertEquals(
        "value '" + value + "' does not fit option 'eps', which takes a number from 0.0 to 1.0",
        error("eps", value).fact());
  }

  @Test
  void aDescriptorThatContradictsItselfIsRefused() {
    assertRefused(
        "default 'qat' of option 'mode' is not one of static, dynamic",
        () -> MODE.defaultValue("qat"));
    assertRefused(
        "default '1' of option 'bits' is not a whole number from 2 to 1000000",
        () -> BITS.defaultValue(1));
    assertRefused(
        "default '8' of option 'bits' is not a whole number from 2 to 4", () -> BITS.range(2, 4));
    assertRefused(
        "default '0.5' of option 'bits' is not a whole number from 2 to 1000000",
        () -> BITS.defaultValue(0.5));
    assertRefused("option 'mode', one of its choices, has no range 1 to 2", () -> MODE.range(1, 2));
    assertRefused("option 'bits', a whole number, has no range 4 to 2", () -> BITS.range(4, 2));
    assertRefused(
        "the choices [] of option 'mode' are none or not distinct",
        () -> OptionDescriptor.word("mode", "doc"));
    assertRefused(
        "the choices [a, a] of option 'mode' are none or not distinct",
        () -> OptionDescriptor.word("mode", "doc", "a", "a"));
    assertRefused(
        "option name 'Mode' is not of the form [a-z][a-z0-9-]{0,63}",
        () -> OptionDescriptor.text("Mode", "doc"));
    assertRefused(
        "two options are named 'bits'",
        () -> Options.none().resolve("acme", List.of(BITS, FLAG, BITS)));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
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
