package dev.octet.workflow.generate;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.data.TokenInput;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.run.NamedRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Lets a decoder go on with a text. The model is run anew for each token: on all tokens so far
 * where its length is symbolic, and with zeros behind them where it is fixed. Immutable and
 * thread-safe.
 */
public final class Generation {

  private final Tokenizer tokenizer;
  private final Sampling sampling;
  private final int most;

  /**
   * Says how.
   *
   * @param tokenizer the model's
   * @param sampling how tokens are chosen
   * @param most how many tokens are added at most, at least 0
   * @throws OctetException {@code OCT-GEN-005} if {@code most} is negative
   */
  public Generation(Tokenizer tokenizer, Sampling sampling, int most) {
    this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer");
    this.sampling = Objects.requireNonNull(sampling, "sampling");
    if (most < 0) {
      throw wrong("the number of tokens is " + most);
    }
    this.most = most;
  }

  static OctetException wrong(String fact) {
    return GenerationErrors.BAD_OPTION.error(fact).build();
  }

  /** Why nothing more was added. */
  public enum End {
    /** There are as many tokens as were asked for. */
    COUNT("as many tokens as were asked for"),
    /** The model ended the text. */
    TEXT("the model ended the text"),
    /** The model takes no longer sequence. */
    LENGTH("the model takes no longer sequence");

    private final String words;

    End(String words) {
      this.words = words;
    }
  }

  /**
   * A text.
   *
   * @param prompt the tokens of the prompt, that of the beginning first
   * @param tokens those that were added; the one that ends a text is not among them
   * @param text the prompt and what was added
   * @param end why nothing more was
   */
  public record Result(List<Long> prompt, List<Long> tokens, String text, End end) {

    /** Copies the lists. */
    public Result {
      prompt = List.copyOf(prompt);
      tokens = List.copyOf(tokens);
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(end, "end");
    }

    /** Returns the result for programs; people have read the text. */
    public Report report() {
      return new Report()
          .field("promptTokens", Tree.of(prompt.stream().map(Tree::of).toList()))
          .field("tokens", Tree.of(tokens.stream().map(Tree::of).toList()))
          .field("text", Tree.of(text))
          .field("end", Tree.of(end.name().toLowerCase(Locale.ROOT)));
    }

    /** Returns how many tokens were added, and why no more, as a sentence. */
    public String summary() {
      return tokens.size() + " tokens; " + end.words;
    }
  }

  /**
   * Generates a text.
   *
   * @param runtime what runs the model
   * @param model a decoder: one integer input [batch, length], and as its first output a float
   *     score for each token of the vocabulary, [batch, length, vocabulary]
   * @param prompt what the text begins with
   * @param execution on which threads, and what cancels it
   * @param listener takes the text, the prompt first, as soon as its characters are known
   * @throws OctetException {@code OCT-DATA-019} and {@code OCT-GEN-002} if it is no such model;
   *     {@code OCT-GEN-003} if a token is unknown to it or to the tokenizer; {@code OCT-GEN-004} if
   *     the prompt is longer than the model; {@code OCT-GEN-006} if all scores are NaN; {@code
   *     OCT-RUN-007} if it is cancelled; as {@link NamedRuntime#load}
   */
  public Result run(
      NamedRuntime runtime,
      Model model,
      String prompt,
      Execution execution,
      Consumer<String> listener) {
    TokenInput input = TokenInput.of(model.graph().inputs(), "MODEL");
    long[] encoded = tokenizer.encode(prompt);
    int room = input.length().orElse(Integer.MAX_VALUE);
    if (encoded.length > room) {
      throw GenerationErrors.LONG_PROMPT
          .error("the prompt has " + encoded.length + " tokens, and the model takes " + room)
          .build();
    }
    requireKnown(encoded, model);
    try (ExecutableModel loaded = runtime.load(model, execution)) {
      return new Run(input, loaded, execution, new TextStream(listener)).of(encoded, room);
    }
  }

  /** A model that does not say how large its vocabulary is refuses tokens when it is run. */
  private static void requireKnown(long[] tokens, Model model) {
    OptionalLong vocabulary =
        model.graph().outputs().get(0).tensorType().flatMap(TensorType::shape).stream()
            .filter(shape -> shape.rank() == 3)
            .flatMapToLong(shape -> shape.dimensions().get(2).known().stream())
            .findFirst();
    long largest = Arrays.stream(tokens).max().orElse(0);
    if (vocabulary.isPresent() && largest >= vocabulary.getAsLong()) {
      throw Tokenizer.unknown(
          "the prompt has token " + largest + ", and the model scores " + vocabulary.getAsLong());
    }
  }

  /** One text on its way. */
  private final class Run {
    private final TokenInput input;
    private final ExecutableModel loaded;
    private final Execution execution;
    private final TextStream text;
    private final Sampler sampler = new Sampler(sampling);

    Run(TokenInput input, ExecutableModel loaded, Execution execution, TextStream text) {
      this.input = input;
      this.loaded = loaded;
      this.execution = execution;
      this.text = text;
    }

    Result of(long[] prompt, int room) {
      for (int i = 1; i < prompt.length; i++) {
        text.append(tokenizer.decode(prompt[i - 1], prompt[i]));
      }
      long[] all = prompt;
      List<Long> added = new ArrayList<>();
      End end = End.COUNT;
      while (added.size() < most && end == End.COUNT) {
        long token = sampler.choose(scores(all));
        if (token == Tokenizer.BEGIN || token == Tokenizer.END) {
          end = End.TEXT;
        } else {
          added.add(token);
          text.append(tokenizer.decode(all[all.length - 1], token));
          all = Arrays.copyOf(all, all.length + 1);
          all[all.length - 1] = token;
          end = all.length > room ? End.LENGTH : end;
        }
      }
      return new Result(Arrays.stream(prompt).boxed().toList(), added, text.finish(), end);
    }

    /** Returns the scores of what follows the last token. */
    private float[] scores(long[] tokens) {
      Map<String, Tensor> outputs =
          loaded.run(input.tensors(List.of(tokens)), execution.cancellation());
      Tensor scores = Objects.requireNonNull(outputs.get(loaded.outputs().get(0).name()));
      requireScores(scores, input.length().orElse(tokens.length));
      int vocabulary = (int) scores.sizes()[2];
      int from = (tokens.length - 1) * vocabulary;
      return Arrays.copyOfRange(scores.floats(), from, from + vocabulary);
    }

    private static void requireScores(Tensor scores, int length) {
      boolean fits =
          scores.dataType() == DataType.FLOAT
              && scores.rank() == 3
              && scores.sizes()[1] == length
              && scores.sizes()[2] > 0;
      if (!fits) {
        throw GenerationErrors.NO_SCORES
            .error("the first output is " + scores + ", not FLOAT [batch, length, vocabulary]")
            .build();
      }
    }
  }
}
