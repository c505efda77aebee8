package dev.octet.workflow.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.execute.ReferenceRuntime;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.run.NamedRuntime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutputFiguresTest {

  private static final NamedRuntime CPU = NamedRuntime.of("cpu", new ReferenceRuntime());

  /** Hands on the samples as 'same', and multiplied as 'scaled'. */
  private static Model twoOutputs(float factor) {
    return new Models()
        .samples("x", 2)
        .vector("f", factor)
        .node("hand", "Identity", List.of("x"), "same")
        .node("mul", "Mul", List.of("x", "f"), "scaled")
        .output("same", 2)
        .output("scaled", 2)
        .model(13);
  }

  private static Evaluation evaluate(Model model, Model reference, float... samples) {
    DataSource data =
        DataSource.of(reference.graph(), Map.of("x", Tensor.of(samples, samples.length / 2, 2)));
    return Evaluation.of(CPU, model, reference, data, Execution.threads(1));
  }

  @Test
  void everyOutputHasItsOwnAndTheWorstDecides() {
    Evaluation evaluation = evaluate(twoOutputs(0.5f), twoOutputs(1), 1, -4, 0, 0, 2, 1);
    OutputFigures same = evaluation.outputs().get(0);
    OutputFigures scaled = evaluation.outputs().get(1);
    assertTrue(same.sqnr().isEqual());
    assertEquals(0, same.largestError());
    assertEquals(Optional.of(1.0), same.cosine());
    assertEquals(10 * Math.log10(4), scaled.sqnr().decibels(), 1e-12);
    assertEquals(2, scaled.largestError());
    assertEquals(1, scaled.cosine().orElseThrow(), 1e-15);
    assertEquals(10 * Math.log10(4), evaluation.sqnrDb().orElseThrow(), 1e-12);
    assertTrue(evaluation.top1Agreement().isEmpty());
    Tree.Mapping json = evaluation.report().json(true).asMapping();
    List<Tree.Mapping> outputs =
        json.get("outputs").asItems().stream().map(Tree::asMapping).toList();
    assertEquals(json.get("sqnrDb"), outputs.get(1).get("sqnrDb"));
    assertEquals(new Tree.Null(json.position()), outputs.get(0).entries().get("sqnrDb"));
    assertTrue(
        evaluation.report().text().contains("SQNR of 'scaled', the worst output, against"),
        evaluation.report().text());
  }

  @Test
  void cosinesAreOfRowsAndOfTheirDirectionsAlone() {
    OutputDifference difference = new OutputDifference("y", RowMeasure.COSINE);
    double[] reference = {1, 0, 3, 4, 0, 0, 0, 0};
    double[] own = {0, 5, 6, 8, 0, 0, 1, 0};
    difference.add(reference, own, Rows.of(4, Optional.empty(), Tensor.of(new float[8], 4, 2), 8));
    // Orthogonal, parallel, both zero, one zero.
    assertEquals(Optional.of(0.5), difference.figures().cosine());
    assertEquals(4, difference.figures().rows());
    assertEquals(Optional.empty(), difference.figures().agreement());
  }

  @Test
  void anInfinityThatBothHaveIsNoDifferenceAndOneAloneIsNoNumber() {
    double inf = Double.POSITIVE_INFINITY;
    OutputDifference both = new OutputDifference("y", RowMeasure.NONE);
    Rows rows = Rows.of(1, Optional.empty(), Tensor.of(new float[3], 1, 3), 3);
    both.add(new double[] {inf, Double.NaN, 1}, new double[] {inf, Double.NaN, 1.5}, rows);
    assertEquals(0.5, both.figures().largestError());
    assertFalse(both.figures().lacksNumbers());
    for (double odd : new double[] {inf, -inf, Double.NaN}) {
      OutputDifference one = new OutputDifference("y", RowMeasure.COSINE);
      one.add(new double[] {1, 2, 3}, new double[] {1, 2, odd}, rows);
      assertTrue(one.figures().lacksNumbers(), "" + odd);
      assertEquals(List.of(), List.copyOf(one.figures().tree().entries().keySet()), "" + odd);
    }
  }

  @Test
  void figuresThatAreNoNumbersAreAbsentAndFound() {
    Evaluation evaluation = evaluate(twoOutputs(Float.NaN), twoOutputs(1), 1, 2);
    Tree.Mapping json = evaluation.report().json(true).asMapping();
    assertTrue(json.find("sqnrDb").isEmpty());
    assertEquals(1, evaluation.report().findings().size());
    assertEquals("OCT-CLI-101", evaluation.report().findings().get(0).id());
    assertTrue(
        evaluation.report().findings().get(0).message().contains("A figure of output 'scaled'"));
  }

  private static Model indices(float factor, boolean numbers) {
    Models models =
        new Models()
            .samples("x", 2)
            .vector("f", factor, 1)
            .node("mul", "Mul", List.of("x", "f"), "scaled")
            .node("arg", "ArgMax", List.of("scaled"), "index", Attribute.of("axis", 1L))
            .output("index", DataType.INT64, 2);
    return (numbers ? models.output("scaled", 2) : models).model(13);
  }

  @Test
  void indicesAreComparedByEqualityAndDoNotDecideBesideNumbers() {
    Evaluation both = evaluate(indices(-1, true), indices(1, true), 1, -4, 2, 1, 1, 2, 3, 4);
    OutputFigures index = both.outputs().get(0);
    assertEquals(Optional.of(0.75), index.equalElements());
    assertEquals(Optional.empty(), both.outputs().get(1).equalElements());
    assertEquals(both.outputs().get(1).sqnr().decibels(), both.sqnrDb().orElseThrow());
    assertEquals(Map.of("equalElements", Tree.of(0.75)), index.tree().entries());
    assertTrue(both.report().text().contains("0.7500 equal"), both.report().text());
    Evaluation alone = evaluate(indices(-1, false), indices(1, false), 1, -4, 2, 1);
    assertTrue(alone.sqnrDb().isEmpty());
    assertEquals(List.of(), alone.report().findings());
    Requirement half = Requirement.parse("equal-elements:index>=0.5");
    assertEquals(List.of(true), half.judge(both).stream().map(r -> r.holds()).toList());
    assertEquals(1, Requirement.parse("sqnr>=1").judge(both).size());
  }

  @Test
  void anOutputWithoutElementsIsEqual() {
    OutputDifference none = new OutputDifference("y", RowMeasure.EQUALITY);
    none.add(
        new double[0],
        new double[0],
        Rows.of(1, Optional.empty(), Tensor.of(new float[0], 1, 0), 0));
    assertEquals(Optional.of(1.0), none.figures().equalElements());
    assertFalse(none.figures().lacksNumbers());
  }

  @Test
  void rowsThatEndInSoftmaxAreOfClasses() {
    assertEquals(Map.of("y", RowMeasure.AGREEMENT), measures("Softmax", 2));
    assertEquals(Map.of("y", RowMeasure.AGREEMENT), measures("LogSoftmax", 2));
    assertEquals(Map.of("y", RowMeasure.COSINE), measures("Sigmoid", 2));
    assertEquals(Map.of("y", RowMeasure.COSINE), measures("Softmax", 2, Attribute.of("axis", 0L)));
    assertEquals(Map.of("y", RowMeasure.NONE), measures("Softmax", 3));
  }

  private static Map<String, RowMeasure> measures(String op, int rank, Attribute... attributes) {
    long[] sizes = rank == 2 ? new long[] {4} : new long[] {3, 4};
    Models models = new Models().samples("x", sizes).output("y", rank);
    return RowMeasure.of(models.node("last", op, List.of("x"), "y", attributes).model(13), false);
  }

  @Test
  void aSoftmaxMayStandBeforeAPairAndLabelsMakeTheFirstOutputOneOfClasses() {
    Models models =
        new Models()
            .samples("x", 4)
            .constant("s", Tensor.of(new float[] {0.25f}))
            .constant("z", Tensor.of(DataType.UINT8, new byte[] {0}))
            .node("soft", "Softmax", List.of("x"), "p")
            .node("q", "QuantizeLinear", List.of("p", "s", "z"), "pq")
            .node("d", "DequantizeLinear", List.of("pq", "s", "z"), "y")
            .node("other", "Relu", List.of("x"), "v")
            .output("v", 2)
            .output("y", 2);
    Model model = models.model(13);
    assertEquals(
        Map.of("v", RowMeasure.COSINE, "y", RowMeasure.AGREEMENT), RowMeasure.of(model, false));
    assertEquals(
        Map.of("v", RowMeasure.AGREEMENT, "y", RowMeasure.AGREEMENT), RowMeasure.of(model, true));
  }

  @Test
  void theLeastAgreementIsTheOneThatCounts() {
    Model reference = softmaxes("Identity");
    Evaluation evaluation = evaluate(softmaxes("Neg"), reference, 1, 2, 3, 3, 5, 4);
    assertEquals(Optional.of(1.0), evaluation.outputs().get(0).agreement());
    // Ties stay where they are.
    assertEquals(1 / 3.0, evaluation.top1Agreement().orElseThrow());
    assertEquals(
        1 / 3.0,
        evaluation.report().json(true).asMapping().get("top1Agreement").asNumber().doubleValue());
  }

  private static Model softmaxes(String before) {
    return new Models()
        .samples("x", 2)
        .node("a", "Softmax", List.of("x"), "first")
        .node("n", before, List.of("x"), "v")
        .node("b", "Softmax", List.of("v"), "second")
        .output("first", 2)
        .output("second", 2)
        .model(13);
  }
}
