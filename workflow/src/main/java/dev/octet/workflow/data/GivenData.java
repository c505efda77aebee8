package dev.octet.workflow.data;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.FileErrors;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.tree.Position;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.boundary.IntegerBoundary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What stands where data is asked for: a data description, a folder of test data of the model's
 * format, or an array where there is but one way to give it to the model. Whatever else it is, the
 * error has a description to begin with.
 */
final class GivenData {

  private final Path path;
  private final Model model;
  private final Graph graph;

  GivenData(Path path, Model model) {
    this.path = path;
    this.model = model;
    this.graph = model.graph();
  }

  /** Opens it; see {@link DataSource#open} for the errors. */
  DataSource open() {
    IntegerBoundary boundary = IntegerBoundary.of(model);
    if (!Files.isDirectory(path)) {
      return arrays()
          .map(arrays -> DataDescription.of(arrays, path, model))
          .orElseGet(() -> DataDescription.open(path, model));
    }
    requireFiles();
    if (ImageFiles.areIn(path)) {
      throw images("'" + path + "' is a folder of images, and no data description");
    }
    List<Map<String, Tensor>> sets = StoredTests.read(path, model).inputs();
    Graph typed = sets.isEmpty() ? graph : StoredTests.typed(model, sets.get(0));
    return TensorSets.of(sets, graph, typed.outputs(), boundary, path.toString());
  }

  /** Returns the files that {@link #open} reads beside the path. */
  List<Path> files() {
    if (Files.isDirectory(path)) {
      requireFiles();
      return StoredTests.read(path, model).files();
    }
    return arrays().isPresent() ? List.of() : DataDescription.files(path);
  }

  /** Folders in the folder may be meant as classes, and hold nothing either. */
  private void requireFiles() {
    try (Stream<Path> all = Files.walk(path)) {
      if (all.allMatch(Files::isDirectory)) {
        throw DataErrors.EMPTY_FOLDER
            .error("'" + path + "' is a folder that holds no samples: there is no file in it")
            .at(path.toString())
            .build();
      }
    } catch (IOException | UncheckedIOException e) {
      throw FileErrors.unreadable(path, e);
    }
  }

  private OctetException images(String fact) {
    Path name = path.toAbsolutePath().normalize().getFileName();
    return needsDescription(
        DataErrors.IMAGES_AS_DATA, fact, ReadyDescription.ofImages(graph, name + "/"));
  }

  private OctetException needsDescription(ErrorId id, String fact, String description) {
    return id.error(fact)
        .at(path.toString())
        .next(
            "Write a data description, for example data.yaml beside it, and give that:\n"
                + description);
  }

  /** Returns the description that an array stands for; empty where it is none. */
  private Optional<Tree.Mapping> arrays() {
    if (ImageFiles.isNamedLikeAnImage(path)) {
      throw images("'" + path + "' is an image, and no data description");
    }
    if (!Files.isRegularFile(path) || !ArrayFiles.isArray(path)) {
      return Optional.empty();
    }
    List<String> keys = ArrayFiles.keys(path);
    List<String> inputs = graph.inputs().stream().map(ValueInfo::name).toList();
    String name = path.getFileName().toString();
    Map<String, String> files = new LinkedHashMap<>();
    if (!inputs.isEmpty() && keys.containsAll(inputs)) {
      inputs.forEach(input -> files.put(input, name + ":" + input));
    } else if (inputs.size() == 1 && keys.size() < 2) {
      files.put(inputs.get(0), keys.isEmpty() ? name : name + ":" + keys.get(0));
    } else {
      throw ambiguous(keys, inputs);
    }
    return Optional.of(description(files));
  }

  private OctetException ambiguous(List<String> keys, List<String> inputs) {
    String name = path.getFileName().toString();
    String fact =
        keys.isEmpty()
            ? "'" + path + "' is one array, and the model's inputs are " + inputs
            : "'" + path + "' holds " + keys + ", and the model's inputs are " + inputs;
    return needsDescription(
        DataErrors.ARRAY_AS_DATA,
        fact,
        ReadyDescription.ofArrays(graph, keys.isEmpty() ? name : name + ":KEY"));
  }

  private Tree.Mapping description(Map<String, String> files) {
    Position place = new Position(path.toString(), "as data", 0, 0);
    Map<String, Tree> inputs = new LinkedHashMap<>();
    files.forEach(
        (input, file) ->
            inputs.put(input, new Tree.Mapping(Map.of("file", new Tree.Text(file, place)), place)));
    return new Tree.Mapping(Map.of("inputs", new Tree.Mapping(inputs, place)), place);
  }
}
