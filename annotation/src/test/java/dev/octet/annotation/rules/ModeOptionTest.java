package dev.octet.annotation.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.option.Options;
import dev.octet.api.spec.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModeOptionTest {

  @Test
  void everyChoiceIsAModeWhoseWordItIs() {
    List<String> choices = ModeOption.descriptor().choices();
    assertEquals(List.of("static", "dynamic", "qat"), choices);
    for (String choice : choices) {
      assertEquals(choice, ModeOption.word(ModeOption.of(Options.of("mode", choice))));
    }
    assertEquals(Mode.QUANTIZATION_AWARE, ModeOption.of(Options.of("mode", "qat")));
  }

  @Test
  void theModeIsStaticWhenNothingIsGiven() {
    Options resolved = Options.none().resolve("acme", List.of(ModeOption.descriptor()));
    assertEquals(Mode.STATIC, ModeOption.of(resolved));
  }

  @Test
  void refusesWhatIsNoChoice() {
    assertEquals(
        "option mode is never 'slow'",
        assertThrows(
                IllegalArgumentException.class, () -> ModeOption.of(Options.of("mode", "slow")))
            .getMessage());
    assertEquals(
        "option mode is never WEIGHT_ONLY",
        assertThrows(IllegalArgumentException.class, () -> ModeOption.word(Mode.WEIGHT_ONLY))
            .getMessage());
  }
}
