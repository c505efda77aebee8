package dev.octet.workflow.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.fixtures.jdk.GeneratedPage;
import dev.octet.fixtures.jdk.PngFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** docs/data.md is written from the names that the parser knows, and its examples are read. */
class DataPageTest {

  private static final Path PAGE = Path.of("..", "docs", "data.md");
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @BeforeEach
  void writeData() throws IOException {
    byte[] nine = TestArrays.bytes(1, 2, 3, 4, 5, 6, 7, 8, 9);
    byte[] images = TestArrays.npy(1, "|u1", false, "(3, 3)", nine);
    Files.write(folder.resolve("images.npy"), images);
    TestArrays.npz(folder.resolve("arrays.npz"), true, "images", images);
    byte[] labels = TestArrays.npy(1, "|u1", false, "(3,)", TestArrays.bytes(0, 2, 1));
    Files.write(folder.resolve("labels.npy"), labels);
    Files.writeString(folder.resolve("tokens.json"), "[[1, 2], [3], [4]]");
    for (String name : List.of("cat/1.png", "cat/2.png", "owl/1.png")) {
      Path file = folder.resolve("photos").resolve(name);
      Files.createDirectories(file.getParent());
      int width = name.startsWith("cat") ? 60 : 90;
      new PngFile(file).colour(width, 70);
    }
  }

  @Test
  void thePageIsCurrent() throws IOException {
    new GeneratedPage("workflow", DataPageTest.class).requireCurrent(PAGE, page());
  }

  @TestFactory
  Stream<DynamicTest> everyExampleOfANameIsRead() {
    return Arrays.stream(DescriptionKey.values())
        .map(key -> DynamicTest.dynamicTest(key.text(), () -> readKey(key)));
  }

