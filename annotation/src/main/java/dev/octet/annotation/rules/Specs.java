package dev.octet.annotation.rules;

import dev.octet.api.graph.DataType;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.List;

/**
 * The words with which a rule table states specs; for a static import. A spec begins affine, per
 * tensor, with ONNX arithmetic, watched by min-max, static.
 */
public final class Specs {

  private Specs() {}

  /** Starts a spec of int8, -128 to 127. */
  public static SpecTemplate.Observed int8() {
    return of(Storage.INT8);
  }

  /** Starts a spec of uint8, 0 to 255. */
  public static SpecTemplate.Observed uint8() {
    return of(Storage.UINT8);
  }

  /** Starts a spec of int4, -8 to 7. */
  public static SpecTemplate.Observed int4() {
    return of(Storage.INT4);
  }

  /** Starts a spec of int16. */
  public static SpecTemplate.Observed int16() {
    return of(Storage.INT16);
  }

  /** Starts a spec of any storage, with its whole range. */
  public static SpecTemplate.Observed of(Storage storage) {
    return of(QuantizedType.of(storage));
  }

  /** Starts a spec of any type. */
  public static SpecTemplate.Observed of(QuantizedType type) {
    return SpecTemplate.Observed.of(QuantizationSpec.Observed.of(type));
  }

  /** Returns float16 in the place of float32, without scale and zero point. */
  public static SpecTemplate float16() {
    return narrowFloat(DataType.FLOAT16);
  }

  /** Returns bfloat16 in the place of float32; it can be planned, and not yet converted. */
  public static SpecTemplate bfloat16() {
    return narrowFloat(DataType.BFLOAT16);
  }

  /**
   * Returns a narrower float in the place of float32, such as {@code FLOAT8E4M3FN}.
   *
   * @param type one of {@link QuantizationSpec.NarrowFloat#TYPES}
   * @throws IllegalArgumentException for another type
   */
  public static SpecTemplate narrowFloat(DataType type) {
    return new SpecTemplate.NarrowFloat(type);
  }

  /** Returns the axis of a weight's output channels, whatever the operator. */
  public static ChannelAxis outputChannel() {
    return new ChannelAxis.Output();
  }

  /** Returns the axis of a weight's input channels; of a grouped Conv, those of each group. */
  public static ChannelAxis inputChannel() {
    return new ChannelAxis.Input();
  }

  /** Returns int8 with a scale and zero point that are known beforehand. */
  public static SpecTemplate fixed(float scale, long zeroPoint) {
    return fixed(QuantizedType.of(Storage.INT8), scale, zeroPoint);
  }

  /** Returns a type with a scale and zero point that are known beforehand. */
  public static SpecTemplate fixed(QuantizedType type, float scale, long zeroPoint) {
    return new SpecTemplate.Fixed(QuantizationSpec.Fixed.of(type, scale, zeroPoint), List.of());
  }

  /**
   * Returns a type with a scale and zero point for each index of an axis, known beforehand.
   *
   * @param type the integer type and range
   * @param scales the scales, each finite and above 0; as many as the axis has indices, which is
   *     checked when a model is planned
   * @param zeroPoints as many, inside the type's range; of constants, they may be fractions
   * @param axis the axis
   */
  public static SpecTemplate fixed(
      QuantizedType type, float[] scales, float[] zeroPoints, ChannelAxis axis) {
    QuantizationParameters parameters = QuantizationParameters.ofFractions(scales, zeroPoints);
    return new SpecTemplate.Fixed(
        QuantizationSpec.Fixed.perChannel(type, parameters, 0), List.of(axis));
  }

  /** Returns an axis by number, from the outermost, 0. */
  public static ChannelAxis axis(int number) {
    return new ChannelAxis.Numbered(number);
  }

  /** Returns the parameters of another point of the match. */
  public static SpecTemplate sharedWith(MatchPoint point) {
    return new SpecTemplate.Shared(point);
  }

  /**
   * Returns the spec of a bias: int32, zero point 0, the scale of the input (operand 0) times that
   * of the weight (operand 1).
   */
  public static SpecTemplate derivedFromInputAndWeight() {
    return derivedFromInputAndWeight(QuantizedType.of(Storage.INT32));
  }

  /**
   * Returns the spec of a bias of another type, such as {@code QuantizedType.int48()} for 16-bit
   * activations; otherwise as {@link #derivedFromInputAndWeight()}.
   */
  public static SpecTemplate derivedFromInputAndWeight(QuantizedType type) {
    return SpecTemplate.Derived.ofInputAndWeight(type);
  }

  /**
   * Returns a scale and zero point that are computed from those of other points of the match.
   *
   * @param type the integer type and range
   * @param derivation the rule, by name: Octet's, or one that the backend brings
   * @param sources the points, each one and not several; at least one
   */
  public static SpecTemplate derived(
      QuantizedType type, Derivation derivation, MatchPoint... sources) {
    return new SpecTemplate.Derived(type, derivation, List.of(sources));
  }

  /** Returns that a point is claimed and stays float. */
  public static SpecTemplate keepFloat(String reason) {
    return new SpecTemplate.KeepFloat(reason);
  }
}
