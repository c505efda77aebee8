package dev.octet.embedding;

import dev.octet.api.graph.Tensor;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;

/**
 * Images as a database hands them out: one by one, once, and to the thread alone that asked first.
 * A call from another thread, or after the last image, is an error.
 */
final class Cursor implements Iterator<Map<String, Tensor>> {

  private final Thread owner = Thread.currentThread();
  private final Random random;
  private final String input;
  private final long[] sizes;
  private int left;
  private boolean closed;

  /**
   * Opens it.
   *
   * @param input the name of the model's input
   * @param sizes the sizes of one image, with 1 in front
   * @param images how many there are
   */
  Cursor(String input, long[] sizes, int images) {
    this.input = input;
    this.sizes = sizes.clone();
    this.left = images;
    this.random = new Random(images);
  }

  @Override
  public boolean hasNext() {
    require(Thread.currentThread() == owner, "the cursor is read from another thread");
    require(!closed, "the cursor is closed");
    closed = left == 0;
    return !closed;
  }

  @Override
  public Map<String, Tensor> next() {
    require(Thread.currentThread() == owner, "the cursor is read from another thread");
    if (left == 0) {
      throw new NoSuchElementException();
    }
    left--;
    float[] values = new float[Math.toIntExact(elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(256) / 255f;
    }
    return Map.of(input, Tensor.of(values, sizes));
  }

  private long elements() {
    long elements = 1;
    for (long size : sizes) {
      elements *= size;
    }
    return elements;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
