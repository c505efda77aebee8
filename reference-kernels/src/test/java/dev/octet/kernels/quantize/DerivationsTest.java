package dev.octet.kernels.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.spec.Derivation;
import dev.octet.api.spec.DerivationContext;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DerivationsTest {

  /** A bias of six elements. */
  private record Bias(Node node, List<Source> sources) implements DerivationContext {

    static Bias of(String op, long groups, float[]... sources) {
      Attribute group = Attribute.of("group", groups);
      Node node = Node.of("up", OpType.onnx(op), List.of(), List.of("y"), group);
      return new Bias(node, List.of(sources).stream().<Source>map(Scales::new).toList());
    }

    @Override
    public Derivation derivation() {
      return Derivation.productOfScales();
    }

    @Override
    public QuantizedType type() {
      return QuantizedType.of(Storage.INT32);
    }

    @Override
    public Optional<Shape> shape() {
      return Optional.of(Shape.of(6));
    }
  }

  private static final class Scales implements DerivationContext.Source {
    private final float[] scales;

    Scales(float[] scales) {
      this.scales = scales;
    }

    @Override
    public QuantizationParameters parameters() {
      return QuantizationParameters.of(scales, new long[scales.length]);
    }

    @Override
    public QuantizedType type() {
      return QuantizedType.of(Storage.INT8);
    }

    @Override
    public Optional<Shape> shape() {
      return Optional.empty();
    }
  }

  private static float[] scales(Bias bias) {
    DerivationKind product = Derivations.own().get(0);
    float[] scales = new float[product.count(bias)];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = product.scale(bias, i);
    }
    return scales;
  }

  private static float[] floats(float... values) {
    return values;
  }

  @Test
  void multipliesTheScalesOfTheSources() {
    assertArrayEquals(
        floats(0.5f, 1, 1.5f, 2, 2.5f, 3),
        scales(Bias.of("Conv", 2, floats(0.5f), floats(1, 2, 3, 4, 5, 6))));
    assertArrayEquals(floats(1.5f), scales(Bias.of("Conv", 2, floats(0.5f), floats(3))));
  }

  @Test
  void theScalesOfAGroupedConvTransposeRepeatForEachGroup() {
    assertArrayEquals(
        floats(0.5f, 1, 2, 0.5f, 1, 2),
        scales(Bias.of("ConvTranspose", 2, floats(0.5f), floats(1, 2, 4))));
    assertArrayEquals(floats(1.5f), scales(Bias.of("ConvTranspose", 6, floats(0.5f), floats(3))));
  }

  @Test
  void scalesOfOtherLayersDoNotRepeat() {
    assertArrayEquals(
        floats(0.5f, 1, 2), scales(Bias.of("Conv", 2, floats(0.5f), floats(1, 2, 4))));
  }

  @Test
  void refusesSourcesWithUnlikeNumbersOfScales() {
    Bias bias = Bias.of("Conv", 1, floats(1, 2), floats(1, 2, 4));
    assertThrows(IllegalArgumentException.class, () -> scales(bias));
  }
}
