package dev.octet.tck.check;

import dev.octet.api.graph.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Tensors whose first axis counts samples, cut and put together. */
final class Batches {

  private Batches() {}

  /** Returns one sample of each tensor, as a batch of one. */
  static Map<String, Tensor> row(Map<String, Tensor> batch, int row) {
    return each(batch, tensor -> part(tensor, row, 1));
  }

  /** Returns no sample of each tensor. */
  static Map<String, Tensor> empty(Map<String, Tensor> batch) {
    return each(batch, tensor -> part(tensor, 0, 0));
  }

  /** Returns each batch several times behind itself. */
  static Map<String, Tensor> repeated(Map<String, Tensor> batch, int times) {
    return each(
        batch,
        tensor -> {
          long[] integers = tensor.integers();
          long[] all = new long[integers.length * times];
          for (int i = 0; i < all.length; i++) {
            all[i] = integers[i % integers.length];
          }
          return Tensor.ofIntegers(
              tensor.dataType(), all, sizes(tensor, tensor.sizes()[0] * times));
        });
  }

  private static Map<String, Tensor> each(Map<String, Tensor> batch, UnaryOperator<Tensor> change) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    batch.forEach((name, tensor) -> changed.put(name, change.apply(tensor)));
    return changed;
  }

  private static Tensor part(Tensor tensor, int from, int count) {
    int row = (int) (tensor.elementCount() / Math.max(1, tensor.sizes()[0]));
    long[] integers = Arrays.copyOfRange(tensor.integers(), from * row, (from + count) * row);
    return Tensor.ofIntegers(tensor.dataType(), integers, sizes(tensor, count));
  }

  private static long[] sizes(Tensor tensor, long first) {
    long[] sizes = tensor.sizes().clone();
    sizes[0] = first;
    return sizes;
  }
}
