package dev.octet.tck.graphs;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.tck.integers.IntegerDraft;
import dev.octet.tck.integers.IntegerModel;
import dev.octet.tck.integers.Meaning;
import dev.octet.tck.integers.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Small networks of operators between conversions, with a residual and values read twice. */
public final class SmallNetworks {

  private static final int SAMPLES = 2;
  private static final int DEPTH = 12;
  private static final float STEP = 0.03f;

  private final long seed;

  /** Makes networks whose random numbers depend on a seed. */
  public SmallNetworks(long seed) {
    this.seed = seed;
  }

  /** Returns the networks. */
  public List<IntegerModel> all() {
    List<IntegerModel> all = new ArrayList<>();
    for (DataType type : List.of(DataType.INT8, DataType.UINT8)) {
      String suffix = "/" + type.toString().toLowerCase(Locale.ROOT);
      all.add(residual(new Network("network/residual" + suffix, type)));
      all.add(classifier(new Network("network/classifier" + suffix, type)));
      all.add(perceptron(new Network("network/perceptron" + suffix, type)));
      all.add(rectifiers(new Network("network/rectifiers" + suffix, type)));
      all.add(unread(new Network("network/unread" + suffix, type)));
      all.add(deep(new Network("network/deep" + suffix, type)));
    }
    return all;
  }

  /**
   * Returns networks that give their last result alone, whose scales are powers of two and the same
   * for all channels, so that one integer is right in every step.
   */
  public List<IntegerModel> ends() {
    List<IntegerModel> all = new ArrayList<>();
    for (DataType type : List.of(DataType.INT8, DataType.UINT8)) {
      String suffix = "/" + type.toString().toLowerCase(Locale.ROOT) + "-exact";
      all.add(residual(new Network("network/residual" + suffix, type, true)));
      all.add(perceptron(new Network("network/perceptron" + suffix, type, true)));
      all.add(rectifiers(new Network("network/rectifiers" + suffix, type, true)));
      all.add(deep(new Network("network/deep" + suffix, type, true)));
    }
    return all.stream().map(IntegerModel::endAlone).toList();
  }

  private static IntegerModel residual(Network network) {
    Operand.Stored x = network.input(SAMPLES, 4, 5, 3);
    Operand.Stored a = network.conv(x, 4, 1);
    Operand.Stored b = network.unary("Relu", a);
    Operand.Stored c = network.conv(b, 4, 2);
    Operand.Stored d = network.binary("Add", c, x);
    network.binary("Add", d, a);
    return network.model();
  }

  private static IntegerModel classifier(Network network) {
    Operand.Stored x = network.input(SAMPLES, 3, 8, 6);
    Operand.Stored a = network.conv(x, 6, 3);
    Operand.Stored b = network.keep("MaxPool", a, Attribute.of("kernel_shape", List.of(2L, 3L)));
    Operand.Stored c = network.unary("GlobalAveragePool", b);
    Operand.Stored d = network.keep("Flatten", c);
    network.dense(d, 6, 5);
    return network.model();
  }

  private static IntegerModel perceptron(Network network) {
    Operand.Stored x = network.input(3, 9);
    Operand.Stored a = network.dense(x, 9, 7);
    Operand.Stored b = network.unary("Relu", a);
    Operand.Stored c = network.dense(b, 7, 7);
    Operand.Stored d = network.binary("Mul", c, b);
    network.dense(d, 7, 4);
    return network.model();
  }

  private static IntegerModel rectifiers(Network network) {
    Operand.Stored x = network.input(2, 3, 5);
    Operand.Stored a = network.unary("Relu", x);
    Operand.Stored b = network.unary("Relu", a);
    network.unary("Relu", b);
    return network.model();
  }

  /** Inputs that nobody reads stand before and behind one that is read. */
  private static IntegerModel unread(Network network) {
    network.input(2, 5);
    Operand.Stored x = network.input(2, 3, 5);
    network.input(3, 2);
    network.unary("Relu", x);
    return network.model();
  }

