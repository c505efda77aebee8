package dev.octet.workflow.evaluate;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.normalise.Normaliser;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.report.Table;
import dev.octet.workflow.run.WatchedValues;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How far every quantized layer of a model is from the float one, with everything before it
 * quantized too. A layer is a node of the main graph whose constant matrix, or constant of more
 * axes, the quantized model stores otherwise; it is found in both models by its name. Both models
 * run on the same samples, and of these nothing is kept but two sums for each value. Not
 * thread-safe.
 */
public final class LayerErrors {

  private final Model reference;
  private final Model quantized;
  private final QuantizedLayers layers;
  private final Map<String, String> values;
  private final Map<String, SquaredError> errors = new LinkedHashMap<>();
  private final Map<String, Sqnr> weights = new LinkedHashMap<>();
  private final List<String> inBodies;

  private LayerErrors(Model reference, Model quantized) {
    Model normalised = Normaliser.normalise(quantized).model();
    this.reference = Normaliser.normalise(reference).model();
    this.quantized = quantized;
    this.layers = new QuantizedLayers(this.reference, normalised);
    this.inBodies = LayersOfBodies.between(this.reference.graph(), normalised.graph());
    this.values = layers.values();
    values.keySet().forEach(value -> errors.put(value, new SquaredError()));
    layers.layers().forEach(layer -> compareWeight(layer, normalised));
  }

  /** Finds the layers that two models share. */
  static LayerErrors between(Model reference, Model quantized) {
    return new LayerErrors(reference, quantized);
  }

  /** Returns the float model, which gives what layers read and give beside its outputs. */
  Model watchedReference() {
    return WatchedValues.of(reference, values.keySet());
  }

  /** Returns the quantized model, which gives the same. */
  Model watchedModel() {
    return WatchedValues.of(quantized, values.values());
  }

  private void compareWeight(QuantizedLayers.Layer layer, Model model) {
    Tensor whole =
        reference.graph().initializers().get(layer.node().operands().get(layer.weight()));
    boolean sameForm =
        layer.twin().op().equals(layer.node().op())
            && layer.twin().attributes().equals(layer.node().attributes());
    Optional<Tensor> stored =
        layer
            .twin()
            .operand(layer.weight())
            .filter(name -> sameForm)
            .flatMap(name -> StoredConstant.of(model, name));
    if (whole != null && stored.isPresent() && stored.get().type().equals(whole.type())) {
      SquaredError error = new SquaredError();
      error.add(OutputElements.of("", whole), OutputElements.of("", stored.get()));
      weights.put(layer.node().name(), error.sqnr());
    }
  }

  /** Takes what both models gave for one batch. */
  void add(Map<String, Tensor> expected, Map<String, Tensor> results) {
    values.forEach(
        (value, twin) -> {
          double[] own = OutputElements.of(twin, Evaluation.output(results, twin));
          double[] other = OutputElements.of(value, Evaluation.output(expected, value));
          Evaluation.requireSameLength(value, other, own);
          Objects.requireNonNull(errors.get(value)).add(other, own);
        });
  }

  /** Returns the layers in the order of the float model; none before there was a sample. */
  public List<LayerError> list() {
    return layers.layers().stream()
        .filter(layer -> errors.containsKey(layer.result()))
        .map(this::error)
        .toList();
  }

  private LayerError error(QuantizedLayers.Layer layer) {
    Optional<String> worst =
        layers.readBehind(layer).stream()
            .filter(errors::containsKey)
            .min(Comparator.comparingDouble(value -> sqnr(value).decibels()));
    return new LayerError(
        layer.node().name(),
        layer.node().op(),
        Optional.ofNullable(weights.get(layer.node().name())),
        layer.input().filter(errors::containsKey).map(this::sqnr).orElse(Sqnr.EQUAL),
        sqnr(layer.result()),
        sqnr(worst.orElse(layer.result())),
        worst.flatMap(layers::reader));
  }

  private Sqnr sqnr(String value) {
    SquaredError error = errors.get(value);
    return error == null ? Sqnr.EQUAL : error.sqnr();
  }

  /**
   * Returns the layers to which most of what is lost goes back: see {@link LayerCauses}.
   *
   * @return their names, in the order of the float model; none where no layer stands out
   */
  public List<String> likelyCauses() {
    return names(causes(list()));
  }

  private static List<String> names(Optional<LayerCauses.Cause> cause) {
    return cause.map(LayerCauses.Cause::layers).orElse(List.of());
  }

  private Optional<LayerCauses.Cause> causes(List<LayerError> all) {
    return LayerCauses.of(all, layers::before);
  }

  /**
   * Returns the names of quantized layers in bodies of If, Loop and Scan, of which there are no
   * figures: they run never, or many times for one sample.
   */
  public List<String> layersInBodies() {
    return inBodies;
  }

  /** Adds the figures of the layers, and which of them are the likely cause of what is lost. */
  void addTo(Report report) {
    List<LayerError> all = list();
    Optional<LayerCauses.Cause> cause = causes(all);
    report.field("layerErrors", Tree.of(all.stream().map(LayerErrors::tree).toList()));
    report.field("likelyCauses", Tree.of(names(cause).stream().map(Tree::of).toList()));
    List<String> behind = cause.map(LayerCauses.Cause::readerNames).orElse(List.of());
    report.field("behindCauses", Tree.of(behind.stream().map(Tree::of).toList()));
    report.field("layersInBodies", Tree.of(inBodies.stream().map(Tree::of).toList()));
    report.table(table(all));
    if (!inBodies.isEmpty()) {
      report.line(
          "no figures of layers in bodies of If, Loop or Scan: '"
              + String.join("', '", inBodies)
              + "'");
    }
    report.line(
        all.isEmpty()
            ? "no layer of the reference's main graph is quantized in the model"
            : cause.map(LayerCauses.Cause::words).orElse("no layer stands out"));
    cause.ifPresent(
        found -> {
          String first = found.layers().get(0);
          Finding finding = EvaluationErrors.LOSING_LAYERS.aboutNode(first, found.words() + ".");
          report.findings(List.of(finding));
        });
  }

  private static Table table(List<LayerError> all) {
    Table table =
        new Table("LAYER", "OPERATOR", "WEIGHT", "READS", "GIVES", "READ AS", "BY", "LOSES");
    for (LayerError each : all) {
      table.row(
          each.node(),
          each.op(),
          each.weight().map(Sqnr::words).orElse(""),
          each.input().words(),
          each.result().words(),
          each.read().words(),
          each.reader().orElse(""),
          Double.isNaN(each.dropDb()) ? "" : String.format(Locale.ROOT, "%.1f dB", each.dropDb()));
    }
    return table;
  }

  private static Tree tree(LayerError each) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(each.node()));
    fields.put("op", Tree.of(each.op().toString()));
    each.weight().flatMap(Sqnr::tree).ifPresent(tree -> fields.put("weightSqnrDb", tree));
    each.input().tree().ifPresent(tree -> fields.put("inputSqnrDb", tree));
    each.result().tree().ifPresent(tree -> fields.put("sqnrDb", tree));
    each.read().tree().ifPresent(tree -> fields.put("readSqnrDb", tree));
    each.reader().ifPresent(reader -> fields.put("readBy", Tree.of(reader)));
    if (!Double.isNaN(each.dropDb())) {
      fields.put("dropDb", Tree.of(each.dropDb()));
    }
    return Tree.of(fields);
  }

  /** Returns the number of layers. */
  @Override
  public String toString() {
    return "errors of " + layers.layers().size() + " layers";
  }
}
