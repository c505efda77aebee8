package dev.octet.workflow.convert;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.workflow.plan.GraphValue;
import dev.octet.workflow.plan.PlannedGroup;
import dev.octet.workflow.plan.ValueNodes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How a group is written with QuantizeLinear and DequantizeLinear at one value.
 *
 * @param type the integers
 * @param granularity per tensor, per channel, or, for a constant, per group or per block
 * @param profile the arithmetic by which a constant becomes integers
 * @param parameters the scales and zero points
 * @param shape the sizes of their tensors; without meaning per block, whose form is another
 */
record QdqForm(
    QuantizedType type,
    Granularity granularity,
    NumericProfile profile,
    QuantizationParameters parameters,
    List<Long> shape) {

  /**
   * Returns the form of a group at a constant.
   *
   * @param place the point at which it is read, and whose backend marked it
   * @throws OctetException {@code OCT-CONV-004} if the granularity has no form in ONNX, {@code
   *     OCT-CONV-014} if derived parameters have another number of channels than the constant,
   *     {@code OCT-CONV-011} and {@code OCT-CONV-012} as {@link ConstantValues}
   */
  static QdqForm ofConstant(
      GraphValue constant, PlannedGroup group, GroupParameters found, MarkedPoint place) {
    QuantizationParameters parameters = found.parameters();
    Granularity granularity =
        group
            .spec()
            .match(
                new QuantizationSpec.ConcreteCases<>(
                    QuantizationSpec.Observed::granularity,
                    QuantizationSpec.Fixed::granularity,
                    derived -> derived(constant, parameters.count(), place)));
    List<Long> shape =
        granularity.match(
            new Granularity.Cases<>(
                whole -> fitting(constant, whole, List.of()),
                channel -> fitting(constant, channel, List.of((long) parameters.count())),
                runs -> grid(constant, runs),
                block -> fitting(constant, block, List.of()),
                token -> refused(token, constant.name())));
    requireFit(constant, group, granularity, found);
    return new QdqForm(found.stored(), granularity, group.spec().profile(), parameters, shape);
  }

  /** A point that a backend marked. */
  record MarkedPoint(String backend, Point point) {}

  /** A plan may have been edited. */
  private static void requireFit(
      GraphValue constant, PlannedGroup group, Granularity granularity, GroupParameters found) {
    int own = found.parameters().count();
    int count = ConstantValues.layout(constant, granularity).count();
    List<Long> sizes = Arrays.stream(ConstantValues.of(constant).sizes()).boxed().toList();
    Optional<String> why =
        count != own
            ? Optional.of("it needs " + count + " scales, not " + own)
            : Optional.of(group.spec())
                .filter(spec -> FloatForm.isNeeded(spec, found.stored()))
                .flatMap(spec -> FloatForm.refusal(granularity, sizes));
    if (why.isPresent()) {
      throw ConstantValues.unfit(constant, granularity, why.get());
    }
  }

  /**
   * Returns the form of a group at a value that is computed.
   *
   * @throws OctetException {@code OCT-CONV-004} as {@link #ofConstant}; {@code OCT-CONV-010} if
   *     QuantizeLinear does not produce the type
   */
  static QdqForm ofComputed(String value, PlannedGroup group, QuantizationParameters parameters) {
    QuantizedType integers = group.spec().type();
    if (integers.storage().bits() >= Integer.SIZE) {
      throw ConversionErrors.COMPUTED_INT32
          .error(
              "'" + value + "' is computed, and ONNX QuantizeLinear does not produce " + integers)
          .build();
    }
    Granularity granularity = granularity(group);
    List<Long> shape =
        granularity.match(
            new Granularity.Cases<>(
                whole -> List.of(),
                channel -> List.of((long) parameters.count()),
                runs -> refused(runs, value),
                block -> refused(block, value),
                token -> refused(token, value)));
    return new QdqForm(group.spec().type(), granularity, group.spec().profile(), parameters, shape);
  }

  /** Returns the attributes {@code axis} and {@code block_size}. */
  List<Attribute> attributes() {
    return ValueNodes.layout(granularity);
  }

  /** Returns the sizes of the tensors of scales and zero points. */
  long[] sizes() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  /** Tells whether the range is narrower than the storage, which alone QuantizeLinear clamps to. */
  boolean isNarrow() {
    return type.min() != type.storage().min() || type.max() != type.storage().max();
  }

  private static Granularity derived(GraphValue constant, int count, MarkedPoint place) {
    if (count == 1) {
      return new Granularity.PerTensor();
    }
    Tensor tensor = ConstantValues.of(constant);
    int last = tensor.rank() - 1;
    if (last < 0 || tensor.sizes()[last] != count) {
      throw ConversionErrors.DERIVED_CHANNELS
          .error(
              "'"
                  + constant.name()
                  + "' is "
                  + tensor
                  + ", but the parameters that backend '"
                  + place.backend()
                  + "' derives for it have "
                  + count
                  + " channels")
          .at(place.point().toString())
          .build();
    }
    return new Granularity.PerChannel(last);
  }

  /** Derived parameters of computed values are per tensor. */
  private static Granularity granularity(PlannedGroup group) {
    return group
        .spec()
        .match(
            new QuantizationSpec.ConcreteCases<Granularity>(
                QuantizationSpec.Observed::granularity,
                QuantizationSpec.Fixed::granularity,
                derived -> new Granularity.PerTensor()));
  }

  private static List<Long> fitting(
      GraphValue constant, Granularity granularity, List<Long> shape) {
    ConstantValues.layout(constant, granularity);
    return shape;
  }

  private static List<Long> grid(GraphValue constant, Granularity.PerGroup runs) {
    int[] grid = ConstantValues.layout(constant, runs).grid();
    return Arrays.stream(grid).asLongStream().boxed().toList();
  }

  private static List<Long> refused(Granularity granularity, String value) {
    throw ConversionErrors.NO_FORM
        .error("granularity " + granularity + " of '" + value + "' has no form in ONNX")
        .build();
  }
}
