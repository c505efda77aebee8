package dev.octet.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.graph.Model;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.diff.Diff;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.inspect.Inspection;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.provenance.Claims;
import dev.octet.workflow.recipe.Recipe;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The kinds of files that Octet reads. */
final class Formats {

  private static final String IMAGE_MODEL =
      "opset 17; in x FLOAT[N,3,8,8]; node Relu x -> y; out y";
  private static final String TOKEN_MODEL =
      "opset 17; in x INT64[1,T]; const e FLOAT[9,2] ...; node Gather e x -> y; out y";
  private static final int SAMPLES = 3;
  private static final int ONE_OF = 20;

  private final OnnxFormat onnx = new OnnxFormat();
  private final Catalogs catalogs = Catalogs.discover(Formats.class.getClassLoader());
  private final ModelSteps steps = new ModelSteps(catalogs);
  private final Scratch scratch;
  private final List<String> networks = Seeds.texts("networks.txt");
  private final Model network = model(networks.get(0));
  private final Plan plan = steps.plan(network);
  private final Calibration calibration = calibrated(1, 2, -3);
  private final Calibration other = calibrated(0.5f);

  /** Takes a folder for files that are read from one. */
  Formats(Scratch scratch) throws IOException {
    this.scratch = scratch;
  }

  /** Returns all of them. */
  List<Format> all() throws IOException {
    List<Format> ofCommands = new CommandFormats(scratch, catalogs, steps).all();
    return Stream.of(models(), data(), arrays(), documents(), ofCommands)
        .flatMap(List::stream)
        .toList();
  }

  private Model model(String text) {
    return onnx.read(ModelText.toBytes(text), "seed");
  }

  private Calibration calibrated(float... start) {
    float[] sample = Arrays.copyOf(start, 192);
    DataSource data = DataSource.of(network.graph(), new long[] {3, 8, 8}, sample, sample);
    return Quantization.calibrate(plan, data, Execution.threads(1));
  }

  private List<Format> models() throws IOException {
    List<String> operators = Seeds.operators();
    List<byte[]> files =
        Stream.concat(networks.stream(), some(operators)).map(ModelText::toBytes).toList();
    return List.of(
        new Format("operators", Seeds.bytes(operators), new Text(), this::readText),
        new Format("networks", Seeds.bytes(networks), new Text(), this::readText),
        new Format("onnx", files, new Wire(), input -> steps.all(onnx.read(input, "input"))),
        new Format("external", external(), new Wire(), this::readExternal));
  }

  /** Few of them: what a file is checked for, networks have, and of operators there are many. */
  private static Stream<String> some(List<String> operators) {
    return IntStream.range(0, operators.size())
        .filter(i -> i % ONE_OF == 0)
        .mapToObj(operators::get);
  }

  private void readText(byte[] input) {
    steps.all(onnx.read(ModelText.toBytes(new String(input, UTF_8)), "input"));
  }

  /** A message of a model and the data beside it. */
  private static List<byte[]> external() {
    return Stream.of(
            "opset 17; in x FLOAT[2,3]; outside w FLOAT[3,3] 0 36; node MatMul x w -> y; out y",
            "opset 17; in x FLOAT[1,4]; outside w INT8[4,2] 4 8; outside s FLOAT[2] 16 8;"
                + " node DequantizeLinear w s -> d | int axis 1; node MatMul x d -> y; out y")
        .map(text -> Seeds.joined(Wire.field(1, ModelText.toBytes(text)), data(64)))
        .toList();
  }

  private static byte[] data(int count) {
    return Wire.field(2, Seeds.floats(count));
  }

  private void readExternal(byte[] input) throws Exception {
    Path folder = scratch.folder("external");
    Files.write(folder.resolve(ModelText.OUTSIDE), Wire.bytes(input, 2));
    scratch.with("external/m.onnx", Wire.bytes(input, 1), file -> steps.read(catalogs.read(file)));
  }

