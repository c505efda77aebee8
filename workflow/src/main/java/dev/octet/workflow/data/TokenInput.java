package dev.octet.workflow.data;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The input of a model of language: integers {@code [batch, length]}, the only one that the model
 * has. Immutable and thread-safe.
 */
public final class TokenInput {

  private final String name;
  private final DataType type;
  private final OptionalInt length;
  private final OptionalInt batch;

  private TokenInput(String name, DataType type, OptionalInt length, OptionalInt batch) {
    this.name = name;
    this.type = type;
    this.length = length;
    this.batch = batch;
  }

  /**
   * Finds it.
   *
   * @param inputs the inputs of the model
   * @param place where the tokens come from, for messages
   * @throws OctetException {@code OCT-DATA-019} if the model has not one input of that kind
   */
  public static TokenInput of(List<ValueInfo> inputs, String place) {
    Optional<TensorType> type = inputs.size() == 1 ? inputs.get(0).tensorType() : Optional.empty();
    boolean fits =
        type.isPresent()
            && (type.get().dataType() == DataType.INT64 || type.get().dataType() == DataType.INT32)
            && type.get().shape().map(shape -> shape.rank() == 2).orElse(false);
    if (!fits) {
      throw DataErrors.TOKEN_INPUT
          .error("tokens do not fit the model's inputs " + inputs)
          .at(place)
          .build();
    }
    List<Dimension> dimensions = type.get().shape().orElseThrow().dimensions();
    return new TokenInput(
        inputs.get(0).name(),
        type.get().dataType(),
        InputSamples.known(dimensions.get(1)),
        InputSamples.known(dimensions.get(0)));
  }

  /** Returns the length that the model fixes; empty when it takes any. */
  public OptionalInt length() {
    return length;
  }

  /** Returns how many sequences the model takes at a time; empty when any number. */
  OptionalInt batch() {
    return batch;
  }

  /**
   * Returns what the model is given: sequences that are cut to its length, or have zeros behind
   * them; where its length is symbolic, all are as long as the first. Sequences of zeros follow up
   * to the number that the model fixes.
   *
   * @param sequences at least one
   */
  public Map<String, Tensor> tensors(List<long[]> sequences) {
    int rows = Math.max(sequences.size(), batch.orElse(1));
    int columns = length.orElse(sequences.get(0).length);
    long[] tokens = new long[Math.multiplyExact(rows, columns)];
    for (int row = 0; row < sequences.size(); row++) {
      long[] sequence = sequences.get(row);
      System.arraycopy(sequence, 0, tokens, row * columns, Math.min(columns, sequence.length));
    }
    return Map.of(name, Tensor.ofIntegers(type, tokens, rows, columns));
  }
}
