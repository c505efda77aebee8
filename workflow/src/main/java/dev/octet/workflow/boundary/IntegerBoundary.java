package dev.octet.workflow.boundary;

import dev.octet.annotation.tree.SpecTree;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.quantize.QuantizeLinear;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.report.Table;
import dev.octet.workflow.text.JsonText;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The inputs and outputs of a model that are integers with a meaning: an integer q of scale s and
 * zero point z means {@code (q - z) * s}. Immutable and thread-safe.
 *
 * <p>A file tells it in its metadata, under {@code octet.input.<name>} and {@code
 * octet.output.<name>}: a fixed spec as JSON, such as {@code {"kind": "fixed", "type": "int8",
 * "min": -128, "max": 127, "scale": 0.0078125, "zeroPoint": 3}}. A caller makes the integer of a
 * float x by {@code clamp(rne(x / s) + z)} between {@code min} and {@code max}.
 */
public final class IntegerBoundary {

  private final Map<Point, QuantizationSpec.Fixed> meanings;

  private IntegerBoundary(Map<Point, QuantizationSpec.Fixed> meanings) {
    this.meanings = new LinkedHashMap<>(meanings);
  }

  /** Returns the boundary of a model of which nothing is told. */
  public static IntegerBoundary none() {
    return new IntegerBoundary(Map.of());
  }

  /** Takes what integers mean, by input and output, in the order of the graph. */
  public static IntegerBoundary of(Map<Point, QuantizationSpec.Fixed> meanings) {
    return new IntegerBoundary(meanings);
  }

  /**
   * Reads the metadata of a model. What it says of a value that is not there, or has another
   * element type now, is left out.
   *
   * @throws OctetException {@code OCT-TREE-*} if an entry of the metadata is no fixed spec
   */
  public static IntegerBoundary of(Model model) {
    Map<Point, QuantizationSpec.Fixed> meanings = new LinkedHashMap<>();
    Graph graph = model.graph();
    graph.inputs().forEach(in -> read(model, Point.input(in.name()), in, meanings));
    graph.outputs().forEach(out -> read(model, Point.output(out.name()), out, meanings));
    return new IntegerBoundary(meanings);
  }

  private static void read(
      Model model, Point at, ValueInfo value, Map<Point, QuantizationSpec.Fixed> meanings) {
    String key = key(at);
    String text = model.metadata().get(key);
    if (text != null) {
      QuantizationSpec.Fixed fixed = fixed(JsonText.parse(text, "metadata " + key));
      DataType stored = fixed.type().storage().dataType();
      value
          .tensorType()
          .filter(type -> type.dataType() == stored)
          .ifPresent(type -> meanings.put(at, fixed));
    }
  }

  private static QuantizationSpec.Fixed fixed(Tree tree) {
    return SpecTree.fromTree(tree)
        .match(
            new QuantizationSpec.Cases<>(
                observed -> refused(tree),
                fixed -> fixed.parameters().isFractional() ? refused(tree) : fixed,
                shared -> refused(tree),
                derived -> refused(tree),
                keepFloat -> refused(tree),
                narrowFloat -> refused(tree)));
  }

  private static QuantizationSpec.Fixed refused(Tree tree) {
    throw tree.outOfRange(
        "what the integers of an input or output mean is a fixed spec with a whole zero point");
  }

  private static String key(Point at) {
    return "octet." + Tree.of(at.side()).asText() + "." + at.name();
  }

  /** Tells whether no input or output is an integer with a meaning. */
  public boolean isEmpty() {
    return meanings.isEmpty();
  }

  /** Returns what the integers of an input or output mean; empty where nothing is told. */
  public Optional<QuantizationSpec.Fixed> meaning(Point at) {
    return Optional.ofNullable(meanings.get(at));
  }

  /** Returns the points with what their integers mean, inputs first. */
  public Map<Point, QuantizationSpec.Fixed> meanings() {
    return new LinkedHashMap<>(meanings);
  }

  /** Returns the entries of a file's metadata that tell it. */
  public Map<String, String> metadata() {
    Map<String, String> entries = new LinkedHashMap<>();
    meanings.forEach(
        (at, meaning) -> {
          String text = JsonText.write(SpecTree.toTree(meaning));
          entries.put(key(at), text.replaceAll("\\s+", " ").strip());
        });
    return entries;
  }

  /** Returns the inputs of a run, with floats where integers with a meaning are asked for. */
  public Map<String, Tensor> quantized(Map<String, Tensor> inputs) {
    Map<String, Tensor> taken = new LinkedHashMap<>();
    inputs.forEach(
        (name, tensor) ->
            taken.put(
                name,
                meaning(Point.input(name))
                    .filter(m -> tensor.dataType() == DataType.FLOAT)
                    .map(m -> quantized(tensor, m))
                    .orElse(tensor)));
    return taken;
  }

  /** Returns the outputs of a run, with floats in the place of integers with a meaning. */
  public Map<String, Tensor> dequantized(Map<String, Tensor> outputs) {
    Map<String, Tensor> given = new LinkedHashMap<>();
    outputs.forEach(
        (name, tensor) ->
            given.put(
                name,
                meaning(Point.output(name))
                    .filter(m -> tensor.dataType() == m.type().storage().dataType())
                    .map(m -> dequantized(tensor, m))
                    .orElse(tensor)));
    return given;
  }

  /** Adds what the integers mean to a report; nothing where nothing is told. */
  public void addTo(Report report) {
    if (isEmpty()) {
      return;
    }
    Table table = new Table("BOUNDARY", "TYPE", "MEANS");
    Map<String, Tree> inputs = new LinkedHashMap<>();
    Map<String, Tree> outputs = new LinkedHashMap<>();
    meanings.forEach(
        (at, meaning) -> {
          table.row(at, storage(meaning), words(meaning));
          Map<String, Tree> ofSide = at.side() == Point.Side.INPUT ? inputs : outputs;
          ofSide.put(at.name(), SpecTree.toTree(meaning));
        });
    report
        .field("integerInputs", Tree.of(inputs))
        .field("integerOutputs", Tree.of(outputs))
        .line("Inputs and outputs that are integers:")
        .table(table)
        .line("");
  }

  /** Returns what integers mean in words, such as {@code (q - 3) * 0.0078125, -128 to 127}. */
  public static String words(QuantizationSpec.Fixed meaning) {
    return "(q - %s) * %s, %s to %s"
        .formatted(
            meaning.parameters().zeroPoint(0),
            meaning.parameters().scale(0),
            meaning.type().min(),
            meaning.type().max())
        .replace("- -", "+ ");
  }

  private static String storage(QuantizationSpec.Fixed meaning) {
    return meaning.type().storage().name().toLowerCase(Locale.ROOT);
  }

  private static Tensor quantized(Tensor floats, QuantizationSpec.Fixed meaning) {
    return QuantizeLinear.quantize(
        floats,
        new Granularity.PerTensor(),
        meaning.parameters(),
        meaning.type(),
        meaning.profile());
  }

  private static Tensor dequantized(Tensor integers, QuantizationSpec.Fixed meaning) {
    return QuantizeLinear.dequantize(integers, new Granularity.PerTensor(), meaning.parameters());
  }
}