  private List<Format> data() throws IOException {
    Path folder = scratch.folder("data");
    byte[] array = Seeds.npy("<f4", "(3, 3, 8, 8)", Seeds.floats(576));
    Files.write(folder.resolve("x.npy"), array);
    Files.write(folder.resolve("flat.npy"), Seeds.npy("<f4", "(3, 192)", Seeds.floats(576)));
    Files.write(folder.resolve("labels.npy"), Seeds.npy("|u1", "(3,)", new byte[3]));
    Files.write(
        folder.resolve("arrays.npz"), ZipMember.archive(List.of(ZipMember.of("x.npy", array))));
    Path images = scratch.folder("data/images");
    for (String name : List.of("a", "b")) {
      Path ofClass = Files.createDirectories(images.resolve(name));
      Files.write(ofClass.resolve("1.png"), Seeds.image("png"));
    }
    Model model = model(IMAGE_MODEL);
    List<byte[]> descriptions = Seeds.bytes(Seeds.texts("descriptions.txt"));
    return List.of(
        new Format(
            "description",
            descriptions,
            new Text(),
            input -> scratch.with("data/d.yaml", input, file -> take(file, model))),
        images(model),
        tokens(),
        beside("classes", "txt", classes(), new Text(), model),
        beside("labels", "npy", labels(), new PlainBytes(), model));
  }

  private static List<byte[]> classes() {
    return Seeds.bytes(List.of("a\nb\nc", "one class\r\n\n two\nthr\u00e9e\n", "\ufeffa\nb\nc"));
  }

  private static List<byte[]> labels() {
    return List.of(
        Seeds.npy("|u1", "(3,)", new byte[3]),
        Seeds.npy("<i8", "(3,)", new byte[24]),
        Seeds.idx(3),
        Seeds.gzip(Seeds.npy("<i2", "(3,)", new byte[6])));
  }

  /** A file that an entry of a description names. */
  private Format beside(
      String entry, String extension, List<byte[]> seeds, Structure structure, Model model) {
    return new Format(
        entry,
        seeds,
        structure,
        input ->
            scratch.with(
                "data/f." + extension,
                input,
                file -> {
                  String text = "inputs: {x: {file: x.npy}}\n" + entry + ": " + file.getFileName();
                  Files.writeString(file.resolveSibling("beside.yaml"), text);
                  take(file.resolveSibling("beside.yaml"), model);
                }));
  }

  /** Takes samples and labels as every command does that is given data. */
  private static void take(Path file, Model model) {
    DataSource data = DataSource.open(file, model);
    try {
      int count = data.fixedBatch().orElse(Math.min(SAMPLES, data.size()));
      data.batch(0, Math.min(count, data.size()));
      data.labels();
      data.ranges();
    } finally {
      data.close();
    }
  }

  private Format images(Model model) throws IOException {
    Path folder = scratch.folder("image");
    Path description = folder.resolve("d.yaml");
    Files.writeString(
        description,
        "inputs: {x: {file: images, steps: [{resize: [8, 8]}, {channels: rgb},"
            + " {transpose: NHWC -> NCHW}]}}");
    scratch.folder("image/images");
    return new Format(
        "image",
        Seeds.images(),
        new ImageParts(),
        input -> scratch.with("image/images/i.png", input, file -> take(description, model)));
  }

  private Format tokens() throws IOException {
    Model model = model(TOKEN_MODEL);
    Path folder = scratch.folder("tokens");
    return new Format(
        "tokens",
        Seeds.bytes(List.of("[[1, 2, 3], [4]]", "[[0]]", "[[8,7,6,5],\n [1],\n [2, 3]]")),
        new Text(),
        input ->
            scratch.with(
                "tokens/t.json",
                input,
                file -> {
                  Path description = folder.resolve("d.yaml");
                  Files.writeString(description, "tokens: " + file.getFileName());
                  take(description, model);
                }));
  }

  private List<Format> arrays() {
    Model model = model(IMAGE_MODEL);
    byte[] floats = Seeds.npy("<f4", "(1, 3, 8, 8)", Seeds.floats(192));
    byte[] bytes = Seeds.npy("|u1", "(2, 3, 8, 8)", new byte[384]);
    byte[] idx = Seeds.idx(2, 3, 8, 8);
    byte[] later = Seeds.npy(2, "<f4", "(1, 3, 8, 8)", Seeds.floats(192));
    byte[] latest = Seeds.npy(3, "<i2", "(1, 3, 8, 8)", new byte[384]);
    List<byte[]> files =
        List.of(floats, bytes, idx, later, latest, Seeds.gzip(floats), Seeds.gzip(idx));
    ZipMember stored = ZipMember.of("x.npy", floats);
    List<byte[]> archives =
        List.of(ZipMember.archive(List.of(stored)), ZipMember.archive(List.of(stored.deflated())));
    return List.of(
        new Format("array", files, new PlainBytes(), in -> open("arrays/x.npy", in, model)),
        new Format(
            "archive",
            archives,
            new ZipParts(new PlainBytes()),
            in -> open("arrays/x.npz", in, model)),
        new Format("testdata", testData(), new Wire(), this::readTestData));
  }

