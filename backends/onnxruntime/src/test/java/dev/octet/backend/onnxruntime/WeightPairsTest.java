package dev.octet.backend.onnxruntime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.spec.Granularity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeightPairsTest {

  private static Node node(String op, Attribute... attributes) {
    Node node = Node.of("n", OpType.onnx(op), List.of("x", "w"), List.of("y"));
    for (Attribute attribute : attributes) {
      node = node.withAttribute(attribute);
    }
    return node;
  }

  private static Attribute groups(long count) {
    return Attribute.of("group", count);
  }

  /** Returns each pair as its channel and the indices of both weights. */
  private static List<String> pairs(Node node, long... sizes) {
    List<String> pairs = new ArrayList<>();
    WeightPairs.of(node, sizes)
        .orElseThrow()
        .forEach((channel, a, b) -> pairs.add(channel + ": " + a + " " + b));
    return pairs;
  }

  @Test
  void rowsOfAMatrixAreNeighbours() {
    assertEquals(List.of("0: 0 2", "0: 4 6", "1: 1 3", "1: 5 7"), pairs(node("MatMul"), 4, 2));
    assertEquals(
        List.of("0: 0 1", "1: 3 4"), pairs(node("Gemm", Attribute.of("transB", 1L)), 2, 3));
    assertEquals(List.of("0: 0 2", "1: 1 3"), pairs(node("Gemm"), 3, 2));
  }

  @Test
  void scalesAreThoseOfAPairWhereTheyAreOneOrOneForEachOutputChannel() {
    assertEquals(List.of(false, true, false), scalesAlong(node("MatMul"), 4, 4));
    assertEquals(List.of(false, false, true), scalesAlong(node("MatMul"), 2, 4, 4));
    assertEquals(List.of(false, true, false), scalesAlong(node("Gemm"), 4, 4));
    assertEquals(
        List.of(true, false, false), scalesAlong(node("Gemm", Attribute.of("transB", 1L)), 4, 4));
    assertEquals(List.of(true, false, false), scalesAlong(node("Conv"), 2, 2, 2, 2));
    WeightPairs pairs = WeightPairs.of(node("MatMul"), new long[] {4, 4}).orElseThrow();
    assertTrue(pairs.haveScalesOf(new Granularity.PerTensor()));
  }

  private static List<Boolean> scalesAlong(Node node, long... sizes) {
    WeightPairs pairs = WeightPairs.of(node, sizes).orElseThrow();
    return IntStream.range(0, 3)
        .mapToObj(axis -> pairs.haveScalesOf(new Granularity.PerChannel(axis)))
        .toList();
  }

  @Test
  void everyMatrixOfAStackHasItsOwn() {
    assertEquals(List.of("0: 0 1", "0: 2 3"), pairs(node("MatMul"), 2, 2, 1));
  }

  @Test
  void aVectorIsOneColumn() {
    assertEquals(List.of("0: 0 1", "0: 2 3"), pairs(node("MatMul"), 5));
  }

  @Test
  void inputChannelsOfOnePositionAreNeighboursInAConvolution() {
    assertEquals(
        List.of("0: 0 3", "0: 1 4", "0: 2 5", "1: 6 9", "1: 7 10", "1: 8 11"),
        pairs(node("Conv"), 2, 2, 3));
  }

  @Test
  void anOddNumberOfInputChannelsRunsOnIntoTheNextPosition() {
    assertEquals(List.of("0: 0 2", "0: 4 1", "0: 3 5"), pairs(node("Conv"), 1, 3, 1, 2));
  }

  @Test
  void positionsAreNeighboursWhereThereIsOneInputChannel() {
    assertEquals(List.of("0: 0 1", "0: 2 3", "1: 4 5", "1: 6 7"), pairs(node("Conv"), 2, 1, 2, 2));
    assertEquals(8, pairs(node("Conv", groups(2)), 4, 1, 2, 2).size());
  }

  @Test
  void oneInputAndOneOutputChannelInEachGroupIsComputedInThirtyTwoBits() {
    assertEquals(
        Optional.empty(), WeightPairs.of(node("Conv", groups(3)), new long[] {3, 1, 2, 2}));
    assertEquals(Optional.empty(), WeightPairs.of(node("Conv"), new long[] {1, 1, 2, 2}));
    assertEquals(4, pairs(node("Conv"), 2, 1, 2, 2).size());
  }

  @Test
  void othersHaveNone() {
    assertEquals(Optional.empty(), WeightPairs.of(node("ConvTranspose"), new long[] {2, 2, 2, 2}));
    assertEquals(Optional.empty(), WeightPairs.of(node("Mul"), new long[] {2, 2}));
  }

  @Test
  void nothingIsPairedInEmptyWeights() {
    assertEquals(List.of(), pairs(node("Conv"), 2, 0, 3, 3));
    assertEquals(List.of(), pairs(node("Conv"), 0, 2, 3, 3));
    assertEquals(List.of(), pairs(node("MatMul"), 0, 4));
    assertEquals(List.of(), pairs(node("MatMul"), 1, 4));
  }
}
