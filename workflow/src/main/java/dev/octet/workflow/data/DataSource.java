package dev.octet.workflow.data;

import dev.octet.api.format.ModelFormat;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import dev.octet.workflow.boundary.IntegerBoundary;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Samples for a model, read as they are asked for. Everything about them that can be checked was
 * checked when the source was made. Thread-safe; the same call gives the same tensors every time.
 */
public interface DataSource extends AutoCloseable {

  /** Returns the number of samples, at least 1. */
  int size();

  /**
   * Returns how many samples every batch must have because the model's batch dimension is fixed;
   * {@link #size} is a multiple of it. Empty when any number will do.
   */
  OptionalInt fixedBatch();

  /**
   * Returns some neighbouring samples as the tensors that one run of the model takes.
   *
   * @param from the first sample, from 0
   * @param count how many, at least 1; equal to {@link #fixedBatch} where there is one
   * @return one tensor for each input of the model, by name, in the model's order
   * @throws IndexOutOfBoundsException if the samples do not exist
   * @throws IllegalArgumentException if the count is not the fixed one
   * @throws dev.octet.api.error.OctetException {@code OCT-DATA-028} or {@code OCT-DATA-016} if a
   *     file changed or became unreadable since it was checked
   */
  Map<String, Tensor> batch(int from, int count);

  /**
   * Returns which stored samples of which data some of these are, so that none of them is ever
   * counted twice: as few ranges as possible, by position. What is made of the samples on the way
   * to the model takes no part, nor does their order. Finding that out may mean reading all of the
   * data. Empty when it is not known.
   *
   * @param from the first of these samples, from 0
   * @param count how many
   * @throws dev.octet.api.error.OctetException as {@link #batch}
   */
  default List<SampleRange> ranges(int from, int count) {
    return List.of();
  }

  /**
   * Returns what messages call a sample: its position, and where it is stored if that is known.
   *
   * @param sample from 0
   * @throws IndexOutOfBoundsException if there is no such sample
   */
  default String describe(int sample) {
    return "sample " + Objects.checkIndex(sample, size());
  }

  /** Returns which stored samples of which data these are; see {@link #ranges(int, int)}. */
  default List<SampleRange> ranges() {
    return ranges(0, size());
  }

  /**
   * Returns one of the parts that these samples are divided into: neighbouring samples, whole
   * batches where their size is fixed, as many in each as can be. Closing the part closes this
   * source.
   *
   * @param index which part, from 1
   * @param count into how many these samples are divided
   * @throws dev.octet.api.error.OctetException {@code OCT-DATA-020} if there is no such part, or it
   *     would be empty
   */
  default DataSource shard(int index, int count) {
    return Shard.of(this, index, count);
  }

  /** Returns a copy of the class index of each sample; empty when the data has no labels. */
  Optional<int[]> labels();

  /** Returns the names of the classes that labels are the positions of; none where not known. */
  default List<String> classNames() {
    return List.of();
  }

  /** Returns what a user must know of labels and classes. */
  default List<Finding> findings() {
    return List.of();
  }

  /** Returns what a user must know of the samples themselves. */
  default List<Finding> sampleFindings() {
    return List.of();
  }

  /**
   * Returns how many tokens of each sample are scored, where the samples are sequences of tokens
   * that were cut or padded at the end; empty for other data.
   */
  default Optional<int[]> tokenCounts() {
    return Optional.empty();
  }

  /** Closes the files. */
  @Override
  void close();

  /**
   * Opens stored data for a model: a data description in YAML, a folder of test data in the form in
   * which the model's format keeps it, or an array where it is clear which input it is for: the
   * model has one, or the members of an archive are named like the inputs. For an input that is
   * integers with a meaning, see {@link IntegerBoundary}, both give the floats, as for the float
   * model, or the integers: a description when its steps end in a cast to their type, a folder when
   * its tensors have it.
   *
   * @throws dev.octet.api.error.OctetException as {@link DataDescription#open} and {@link
   *     ModelFormat#testData}; {@code OCT-FMT-003} if the model's format keeps no test data, {@code
   *     OCT-DATA-041} for images, {@code OCT-DATA-047} for a folder without files, {@code
   *     OCT-DATA-042} for arrays of which it is not clear which input they are for
   */
  static DataSource open(Path path, Model model) {
    return new GivenData(path, model).open();
  }

