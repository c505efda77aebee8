package dev.octet.workflow.data;

import dev.octet.api.graph.Tensor;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Samples that come one after the other, from a queue or a database for instance: read once, in
 * order, on the thread that asks for them. How many there are need not be known. Not thread-safe.
 */
public final class SampleStream {

  private final Iterator<Map<String, Tensor>> sets;

  SampleStream(Iterator<Map<String, Tensor>> sets) {
    this.sets = Objects.requireNonNull(sets, "sets");
  }

  /** Tells whether there is another set; waits as long as the iterator does. */
  public boolean hasNext() {
    return sets.hasNext();
  }

  /**
   * Returns the inputs of the next run, by name.
   *
   * @throws java.util.NoSuchElementException if there are no more
   */
  public Map<String, Tensor> next() {
    return sets.next();
  }

  /** Returns the size of the first axis where all tensors have the same, at least 1; else 1. */
  public static int samples(Collection<Tensor> tensors) {
    Set<Long> firsts =
        tensors.stream()
            .map(tensor -> tensor.rank() == 0 ? -1L : tensor.sizes()[0])
            .collect(Collectors.toSet());
    long first = firsts.size() == 1 ? firsts.iterator().next() : 1;
    return (int) Math.max(1, first);
  }
}
