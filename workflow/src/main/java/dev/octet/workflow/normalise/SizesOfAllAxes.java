package dev.octet.workflow.normalise;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The numbers of every axis for a Resize or CenterCropPad that names some axes alone: an axis that
 * is not named keeps its size, its scale is 1, and its region of interest is the whole.
 */
final class SizesOfAllAxes {

  private static final int CROP_SHAPE = 1;
  private static final int REGION = 1;
  private static final int SCALES = 2;
  private static final int SIZES = 3;

  private final GraphValues.Member member;
  private final Shape shape;
  private final int[] axes;
  private final Map<Integer, Tensor> constants = new LinkedHashMap<>();

  private SizesOfAllAxes(GraphValues.Member member, Shape shape, int[] axes) {
    this.member = member;
    this.shape = shape;
    this.axes = axes;
  }

  /**
   * How a node is written.
   *
   * @param node the node without axes
   * @param constants what it reads instead, by operand
   */
  record Form(Node node, Map<Integer, Tensor> constants) {}

  /**
   * Returns how a node names the numbers of every axis; empty where it does already, or where they
   * are not known, or would mean something else.
   */
  static Optional<Form> of(GraphValues.Member member) {
    Optional<List<Long>> axes = member.node().intsAttribute("axes");
    Optional<Shape> shape = member.operand(0).flatMap(GraphValues.Value::shape);
    if (axes.isEmpty() || shape.isEmpty()) {
      return Optional.empty();
    }
    long rank = shape.get().rank();
    if (axes.get().stream().anyMatch(axis -> axis < -rank || axis >= rank)) {
      return Optional.empty();
    }
    int[] places = axes.get().stream().mapToInt(axis -> (int) Math.floorMod(axis, rank)).toArray();
    return new SizesOfAllAxes(member, shape.get(), places).form();
  }

  private Optional<Form> form() {
    Node node = member.node();
    boolean known = node.op().is("Resize") ? resize() : sizes(CROP_SHAPE);
    return known
        ? Optional.of(new Form(node.withoutAttribute("axes"), constants))
        : Optional.empty();
  }

  /** A policy of the aspect ratio looks at the axes that are named. */
  private boolean resize() {
    Node node = member.node();
    String policy = node.stringAttribute("keep_aspect_ratio_policy", "stretch");
    return policy.equals("stretch")
        && (node.operand(REGION).isEmpty() || region())
        && (node.operand(SCALES).isEmpty() || scales())
        && (node.operand(SIZES).isEmpty() || sizes(SIZES));
  }

  private boolean sizes(int operand) {
    Optional<long[]> stated =
        constant(operand, DataType.INT64)
            .map(Tensor::integers)
            .filter(s -> s.length == axes.length);
    long[] all = new long[shape.rank()];
    for (int i = 0; i < all.length; i++) {
      OptionalLong size = shape.dimensions().get(i).known();
      if (size.isEmpty() && !isNamed(i)) {
        return false;
      }
      all[i] = size.orElse(0);
    }
    stated.ifPresent(
        numbers -> {
          for (int i = 0; i < axes.length; i++) {
            all[axes[i]] = numbers[i];
          }
          constants.put(operand, Tensor.of(all, all.length));
        });
    return stated.isPresent();
  }

  private boolean scales() {
    Optional<float[]> stated = floats(SCALES, axes.length);
    stated.ifPresent(
        numbers -> {
          float[] all = new float[shape.rank()];
          Arrays.fill(all, 1);
          for (int i = 0; i < axes.length; i++) {
            all[axes[i]] = numbers[i];
          }
          constants.put(SCALES, Tensor.of(all, all.length));
        });
    return stated.isPresent();
  }

  /** The starts of all axes, then their ends, as parts of the whole. */
  private boolean region() {
    Optional<float[]> stated = floats(REGION, 2 * axes.length);
    stated.ifPresent(
        numbers -> {
          int rank = shape.rank();
          float[] all = new float[2 * rank];
          Arrays.fill(all, rank, 2 * rank, 1);
          for (int i = 0; i < axes.length; i++) {
            all[axes[i]] = numbers[i];
            all[rank + axes[i]] = numbers[axes.length + i];
          }
          constants.put(REGION, Tensor.of(all, all.length));
        });
    return stated.isPresent();
  }

  private boolean isNamed(int axis) {
    return Arrays.stream(axes).anyMatch(named -> named == axis);
  }

  private Optional<float[]> floats(int operand, int count) {
    return constant(operand, DataType.FLOAT)
        .map(Tensor::floats)
        .filter(numbers -> numbers.length == count);
  }

  private Optional<Tensor> constant(int operand, DataType type) {
    return member
        .operand(operand)
        .flatMap(GraphValues.Value::constant)
        .filter(constant -> constant.dataType() == type);
  }
}
