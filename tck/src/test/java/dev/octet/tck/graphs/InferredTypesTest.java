package dev.octet.tck.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes of results that the reference kernels do not tell: those that onnx 1.x infers. */
class InferredTypesTest {

  private static final Shape X = Shape.of(1, 4, 9, 8);

  /** Returns the sizes of a form's result behind a value. */
  private static Optional<Shape> behind(Shape flow, String op, NodeForm form) {
    GraphDraft draft = new GraphDraft("types", 1);
    String x = draft.input(flow);
    String made = draft.node("n0", OpType.onnx(op), form, () -> x, step -> x);
    return draft
        .model(List.of(made))
        .flatMap(model -> model.graph().type(made))
        .flatMap(type -> type.tensor())
        .flatMap(TensorType::shape);
  }

  private static Optional<Shape> behind(Shape flow, String op, String name) {
    return OperatorForms.of(OpType.onnx(op), flow.sizes()).stream()
        .filter(form -> form.name().equals(name))
        .findFirst()
        .flatMap(form -> behind(flow, op, form));
  }

  @ParameterizedTest
  @CsvSource({
    "ConvTranspose, plain, 5, 10, 10",
    "ConvTranspose, stride, 5, 18, 10",
    "ConvTranspose, pad, 5, 8, 8",
    "ConvTranspose, output-padding, 6, 19, 26",
    "ConvTranspose, output-shape, 6, 19, 26",
    "ConvTranspose, same-upper, 5, 18, 24",
    "ConvTranspose, dilation, 5, 10, 10",
    "ConvTranspose, depthwise, 12, 10, 10",
    "ConvTranspose, groups, 10, 10, 10",
    "Resize, nearest, 4, 18, 12",
    "Resize, nearest-sizes, 4, 20, 19",
    "GridSample, plain, 4, 5, 3"
  })
  void planesHaveTheSizesOfTheStandard(String op, String form, long c, long h, long w) {
    assertEquals(Optional.of(Shape.of(1, c, h, w)), behind(X, op, form));
  }

  @Test
  void linesAndVolumesAreTransposedAlike() {
    assertEquals(
        Optional.of(Shape.of(3, 5, 10)), behind(Shape.of(3, 5, 6), "ConvTranspose", "1d-pad"));
    Shape volume = Shape.of(1, 4, 6, 3, 5);
    assertEquals(Optional.of(Shape.of(1, 5, 7, 3, 7)), behind(volume, "ConvTranspose", "3d"));
  }

  @Test
  void axesSayWhichSizesAreResized() {
    OperandForm flow = OperandForm.flow();
    OperandForm none = OperandForm.absent();
    OperandForm factors = OperandForm.given(Tensor.of(new float[] {0.5f, 1.7f}, 2));
    OperandForm sizes = OperandForm.given(Tensor.of(new long[] {5, 7}, 2));
    NodeForm byFactors = NodeForm.of("f", flow, none, factors);
    NodeForm toSizes = NodeForm.of("s", flow, none, none, sizes);
    assertEquals(
        Optional.of(Shape.of(1, 4, 15, 4)),
        behind(X, "Resize", byFactors.with(Attribute.of("axes", List.of(3L, 2L)))));
    assertEquals(
        Optional.of(Shape.of(1, 7, 9, 5)),
        behind(X, "Resize", toSizes.with(Attribute.of("axes", List.of(-1L, 1L)))));
  }

  @Test
  void whatDoesNotFitHasNoSizes() {
    OperandForm flow = OperandForm.flow();
    NodeForm otherChannels = NodeForm.of("c", flow, OperandForm.weight(5, 3, 2, 2));
    assertEquals(Optional.empty(), behind(X, "ConvTranspose", otherChannels));
    NodeForm groupsThatDoNotDivide =
        NodeForm.of("g", flow, OperandForm.weight(4, 3, 2, 2)).with(Attribute.of("group", 3L));
    assertEquals(Optional.empty(), behind(X, "ConvTranspose", groupsThatDoNotDivide));
    NodeForm tooMuchPadding =
        NodeForm.of("p", flow, OperandForm.weight(4, 3, 2, 2))
            .with(Attribute.of("output_padding", List.of(1L, 0L)));
    assertEquals(Optional.empty(), behind(X, "ConvTranspose", tooMuchPadding));
    NodeForm nothingLeft =
        NodeForm.of("n", flow, OperandForm.weight(4, 3, 1, 1))
            .with(Attribute.of("pads", List.of(5L, 0L, 5L, 0L)));
    assertEquals(Optional.empty(), behind(X, "ConvTranspose", nothingLeft));
    assertEquals(Optional.empty(), behind(X, "Resize", NodeForm.of("neither", flow)));
    NodeForm flatGrid = NodeForm.of("flat", flow, OperandForm.input(1, 5, 3, 3));
    assertEquals(Optional.empty(), behind(X, "GridSample", flatGrid));
  }

  @Test
  void typesGoOnBehindAResultThatTheKernelsDoNotTell() {
    Node up = Node.of("up", OpType.onnx("Resize"), List.of("x", "", "factors"), List.of("y"));
    Node then = Node.of("then", OpType.onnx("Relu"), List.of("y"), List.of("z"));
    Map<String, Tensor> constants = new LinkedHashMap<>();
    constants.put("factors", Tensor.of(new float[] {1, 1, 2, 2}, 4));
    List<Node> nodes = new ArrayList<>(List.of(up, then));
    Graph open =
        new Graph(
            "open",
            List.of(ValueInfo.of("x", TensorType.of(DataType.FLOAT, X))),
            List.of(),
            constants,
            nodes,
            Map.of(),
            Optional.empty());
    ValueInfo end = InferredTypes.of(open, GraphDraft.OPSET).get("z");
    assertEquals(
        Optional.of(TensorType.of(DataType.FLOAT, Shape.of(1, 4, 18, 16))), end.tensorType());
  }
}
