package dev.octet.kernels.cases;

import static dev.octet.kernels.dialect.IntegerDialect.microsoft;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes whose attributes, shapes or elements their operators forbid. */
class RefusedNodesTest {

  private static final String REFUSED = "OCT-GRAPH-001";
  private static final String SHAPES = "OCT-GRAPH-002";
  private static final String SIGNATURE = "OCT-GRAPH-005";
  private static final String SIZE = "OCT-GRAPH-007";
  private static final String VALUES = "OCT-RUN-005";

  static Stream<RefusedNode> nodes() {
    return Stream.of(
            normalisations(),
            products(),
            accumulations(),
            images(),
            places(),
            layers(),
            detections(),
            sums(),
            fused(),
            encoders(),
            words(),
            windows(),
            parts())
        .flatMap(nodes -> nodes);
  }

  @ParameterizedTest
  @MethodSource("nodes")
  void isRefusedByName(RefusedNode node) {
    node.check();
  }

  private static Stream<RefusedNode> words() {
    return Stream.of(
        RefusedNode.of("Cast", 13)
            .input("FLOAT[1] 1")
            .integer("to", 999)
            .fails(SHAPES, "a cast to type 999, of which there is none"),
        RefusedNode.of("Pad", 13)
            .input("FLOAT[2] 1 2")
            .constant("INT64[2] 1 1")
            .text("mode", "mirror")
            .fails(SHAPES, "mode 'mirror', where it is one of [constant, edge, reflect, wrap]"),
        RefusedNode.of("DepthToSpace", 13)
            .input("FLOAT[1,4,1,1] 1 2 3 4")
            .integer("blocksize", 2)
            .text("mode", "RDC")
            .fails(SHAPES, "mode 'RDC', where it is one of [CRD, DCR]"),
        RefusedNode.of("QuantizeLinear", 19)
            .input("FLOAT[1] 1")
            .constant("FLOAT[] 1")
            .constant("FLOAT[] 0")
            .fails(SIGNATURE, "operand 2, y_zero_point, is of type FLOAT"));
  }

  private static RefusedNode convolution() {
    return RefusedNode.of("Conv", 11).input("FLOAT[1,1,2] 1 2").constant("FLOAT[1,1,1] 1");
  }

  private static Stream<RefusedNode> windows() {
    return Stream.of(
        convolution()
            .integers("kernel_shape", 2)
            .fails(SHAPES, "kernel_shape [2] of weights [1, 1, 1]"),
        convolution().integers("pads", -1, 0).fails(SHAPES, "negative pads [-1, 0]"),
        convolution()
            .text("auto_pad", "SAME")
            .fails(SHAPES, "auto_pad 'SAME', of which there is none"),
        RefusedNode.of("ConvTranspose", 11)
            .input("FLOAT[1,1,2] 1 2")
            .constant("FLOAT[1,1,1] 1")
            .text("auto_pad", "SAME")
            .fails(SHAPES, "auto_pad 'SAME', of which there is none"));
  }

