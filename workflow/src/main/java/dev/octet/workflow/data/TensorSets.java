package dev.octet.workflow.data;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.runtime.InputCheck;
import dev.octet.workflow.boundary.IntegerBoundary;
import dev.octet.workflow.digest.ContentHash;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Sets of tensors as samples. Each set is one run. The first axis counts samples where it is the
 * same in all tensors of all sets, and no output of the model is known to have another first axis
 * for them; else each set is one sample. Thread-safe.
 */
final class TensorSets implements DataSource {

  private final List<Map<String, Tensor>> sets;
  private final int batch;

  private TensorSets(List<Map<String, Tensor>> sets, int batch) {
    this.sets = sets;
    this.batch = batch;
  }

  /**
   * Takes sets of inputs.
   *
   * @param outputs the model's outputs, with their types for such inputs as far as they are known
   * @param boundary what integers of inputs mean; floats are taken for those as well
   * @param place where they come from, for messages
   * @throws OctetException {@code OCT-DATA-032} if there are none; {@code OCT-FMT-004} if a set
   *     lacks an input of the model; as {@link InputCheck#check} for other tensors that do not fit
   */
  static DataSource of(
      List<Map<String, Tensor>> sets,
      Graph graph,
      List<ValueInfo> outputs,
      IntegerBoundary boundary,
      String place) {
    if (sets.isEmpty()) {
      throw DataErrors.noSamples();
    }
    for (Map<String, Tensor> set : sets) {
      for (ValueInfo input : graph.inputs()) {
        if (!set.containsKey(input.name())) {
          throw DataErrors.MISSING_SET_INPUT
              .error("the model's input '" + input.name() + "' is missing")
              .at(place)
              .build();
        }
      }
    }
    for (int i = 0; i < sets.size(); i++) {
      String at = sets.size() > 1 ? place + ", set " + i : place;
      check(sets.get(i), graph.inputs(), boundary, at);
    }
    return new TensorSets(List.copyOf(sets), batch(sets, outputs));
  }

  private static void check(
      Map<String, Tensor> set, List<ValueInfo> inputs, IntegerBoundary boundary, String at) {
    List<ValueInfo> taken = inputs.stream().map(input -> taken(input, set, boundary)).toList();
    try {
      new InputCheck(taken).check(set);
    } catch (OctetException e) {
      throw e.at(at);
    }
  }

  /** Floats are taken for integers with a meaning. */
  private static ValueInfo taken(
      ValueInfo input, Map<String, Tensor> set, IntegerBoundary boundary) {
    Tensor given = set.get(input.name());
    boolean floats = given != null && given.dataType() == DataType.FLOAT;
    return boundary
        .meaning(Point.input(input.name()))
        .filter(meaning -> floats)
        .flatMap(meaning -> input.tensorType())
        .map(type -> new TensorType(DataType.FLOAT, type.shape()))
        .map(type -> ValueInfo.of(input.name(), type))
        .orElse(input);
  }

  /** A first axis that every input has may still be no batch, such as that of a product's terms. */
  private static int batch(List<Map<String, Tensor>> sets, List<ValueInfo> outputs) {
    int count = SampleStream.samples(sets.stream().flatMap(set -> set.values().stream()).toList());
    return outputs.stream().allMatch(output -> mayCount(output, count)) ? count : 1;
  }

  private static boolean mayCount(ValueInfo output, int count) {
    return output
        .tensorType()
        .flatMap(TensorType::shape)
        .map(shape -> shape.rank() > 0 && mayBe(shape.dimensions().get(0), count))
        .orElse(true);
  }

  private static boolean mayBe(Dimension dimension, int size) {
    return !dimension.isKnown() || dimension.equals(Dimension.of(size));
  }

  @Override
  public int size() {
    return sets.size() * batch;
  }

  @Override
  public OptionalInt fixedBatch() {
    return OptionalInt.of(batch);
  }

  @Override
  public Map<String, Tensor> batch(int from, int count) {
    Objects.checkFromIndexSize(from, count, size());
    if (count != batch || from % batch != 0) {
      throw new IllegalArgumentException("a set has " + batch + " samples, not " + count);
    }
    return sets.get(from / batch);
  }

  @Override
  public String describe(int sample) {
    Objects.checkIndex(sample, size());
    return "sample " + sample + ", set " + sample / batch;
  }

  @Override
  public List<SampleRange> ranges(int from, int count) {
    Objects.checkFromIndexSize(from, count, size());
    ContentHash hash = new ContentHash().number(sets.size());
    sets.forEach(set -> add(set, hash));
    return List.of(new SampleRange(hash.digits(), from, count));
  }

  private static void add(Map<String, Tensor> set, ContentHash hash) {
    hash.number(set.size());
    set.forEach(
        (name, tensor) ->
            hash.text(name)
                .text(tensor.dataType().name())
                .numbers(tensor.sizes())
                .bytes(tensor.data()));
  }

  @Override
  public Optional<int[]> labels() {
    return Optional.empty();
  }

  @Override
  public void close() {
    // The tensors are in memory.
  }
}
