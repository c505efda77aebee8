package dev.octet.workflow.evaluate;

import dev.octet.api.tree.Tree;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How far an output is from that of a reference, over all samples.
 *
 * @param output the output's name
 * @param sqnr signal to noise
 * @param largestError the largest {@code |ref - q|}; NaN or infinite where one of the two is
 * @param agreement the share of rows whose largest element stands in the same place, 0 to 1; empty
 *     where the elements are not known to be scores of classes
 * @param cosine the mean over the rows of the cosine of the angle between both, -1 to 1: that of
 *     equal rows is 1, and that of a row of zeros and another one 0; NaN where a row has NaN or
 *     infinities; empty where agreement is told, or a row is not known to be a vector
 * @param equalElements the share of elements that are equal, 0 to 1, of an output of indices or
 *     truth values (BOOL, and integers of 32 and 64 bits), which is compared by nothing else: of
 *     those neither signal to noise nor the largest error says anything; 1 without elements
 * @param rows how many rows were compared: a sample, or a position of a sequence of tokens
 */
public record OutputFigures(
    String output,
    Sqnr sqnr,
    double largestError,
    Optional<Double> agreement,
    Optional<Double> cosine,
    Optional<Double> equalElements,
    long rows) {

  /** Checks that no component is null. */
  public OutputFigures {
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(sqnr, "sqnr");
    Objects.requireNonNull(agreement, "agreement");
    Objects.requireNonNull(cosine, "cosine");
    Objects.requireNonNull(equalElements, "equalElements");
  }

  /** Tells whether a figure is no number, because of NaN, infinities or a reference of zeros. */
  boolean lacksNumbers() {
    if (equalElements.isPresent()) {
      return false;
    }
    boolean noRatio = !sqnr.isEqual() && !sqnr.isFinite();
    return noRatio || !Double.isFinite(largestError) || cosine.filter(c -> c.isNaN()).isPresent();
  }

  /** Returns the decibels in the order of what is better: what is no number is worst. */
  double rank() {
    return sqnr.rank();
  }

  /** Returns the figures for programs; one that is no number is left out. */
  public Tree.Mapping tree() {
    Map<String, Tree> fields = new LinkedHashMap<>();
    if (equalElements.isPresent()) {
      fields.put("equalElements", Tree.of(equalElements.get()));
      return Tree.of(fields);
    }
    sqnr.tree().ifPresent(tree -> fields.put("sqnrDb", tree));
    if (Double.isFinite(largestError)) {
      fields.put("largestError", Tree.of(largestError));
    }
    agreement
        .filter(Double::isFinite)
        .ifPresent(share -> fields.put("top1Agreement", Tree.of(share)));
    cosine.filter(Double::isFinite).ifPresent(mean -> fields.put("cosine", Tree.of(mean)));
    return Tree.of(fields);
  }

  /** Returns the signal to noise for people, or the share of equal elements that stands for it. */
  String words() {
    return equalElements
        .map(share -> String.format(Locale.ROOT, "%.4f equal", share))
        .orElseGet(sqnr::words);
  }

  /** Returns agreement or cosine for people; nothing where neither is told. */
  String rowWords() {
    return agreement
        .map(share -> String.format(Locale.ROOT, "%.4f agree", share))
        .or(() -> cosine.map(mean -> "cosine " + number(mean, "%.6f")))
        .orElse("");
  }

  /** Returns the largest error for people. */
  String largestErrorWords() {
    return equalElements.isPresent() ? "" : number(largestError, "%.4g");
  }

  private static String number(double value, String format) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "no number";
  }
}
