package com.lyra.octet;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.util.List;

/** Add, in float32: {@code clamp(rne(f32(f32(a + b) / s_y)) + z_y)}. */
final class Sum implements Kernel {

  private final Affine a;
  private final Affine b;
  private final Affine y;

  Sum(List<Stored> operands, Stored result) {
    this.a = operands.get(0).affine();
    this.b = operands.get(1).affine();
    this.y = result.affine();
  }

  @Override
  public Tensor run(List<Tensor> read) {
    byte[] left = read.get(0).bytes();
    byte[] right = read.get(1).bytes();
    long[] sizes = Shapes.broadcast(read.get(0).sizes(), read.get(1).sizes());
    int[] fromLeft = Shapes.reads(read.get(0).sizes(), sizes);
    int[] fromRight = Shapes.reads(read.get(1).sizes(), sizes);
    byte[] sum = new byte[Shapes.count(sizes)];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = y.nearest(a.real(left[fromLeft[i]]) + b.real(right[fromRight[i]]));
    }
    return Tensor.of(DataType.INT8, sum, sizes);
  }
}