  private void readKey(DescriptionKey key) throws IOException {
    boolean tokens = key == DescriptionKey.TOKENS;
    boolean whole = key == DescriptionKey.INPUTS || key.isOfInput();
    String example = key.example().replaceAll("^\\{(.*)}$", "$1");
    String base = tokens || whole ? "" : DescriptionKey.INPUTS.example() + ", ";
    Graph graph =
        tokens
            ? graph(input(DataType.INT64, "N", "T"), "N", 3)
            : graph(input(DataType.FLOAT, "N", 3), "N", 3);
    String yaml = "{" + base + example + "}";
    assertTrue(yaml.contains(key.text()), yaml);
    try (DataSource data = open(yaml, graph)) {
      int expected = key == DescriptionKey.SKIP || key == DescriptionKey.TAKE ? 2 : 3;
      assertEquals(expected, data.size());
      data.batch(0, 1);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyExampleOfAStepIsRead() {
    return Arrays.stream(StepKind.values())
        .map(kind -> DynamicTest.dynamicTest(kind.text(), () -> readStep(kind)));
  }

  private void readStep(StepKind kind) throws IOException {
    long[] sizes = kind == StepKind.RESHAPE ? new long[] {49, 10} : new long[] {40, 48, 3};
    Files.write(
        folder.resolve("sized.npy"),
        TestArrays.npy(
            1,
            "|u1",
            false,
            "(1, "
                + String.join(", ", Arrays.stream(sizes).mapToObj(Long::toString).toList())
                + ")",
            new byte[(int) Arrays.stream(sizes).reduce(1, Math::multiplyExact)]));
    String file = kind.ofImages() ? "photos" : "sized.npy";
    String layout =
        !kind.ofImages() && kind.example().contains("[0.") ? "transpose: NHWC -> NCHW, " : "";
    String same = kind == StepKind.RESIZE ? ", {center-crop: 40}" : "";
    String fit = kind == StepKind.CHANNELS ? "{resize: [5, 5]}, " : "";
    String first = layout.isEmpty() ? "" : "{transpose: NHWC -> NCHW}, ";
    String steps = "[" + fit + first + "{" + kind.example() + "}" + same + "]";
    String yaml = "inputs: {x: {file: " + file + ", steps: " + steps + "}}";
    DataType type = kind == StepKind.CAST ? DataType.INT64 : DataType.FLOAT;
    int rank = 4;
    Graph graph = graph(input(type, Stream.of("N", "A", "B", "C").limit(rank).toArray()), "N", "K");
    try (DataSource data = open(yaml, graph)) {
      assertEquals(kind.ofImages() ? 3 : 1, data.batch(0, data.size()).get("x").sizes()[0]);
    }
  }

  @Test
  void theWholeDescriptionsOfThePageAreRead() throws IOException {
    List<String> examples =
        YAML.matcher(Files.readString(PAGE)).results().map(m -> m.group(1)).toList();
    assertEquals(2, examples.size());
    Graph images = graph(input(DataType.FLOAT, "N", 3, 32, 32), "N", 3);
    try (DataSource data = open(examples.get(0), images)) {
      assertEquals(List.of("cat", "dog", "owl"), data.classNames());
      assertEquals(List.of(0, 2), Arrays.stream(data.labels().orElseThrow()).boxed().toList());
    }
    Graph arrays = graph(input(DataType.FLOAT, "N", 1, 3), "N", 3);
    try (DataSource data = open(examples.get(1), arrays)) {
      assertEquals(2, data.size());
    }
  }

  private static String page() {
    return """
    # Data descriptions

    A YAML file that says how stored arrays or images become the inputs of a model: what `--data` takes. Paths in it are relative to it.

    ```yaml
    inputs:
      x:                       # the model's input name
        file: photos           # a folder with one folder of images for each class
        steps:
          - resize: 40
          - center-crop: 32
          - transpose: NHWC -> NCHW
          - multiply: 0.00392156862745098
          - subtract: [0.485, 0.456, 0.406]
          - divide: [0.229, 0.224, 0.225]
    classes: [cat, dog, owl]   # in the model's order; a class may have no folder
    shuffle: 7
    take: 2                    # of all classes together, dealt round them
    ```

    ```yaml
    inputs:
      x:
        file: images.npy       # the first axis counts samples
        steps:
          - reshape: [1, 3]
    labels: labels.npy
    skip: 1
    ```

    A folder `test_data_set_*` in the form of ONNX is taken in place of the file; so is an array (`.npy`, idx, or an `.npz` with one member) for a model with one input, and an `.npz` whose members are
    named like the inputs. For images a description is needed, since it says what the model was trained with: given a folder of them, Octet prints one to begin with.

    ## Names

    """
        + table("name", Arrays.stream(DescriptionKey.values()).map(DataPageTest::row).toList())
        + """

        `file` and `steps` stand below the name of an input. The order of samples is: `shuffle`; then those of a folder with a folder for each class are dealt, the first of each class in the order of
        the folders' names, the second of each, and so on, a class that has no more being passed over; then `skip`, then `take`. Shuffling is SplitMix64 from the seed: for i from the last position down
        to 1, with u the upper 32 bits of the next number, the samples at i and at `(u * (i + 1)) >> 32` change places. Samples run as many at a time as the model's first dimension allows.

        ## Steps

        In this order, on each sample. An array may have any axes; a `transpose` names them, also for the steps before it. Arithmetic is in float32, each operation rounded once, each number of the
        description to the nearest float32 first. What a model of float32 inputs is given becomes float32 at the end, and floats become what a model of float16 or float64 inputs takes; any other type is written with `cast`.

        """
        + table("step", rows(false))
        + """

        ### For images

        They stand before all others. Without steps that bring them to one size, images that differ in it are refused where the model fixes a size, or how many run together; a model that leaves the
        size open takes each by itself, and a finding says so (`OCT-DATA-103`). Sequences of `tokens`, and sets in the form of ONNX, may differ in the same way.

        """
        + table("step", rows(true))
        + """

        Resizing is Pillow's, bit for bit (`Image.resize` of Pillow 13): antialiased, which means that the filter grows as the image shrinks; weights of 22 bits; one axis after the other with levels of
        8 bits between them. The width comes first, unless rows are lost and twice the columns that are lost are fewer than those.

        ## Images

        A folder of images is uint8, N H W C: red, green, blue, or one channel where all images are grey; a grey image among others has three equal channels. Where the folder holds folders, each of them is
        a class. Files are taken in the order of their names, compared character by character. What begins with a dot, and files that do not end in `.png`, `.jpg`, `.jpeg`, `.bmp`, `.gif` or `.webp`, are
        left out; links are followed. A link that leads nowhere, an image of another format (`.tif`, `.heic`, ...), one that cannot be read or is cut off, and a folder in the folder of a class are errors
        that name it.

        What a file is, is told by its content. An image is turned and mirrored as Exif says (JPEG, PNG, WebP). Alpha is dropped, and the colours below it are taken as they are stored; of 16 bits the
        upper 8 are taken; profiles of colours and gamma are not looked at. Of several frames the first is read. YCbCr in JPEG files is converted as libjpeg does; CMYK, stored as Adobe does, as
        Pillow's `convert("RGB")`. A palette of greys is grey. All of these levels are Pillow's, except for lossy WebP, where the colours of a pixel are those of its block of 2 x 2, as the decoder
        (TwelveMonkeys) gives them, while libwebp blends neighbouring blocks; without colours the two differ by a level here and there.

        ## Classes

        Labels are the positions of classes in the model's scores. A folder of images is told by its name: among `classes` of the description, or among those that the model states in its metadata, where
        `octet quantize` writes those of its data (`octet.classes`). A folder that is named like no class is an error. Where there are no names, folders are counted from 0, but only if there are as
        many, empty ones counted too, as the model has scores; otherwise one may be missing, those behind it would be counted wrong, and there are no labels and the finding `OCT-DATA-101`. `labelMap` says
        which class each folder is without names. Names are compared in Unicode's form NFC.
        """;
  }

  private static List<String> rows(boolean ofImages) {
    return Arrays.stream(StepKind.values())
        .filter(kind -> kind.ofImages() == ofImages)
        .map(kind -> row(kind.text(), kind.words(), kind.example()))
        .toList();
  }

  private static String row(DescriptionKey key) {
    return row(key.text(), key.words(), key.example());
  }

  private static String row(String name, String words, String example) {
    return "| `" + name + "` | " + words + " | `" + example + "` |\n";
  }

  private static String table(String first, List<String> rows) {
    return "| " + first + " | what it says | example |\n|---|---|---|\n" + String.join("", rows);
  }

  private DataSource open(String yaml, Graph graph) throws IOException {
    return DataDescription.open(Files.writeString(folder.resolve("d.yaml"), yaml), graph);
  }

  private static Graph graph(ValueInfo input, Object... scores) {
    return new Graph(
        "g",
        List.of(input),
        List.of(ValueInfo.of("scores", TensorType.of(DataType.FLOAT, shape(scores)))),
        Map.of(),
        List.of(),
        Map.of(),
        Optional.empty());
  }

  private static ValueInfo input(DataType type, Object... sizes) {
    return ValueInfo.of("x", TensorType.of(type, shape(sizes)));
  }

  private static Shape shape(Object... sizes) {
    List<Dimension> dimensions = new ArrayList<>();
    for (Object size : sizes) {
      dimensions.add(
          size instanceof Integer known
              ? Dimension.of(known)
              : new Dimension.Symbolic((String) size));
    }
    return new Shape(dimensions);
  }
}
