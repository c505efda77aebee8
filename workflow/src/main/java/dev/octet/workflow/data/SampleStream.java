package dev.octet.workflow.data;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Tensor;
import dev.octet.workflow.execution.Execution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Samples that come one after the other, from a queue or a database for instance: read once, in
 * order, on the thread that asks for them. How many there are need not be known, and nothing is
 * kept of them, unless {@link #keep} is called. Not thread-safe.
 */
public final class SampleStream {

  private final Iterator<Map<String, Tensor>> sets;
  private final Optional<PrimitiveIterator.OfInt> labels;
  private boolean begun;

  private SampleStream(
      Iterator<Map<String, Tensor>> sets, Optional<PrimitiveIterator.OfInt> labels) {
    this.sets = sets;
    this.labels = labels;
  }

  static SampleStream of(Iterator<Map<String, Tensor>> sets) {
    return new SampleStream(Objects.requireNonNull(sets, "sets"), Optional.empty());
  }

  /** Takes the sets of a stream as they are read. */
  @FunctionalInterface
  public interface Receiver {

    /**
     * Takes a set.
     *
     * @param from how many samples came before
     * @param count how many samples the set has
     * @param inputs the inputs of one run, by name
     * @param labels the class index of each sample of the set; empty without labels
     */
    void set(int from, int count, Map<String, Tensor> inputs, Optional<int[]> labels);
  }

  /**
   * Returns these samples with labels.
   *
   * @param labels the class index of each sample, read as far as the samples are
   */
  public SampleStream labelled(PrimitiveIterator.OfInt labels) {
    return new SampleStream(sets, Optional.of(labels));
  }

  /** Tells whether the samples have labels. */
  public boolean isLabelled() {
    return labels.isPresent();
  }

  /**
   * Reads all samples, as long as the iterator waits for them.
   *
   * @param execution who hears of every set, and what cancels the work, asked before each set
   * @param receiver takes the sets
   * @return number of samples
   * @throws OctetException {@code OCT-DATA-033} if the stream has been read before, {@code
   *     OCT-DATA-032} if there are no samples, {@code OCT-DATA-030} if there are not as many labels
   *     as samples, {@code OCT-RUN-007} if it is cancelled
   */
  public int read(Execution execution, Receiver receiver) {
    if (begun) {
      throw DataErrors.READ_AGAIN.error("the samples are read for a second time").build();
    }
    begun = true;
    int samples = 0;
    while (sets.hasNext()) {
      execution.cancellation().throwIfCancelled();
      Map<String, Tensor> inputs = sets.next();
      int count = samples(inputs.values());
      int from = samples;
      receiver.set(from, count, inputs, labels.map(all -> next(all, from, count)));
      samples = Math.addExact(from, count);
      execution.progress().samples(samples, samples);
    }
    if (samples == 0) {
      throw DataErrors.noSamples();
    }
    if (labels.isPresent() && labels.get().hasNext()) {
      throw DataErrors.otherLabelCount("more", samples);
    }
    return samples;
  }

  /**
   * Reads all samples and keeps them in memory, for work that reads them several times.
   *
   * @param graph the main graph of the model that they are for
   * @param most how many samples may be kept, at least 1; no more than one set beyond is read
   * @param execution as in {@link #read}
   * @return the samples as {@link DataSource#of(Graph, java.util.List)} takes them, with the labels
   *     that they have
   * @throws OctetException {@code OCT-DATA-046} if there are more samples; as {@link #read} and
   *     {@link DataSource#of(Graph, java.util.List)}
   */
  public DataSource keep(Graph graph, int most, Execution execution) {
    if (most < 1) {
      throw new IllegalArgumentException("at most " + most + " samples are to be kept");
    }
    List<Map<String, Tensor>> kept = new ArrayList<>();
    IntStream.Builder classes = IntStream.builder();
    read(
        execution,
        (from, count, inputs, numbers) -> {
          if (count > most - from) {
            throw DataErrors.TOO_MANY_TO_KEEP
                .error("there are more than " + most + " samples, and no more are kept")
                .build();
          }
          kept.add(inputs);
          Arrays.stream(numbers.orElse(new int[0])).forEach(classes);
        });
    DataSource source = DataSource.of(graph, kept);
    return isLabelled() ? source.labelled(classes.build().toArray()) : source;
  }

  private static int[] next(PrimitiveIterator.OfInt labels, int from, int count) {
    int[] next = new int[count];
    for (int i = 0; i < count; i++) {
      if (!labels.hasNext()) {
        throw DataErrors.otherLabelCount(Integer.toString(from + i), from + count);
      }
      next[i] = labels.nextInt();
    }
    return next;
  }

  /** Returns the size of the first axis where all tensors have the same, at least 1; else 1. */
  static int samples(Collection<Tensor> tensors) {
    Set<Long> firsts =
        tensors.stream()
            .map(tensor -> tensor.rank() == 0 ? -1L : tensor.sizes()[0])
            .collect(Collectors.toSet());
    long first = firsts.size() == 1 ? firsts.iterator().next() : 1;
    return (int) Math.max(1, first);
  }
}
