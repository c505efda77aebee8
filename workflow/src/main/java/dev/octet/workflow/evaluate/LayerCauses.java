package dev.octet.workflow.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds the layers to which most of what is lost goes back.
 *
 * <p>The layer that loses most begins: from what it reads to what is read behind it, where a
 * logarithm, say, makes much of little errors; with it begin those whose results are read as the
 * same value and have at least a tenth of its noise. It stands out when it loses at least {@value
 * #LEAST_DROP} dB, and what is left is less than {@value #MOST_LEFT} dB. Where at least a tenth of
 * the noise in its result was in what it reads already, the layers before it are causes too, and so
 * on: without them the same step would lose nearly as much.
 */
final class LayerCauses {

  static final double LEAST_DROP = 10;
  static final double MOST_LEFT = 25;
  private static final double LEAST_SHARE = 0.1;
  private static final int NAMED = 12;

  private final Map<String, LayerError> errors = new LinkedHashMap<>();
  private final Function<String, Set<String>> before;
  private final Set<String> causes = new LinkedHashSet<>();

  private LayerCauses(List<LayerError> errors, Function<String, Set<String>> before) {
    errors.forEach(error -> this.errors.put(error.node(), error));
    this.before = before;
  }

  /**
   * What was found.
   *
   * @param worst the layer that loses most
   * @param layers the causes, it among them, in the order of the errors
   * @param readers the layers that are the first to read what the causes made and find less than
   *     {@value #MOST_LEFT} dB in it, so that nothing behind them can be better; they lose little
   *     themselves
   */
  record Cause(LayerError worst, List<String> layers, List<LayerError> readers) {

    /** Returns the names of the readers. */
    List<String> readerNames() {
      return readers.stream().map(LayerError::node).toList();
    }

    /** Returns the finding as a clause. */
    String words() {
      return causes() + (readers.isEmpty() ? "" : "; first behind them: " + told(readers));
    }

    private static String told(List<LayerError> readers) {
      String told =
          readers.stream().limit(NAMED).map(Cause::told).collect(Collectors.joining(", "));
      return told + more(readers.size());
    }

    private static String told(LayerError reader) {
      return String.format(
          Locale.ROOT,
          "'%s' (reads %s, gives %s%s)",
          reader.node(),
          reader.input().words(),
          reader.result().words(),
          reader.weight().map(weight -> ", its own weight has " + weight.words()).orElse(""));
    }

    private static String more(int count) {
      return count > NAMED ? " and " + (count - NAMED) + " more" : "";
    }

    private String causes() {
      String named = String.join("', '", layers.subList(0, Math.min(NAMED, layers.size())));
      return String.format(
          Locale.ROOT,
          "most is lost behind '%s': it %s, gives %s, and %s gets %s; likely cause%s: '%s'%s",
          worst.node(),
          worst.input().isEqual() ? "reads what is exact" : "reads " + worst.input().words(),
          worst.result().words(),
          worst.reader().map(reader -> "'" + reader + "'").orElse("the caller"),
          worst.read().words(),
          layers.size() == 1 ? "" : "s",
          named,
          more(layers.size()));
    }
  }

  /**
   * Finds the causes.
   *
   * @param errors the layers in their order
   * @param before gives the layers whose results reach one
   */
  static Optional<Cause> of(List<LayerError> errors, Function<String, Set<String>> before) {
    Optional<LayerError> worst =
        errors.stream()
            .filter(error -> !Double.isNaN(error.dropDb()))
            .max(Comparator.comparingDouble(LayerError::dropDb))
            .filter(LayerCauses::standsOut);
    LayerCauses run = new LayerCauses(errors, before);
    return worst.map(error -> new Cause(error, run.layers(error), run.readers()));
  }

  private List<LayerError> readers() {
    return errors.values().stream()
        .filter(error -> !causes.contains(error.node()))
        .filter(error -> error.input().decibels() < MOST_LEFT)
        .filter(error -> before.apply(error.node()).stream().anyMatch(causes::contains))
        .toList();
  }

  private static boolean standsOut(LayerError error) {
    double left = Math.min(error.result().decibels(), error.read().decibels());
    return error.dropDb() >= LEAST_DROP && left < MOST_LEFT;
  }

  /** Layers whose results are read as one value share what it lacks. */
  private static boolean isBeside(LayerError error, LayerError worst) {
    return error.read().equals(worst.read())
        && error.reader().equals(worst.reader())
        && error.result().noisePart() >= LEAST_SHARE * worst.result().noisePart();
  }

  private List<String> layers(LayerError worst) {
    List<LayerError> open =
        new ArrayList<>(errors.values().stream().filter(e -> isBeside(e, worst)).toList());
    open.forEach(error -> causes.add(error.node()));
    while (!open.isEmpty()) {
      LayerError error = open.remove(open.size() - 1);
      boolean inherits =
          error.input().noisePart() >= LEAST_SHARE * error.result().noisePart()
              && !error.input().isEqual();
      for (String name : inherits ? before.apply(error.node()) : Set.<String>of()) {
        if (errors.containsKey(name) && causes.add(name)) {
          open.add(Objects.requireNonNull(errors.get(name)));
        }
      }
    }
    return errors.keySet().stream().filter(causes::contains).toList();
  }
}