  private static Stream<RefusedNode> parts() {
    return Stream.of(
        RefusedNode.of("Split", 18)
            .input("FLOAT[2] 1 2")
            .integer("num_outputs", 3)
            .results(2)
            .fails(SHAPES, "num_outputs 3 of 2 results"),
        RefusedNode.of("Split", 13)
            .input("FLOAT[3] 1 2 3")
            .results(2)
            .fails(SHAPES, "3 does not divide into 2 equal parts"),
        RefusedNode.of("Transpose", 13)
            .input("FLOAT[1,2] 1 2")
            .integers("perm", 0, -1)
            .fails(SHAPES, "perm [0, -1] of [1, 2]"),
        RefusedNode.of("Pad", 13)
            .input("FLOAT[2] 1 2")
            .constant("INT64[2] -3 0")
            .fails(SHAPES, "pads take 3 of 2 elements away"),
        RefusedNode.of("Range", 11)
            .constant("FLOAT[] 0")
            .constant("FLOAT[] 1")
            .constant("FLOAT[] NaN")
            .fails(SHAPES, "a range with bounds or a delta that are no numbers"));
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
            .fails(SIGNATURE, "attribute num_groups is missing"),
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
        RefusedNode.of("LRN", 13)
            .input("FLOAT[1,2] 1 2")
            .integer("size", 0)
            .fails(SHAPES, "size is not positive"));
  }

  private static Stream<RefusedNode> products() {
    return Stream.of(
        RefusedNode.of("Gemm", 13)
            .input("FLOAT[1,2] 1 2")
            .constant("FLOAT[2,3] 1 2 3 4 5 6")
            .constant("FLOAT[2] 1 2")
            .fails(SHAPES, "a Gemm of [1, 3] and [2] to be added"),
        RefusedNode.of("Gemm", 13)
            .input("FLOAT[1,2] 1 2")
            .constant("FLOAT[2,1] 1 2")
            .constant("FLOAT[3,1] 1 2 3")
            .fails(SHAPES, "a Gemm of [1, 1] and [3, 1] to be added"),
        RefusedNode.of("Gemm", 13)
            .input("FLOAT[1,2] 1 2")
            .constant("FLOAT[2,1] 1 2")
            .constant("FLOAT[1,1,1] 1")
            .fails(SHAPES, "a Gemm of [1, 1] and [1, 1, 1] to be added"),
        RefusedNode.of("GatherElements", 13)
            .input("FLOAT[1,2] 1 2")
            .constant("INT64[1] 1")
            .fails(SHAPES, "indices [1] for elements of [1, 2]"),
        RefusedNode.of("GatherElements", 13)
            .input("FLOAT[1,2] 1 2")
            .constant("INT64[2,1] 1 0")
            .integer("axis", 1)
            .fails(SHAPES, "indices [2, 1] for elements of [1, 2]"));
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
            .fails(SIGNATURE, "operand 0, x, is of type BOOL"),
        RefusedNode.of("BitShift", 11)
            .input("UINT8[1] 1")
            .input("UINT8[1] 1")
            .text("direction", "UP")
            .fails(SHAPES, "direction is 'UP', neither LEFT nor RIGHT"),
        RefusedNode.of("Trilu", 14)
            .input("FLOAT[2] 1 2")
            .fails(SHAPES, "operand 0 has the shape [2]"));
  }

  private static RefusedNode resize() {
    return RefusedNode.of("Resize", 19).input("FLOAT[1,2] 1 2");
  }

  private static Stream<RefusedNode> images() {
    return Stream.of(
        resize()
            .constant("FLOAT[0]")
            .constant("FLOAT[1] 2")
            .fails(SHAPES, "1 scales or sizes for 2 axes"),
        resize().constant("FLOAT[0]").constant("FLOAT[2] 1 -1").fails(SHAPES, "a scale of -1.0"),
        resize().constant("FLOAT[0]").constant("FLOAT[2] 1 NaN").fails(SHAPES, "a scale of NaN"),
        resize()
            .constant("FLOAT[0]")
            .constant("FLOAT[2] 1 2")
            .text("mode", "lanczos")
            .fails(SHAPES, "'lanczos' is not known as a mode of a Resize"),
        resize()
            .constant("FLOAT[0]")
            .constant("FLOAT[2] 1 2")
            .integer("antialias", 1)
            .fails(SHAPES, "antialias has no meaning for the nearest element"),
        resize()
            .constant("FLOAT[0]")
            .constant("FLOAT[2] 1 2e9")
            .fails(SIZE, "more than 2^31 - 1 elements"),
        resize()
            .constant("FLOAT[0]")
            .constant("INT64[2] 1 2")
            .fails(SIGNATURE, "operand 2, scales, is of type INT64"),
        resize()
            .constant("FLOAT[1] 0")
            .constant("FLOAT[2] 1 2")
            .text("coordinate_transformation_mode", "tf_crop_and_resize")
            .fails(SHAPES, "its region has other axes than its sizes"),
        RefusedNode.of("Resize", 19)
            .input("INT32[1,2] 1 2")
            .constant("FLOAT[0]")
            .constant("FLOAT[2] 1 2")
            .text("mode", "linear")
            .fails(REFUSED, "a linear Resize of INT32 is not supported"),
        RefusedNode.of("ConvTranspose", 11)
            .input("FLOAT[1,2,1] 1 2")
            .constant("FLOAT[1,1,1] 1")
            .fails(SHAPES, "sizes 2 and 1 should be equal"),
        RefusedNode.of("ConvTranspose", 11)
            .input("FLOAT[1,1,2] 1 2")
            .constant("FLOAT[1,1,1] 1")
            .integers("pads", 1, 2)
            .fails(SHAPES, "a result of size -1"),
        RefusedNode.of("ConvTranspose", 11)
            .input("FLOAT[1,1,2] 1 2")
            .constant("FLOAT[1,1,1] 1")
            .integers("output_shape", 9)
            .fails(SHAPES, "output_shape 9 where the input reaches 2"),
        RefusedNode.of("ConvTranspose", 11)
            .input("FLOAT[1,1,2] 1 2")
            .constant("FLOAT[1,1,1] 1")
            .integers("kernel_shape", 3)
            .fails(SHAPES, "kernel_shape [3] of weights [1]"),
        RefusedNode.of("ConvTranspose", 11)
            .input("FLOAT[1,1,2] 1 2")
            .constant("FLOAT[1,1,1] 1")
            .integers("strides", 0)
            .fails(SHAPES, "strides [0] holds 0"),
        RefusedNode.of("ConvTranspose", 11)
            .input("FLOAT[1,1,2] 1 2")
            .constant("FLOAT[1,1,1] 1")
            .integers("strides", 2)
            .integers("output_padding", 2)
            .fails(SHAPES, "output_padding 2 where stride and dilation allow 1"),
        RefusedNode.of("ConvTranspose", 11)
            .input("FLOAT[1,1,1,1,1,1] 1")
            .constant("FLOAT[1,1,1,1,1,1] 1")
            .fails(REFUSED, "a ConvTranspose over 4 axes is not supported"),
        RefusedNode.of("DepthToSpace", 13)
            .input("FLOAT[1,3,1,1] 1 2 3")
            .integer("blocksize", 2)
            .fails(SHAPES, "3 is no multiple of 4"),
        RefusedNode.of("SpaceToDepth", 13)
            .input("FLOAT[1,1,3,2] 1 2 3 4 5 6")
            .integer("blocksize", 2)
            .fails(SHAPES, "3 is no multiple of 2"),
        RefusedNode.of("SpaceToDepth", 13)
            .input("FLOAT[1,1,1,1] 1")
            .integer("blocksize", 0)
            .fails(SHAPES, "blocks of size 0"));
  }

  private static Stream<RefusedNode> places() {
    return Stream.of(
        RefusedNode.of("ScatterElements", 18)
            .input("FLOAT[2] 1 2")
            .input("INT64[1] 2")
            .input("FLOAT[1] 3")
            .fails(VALUES, "index 2 lies outside an axis of 2"),
        RefusedNode.of("ScatterElements", 18)
            .input("FLOAT[2] 1 2")
            .input("INT64[1] 0")
            .input("INT32[1] 3")
            .fails(SIGNATURE, "operand 2, updates, of type INT32 should be of one type"),
        RefusedNode.of("ScatterElements", 18)
            .input("FLOAT[2] 1 2")
            .input("INT64[2] 0 1")
            .input("FLOAT[1] 3")
            .fails(SHAPES, "sizes 1 and 2 should be equal"),
        RefusedNode.of("ScatterElements", 18)
            .input("FLOAT[1,2] 1 2")
            .input("INT64[1,3] 0 0 0")
            .input("FLOAT[1,3] 1 2 3")
            .fails(SHAPES, "indices of [1, 3] for data of [1, 2]"),
        RefusedNode.of("ScatterElements", 18)
            .input("FLOAT[2] 1 2")
            .input("INT64[1] 0")
            .input("FLOAT[1] 3")
            .text("reduction", "mean")
            .fails(SHAPES, "a reduction of which there is none: mean"),
        RefusedNode.of("ScatterND", 18)
            .input("FLOAT[2] 1 2")
            .input("INT64[1,2] 0 0")
            .input("FLOAT[1] 3")
            .fails(SHAPES, "rows of 2 indices for 1 axes"),
        RefusedNode.of("ScatterND", 18)
            .input("FLOAT[2] 1 2")
            .input("INT64[1,1] -3")
            .input("FLOAT[1] 3")
            .fails(VALUES, "index -3 lies outside an axis of 2"),
        RefusedNode.of("GatherND", 13)
            .input("FLOAT[2] 1 2")
            .input("INT64[1,1] 5")
            .fails(VALUES, "index 5 lies outside an axis of 2"),
        RefusedNode.of("GatherND", 13)
            .input("FLOAT[2] 1 2")
            .input("INT64[1,1] 0")
            .integer("batch_dims", -1)
            .fails(SHAPES, "batch_dims -1 of data of [2]"),
        RefusedNode.of("OneHot", 11)
            .input("INT64[1] 0")
            .constant("INT64[] -1")
            .constant("FLOAT[2] 0 1")
            .fails(SHAPES, "a depth of -1"),
        RefusedNode.of("OneHot", 11)
            .input("INT64[1] 0")
            .constant("INT64[] 2")
            .constant("FLOAT[3] 0 1 2")
            .fails(SHAPES, "sizes 3 and 2 should be equal"),
        RefusedNode.of("Compress", 11)
            .input("FLOAT[2] 1 2")
            .input("BOOL[3] false false true")
            .integer("axis", 0)
            .fails(SHAPES, "a condition chooses slice 2 of 2"),
        RefusedNode.of("Compress", 11)
            .input("FLOAT[2] 1 2")
            .constant("INT64[1] 1")
            .fails(SIGNATURE, "operand 1, condition, is of type INT64"),
        RefusedNode.of("OneHot", 11)
            .input("INT64[1] 0")
            .constant("BOOL[] true")
            .constant("FLOAT[2] 0 1")
            .fails(SIGNATURE, "operand 1, depth, is of type BOOL"),
        RefusedNode.of("EyeLike", 9)
            .input("FLOAT[2] 1 2")
            .fails(SHAPES, "operand 0 has the shape [2]"),
        RefusedNode.of("EyeLike", 9)
            .input("FLOAT[1,1] 1")
            .integer("dtype", 8)
            .fails(REFUSED, "a matrix of type 8 is not supported"),
        RefusedNode.of("TopK", 11)
            .input("FLOAT[2] 1 2")
            .constant("INT64[1] 3")
            .results(2)
            .fails(SHAPES, "the first 3 elements of 2"),
        RefusedNode.of("TopK", 11)
            .input("FLOAT[2] 1 2")
            .constant("INT64[2] 1 1")
            .results(2)
            .fails(SHAPES, "2 numbers in the place of k"));
  }

  private static RefusedNode recurrent(String op, int gates) {
    return RefusedNode.of(op, 14)
        .input("FLOAT[2,1,1] 1 2")
        .constant("FLOAT[1," + gates + ",1]" + " 1".repeat(gates))
        .constant("FLOAT[1," + gates + ",1]" + " 1".repeat(gates));
  }

  private static Stream<RefusedNode> layers() {
    return Stream.of(
        recurrent("LSTM", 3).fails(SHAPES, "sizes 3 and 4 should be equal"),
        recurrent("GRU", 3).text("direction", "up").fails(SHAPES, "'up' is no direction"),
        recurrent("RNN", 1)
            .text("direction", "bidirectional")
            .fails(SHAPES, "sizes 1 and 2 should be equal"),
        recurrent("RNN", 1)
            .texts("activations", "Sine")
            .fails(SHAPES, "its activation 'Sine' is not known"),
        recurrent("RNN", 1)
            .texts("activations", "Tanh", "Tanh")
            .fails(SHAPES, "2 activations where it takes 1"),
        recurrent("RNN", 1)
            .constant("FLOAT[1,2] 0 0")
            .input("INT32[1] 3")
            .fails(VALUES, "a sequence of 3 among 2 steps"),
        RefusedNode.of("Attention", 24)
            .input("FLOAT[1,2,1,1] 1 2")
            .input("FLOAT[1,3,1,1] 1 2 3")
            .input("FLOAT[1,3,1,1] 1 2 3")
            .fails(SHAPES, "2 heads share those of 3"),
        RefusedNode.of("Attention", 24)
            .input("FLOAT[1,1,2] 1 2")
            .input("FLOAT[1,1,2] 1 2")
            .input("FLOAT[1,1,2] 1 2")
            .fails(SHAPES, "q_num_heads is 0 for rows of 2"),
        RefusedNode.of("Attention", 24)
            .input("FLOAT[1,1,1,1] 1")
            .input("FLOAT[1,1,1,1] 1")
            .input("FLOAT[1,1,1,1] 1")
            .input("FLOAT[3,1] 1 2 3")
            .fails(SHAPES, "a mask of [3, 1] for logits of [1, 1, 1, 1]"),
        RefusedNode.of("Attention", 24)
            .input("FLOAT[1,1,1,1] 1")
            .input("FLOAT[1,1,1,1] 1")
            .input("FLOAT[1,1,1,1] 1")
            .input("INT64[1,1] 1")
            .fails(REFUSED, "a mask of INT64 is not supported"),
        RefusedNode.of("RotaryEmbedding", 23)
            .input("FLOAT[1,1,1,2] 1 2")
            .input("FLOAT[1,1] 1")
            .input("FLOAT[1,1] 1")
            .input("INT64[1,1] 1")
            .fails(VALUES, "position 1 of 1"),
        RefusedNode.of("RotaryEmbedding", 23)
            .input("FLOAT[1,1,1,3] 1 2 3")
            .input("FLOAT[1,1,1] 1")
            .input("FLOAT[1,1,1] 1")
            .fails(SHAPES, "3 elements of 3 are turned"),
        RefusedNode.of("LinearAttention", 27)
            .input("FLOAT[1,1,1] 1")
            .input("FLOAT[1,1,1] 1")
            .input("FLOAT[1,1,1] 1")
            .integer("q_num_heads", 1)
            .integer("kv_num_heads", 1)
            .results(2)
            .fails(SHAPES, "update_rule 'gated_delta' with other operands"),
        RefusedNode.of("CausalConvWithState", 27)
            .input("FLOAT[1,1,1] 1")
            .input("FLOAT[1,1,0]")
            .results(2)
            .fails(SHAPES, "a window of 0"),
        RefusedNode.of("NegativeLogLikelihoodLoss", 13)
            .input("FLOAT[1,2] 1 2")
            .input("INT64[1] 2")
            .fails(VALUES, "class 2 of 2"),
        RefusedNode.of("SoftmaxCrossEntropyLoss", 13)
            .input("FLOAT[1,2] 1 2")
            .input("INT64[1] 1")
            .text("reduction", "most")
            .fails(SHAPES, "'most' is no reduction"));
  }

  private static Stream<RefusedNode> detections() {
    return Stream.of(
        RefusedNode.of("GridSample", 20)
            .input("FLOAT[1,1,1,1] 1")
            .input("FLOAT[1,1,1,3] 1 2 3")
            .fails(SHAPES, "sizes 3 and 2 should be equal"),
        RefusedNode.of("GridSample", 20)
            .input("FLOAT[1,1,1,1] 1")
            .input("FLOAT[1,1,1,2] 1 2")
            .text("mode", "area")
            .fails(SHAPES, "mode 'area' with padding 'zeros' is not known"),
        RefusedNode.of("RoiAlign", 16)
            .input("FLOAT[1,1,1,1] 1")
            .input("FLOAT[1,4] 0 0 1 1")
            .input("INT64[1] 1")
            .fails(VALUES, "image 1 of 1"),
        RefusedNode.of("RoiAlign", 16)
            .input("FLOAT[1,1,1,1] 1")
            .input("FLOAT[1,4] 0 0 1e30 1")
            .input("INT64[1] 0")
            .fails(VALUES, "pixels to a cell"),
        RefusedNode.of("RoiAlign", 16)
            .input("FLOAT[1,1,1,1] 1")
            .input("FLOAT[1,4] 0 0 1 1")
            .input("INT64[1] 0")
            .integer("output_height", 0)
            .fails(SHAPES, "cells of 0 x 1"),
        RefusedNode.of("NonMaxSuppression", 11)
            .input("FLOAT[1,1,3] 1 2 3")
            .input("FLOAT[1,1,1] 1")
            .fails(SHAPES, "sizes 3 and 4 should be equal"),
        RefusedNode.of("Col2Im", 18)
            .input("FLOAT[1,2,2] 1 2 3 4")
            .constant("INT64[2] 2 2")
            .constant("INT64[2] 1 2")
            .integers("strides", 0, 1)
            .fails(SHAPES, "should be at least 1"),
        RefusedNode.of("Col2Im", 18)
            .input("FLOAT[1,2,3] 1 2 3 4 5 6")
            .constant("INT64[2] 2 2")
            .constant("INT64[2] 1 2")
            .fails(SHAPES, "sizes 3 and 2 should be equal"),
        RefusedNode.of("CenterCropPad", 18)
            .input("FLOAT[2] 1 2")
            .constant("INT64[2] 1 1")
            .fails(SHAPES, "sizes [1, 1] for 1 axes"),
        RefusedNode.of("MaxUnpool", 11)
            .input("FLOAT[1,1,1] 1")
            .input("INT64[1,1,1] 2")
            .integers("kernel_shape", 2)
            .fails(VALUES, "index 2 of 2"),
        RefusedNode.of("ReverseSequence", 10)
            .input("FLOAT[1,1] 1")
            .input("INT64[1] 2")
            .fails(VALUES, "a sequence of 2 among 1 steps"),
        RefusedNode.of("ReverseSequence", 10)
            .input("FLOAT[1,1] 1")
            .input("INT64[1] 1")
            .integer("time_axis", 1)
            .fails(SHAPES, "time_axis 1 with batch_axis 1"));
  }

  private static Stream<RefusedNode> sums() {
    return Stream.of(
        RefusedNode.of("Einsum", 12)
            .input("FLOAT[2] 1 2")
            .text("equation", "ij->j")
            .fails(SHAPES, "'ij' for [2]"),
        RefusedNode.of("Einsum", 12)
            .input("FLOAT[2] 1 2")
            .text("equation", "i->k")
            .fails(SHAPES, "the result has labels that no operand has"),
        RefusedNode.of("Einsum", 12)
            .input("FLOAT[2] 1 2")
            .text("equation", "i->ii")
            .fails(SHAPES, "the result has a label twice"),
        RefusedNode.of("Einsum", 12)
            .input("FLOAT[2] 1 2")
            .text("equation", "1->")
            .fails(SHAPES, "'1'"),
        RefusedNode.of("Einsum", 12)
            .input("FLOAT[2] 1 2")
            .text("equation", "i,i->")
            .fails(SHAPES, "2 terms for 1"),
        RefusedNode.of("Det", 11)
            .input("FLOAT[1,2] 1 2")
            .fails(SHAPES, "sizes 2 and 1 should be equal"),
        RefusedNode.of("LpPool", 18)
            .input("FLOAT[1,1,1] 1")
            .integers("kernel_shape", 1)
            .integer("p", 0)
            .fails(SHAPES, "p is 0"));
  }

  private static Stream<RefusedNode> fused() {
    return Stream.of(
        RefusedNode.of(microsoft("BiasGelu"))
            .input("FLOAT[1,2] 1 2")
            .constant("FLOAT[3] 1 2 3")
            .fails(SHAPES, "sizes 3 and 2 should be equal"),
        RefusedNode.of(microsoft("FusedGemm"))
            .input("FLOAT[1,1] 1")
            .constant("FLOAT[1,1] 1")
            .text("activation", "Mystery")
            .fails(REFUSED, "the activation 'Mystery' is none of [Clip, HardSigmoid,"),
        RefusedNode.of(microsoft("FusedMatMul"))
            .input("FLOAT[1,1,1] 1")
            .constant("FLOAT[1,1,1] 1")
            .integer("transBatchA", 1)
            .fails(REFUSED, "a batch that is transposed is not supported"),
        RefusedNode.of(microsoft("FusedMatMul"))
            .input("FLOAT[2,1] 1 2")
            .constant("FLOAT[1,2] 1 2")
            .integer("transA", 1)
            .fails(SHAPES, "sizes 2 and 1 should be equal"),
        RefusedNode.of(microsoft("SkipLayerNormalization"))
            .input("FLOAT[1,1,2] 1 2")
            .constant("FLOAT[1,1,2] 1 2")
            .constant("FLOAT[2] 1 2")
            .results(2)
            .fails(REFUSED, "statistics for training are not given"),
        RefusedNode.of(microsoft("SkipLayerNormalization"))
            .input("FLOAT[2,2,2] 1 2 3 4 5 6 7 8")
            .constant("FLOAT[1,3,2] 1 2 3 4 5 6")
            .constant("FLOAT[2] 1 2")
            .fails(SHAPES, "sizes 2 and 3 should be equal"),
        RefusedNode.of(microsoft("RotaryEmbedding"))
            .input("FLOAT[1,1,3] 1 2 3")
            .constant("INT64[1] 0")
            .constant("FLOAT[1,1] 1")
            .constant("FLOAT[1,1] 0")
            .fails(SHAPES, "2 elements are turned of rows of 3 with num_heads 0"),
        RefusedNode.of(microsoft("RotaryEmbedding"))
            .input("FLOAT[1,1,2] 1 2")
            .constant("INT64[1] 1")
            .constant("FLOAT[1,1] 1")
            .constant("FLOAT[1,1] 0")
            .fails(VALUES, "position 1 of 1"),
        RefusedNode.of(microsoft("MultiHeadAttention"))
            .input("FLOAT[1,1,2] 1 2")
            .fails(REFUSED, "a query that holds keys and values is not supported"),
        RefusedNode.of(microsoft("MultiHeadAttention"))
            .input("FLOAT[1,1,2] 1 2")
            .input("FLOAT[1,1,2] 1 2")
            .input("FLOAT[1,1,2] 1 2")
            .fails(SHAPES, "num_heads is 0"),
        RefusedNode.of(microsoft("MultiHeadAttention"))
            .input("FLOAT[1,1,2] 1 2")
            .input("FLOAT[1,1,2] 1 2")
            .input("FLOAT[1,1,2] 1 2")
            .integer("num_heads", 3)
            .fails(SHAPES, "3 heads for rows of 2"));
  }

  private static Stream<RefusedNode> encoders() {
    return Stream.of(
        projected()
            .integer("num_heads", 1)
            .integer("do_rotary", 1)
            .fails(REFUSED, "queries and keys that are turned are not supported"),
        projected()
            .integer("num_heads", 1)
            .integer("past_present_share_buffer", 1)
            .fails(REFUSED, "a past that is written in place is not supported"),
        projected().fails(SHAPES, "0 heads for rows of 6 with the sizes [2, 2, 2]"),
        projected()
            .integer("num_heads", 4)
            .fails(SHAPES, "4 heads for rows of 6 with the sizes [2, 2, 2]"),
        projected()
            .integer("num_heads", 1)
            .integers("qkv_hidden_sizes", 1, 2, 3)
            .fails(SHAPES, "1 heads for rows of 6 with the sizes [1, 2, 3]"),
        projected()
            .integer("num_heads", 1)
            .integers("qkv_hidden_sizes", 1, 1, 4)
            .results(2)
            .fails(SHAPES, "keys and values of 1 and 4 elements in one tensor"),
        projected()
            .integer("num_heads", 1)
            .absent()
            .input("INT32[3] 1 1 1")
            .fails(SHAPES, "sizes 3 and 1 should be equal"),
        projected()
            .integer("num_heads", 1)
            .absent()
            .input("INT32[1,1,1,1] 1")
            .fails(SHAPES, "operand 3 has the shape"),
        embedded("INT32[1,2] 0 2").fails(VALUES, "row 2 of 2"),
        embedded("INT32[1,2] 0 -1").fails(VALUES, "row -1 of 2"),
        RefusedNode.of(microsoft("EmbedLayerNormalization"))
            .input("INT32[1,1] 0")
            .input("INT32[1,1] 0")
            .constant("FLOAT[1,1] 1")
            .constant("FLOAT[1,1] 1")
            .absent()
            .constant("FLOAT[1] 1")
            .constant("FLOAT[1] 1")
            .fails(SHAPES, "segments without rows, or rows of segments without them"),
        RefusedNode.of(microsoft("BiasAdd"))
            .input("FLOAT[1,1,2] 1 2")
            .constant("FLOAT[3] 1 2 3")
            .constant("FLOAT[1,1,2] 1 2")
            .fails(SHAPES, "sizes 3 and 2 should be equal"));
  }

  private static RefusedNode projected() {
    return RefusedNode.of(microsoft("Attention"))
        .input("FLOAT[1,1,1] 1")
        .constant("FLOAT[1,6] 1 2 3 4 5 6");
  }

  private static RefusedNode embedded(String numbers) {
    return RefusedNode.of(microsoft("EmbedLayerNormalization"))
        .input(numbers)
        .absent()
        .constant("FLOAT[2,1] 1 2")
        .constant("FLOAT[2,1] 1 2")
        .absent()
        .constant("FLOAT[1] 1")
        .constant("FLOAT[1] 1");
  }
}
