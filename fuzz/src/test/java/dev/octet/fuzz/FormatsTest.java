package dev.octet.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Seeds are valid, and damage to them reaches what readers check. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormatsTest {

  /** A plan of nothing, which is where a model of integers ends. */
  private static final String NOTHING_QUANTIZED = "OCT-CONV-008";

  /** A check of each kind of file, which a reader with a fault has forgotten. */
  private static final Map<String, String> FORGOTTEN =
      Map.ofEntries(
          Map.entry("operators", "OCT-ONNX-015"),
          Map.entry("networks", "OCT-ONNX-013"),
          Map.entry("onnx", "OCT-ONNX-014"),
          Map.entry("external", "OCT-ONNX-023"),
          Map.entry("description", "OCT-DATA-007"),
          Map.entry("image", "OCT-DATA-016"),
          Map.entry("tokens", "OCT-DATA-027"),
          Map.entry("tokenizer", "OCT-GEN-001"),
          Map.entry("classes", "OCT-DATA-037"),
          Map.entry("labels", "OCT-DATA-028"),
          Map.entry("exclusions", "OCT-TCK-001"),
          Map.entry("verified", "OCT-ONNX-013"),
          Map.entry("array", "OCT-DATA-003"),
          Map.entry("archive", "OCT-DATA-042"),
          Map.entry("testdata", "OCT-ONNX-027"),
          Map.entry("recipe", "OCT-REC-002"),
          Map.entry("plan", "OCT-PLAN-008"),
          Map.entry("calibration", "OCT-CAL-023"),
          Map.entry("metadata", "OCT-TREE-004"),
          Map.entry("jar", "OCT-REG-001"));

  private static final long SEED = 1;
  private static final long MOST_INPUTS = 2000;

  private Scratch scratch;
  private List<Format> formats;

  @BeforeAll
  void open() throws Exception {
    scratch = Scratch.open();
    formats = new Formats(scratch).all();
  }

  @AfterAll
  void close() throws Exception {
    scratch.close();
  }

  @TestFactory
  Stream<DynamicTest> atLeastNineOfTenSeedsAreReadToTheEnd() {
    return formats.stream()
        .map(format -> DynamicTest.dynamicTest(format.name(), () -> requireValid(format)));
  }

  private static void requireValid(Format format) {
    Set<String> refused = new TreeSet<>();
    for (int i = 0; i < format.seeds().size(); i++) {
      String result = result(format, i);
      if (!result.equals("read") && !result.startsWith(NOTHING_QUANTIZED)) {
        refused.add(i + ": " + result);
      }
    }
    assertTrue(refused.size() * 10 <= format.seeds().size(), refused.toString());
  }

  private static String result(Format format, long index) {
    try {
      format.target().read(format.input(SEED, index));
      return "read";
    } catch (Exception e) {
      return e instanceof OctetException error ? error.id() + " " + error.fact() : e.toString();
    }
  }

  @Test
  void everyFormatHasAForgottenCheck() {
    Set<String> names = new TreeSet<>();
    formats.forEach(format -> names.add(format.name()));
    assertEquals(new TreeSet<>(FORGOTTEN.keySet()), names);
  }

  /** In each kind of file a fault behind a branch that only damaged files take. */
  @TestFactory
  Stream<DynamicTest> aForgottenCheckIsFoundAndMadeAgainFromItsIndex() {
    return formats.stream()
        .map(format -> DynamicTest.dynamicTest(format.name(), () -> requireFound(format)));
  }

  private static void requireFound(Format format) throws InterruptedException {
    Format faulty = format.readBy(forgetting(format.target(), FORGOTTEN.get(format.name())));
    try (Lane lane = new Lane(Duration.ofSeconds(30))) {
      long end = format.seeds().size() + MOST_INPUTS;
      Slice slice =
          new Slice(
              faulty.target(),
              index -> faulty.input(SEED, index),
              format.seeds().size(),
              end,
              Duration.ofMinutes(1).toNanos());
      lane.run(slice);
      Fault fault = slice.fault().orElseThrow(() -> new AssertionError(slice.reached().toString()));
      byte[] input = faulty.input(SEED, slice.next() - 1);
      assertArrayEquals(input, format.input(SEED, slice.next() - 1));
      Minimiser minimiser = new Minimiser(lane, Duration.ofMillis(200));
      byte[] smallest = minimiser.smallest(faulty, input, fault);
      assertTrue(smallest.length <= input.length);
      assertTrue(minimiser.shows(faulty.target(), smallest, fault));
    }
  }

  /** Returns a reader that trips over what another refuses with an id, and has no other fault. */
  private static Target forgetting(Target target, String id) {
    return input -> {
      try {
        target.read(input);
      } catch (Exception | Error e) {
        if (e instanceof OctetException error && error.id().equals(id)) {
          throw new IllegalStateException("nobody thought of that", e);
        }
      }
    };
  }
}