  /**
   * Returns the files that {@link #open} reads beside the path itself; those of a description need
   * not exist.
   *
   * @throws dev.octet.api.error.OctetException as {@link #open}
   */
  static List<Path> files(Path path, Model model) {
    return new GivenData(path, model).files();
  }

  /**
   * Takes samples in memory, as arrays whose first axis counts them.
   *
   * @param graph the model's main graph; its stated inputs are what the arrays must fit
   * @param arrays one array for each input, by name; integers and floats become float32 where the
   *     model takes that
   * @throws dev.octet.api.error.OctetException as {@link DataDescription} for arrays that do not
   *     fit
   */
  static DataSource of(Graph graph, Map<String, Tensor> arrays) {
    return DataDescription.ofArrays(graph, arrays);
  }

  /**
   * Takes samples in memory for a model of one input.
   *
   * @param graph the model's main graph
   * @param shape the sizes of one sample
   * @param samples the elements of each sample, the last axis fastest
   * @throws dev.octet.api.error.OctetException {@code OCT-DATA-032} if there are none, {@code
   *     OCT-DATA-034} if one has not as many elements as the shape; as {@link #of(Graph, Map)}
   */
  static DataSource of(Graph graph, long[] shape, float[]... samples) {
    return SampleArrays.floats(graph, shape, samples);
  }

  /**
   * Takes sequences of tokens in memory, for a model of one input of int64 or int32 {@code [batch,
   * length]}. Where the length is fixed, sequences are cut to it or padded at the end with token 0;
   * else each is run by itself. An evaluation scores them as those of a file.
   *
   * @param graph the model's main graph
   * @param sequences the tokens of each sequence, copied
   * @throws dev.octet.api.error.OctetException {@code OCT-DATA-032} if there are none, {@code
   *     OCT-DATA-027} if one is empty or holds a negative number, {@code OCT-DATA-019} if the model
   *     has not one such input, {@code OCT-DATA-018} if the model's fixed batch does not divide
   *     their number
   */
  static DataSource tokens(Graph graph, long[]... sequences) {
    return SampleArrays.tokens(graph, sequences);
  }

  /** Takes sequences of tokens in memory; see {@link #tokens(Graph, long[]...)}. */
  static DataSource tokens(Graph graph, int[]... sequences) {
    return SampleArrays.tokens(graph, SampleArrays.widened(sequences));
  }

  /**
   * Takes samples in memory, each set as the inputs of one run of the model. The first axis counts
   * samples where it is the same in all tensors of all sets and no output is stated to have another
   * one; else each set is one sample.
   *
   * @param graph the model's main graph
   * @param sets the inputs of each run, by name
   * @throws dev.octet.api.error.OctetException {@code OCT-DATA-032} if there is no set, {@code
   *     OCT-FMT-004} if one lacks an input of the model, {@code OCT-RUN-001} if it has another,
   *     {@code OCT-RUN-002} if a tensor has not the type or shape of the input
   */
  static DataSource of(Graph graph, List<Map<String, Tensor>> sets) {
    return TensorSets.of(
        sets, graph, graph.outputs(), IntegerBoundary.none(), "the sets of tensors");
  }

  /**
   * Takes samples that come one after the other.
   *
   * @param sets the inputs of each run, by name; the first axis counts samples where it is the same
   *     in all tensors of a set, else a set is one sample
   */
  static SampleStream of(Iterator<Map<String, Tensor>> sets) {
    return SampleStream.of(sets);
  }

  /**
   * Returns these samples with labels.
   *
   * @param labels the class index of each sample, copied
   * @throws dev.octet.api.error.OctetException {@code OCT-DATA-030} if there are not as many as
   *     samples
   */
  default DataSource labelled(int... labels) {
    return LabelledSamples.of(this, labels);
  }
}
