package dev.octet.kernels.image;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Elements;
import dev.octet.kernels.array.TensorArray;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.FloatNode;
import dev.octet.kernels.definition.MovedIntegers;
import dev.octet.kernels.definition.StaysFloatException;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Resize and Upsample in all modes. Elements of any type are chosen (nearest); floats are weighed
 * (linear, cubic) axis by axis, outermost first, in double, and rounded once.
 *
 * <p>Positions follow the reference implementation of ONNX, with scales in double: {@code (o + 0.5)
 * / scale - 0.5} for half_pixel, {@code o / scale} for asymmetric, {@code o * (in - 1) / (scale *
 * in - 1)} for align_corners.
 */
final class Resize {

  private Resize() {}

  static List<Optional<TensorType>> shape(ShapeContext context) {
    ResizeRule rule = ResizeRule.of(context.node(), context.opset());
    if (rule.antialias() && rule.mode() == ResizeRule.Mode.NEAREST) {
      throw new ShapeMismatchException("antialias has no meaning for the nearest element");
    }
    Optional<List<Dimension>> result =
        context
            .dimensions(0)
            .flatMap(in -> ResizeSizes.of(context, in.size()).map(sizes -> sizes.result(in)));
    return ShapeContext.resultOf(context.dataType(0), result);
  }

  /** Integers are chosen, but not weighed; scales are FLOAT. */
  static Optional<String> refusal(Signature signature) {
    String mode = signature.node().stringAttribute("mode", "nearest");
    int scales = ResizeSizes.scalesOperand(signature.node(), signature.opset());
    Optional<DataType> stated = signature.operandType(scales);
    if (stated.isPresent() && stated.get() != DataType.FLOAT) {
      return Optional.of("scales of type " + stated.get() + " are not supported");
    }
    Optional<DataType> region = scales == 1 ? Optional.empty() : signature.operandType(1);
    if (region.isPresent() && !Elements.isReal(region.get())) {
      return Optional.of("a region of type " + region.get() + " is not supported");
    }
    return signature
        .operandType(0)
        .filter(type -> !mode.equals("nearest") && !Elements.isReal(type))
        .map(type -> "a " + mode + " Resize of " + type + " is not supported");
  }

  /** Integers are moved where the nearest is chosen, and none comes from outside of the input. */
  static void requireNearest(FloatNode resize, MovedIntegers integers) {
    ResizeRule rule = ResizeRule.of(resize.node(), resize.opset());
    if (rule.mode() != ResizeRule.Mode.NEAREST) {
      throw new StaysFloatException("it weighs elements");
    }
    if (rule.place() == ResizeRule.Place.TF_CROP_AND_RESIZE) {
      throw new StaysFloatException("its extrapolation value is a float");
    }
  }

  static Kernel prepare(Preparation preparation) {
    ResizeAxis[] axes = axes(preparation);
    ResizeRule rule = ResizeRule.of(preparation.node(), preparation.opset());
    if (rule.mode() == ResizeRule.Mode.NEAREST) {
      return new Choice(
          preparation.operand(0), preparation.result(0), List.of(axes), rule.extrapolation());
    }
    ArrayType x = preparation.operand(0);
    return RealKernel.of(
        preparation,
        (operands, results, workers) -> {
          double[] values = operands.reals(0);
          int outer = 1;
          for (int axis = 0; axis < axes.length; axis++) {
            int inner = x.product(axis + 1, x.rank());
            values = axes[axis].resample(values, outer, inner, rule.extrapolation());
            outer *= axes[axis].out();
          }
          System.arraycopy(values, 0, results[0], 0, values.length);
        });
  }

  private static ResizeAxis[] axes(Preparation preparation) {
    Node node = preparation.node();
    ArrayType x = preparation.operand(0);
    int scalesOperand = ResizeSizes.scalesOperand(node, preparation.opset());
    ResizeSizes sizes =
        ResizeSizes.of(
            node,
            x.rank(),
            preparation.constant(scalesOperand).map(Resize::floats),
            preparation.integers(scalesOperand + 1));
    double[] scales = sizes.scales(Arrays.stream(x.sizes()).asLongStream().toArray());
    ResizeRule rule = ResizeRule.of(node, preparation.opset());
    ResizeAxis[] axes = new ResizeAxis[x.rank()];
    for (int axis = 0; axis < axes.length; axis++) {
      axes[axis] = axis(preparation, rule, sizes, axis, scales[axis]);
    }
    return axes;
  }

  private static float[] floats(TensorArray constant) {
    return Arrays.copyOf((float[]) constant.array(), constant.type().count());
  }

  private static ResizeAxis axis(
      Preparation preparation, ResizeRule rule, ResizeSizes sizes, int axis, double scale) {
    int in = preparation.operand(0).size(axis);
    int out = preparation.result(0).size(axis);
    double[] region = region(preparation, rule, sizes, axis);
    boolean whole = region[0] == 0 && region[1] == 1;
    if (scale == 1 && in == out && whole) {
      ResizeRule same =
          new ResizeRule(
              ResizeRule.Mode.NEAREST,
              ResizeRule.Place.ASYMMETRIC,
              ResizeRule.Nearest.FLOOR,
              0,
              false,
              false,
              0);
      return ResizeAxis.of(same, in, out, 1, region);
    }
    boolean old = preparation.opset() < ResizeRule.WITH_COORDINATES;
    return ResizeAxis.of(rule.shrinking(old && scale < 1), in, out, scale, region);
  }

  /** Begin and end of the region of an axis; the whole axis where nothing else is said. */
  private static double[] region(
      Preparation preparation, ResizeRule rule, ResizeSizes sizes, int axis) {
    int index = sizes.regionIndex(axis);
    if (rule.place() != ResizeRule.Place.TF_CROP_AND_RESIZE || index < 0) {
      return new double[] {0, 1};
    }
    TensorArray roi =
        preparation
            .constant(1)
            .filter(r -> r.type().count() == 2 * sizes.count())
            .orElseThrow(
                () -> new ShapeMismatchException("its region has other axes than its sizes"));
    DataType type = roi.type().dataType();
    return new double[] {
      Elements.real(type, roi.array(), index),
      Elements.real(type, roi.array(), index + sizes.count())
    };
  }

  /** The nearest element of each output element. */
  private record Choice(ArrayType x, ArrayType y, List<ResizeAxis> axes, float extrapolation)
      implements Kernel {

    private Choice {
      axes = List.copyOf(axes);
    }

    @Override
    public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
      Object source = operands[0];
      Object target = results[0];
      if (source == null || target == null) {
        return;
      }
      Object outside = x.kind().allocate(1);
      fill(outside);
      for (int i = 0; i < y.count(); i++) {
        int from = source(i);
        Elements.copy(x.kind(), from < 0 ? outside : source, Math.max(0, from), target, i);
      }
    }

    private void fill(Object outside) {
      if (Elements.isReal(x.dataType())) {
        Elements.putReal(x.dataType(), outside, 0, extrapolation);
      } else if (x.dataType().isInteger() || x.dataType() == DataType.BOOL) {
        Elements.putInteger(x.dataType(), outside, 0, (long) extrapolation);
      }
    }

    /** Where an output element comes from; -1 outside of the input. */
    private int source(int element) {
      int rest = element;
      int stride = 1;
      int from = 0;
      for (int axis = axes.size() - 1; axis >= 0; axis--) {
        int o = rest % axes.get(axis).out();
        if (axes.get(axis).isOutside(o)) {
          return -1;
        }
        from += axes.get(axis).source(o) * stride;
        stride *= x.size(axis);
        rest /= axes.get(axis).out();
      }
      return from;
    }
  }
}
