package com.lyra.octet;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/** Relu and Flatten: a table of what each of the 256 integers becomes. */
final class Table implements Kernel {

  private final byte[] table = new byte[256];
  private final Node node;

  Table(Node node, Stored operand, Stored result) {
    this.node = node;
    Affine x = operand.affine();
    Affine y = result.affine();
    for (int i = 0; i < table.length; i++) {
      float real = x.real((byte) (i + Byte.MIN_VALUE));
      table[i] = y.nearest(node.op().is("Relu") ? Math.max(real, 0) : real);
    }
  }

  @Override
  public Tensor run(List<Tensor> read) {
    byte[] x = read.get(0).bytes();
    byte[] y = new byte[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = table[x[i] - Byte.MIN_VALUE];
    }
    return Tensor.of(DataType.INT8, y, sizes(read.get(0).sizes()));
  }

  private long[] sizes(long[] x) {
    if (node.op().is("Relu")) {
      return x;
    }
    int axis = (int) node.intAttribute("axis", 1);
    int from = axis < 0 ? axis + x.length : axis;
    return new long[] {
      Shapes.count(Arrays.copyOf(x, from)), Shapes.count(Arrays.copyOfRange(x, from, x.length))
    };
  }
}
