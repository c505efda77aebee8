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
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Sequences of tokens for a model with one integer input {@code [batch, length]}. When the model's
 * length is fixed, sequences are cut to it or padded at the end with token 0; otherwise each is run
 * alone at its own length. Thread-safe.
 */
final class TokenSamples implements DataSource {

  private final TokenInput input;
  private final List<long[]> all;
  private final SampleOrder order;
  private final List<long[]> sequences;

  private TokenSamples(TokenInput input, List<long[]> all, SampleOrder order) {
    this.input = input;
    this.all = all;
    this.order = order;
    this.sequences =
        IntStream.range(0, order.size()).mapToObj(i -> all.get(order.stored(i))).toList();
  }

  /**
   * Takes sequences.
   *
   * @param stored gives the sequences, see {@link #checked}; asked when the model's inputs fit
   * @param inputs the inputs of the model
   * @param place where they come from, for messages
   * @param root where shuffle, skip and take may stand
   * @throws OctetException as {@link TokenInput#of} and {@link SampleOrder#of}; {@code
   *     OCT-DATA-018} if the number that the model fixes does not divide theirs
   */
  static TokenSamples of(
      Supplier<List<long[]>> stored, List<ValueInfo> inputs, String place, Tree.Mapping root) {
    TokenInput input = TokenInput.of(inputs, place);
    List<long[]> sequences = stored.get();
    SampleOrder order = SampleOrder.of(root, sequences.size(), Optional.empty());
    TokenSamples samples = new TokenSamples(input, sequences, order);
    samples.fixedBatch().ifPresent(batch -> order.requireMultiple(batch, root));
    return samples;
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
  public String describe(int sample) {
    Objects.checkIndex(sample, size());
    return "sample " + sample + ", sequence " + order.stored(sample);
  }

  @Override
  public List<SampleRange> ranges(int from, int count) {
    ContentHash hash = new ContentHash().number(all.size());
    all.forEach(hash::numbers);
    return order.part(from, count).ranges(hash.digits());
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
