package dev.octet.workflow.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.run.NamedRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  private static final NamedRuntime CPU = NamedRuntime.of("cpu", new ReferenceRuntime());
  private static final float[] SAMPLES = {1, 0, 0, 2, 3, 1, 1, 4, 2, 0};
  private static final int[] LABELS = {0, 1, 1, 1, 0};

  /** Multiplies by a matrix of two rows. */
  private static Model model(float... matrix) {
    return new Models()
        .samples("x", 2)
        .constant("w", Tensor.of(matrix, 2, 2))
        .node("product", "MatMul", List.of("x", "w"), "y")
        .output("y", 2)
        .model(13);
  }

  private static Model identity() {
    return model(1, 0, 0, 1);
  }

  private static DataSource stored() {
    return DataSource.of(identity().graph(), Map.of("x", Tensor.of(SAMPLES, 5, 2)))
        .labelled(LABELS);
  }

  /** Sets of one, three and one samples, which only the calling thread may read. */
  private static SampleStream stream(int... labels) {
    Thread caller = Thread.currentThread();
    int[] bounds = {0, 1, 4, 5};
    Iterator<Map<String, Tensor>> sets =
        IntStream.range(0, 3)
            .peek(i -> assertSame(caller, Thread.currentThread()))
            .mapToObj(
                i ->
                    Map.of(
                        "x",
                        Tensor.of(
                            Arrays.copyOfRange(SAMPLES, 2 * bounds[i], 2 * bounds[i + 1]),
                            bounds[i + 1] - bounds[i],
                            2)))
            .iterator();
    return DataSource.of(sets).labelled(Arrays.stream(labels).iterator());
  }

  @Test
  void countsWhatIsRight() {
    Evaluation evaluation = Evaluation.of(CPU, identity(), stored(), Execution.threads(2));
    assertEquals(5, evaluation.samples());
    assertEquals(OptionalDouble.of(0.8), evaluation.top1());
    assertEquals(OptionalDouble.empty(), evaluation.sqnrDb());
  }

  @Test
  void aStreamIsEvaluatedInOnePassAsStoredSamplesAre() {
    Model swapped = model(0, 1, 1, 0.5f);
    Evaluation stored = Evaluation.of(CPU, swapped, identity(), stored(), Execution.threads(2));
    List<Integer> done = new ArrayList<>();
    Execution execution = Execution.threads(2).progress((now, all) -> done.add(now));
    Evaluation streamed = Evaluation.of(CPU, swapped, identity(), stream(LABELS), execution);
    assertEquals(stored.report().text(), streamed.report().text());
    assertEquals(OptionalDouble.of(0.2), streamed.top1());
    assertEquals(OptionalDouble.of(0.8), streamed.referenceTop1());
    assertEquals(List.of(1, 4, 5), done);
    Evaluation alone = Evaluation.of(CPU, identity(), stream(LABELS), Execution.standard());
    assertEquals(OptionalDouble.of(0.8), alone.top1());
    assertEquals(OptionalDouble.empty(), alone.referenceTop1());
  }

  @Test
  void aStreamServesOneEvaluation() {
    SampleStream stream = stream(LABELS);
    Evaluation.of(CPU, identity(), stream, Execution.standard());
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> Evaluation.of(CPU, identity(), stream, Execution.standard()));
    assertEquals("OCT-DATA-033", e.id());
    assertEquals("the samples are read for a second time", e.fact());
  }

  @Test
  void labelsThatAreNoClassesAreRefusedWithTheirSample() {
    DataSource wrong = stored().labelled(0, 1, 1, 1, 2);
    for (OctetException e :
        List.of(
            assertThrows(
                OctetException.class,
                () -> Evaluation.of(CPU, identity(), wrong, Execution.standard())),
            assertThrows(
                OctetException.class,
                () ->
                    Evaluation.of(CPU, identity(), stream(0, 1, 1, 1, 2), Execution.standard())))) {
      assertEquals("OCT-CLI-011", e.id());
      assertEquals("label 2 of sample 4 is none of the model's 2 classes", e.fact());
    }
  }

  @Test
  void aRunHandsOutTheOutputsOfAStream() {
    List<String> heard = new ArrayList<>();
    CPU.run(
        identity(),
        stream(LABELS),
        Execution.threads(1),
        (from, count, inputs, outputs) -> {
          assertEquals(inputs.get("x"), outputs.get("y"));
          heard.add(from + "+" + count);
        });
    assertEquals(List.of("0+1", "1+3", "4+1"), heard);
  }
}
