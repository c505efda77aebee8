package dev.octet.workflow.diff;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import java.nio.ByteBuffer;

/** Says in what two constants of one name differ. */
final class TensorChange {

  private static final int WINDOW = 1 << 20;

  private TensorChange() {}

  /** Returns it in words: types, single elements, or how many bytes are others. */
  static String words(Tensor before, Tensor after) {
    if (!before.type().equals(after.type())) {
      return "is " + before.type() + " -> " + after.type();
    }
    if (before.dataType() == DataType.STRING) {
      return "has other strings";
    }
    if (before.elementCount() == 1 && isTold(before.dataType())) {
      return "is " + element(before) + " -> " + element(after);
    }
    return "has %s of %s bytes that are others"
        .formatted(others(before, after), before.byteCount());
  }

  private static boolean isTold(DataType type) {
    return type == DataType.FLOAT || type.isInteger();
  }

  private static String element(Tensor tensor) {
    return tensor.dataType() == DataType.FLOAT
        ? Float.toString(tensor.floats()[0])
        : Long.toString(tensor.integers()[0]);
  }

  private static long others(Tensor before, Tensor after) {
    long others = 0;
    for (long at = 0; at < before.byteCount(); at += WINDOW) {
      int length = (int) Math.min(WINDOW, before.byteCount() - at);
      ByteBuffer first = before.window(at, length);
      ByteBuffer second = after.window(at, length);
      for (int i = 0; i < length; i++) {
        others += first.get(first.position() + i) == second.get(second.position() + i) ? 0 : 1;
      }
    }
    return others;
  }
}
