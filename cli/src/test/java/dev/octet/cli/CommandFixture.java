package dev.octet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.tree.Tree;
import dev.octet.fixtures.jdk.VendorJar;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.data.NpyWriter;
import dev.octet.workflow.report.Width;
import dev.octet.workflow.text.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs commands in this process on small files in one folder. */
record CommandFixture(Path folder) {

  static final int SAMPLES = 12;

  /** What a command did. */
  record Result(int exitCode, String out, String err) {
    Tree.Mapping json() {
      return JsonText.parse(out, "stdout").asMapping();
    }

    /** Returns what was printed for programs without what differs from run to run. */
    String untimed() {
      return JsonSchemas.untimed(out);
    }

    String errorId() {
      return json().get("error").asMapping().get("id").asText();
    }
  }

  /**
   * Runs a command; a word that starts with @ is a file of the folder. What it prints for programs
   * has to be of its schema.
   */
  Result run(String... words) {
    String[] arguments =
        Stream.of(words).map(w -> w.startsWith("@") ? path(w) : w).toArray(String[]::new);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode;
    try (PrintStream outStream = new PrintStream(out, true, UTF_8);
        PrintStream errStream = new PrintStream(err, true, UTF_8)) {
      exitCode = Octet.run(new Terminal(outStream, errStream, Width.log(), false), arguments);
    }
    Result result = new Result(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    if (List.of(arguments).contains("--json") && !result.out().isEmpty()) {
      JsonSchemas.require(arguments[0], result.out());
    }
    return result;
  }

  /** Runs a command whose standard output takes nothing, as when its disk is full. */
  Result runWithoutOutput(String... words) {
    String[] arguments =
        Stream.of(words).map(w -> w.startsWith("@") ? path(w) : w).toArray(String[]::new);
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (PrintStream outStream = new PrintStream(full, true, UTF_8);
        PrintStream errStream = new PrintStream(err, true, UTF_8)) {
      int exitCode = Octet.run(new Terminal(outStream, errStream, Width.log(), false), arguments);
      return new Result(exitCode, "", err.toString(UTF_8));
    }
  }

  /** Returns the command with all others, to look at. */
  static CommandLine commandLine() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    return Octet.commandLine(new Terminal(nowhere, nowhere, Width.log(), false));
  }

  String path(String word) {
    return folder.resolve(word.substring(1)).toString();
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Writes m.onnx, x.npy, labels.npy and d.yaml: a classifier whose labels are all right. */
  void writeClassifier(long opset) throws IOException {
    new OnnxFormat().write(classifier(opset), file("m.onnx"));
    float[] samples = new float[SAMPLES * 4];
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = i % 3;
      samples[4 * i + labels[i]] = 1 + i;
      samples[4 * i + 3] = -i;
    }
    npy("x.npy", Tensor.of(samples, SAMPLES, 4));
    npy("labels.npy", Tensor.of(labels, SAMPLES));
    write("d.yaml", "inputs:\n  in:\n    file: x.npy\nlabels: labels.npy\n");
  }

  /** Writes first.yaml and rest.yaml, which share the samples of {@link #writeClassifier}. */
  void writeTwoParts() throws IOException {
    write("first.yaml", "inputs:\n  in:\n    file: x.npy\ntake: 5\n");
    write("rest.yaml", "inputs:\n  in:\n    file: x.npy\nskip: 5\n");
  }

  /** Writes m.onnx, whose outputs a/b and a:b have one file name, x.npy and d.yaml. */
  void writeTwoOutputsOfOneFileName() throws IOException {
    Model model =
        model(
            List.of(node("Relu", "in", "a/b"), node("Sigmoid", "in", "a:b")),
            Map.of(),
            13,
            value("in", "N", 2),
            value("a/b", "N", 2),
            value("a:b", "N", 2));
    new OnnxFormat().write(model, file("m.onnx"));
    npy("x.npy", Tensor.of(new float[] {1, 2}, 1, 2));
    write("d.yaml", "inputs: {in: {file: x.npy}}");
  }

  /** Returns in[N,4] -> Gemm -> Relu -> Gemm -> scores[N,3], in which class k follows input k. */
  static Model classifier(long opset) {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    float[] first = new float[16];
    float[] second = new float[12];
    for (int i = 0; i < 4; i++) {
      first[5 * i] = 1 + i / 8f;
      if (i < 3) {
        second[3 * i + i] = 2;
      }
    }
    constants.put("w1", Tensor.of(first, 4, 4));
    constants.put("b1", Tensor.of(new float[] {0.5f, 0.25f, 0, 0}, 4));
    constants.put("w2", Tensor.of(second, 4, 3));
    constants.put("b2", Tensor.of(new float[] {0, 0.125f, 0}, 3));
    List<Node> nodes =
        List.of(
            Node.of("hidden", OpType.onnx("Gemm"), List.of("in", "w1", "b1"), List.of("h")),
            Node.of("relu", OpType.onnx("Relu"), List.of("h"), List.of("r")),
            Node.of("head", OpType.onnx("Gemm"), List.of("r", "w2", "b2"), List.of("scores")));
    return model(nodes, constants, opset, value("in", "N", 4), value("scores", "N", 3));
  }

  static Model model(
      List<Node> nodes,
      Map<String, Tensor> constants,
      long opset,
      ValueInfo input,
      ValueInfo... outputs) {
    Graph graph =
        new Graph(
            "g", List.of(input), List.of(outputs), constants, nodes, Map.of(), Optional.empty());
    return Model.of(graph, opset);
  }

  static Node node(String op, String operand, String result, Attribute... attributes) {
    return Node.of(
        result + "_" + op, OpType.onnx(op), List.of(operand), List.of(result), attributes);
  }

  static ValueInfo value(String name, Object... dimensions) {
    return value(name, DataType.FLOAT, dimensions);
  }

  static ValueInfo value(String name, DataType type, Object... dimensions) {
    List<Dimension> shape =
        Arrays.stream(dimensions)
            .map(
                d ->
                    d instanceof Integer size
                        ? Dimension.of(size)
                        : new Dimension.Symbolic((String) d))
            .toList();
    return ValueInfo.of(name, TensorType.of(type, new Shape(shape)));
  }

  /** Returns the jar of a vendor's backend, by the source of {@code NAME.Provider}. */
  static VendorJar vendor(String name, String source) {
    return new VendorJar(QuantizerProvider.class).provider(name + ".Provider", source);
  }

  /**
   * Returns the jar of a backend that cannot make quantizers.
   *
   * @param constructor statements of the provider's constructor
   */
  static VendorJar vendorWithoutKey(String name, String constructor) {
    return vendor(
        name,
        """
        package %1$s;
        import dev.octet.api.option.*;
        import dev.octet.api.provider.*;
        import dev.octet.api.quantizer.Quantizer;
        import java.util.List;
        @BuiltFor(ApiVersion.CURRENT)
        public final class Provider implements QuantizerProvider {
          public Provider() { %2$s }
          public String name() { return "%1$s"; }
          public String description() { return "a backend from elsewhere"; }
          public List<Capability> capabilities(Options options) { return List.of(); }
          public Quantizer create(Options options) { throw new IllegalStateException("no key"); }
        }
        """
            .formatted(name, constructor));
  }

  void npy(String name, Tensor tensor) throws IOException {
    try (NpyWriter writer =
        new NpyWriter(Files.newOutputStream(file(name)), tensor.dataType(), tensor.sizes())) {
      writer.append(tensor);
    }
  }

  void write(String name, String text) throws IOException {
    Files.writeString(file(name), text);
  }
}