  private void open(String name, byte[] input, Model model) throws Exception {
    scratch.folder("arrays");
    scratch.with(name, input, file -> take(file, model));
  }

  /** Tensors of inputs and outputs in the form of ONNX. */
  private static List<byte[]> testData() {
    return Stream.of("FLOAT[2,3,8,8] ...", "FLOAT[1,3,8,8] ...")
        .map(text -> TensorText.tensor("x", ModelText.words(text)))
        .toList();
  }

  private void readTestData(byte[] input) throws Exception {
    Path folder = scratch.folder("sets/test_data_set_0");
    Files.write(folder.resolve("input_0.pb"), input);
    Files.write(folder.resolve("output_0.pb"), input);
    take(scratch.folder("sets"), model(IMAGE_MODEL));
  }

  private List<Format> documents() throws IOException {
    ByteArrayOutputStream planned = new ByteArrayOutputStream();
    plan.document().write(planned);
    ByteArrayOutputStream calibrated = new ByteArrayOutputStream();
    calibration.write(calibrated);
    return List.of(
        new Format("recipe", Seeds.bytes(Seeds.texts("recipes.txt")), new Text(), this::readRecipe),
        new Format("plan", List.of(planned.toByteArray()), new Text(), this::readPlan),
        new Format(
            "calibration",
            List.of(calibrated.toByteArray()),
            new SignedCalibration(),
            this::readCalibration),
        new Format("metadata", Seeds.bytes(metadata()), new Text(), this::readMetadata),
        new Format("jar", Jars.seeds(), new ZipParts(new PlainBytes()), this::readJar));
  }

  private void readRecipe(byte[] input) {
    Recipe recipe = Recipe.parse(new String(input, UTF_8), "recipe.yaml");
    Quantization.plan(QuantizationRequest.of(network, catalogs.backend("cpu")).recipe(recipe));
  }

  private void readPlan(byte[] input) throws IOException {
    PlanDocument document = PlanDocument.read(new ByteArrayInputStream(input), "plan.json");
    Inspection.of(document).text();
    Diff.of(plan.document(), document).report().text();
    Plan bound = Quantization.bind(document, network, catalogs.backend("cpu"));
    Quantization.convert(bound, calibration);
  }

  private void readCalibration(byte[] input) throws IOException {
    Calibration read =
        Calibration.read(new ByteArrayInputStream(input), "x.calib", catalogs.observers());
    Inspection.of(read, catalogs.observers()).text();
    Diff.of(calibration, read, catalogs.observers()).report().text();
    Quantization.convert(plan, read);
    Calibration.merge(List.of(other, read));
  }

  /** What Octet itself writes into a model, and reads again. */
  private List<String> metadata() {
    Model quantized = Quantization.convert(plan, calibration).model();
    List<String> texts = new ArrayList<>();
    quantized.metadata().forEach((key, value) -> texts.add(key + " " + value));
    texts.add("octet.classes [\"a\", \"b\"]");
    texts.add(
        "octet.input.x {\"kind\": \"fixed\", \"type\": \"int8\", \"min\": -128, \"max\": 127,"
            + " \"scale\": 0.5, \"zeroPoint\": 3}");
    return List.of(String.join("\n", texts), texts.get(0), texts.get(texts.size() - 1));
  }

  private void readMetadata(byte[] input) {
    StringBuilder text =
        new StringBuilder(
            IMAGE_MODEL
                .replace("FLOAT", "INT8")
                .replace("Relu", "Identity")
                .replace("out y", "out y INT8"));
    new String(input, UTF_8).lines().forEach(line -> text.append("\nmeta ").append(line));
    Model model = onnx.read(ModelText.toBytes(text.toString()), "input");
    Claims.of(model);
    steps.all(model);
  }

  private void readJar(byte[] input) throws Exception {
    scratch.folder("jars");
    scratch.with("jars/p.jar", input, Formats::discover);
  }

  /** Finds the providers of a jar, and asks each what it is. */
  private static void discover(Path jar) throws IOException {
    URL[] urls = {jar.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, Formats.class.getClassLoader())) {
      QuantizerCatalog found = QuantizerCatalog.discover(loader);
      found.names();
      for (QuantizerProvider provider : found.providers()) {
        provider.description();
        provider.options();
      }
      found.provider("acme");
    }
  }
}
