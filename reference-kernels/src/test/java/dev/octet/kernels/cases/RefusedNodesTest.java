package dev.octet.kernels.cases;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes whose attributes, shapes or elements their operators forbid. */
class RefusedNodesTest {

  private static final String REFUSED = "OCT-GRAPH-001";
  private static final String SHAPES = "OCT-GRAPH-002";
  private static final String VALUES = "OCT-RUN-005";

  static Stream<RefusedNode> nodes() {
    return Stream.of(normalisations(), accumulations()).flatMap(nodes -> nodes);
  }

  @ParameterizedTest
  @MethodSource("nodes")
  void isRefusedByName(RefusedNode node) {
    node.check();
  }

  private static Stream<RefusedNode> normalisations() {
    return Stream.of(
        RefusedNode.of("InstanceNormalization", 7)
            .input("FLOAT[3] 1 2 3")
            .constant("FLOAT[1] 1")
            .constant("FLOAT[1] 1")
            .fails(SHAPES, "operand 0 has the shape [3]"),
        RefusedNode.of("InstanceNormalization", 7)
            .input("FLOAT[1,2] 1 2")
            .constant("FLOAT[1] 1")
            .constant("FLOAT[2] 1 2")
            .fails(SHAPES, "sizes 1 and 2 should be equal"),
        RefusedNode.of("GroupNormalization", 21)
            .input("FLOAT[1,2] 1 2")
            .constant("FLOAT[2] 1 2")
            .constant("FLOAT[2] 1 2")
            .fails(SHAPES, "2 channels in 0 groups"),
        RefusedNode.of("GroupNormalization", 21)
            .input("FLOAT[1,2] 1 2")
            .constant("FLOAT[2] 1 2")
            .constant("FLOAT[2] 1 2")
            .integer("num_groups", 3)
            .fails(SHAPES, "2 channels in 3 groups"),
        RefusedNode.of("RMSNormalization", 23)
            .input("FLOAT[1,2] 1 2")
            .constant("FLOAT[3,2] 1 2 3 4 5 6")
            .fails(SHAPES, "the scale is larger than the input"),
        RefusedNode.of("RMSNormalization", 23)
            .input("FLOAT[2] 1 2")
            .constant("FLOAT[2] 1 2")
            .integer("axis", 4)
            .fails(SHAPES, "axis 4 lies outside rank 1"),
        RefusedNode.of("LpNormalization", 22)
            .input("FLOAT[2] 1 2")
            .integer("p", 3)
            .fails(SHAPES, "p is 3, neither 1 nor 2"),
        RefusedNode.of("MeanVarianceNormalization", 13)
            .input("FLOAT[2] 1 2")
            .fails(SHAPES, "axis 2 lies outside rank 1"),
        RefusedNode.of("LRN", 13).input("FLOAT[1,2] 1 2").fails(SHAPES, "size is not positive"));
  }

  private static Stream<RefusedNode> accumulations() {
    return Stream.of(
        RefusedNode.of("CumSum", 14)
            .input("FLOAT[2] 1 2")
            .input("INT64[] 1")
            .fails(VALUES, "axis 1 lies outside rank 1"),
        RefusedNode.of("CumSum", 14)
            .input("FLOAT[2] 1 2")
            .input("INT64[0]")
            .fails(SHAPES, "an axis of the shape [0]"),
        RefusedNode.of("CumSum", 14)
            .input("BOOL[2] true false")
            .input("INT64[] 0")
            .fails(REFUSED, "operand 0 of type BOOL is not supported"),
        RefusedNode.of("BitShift", 11)
            .input("UINT8[1] 1")
            .input("UINT8[1] 1")
            .text("direction", "UP")
            .fails(SHAPES, "direction is 'UP', neither LEFT nor RIGHT"),
        RefusedNode.of("Trilu", 14)
            .input("FLOAT[2] 1 2")
            .fails(SHAPES, "operand 0 has the shape [2]"));
  }
}
