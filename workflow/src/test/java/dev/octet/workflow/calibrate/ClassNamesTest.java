package dev.octet.workflow.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of classes in a calibration: beside its content, and kept where parts agree. */
class ClassNamesTest {

  private static final List<String> NAMES = List.of("cat", "\u00e9cureuil", "a \"b\"");

  private static Calibration on(long samples, List<String> names) {
    return new Calibration("model", SeenSamples.unknown(samples), List.of()).withClassNames(names);
  }

  @Test
  void namesAreReadAsTheyWereWrittenAndAreNoContent() throws IOException {
    Calibration named = on(3, NAMES);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    named.write(file);
    Calibration read =
        Calibration.read(
            new ByteArrayInputStream(file.toByteArray()), "a store", Observers.standard());
    assertEquals(NAMES, read.classNames());
    assertEquals(named, read);
    assertNotEquals(named, on(3, List.of()));
    assertEquals(on(3, List.of()).contentHash(), named.contentHash());
  }

  @Test
  void aSumKeepsNamesThatItsPartsAgreeOn() {
    assertEquals(NAMES, Calibration.merge(List.of(on(1, NAMES), on(2, NAMES))).classNames());
    for (List<String> other : List.of(List.<String>of(), List.of("cat"))) {
      assertEquals(List.of(), Calibration.merge(List.of(on(1, NAMES), on(2, other))).classNames());
    }
  }
}
