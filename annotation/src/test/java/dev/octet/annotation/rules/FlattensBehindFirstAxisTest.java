package dev.octet.annotation.rules;

import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.NodeAnnotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlattensBehindFirstAxisTest {

  private static final Dimension BATCH = new Dimension.Symbolic("N");

  @Test
  void aReshapeThatKeepsTheFirstAxisIsAFlatten() {
    assertEquals(Optional.of("flatten"), reshape(Shape.of(1, 16, 4, 4), Shape.of(1, 256)).rule());
    assertEquals(
        Optional.of("flatten"),
        reshape(shape(BATCH, 16, 4, 4), shape(new Dimension.Unknown(), 256)).rule());
  }

  @Test
  void aReshapeThatMergesTheOuterAxesIsNone() {
    assertEquals(
        Optional.of(
            "it makes "
                + Shape.of(99, 256)
                + " of "
                + Shape.of(1, 99, 256)
                + ", not the first axis and one for all others"),
        reshape(Shape.of(1, 99, 256), Shape.of(99, 256)).reason());
  }

  @Test
  void anotherRankOrAnUnknownSizeIsNone() {
    assertEquals(Optional.empty(), reshape(Shape.of(1, 16, 4, 4), Shape.of(1, 16, 16)).rule());
    assertEquals(
        Optional.empty(), reshape(shape(new Dimension.Known(1), 16, 4), shape(BATCH, 65)).rule());
    Shape unknown = new Shape(List.of(BATCH, new Dimension.Unknown()));
    assertEquals(Optional.empty(), reshape(unknown, unknown).rule());
  }

  private static Shape shape(Dimension first, long... others) {
    List<Dimension> dimensions = new ArrayList<>();
    dimensions.add(first);
    for (long other : others) {
      dimensions.add(new Dimension.Known(other));
    }
    return new Shape(dimensions);
  }

  private static NodeAnnotation reshape(Shape from, Shape to) {
    Node node = Node.of("reshape", OpType.onnx("Reshape"), List.of("x", "s"), List.of("y"));
    Graph graph =
        new Graph(
            "g",
            List.of(info("x", from)),
            List.of(info("y", to)),
            Map.of("s", Tensor.of(new long[] {0, -1}, 2)),
            List.of(node),
            Map.of(),
            Optional.empty());
    AnnotationContext context = AnnotationContext.of("test", graph);
    BackendRules.named("test")
        .rule("flatten", op("Reshape").where(Conditions.flattensBehindFirstAxis()))
        .activation(int8().affine().perTensor())
        .build()
        .quantizer()
        .annotate(context);
    return context.annotated().nodes().get("reshape");
  }

  private static ValueInfo info(String name, Shape shape) {
    return ValueInfo.of(name, new ValueType.TensorType(DataType.FLOAT, Optional.of(shape)));
  }
}
