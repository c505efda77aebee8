package dev.octet.kernels.integer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.exact.ExactResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Collects the operands of one node and runs it. */
final class NodeCase {

  private final OpType op;
  private final List<String> names = new ArrayList<>();
  private final Map<String, Tensor> operands = new LinkedHashMap<>();
  private final List<Attribute> attributes = new ArrayList<>();

  private NodeCase(OpType op) {
    this.op = op;
  }

  static NodeCase of(OpType op) {
    return new NodeCase(op);
  }

  static NodeCase onnx(String name) {
    return new NodeCase(OpType.onnx(name));
  }

  static NodeCase microsoft(String name) {
    return new NodeCase(new OpType("com.microsoft", name));
  }

  /** Returns nodes of every function of one tensor, without operands. */
  static List<NodeCase> functions() {
    List<NodeCase> all = new ArrayList<>();
    for (OperatorDefinition function : QLinearUnary.definitions()) {
      if (function.op().equals(IntegerDialect.FUNCTION_OF_ONE)) {
        function.loweredFrom().forEach(named -> all.add(function(named.name())));
      } else {
        all.add(of(function.op()));
      }
    }
    return all;
  }

  /** Returns a node of the function that an operator on floats computes. */
  static NodeCase function(String operator) {
    return of(IntegerDialect.FUNCTION_OF_ONE).with(Attribute.of(IntegerDialect.FUNCTION, operator));
  }

  NodeCase operand(Tensor tensor) {
    String name = "v" + names.size();
    names.add(name);
    operands.put(name, tensor);
    return this;
  }

  NodeCase without() {
    names.add("");
    return this;
  }

  NodeCase scale(float... scales) {
    return operand(scales.length == 1 ? Tensor.of(scales) : Tensor.of(scales, scales.length));
  }

  NodeCase zero(DataType type, long... zeros) {
    return operand(
        zeros.length == 1
            ? Tensor.ofIntegers(type, zeros)
            : Tensor.ofIntegers(type, zeros, zeros.length));
  }

  NodeCase with(Attribute attribute) {
    attributes.add(attribute);
    return this;
  }

  Node node() {
    return Node.of("node", op, names, List.of("result"), attributes.toArray(Attribute[]::new));
  }

  Map<String, Tensor> operands() {
    return operands;
  }

  NodeRun run() {
    return NodeRun.of(node(), operands);
  }

  /**
   * Runs the node and compares every integer with exact arithmetic; scales must be powers of two,
   * so that float32 steps are exact.
   */
  Tensor runExactly(String description) {
    NodeRun run = run();
    ExactResult exact = run.exact();
    long[] actual = run.result().integers();
    for (int i = 0; i < actual.length; i++) {
      int index = i;
      assertEquals(exact.integer(i), actual[i], () -> description + " at " + index + " " + node());
    }
    return run.result();
  }

  /** Runs the node and checks that rounding in float32 explains every integer. */
  Tensor runWithinBound(String description) {
    NodeRun run = run();
    ExactResult exact = run.exact();
    long[] actual = run.result().integers();
    for (int i = 0; i < actual.length; i++) {
      int index = i;
      assertTrue(
          exact.explains(i, actual[i]),
          () -> description + " at " + index + ": " + actual[index] + ", " + exact.element(index));
    }
    return run.result();
  }

  /** Returns a tensor of random integers of a type; one element in eight is an extreme. */
  static Tensor random(Random random, DataType type, long... sizes) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    IntegerRange range = IntegerRange.of(type);
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      boolean extreme = random.nextInt(8) == 0;
      int between = range.min() + random.nextInt(range.max() - range.min() + 1);
      values[i] = extreme ? (random.nextBoolean() ? range.min() : range.max()) : between;
    }
    return Tensor.ofIntegers(type, values, sizes);
  }

  /** Returns one random integer of a type. */
  static long zeroPoint(Random random, DataType type) {
    return random(random, type).integers()[0];
  }

  /** Returns INT8 or UINT8. */
  static DataType eightBits(Random random) {
    return random.nextBoolean() ? DataType.INT8 : DataType.UINT8;
  }

  /** Returns a power of two, so that float32 arithmetic with it is exact. */
  static float powerOfTwo(Random random, int min, int max) {
    return Math.scalb(1f, min + random.nextInt(max - min + 1));
  }
}
