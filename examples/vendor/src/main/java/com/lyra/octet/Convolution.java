package com.lyra.octet;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/** Conv over any number of spatial axes; padding is the zero point, sums are exact in 64 bits. */
final class Convolution implements Kernel {

  private final Node node;
  private final int groups;
  private final int inputZero;
  private final int weightZero;
  private final Requantization requantization;

  Convolution(Node node, List<Stored> operands, Stored result) {
    this.node = node;
    this.groups = (int) node.intAttribute("group", 1);
    this.inputZero = operands.get(0).zero();
    this.weightZero = operands.get(1).zero();
    this.requantization = Requantization.of(operands, result);
  }

  @Override
  public Tensor run(List<Tensor> read) {
    long[] input = read.get(0).sizes();
    long[] weight = read.get(1).sizes();
    long[] kernel = Arrays.copyOfRange(weight, 2, weight.length);
    Window window = new Window(node, Arrays.copyOfRange(input, 2, input.length), kernel);
    int[] reads = window.reads();
    int image = Shapes.count(window.input());
    int positions = Shapes.count(window.output());
    int taps = Shapes.count(kernel);
    int channels = (int) weight[0];
    int perGroup = (int) weight[1];
    byte[] x = read.get(0).bytes();
    byte[] w = read.get(1).bytes();
    int[] bias = read.size() > 2 ? read.get(2).int32s() : new int[channels];
    byte[] y = new byte[Math.toIntExact(input[0] * channels * positions)];
    for (int i = 0; i < y.length; i++) {
      int sample = i / (channels * positions);
      int channel = i / positions % channels;
      int position = i % positions;
      int first = sample * (int) input[1] + channel / (channels / groups) * perGroup;
      long sum = bias[channel];
      for (int c = 0; c < perGroup; c++) {
        for (int tap = 0; tap < taps; tap++) {
          int from = reads[position * taps + tap];
          if (from >= 0) {
            int q = x[(first + c) * image + from] - inputZero;
            sum += (long) q * (w[(channel * perGroup + c) * taps + tap] - weightZero);
          }
        }
      }
      y[i] = requantization.of(sum, channel);
    }
    long[] sizes = new long[input.length];
    sizes[0] = input[0];
    sizes[1] = channels;
    System.arraycopy(window.output(), 0, sizes, 2, sizes.length - 2);
    return Tensor.of(DataType.INT8, y, sizes);
  }
}
