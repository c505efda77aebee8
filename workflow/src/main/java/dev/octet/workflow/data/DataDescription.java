package dev.octet.workflow.data;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.boundary.IntegerBoundary;
import dev.octet.workflow.image.ImageStep;
import dev.octet.workflow.text.PathText;
import dev.octet.workflow.text.YamlText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A YAML file that says how stored arrays become the inputs of a model.
 *
 * <p>Fields: {@code inputs} (by the model's input name: {@code file} and optional {@code steps}),
 * and optionally {@code labels}, {@code labelMap}, {@code classes}, {@code shuffle}, {@code skip}
 * and {@code take}; or {@code tokens} with the last three for a language model. Paths are relative
 * to the YAML file. A folder of images with one folder for each class gives the labels when {@code
 * labels} is absent.
 *
 * <p>Opening throws {@link OctetException} of kind INPUT with file, line and column, before any
 * sample is read: {@code OCT-FILE-*} and {@code OCT-TREE-*} for the YAML text, {@code OCT-DATA-001}
 * for a file that does not exist, {@code 028} for one that cannot be read, {@code 002} for one that
 * is damaged or of an unknown kind, {@code 003} for an element type that is not read, {@code 004}
 * for a member that an archive lacks, {@code 005} for an input of the model that the description
 * lacks, {@code 006} for one that the model lacks, {@code 007} for a malformed step, {@code 008}
 * for a step that does not fit, {@code 009} for an element type and {@code 010} for a shape that is
 * not the model's, {@code 022} for an input of the model that is no tensor, {@code 023} for sizes
 * and {@code 024} for batches that differ between inputs, {@code 011} for inputs with different
 * numbers of samples, {@code 012} for labels of a wrong kind or number, {@code 026} for one beyond
 * 32 bits, {@code 025} for a map without labels, {@code 013} for a label that the map lacks, {@code
 * 014} for a range without or outside of the samples, {@code 015} to {@code 017} for images, {@code
 * 018} for a number of samples that the model's fixed batch does not divide, {@code 019} for tokens
 * that do not fit, {@code 027} for sequences that are none, {@code 021} for a model without inputs,
 * {@code 035} and {@code 036} for folders of images, {@code 037} to {@code 040} for names of
 * classes.
 */
public final class DataDescription {

  private final Path file;
  private final Graph graph;
  private final IntegerBoundary boundary;
  private final Optional<ClassNames> classesOfModel;
  private final Opener opener;

  /** Opens what the entry {@code file} of an input names, or {@code labels}. */
  private interface Opener {
    Samples open(Tree place, List<ImageStep> images, ImageSizes wanted);
  }

  private DataDescription(
      Path file, Graph graph, IntegerBoundary boundary, Optional<ClassNames> classesOfModel) {
    this.file = file;
    this.graph = graph;
    this.boundary = boundary;
    this.classesOfModel = classesOfModel;
    this.opener = this::openFile;
  }

  private DataDescription(Graph graph, Map<String, Tensor> arrays) {
    this.file = Path.of("");
    this.graph = graph;
    this.boundary = IntegerBoundary.none();
    this.classesOfModel = Optional.empty();
    Map<String, Samples> stored = new HashMap<>();
    arrays.forEach((name, array) -> stored.put(name, StoredArray.of(name, array)));
    this.opener = (place, images, wanted) -> Objects.requireNonNull(stored.get(place.asText()));
  }

  /**
   * Opens the data that a description names, for a model.
   *
   * @param file the YAML file
   * @param graph the model's main graph; its stated inputs are what the data must fit
   */
  public static DataSource open(Path file, Graph graph) {
    return open(file, graph, IntegerBoundary.none());
  }

  /**
   * Opens the data that a description names, for a model whose inputs may be integers with a
   * meaning: the data then gives the floats, or, cast to their type, the integers.
   *
   * @param file the YAML file
   * @param graph the model's main graph; its stated inputs are what the data must fit
   * @param boundary what integers of inputs mean
   */
  public static DataSource open(Path file, Graph graph, IntegerBoundary boundary) {
    return open(file, graph, boundary, Optional.empty());
  }

  private static DataSource open(
      Path file, Graph graph, IntegerBoundary boundary, Optional<ClassNames> classesOfModel) {
    Tree text = YamlText.read(file);
    DataDescription description = new DataDescription(file, graph, boundary, classesOfModel);
    if (!text.isMapping()) {
      throw DataErrors.NO_DESCRIPTION
          .error("'" + file + "' is no map")
          .at(text.position().toString())
          .next("Write a data description:\n" + description.ready(text, file));
    }
    Tree.Mapping root = text.asMapping();
    return root.find("tokens").isPresent() ? description.tokens(root) : description.arrays(root);
  }

  /** A list is what a file of tokens is. */
  private String ready(Tree text, Path file) {
    return text.isList()
        ? "tokens: " + file.getFileName() + "\n"
        : ReadyDescription.ofArrays(graph, "FILE");
  }

  /** Opens the data that a description names, for a model; see {@link DataSource#open}. */
  static DataSource open(Path file, Model model) {
    return open(file, model.graph(), IntegerBoundary.of(model), classes(model));
  }

  /** Takes a description that stands in no file, whose paths are relative to one. */
  static DataSource of(Tree.Mapping root, Path file, Model model) {
    return new DataDescription(file, model.graph(), IntegerBoundary.of(model), classes(model))
        .arrays(root);
  }

  private static Optional<ClassNames> classes(Model model) {
    List<String> names = ClassList.of(model);
    return names.isEmpty() ? Optional.empty() : Optional.of(ClassNames.of(names));
  }

  /**
   * Returns the files that a description names, its own not among them: arrays, archives, the
   * images of folders, labels and tokens. They need not exist.
   *
   * @param file the YAML file
   * @throws OctetException {@code OCT-FILE-*} and {@code OCT-TREE-*} for the YAML text; as opening
   *     the data for a folder that is none of images
   */
  public static List<Path> files(Path file) {
    Tree.Mapping root = YamlText.read(file).asMapping();
    List<Tree> places = new ArrayList<>();
    root.find("inputs")
        .ifPresent(inputs -> inputs.asMapping().entries().values().forEach(i -> add(i, places)));
    root.find("labels").ifPresent(places::add);
    root.find("tokens").ifPresent(places::add);
    root.find("classes").filter(Tree::isText).ifPresent(places::add);
    return places.stream()
        .map(place -> resolve(file, archive(place.asText()), place))
        .flatMap(DataDescription::filesOf)
        .toList();
  }

  private static Stream<Path> filesOf(Path place) {
    return Files.isDirectory(place) ? ImageFiles.of(place).files().stream() : Stream.of(place);
  }

  private static void add(Tree input, List<Tree> places) {
    input.asMapping().find("file").ifPresent(places::add);
  }

  /** Takes arrays in memory as if a description named them, without steps. */
  static DataSource ofArrays(Graph graph, Map<String, Tensor> arrays) {
    Map<String, Tree> inputs = new LinkedHashMap<>();
    for (String name : arrays.keySet()) {
      Position place = new Position("", "input '" + name + "'", 0, 0);
      Tree file = new Tree.Text(name, place);
      inputs.put(name, new Tree.Mapping(Map.of("file", file), place));
    }
    return new DataDescription(graph, arrays).arrays(Tree.of(Map.of("inputs", Tree.of(inputs))));
  }

  /** Takes sequences in memory as if a description named them. */
  static DataSource ofTokens(Graph graph, List<long[]> sequences) {
    Tree.Mapping none = new Tree.Mapping(Map.of(), new Position("", "the sequences", 0, 0));
    return new DataDescription(graph, Map.of()).tokens(() -> sequences, none, none);
  }

  private DataSource tokens(Tree.Mapping root) {
    root.allowOnly(DescriptionKey.ofTokens());
    Tree tokens = root.get("tokens");
    return tokens(() -> TokenSamples.read(resolve(tokens)), tokens, root);
  }

  private DataSource tokens(Supplier<List<long[]>> sequences, Tree place, Tree.Mapping root) {
    return TokenSamples.of(sequences, graph.inputs(), place.position().toString(), root);
  }

  private DataSource arrays(Tree.Mapping root) {
    root.allowOnly(DescriptionKey.ofArrays());
    Map<String, InputSamples> inputs = new LinkedHashMap<>();
    try {
      Tree.Mapping described = root.get("inputs").asMapping();
      requireSameNames(described);
      for (ValueInfo input : graph.inputs()) {
        inputs.put(input.name(), input(input, described.get(input.name())));
      }
      requireSameCounts(inputs, described);
      requireSameSymbols(inputs, described);
      int size = inputs.values().iterator().next().size();
      Optional<ClassFolders> folders =
          inputs.values().stream().flatMap(i -> i.samples().classes().stream()).findFirst();
      SampleOrder order = SampleOrder.of(root, size, folders);
      OptionalInt batch = commonBatch(inputs, described);
      batch.ifPresent(each -> order.requireMultiple(each, root));
      return new ArrayDataSource(inputs, order, batch, labels(root, order, size, folders));
    } catch (RuntimeException e) {
      inputs.values().forEach(InputSamples::close);
      throw e;
    }
  }

  private InputSamples input(ValueInfo input, Tree description) {
    if (!description.isMapping()) {
      throw DataErrors.MALFORMED_INPUT
          .error("what input '" + input.name() + "' is given is no map")
          .at(description.position().toString())
          .build();
    }
    Tree.Mapping fields = description.asMapping();
    fields.allowOnly(DescriptionKey.ofInput());
    List<Tree> steps = fields.find("steps").map(Steps::items).orElse(List.of());
    Tree place = fields.get("file");
    int ofImages = ImageSteps.leading(steps);
    List<ImageStep> images = steps.subList(0, ofImages).stream().map(ImageSteps::of).toList();
    Samples samples = opener.open(place, images, ImageSizes.of(input));
    try {
      boolean mayBeFloat = boundary.meaning(Point.input(input.name())).isPresent();
      List<Tree> ofNumbers = samples.ofImages() ? steps.subList(ofImages, steps.size()) : steps;
      return InputSamples.of(samples, ofNumbers, input, mayBeFloat, place);
    } catch (RuntimeException e) {
      samples.close();
      throw e;
    }
  }

  private Samples openFile(Tree place, List<ImageStep> images, ImageSizes wanted) {
    String text = place.asText();
    String archive = archive(text);
    Path path = resolve(file, archive, place);
    if (!Files.exists(path)) {
      throw DataErrors.noFile(path, place.position().toString())
          .next("Correct the path; it is relative to " + file + ".");
    }
    try {
      return Files.isDirectory(path)
          ? ImageFolder.open(path, images, wanted)
          : ArrayFiles.open(path, text.substring(Math.min(archive.length() + 1, text.length())));
    } catch (OctetException e) {
      throw e.inFile(place.position().toString());
    }
  }

  /** Returns the file of {@code archive.npz:key}, or of another text all of it. */
  private static String archive(String text) {
    int end = text.lastIndexOf(".npz:");
    return end < 0 ? text : text.substring(0, end + ".npz".length());
  }

  private Path resolve(Tree place) {
    return resolve(file, place.asText(), place);
  }

  /** Returns the path that stands at a place of a description. */
  private static Path resolve(Path description, String text, Tree place) {
    return description.resolveSibling(PathText.of(text, place.position().toString())).normalize();
  }

  private void requireSameNames(Tree.Mapping described) {
    List<String> names = graph.inputs().stream().map(ValueInfo::name).toList();
    described
        .entries()
        .forEach(
            (name, value) -> {
              if (!names.contains(name)) {
                throw DataErrors.UNKNOWN_INPUT
                    .error("the model has no input '" + name + "'")
                    .at(value.position().toString())
                    .candidates(names)
                    .build();
              }
            });
    for (String name : names) {
      if (described.find(name).isEmpty()) {
        throw DataErrors.MISSING_INPUT
            .error("the model's input '" + name + "' is missing")
            .at(described.position().toString())
            .build();
      }
    }
    if (names.isEmpty()) {
      throw DataErrors.NO_INPUTS
          .error("the model has no inputs")
          .at(described.position().toString())
          .build();
    }
  }

  private static void requireSameCounts(Map<String, InputSamples> inputs, Tree.Mapping described) {
    Map.Entry<String, InputSamples> first = inputs.entrySet().iterator().next();
    inputs.forEach(
        (name, input) -> {
          if (input.size() != first.getValue().size()) {
            String fact =
                "input '%s' has %s samples, '%s' has %s"
                    .formatted(name, input.size(), first.getKey(), first.getValue().size());
            throw DataErrors.OTHER_COUNT
                .error(fact)
                .at(described.get(name).position().toString())
                .build();
          }
        });
  }

  /** A dimension of one name has one size in all inputs of a sample. */
  private void requireSameSymbols(Map<String, InputSamples> inputs, Tree.Mapping described) {
    boolean differ = inputs.values().stream().anyMatch(input -> input.samples().differ());
    int samples = differ ? inputs.values().iterator().next().size() : 1;
    for (int sample = 0; sample < samples; sample++) {
      Map<String, Long> sizes = new HashMap<>();
      for (ValueInfo input : graph.inputs()) {
        InputSamples own = Objects.requireNonNull(inputs.get(input.name()), "it was opened");
        requireSameSymbols(input, own.sampleSizes(sample), sizes, described);
      }
    }
  }

  private static void requireSameSymbols(
      ValueInfo input, long[] sample, Map<String, Long> sizes, Tree.Mapping described) {
    List<Dimension> dimensions =
        input.tensorType().flatMap(TensorType::shape).map(Shape::dimensions).orElse(List.of());
    int skipped = dimensions.size() - sample.length;
    for (int axis = Math.max(0, skipped); axis < dimensions.size(); axis++) {
      long size = sample[axis - skipped];
      String symbol = dimensions.get(axis).symbol().orElse(null);
      Long before = symbol == null ? null : sizes.putIfAbsent(symbol, size);
      if (before != null && before != size) {
        String fact = "dimension '" + symbol + "' is " + size + " here and " + before;
        throw DataErrors.DIFFERENT_SIZES
            .error(fact + " in an input before")
            .at(described.get(input.name()).position().toString())
            .build();
      }
    }
  }

  private static OptionalInt commonBatch(Map<String, InputSamples> inputs, Tree.Mapping described) {
    OptionalInt common = OptionalInt.empty();
    for (Map.Entry<String, InputSamples> entry : inputs.entrySet()) {
      OptionalInt batch = entry.getValue().fixedBatch();
      if (batch.isPresent() && common.isPresent() && !batch.equals(common)) {
        String fact =
            "input '%s' takes %s samples at a time, another one %s"
                .formatted(entry.getKey(), batch.getAsInt(), common.getAsInt());
        throw DataErrors.OTHER_BATCH
            .error(fact)
            .at(described.get(entry.getKey()).position().toString())
            .build();
      }
      common = batch.isPresent() ? batch : common;
    }
    return common;
  }

  private Labels labels(
      Tree.Mapping root, SampleOrder order, int size, Optional<ClassFolders> folders) {
    Optional<ClassNames> named =
        root.find("classes").map(entry -> ClassNames.read(entry, this::resolve));
    LabelReader reader = new LabelReader(root, order, named, classesOfModel, graph);
    return root.find("labels")
        .map(place -> reader.stored(storedLabels(place, size)))
        .or(() -> folders.map(reader::of))
        .orElseGet(reader::none);
  }

  private int[] storedLabels(Tree place, int size) {
    try (Samples labels = opener.open(place, List.of(), ImageSizes.alike())) {
      boolean whole = labels.type().isInteger() && labels.sizes().length == 1;
      if (!whole || labels.sizes()[0] != size) {
        Layout found = new Layout(labels.type(), tail(labels.sizes()), "");
        String fact =
            "labels are %s with %s samples; the inputs have %s samples"
                .formatted(found, labels.sizes()[0], size);
        throw DataErrors.NO_LABELS.error(fact).at(place.position().toString()).build();
      }
      long[] elements = ((Values.Integers) labels.read(0, size)).elements();
      int[] converted = new int[size];
      for (int i = 0; i < size; i++) {
        if (elements[i] < Integer.MIN_VALUE || elements[i] > Integer.MAX_VALUE) {
          throw DataErrors.LARGE_LABEL
              .error("label " + elements[i] + " of sample " + i)
              .at(place.position().toString())
              .build();
        }
        converted[i] = (int) elements[i];
      }
      return converted;
    }
  }

  private static long[] tail(long[] sizes) {
    return Arrays.copyOfRange(sizes, 1, sizes.length);
  }
}