  /** So many nodes that memory is used again, between a value and its last reader. */
  private static IntegerModel deep(Network network) {
    Operand.Stored x = network.input(2, 3, 5);
    Operand.Stored last = x;
    for (int i = 0; i < DEPTH; i++) {
      Operand.Stored before = last;
      last = network.binary("Add", network.unary("Relu", before), i % 2 == 0 ? x : before);
    }
    network.binary("Add", last, x);
    return network.model();
  }

  /** A network while it is composed. */
  private final class Network {
    private final IntegerDraft draft;
    private final DataType type;
    private final boolean exact;
    private final SplittableRandom random;

    private Network(String name, DataType type) {
      this(name, type, false);
    }

    private Network(String name, DataType type, boolean exact) {
      this.exact = exact;
      this.draft = IntegerDraft.of(name);
      this.type = type;
      this.random = RandomFloats.generator(seed, name);
    }

    private IntegerModel model() {
      return draft.model().orElseThrow();
    }

    private Meaning meaning(float scale) {
      int middle = type.isSignedInteger() ? 0 : 128;
      return Meaning.perTensor(type, rounded(scale), middle + random.nextInt(21) - 10);
    }

    /** A power of two where all scales are. */
    private float rounded(float scale) {
      return exact ? Math.scalb(1f, Math.getExponent(scale)) : scale;
    }

    private Tensor integers(DataType of, int least, int most, long... sizes) {
      int count = 1;
      for (long size : sizes) {
        count *= (int) size;
      }
      long[] values = random.longs(count, least, most + 1L).toArray();
      return Tensor.ofIntegers(of, values, sizes);
    }

    private Operand.Stored input(long... sizes) {
      Meaning meaning = meaning(STEP);
      return draft.input(meaning, integers(type, (int) meaning.min(), (int) meaning.max(), sizes));
    }

    private Operand.Stored conv(Operand.Stored x, long channels, long pad) {
      long before = pad == 3 ? 3 : 4;
      Operand.Stored w = weights(channels, 0, channels, before, 3, 3);
      List<Attribute> pads = List.of(Attribute.of("pads", List.of(1L, 1L, 1L, 1L)));
      return draft.node(
          OpType.onnx("Conv"), pads, List.of(x, w, bias(x, w, channels)), 1, meaning(STEP * 2));
    }

    private Operand.Stored dense(Operand.Stored x, long inputs, long outputs) {
      Operand.Stored w = weights(outputs, 1, inputs, outputs);
      return draft.node(
          OpType.onnx("Gemm"), List.of(), List.of(x, w, bias(x, w, outputs)), 1, meaning(STEP * 2));
    }

    private Operand.Stored weights(long channels, int axis, long... sizes) {
      List<Float> scales = new ArrayList<>();
      for (long i = 0; i < channels; i++) {
        scales.add(rounded(0.002f + 0.003f * (float) random.nextDouble()));
      }
      return draft.constant(
          exact
              ? Meaning.perTensor(DataType.INT8, scales.get(0), 0)
              : Meaning.perChannel(DataType.INT8, scales, axis),
          integers(DataType.INT8, -127, 127, sizes));
    }

    private Operand.Stored bias(Operand.Stored x, Operand.Stored w, long channels) {
      List<Float> scales =
          w.meaning().scales().stream().map(scale -> x.meaning().scale() * scale).toList();
      return draft.constant(
          exact
              ? Meaning.perTensor(DataType.INT32, scales.get(0), 0)
              : Meaning.perChannel(DataType.INT32, scales, 0),
          integers(DataType.INT32, -2_000, 2_000, channels));
    }

    private Operand.Stored unary(String op, Operand.Stored x) {
      return draft.node(OpType.onnx(op), List.of(), List.of(x), 1, meaning(STEP * 1.3f));
    }

    private Operand.Stored binary(String op, Operand.Stored a, Operand.Stored b) {
      return draft.node(OpType.onnx(op), List.of(), List.of(a, b), 1, meaning(STEP * 2));
    }

    private Operand.Stored keep(String op, Operand.Stored x, Attribute... attributes) {
      return draft.node(OpType.onnx(op), List.of(attributes), List.of(x), 1, x.meaning());
    }
  }
}
