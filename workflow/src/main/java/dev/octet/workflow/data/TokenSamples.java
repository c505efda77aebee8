package dev.octet.workflow.data;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.digest.ContentHash;
import dev.octet.workflow.text.JsonText;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Sequences of tokens for a model with one integer input {@code [batch, length]}. When the model's
 * length is fixed, sequences are cut to it or padded at the end with token 0; otherwise each is run
 * alone at its own length. Thread-safe.
 */
final class TokenSamples implements DataSource {

  private final TokenInput input;
  private final List<long[]> all;
  private final int first;
  private final List<long[]> sequences;

  private TokenSamples(TokenInput input, List<long[]> all, int first, int size) {
    this.input = input;
    this.all = all;
    this.first = first;
    this.sequences = all.subList(first, first + size);
  }

  /**
   * Takes sequences.
   *
   * @param stored gives the sequences, see {@link #checked}; asked when the model's inputs fit
   * @param inputs the inputs of the model
   * @param place where they come from, for messages
   * @throws OctetException as {@link TokenInput#of}
   */
  static TokenSamples of(Supplier<List<long[]>> stored, List<ValueInfo> inputs, String place) {
    TokenInput input = TokenInput.of(inputs, place);
    List<long[]> sequences = stored.get();
    return new TokenSamples(input, sequences, 0, sequences.size());
  }

  /** Returns some neighbouring sequences. */
  TokenSamples part(int from, int count) {
    return new TokenSamples(input, all, first + from, count);
  }

  @Override
  public int size() {
    return sequences.size();
  }

  @Override
  public OptionalInt fixedBatch() {
    return input.length().isPresent() ? input.batch() : OptionalInt.of(1);
  }

  @Override
  public Map<String, Tensor> batch(int from, int count) {
    ArrayDataSource.requireBatch(from, count, size(), fixedBatch());
    return input.tensors(sequences.subList(from, from + count));
  }

  @Override
  public Optional<SampleRange> range() {
    ContentHash hash = new ContentHash().number(all.size());
    all.forEach(hash::numbers);
    return Optional.of(new SampleRange(hash.digits(), first, size()));
  }

  @Override
  public Optional<int[]> labels() {
    return Optional.empty();
  }

  @Override
  public Optional<int[]> tokenCounts() {
    int most = input.length().orElse(Integer.MAX_VALUE);
    return Optional.of(sequences.stream().mapToInt(s -> Math.min(most, s.length)).toArray());
  }

  @Override
  public void close() {
    // The sequences are in memory.
  }

  /**
   * Reads a file of sequences: a JSON list of lists of whole numbers.
   *
   * @throws OctetException as {@link #checked}
   */
  static List<long[]> read(Path file) {
    return JsonText.read(file).asItems().stream().map(TokenSamples::sequence).toList();
  }

  private static long[] sequence(Tree tree) {
    return checked(
        tree.asItems().stream().mapToLong(Tree::asInt).toArray(), tree.position().toString());
  }

  /**
   * Returns a sequence.
   *
   * @throws OctetException {@code OCT-DATA-027} if it is empty or holds a number that is no token
   */
  static long[] checked(long[] tokens, String place) {
    if (tokens.length == 0 || Arrays.stream(tokens).anyMatch(token -> token < 0)) {
      throw DataErrors.BAD_TOKENS
          .error("a sequence is empty or holds a negative token")
          .at(place)
          .build();
    }
    return tokens;
  }
}
