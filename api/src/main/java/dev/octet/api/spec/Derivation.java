package dev.octet.api.spec;

/** A rule that computes scale and zero point of one point from those of others. */
public enum Derivation {
  /**
   * The scale is the product of the sources' scales, one float32 multiplication for each source
   * from left to right; the zero point is 0. A per-channel source gives a per-channel result.
   * Source: ONNX QLinearConv and the LiteRT quantization specification, for biases.
   */
  PRODUCT_OF_SCALES
}
