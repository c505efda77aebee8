package dev.octet.workflow.data;

import dev.octet.api.error.NearMisses;
import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Finds the labels of samples: those of a file, or the classes that the folders of images stand
 * for. Folders are told apart by the names of the classes, which the description or the model
 * states; where neither does, they are counted, but only if there are as many as the model has
 * classes: if one were missing, those behind it would be counted wrong.
 */
final class LabelReader {

  private final Tree.Mapping root;
  private final SampleOrder order;
  private final Optional<ClassNames> named;
  private final Optional<ClassNames> ofModel;
  private final OptionalLong scores;

  /**
   * Makes a reader.
   *
   * @param root the description
   * @param order the samples that are used
   * @param named the names that the description states
   * @param ofModel the names that the model states
   * @param graph the model's main graph
   */
  LabelReader(
      Tree.Mapping root,
      SampleOrder order,
      Optional<ClassNames> named,
      Optional<ClassNames> ofModel,
      Graph graph) {
    this.root = root;
    this.order = order;
    this.named = named;
    this.ofModel = ofModel;
    this.scores = scores(graph);
  }

  /** Returns how many elements the first output has for each sample, where the model states it. */
  private static OptionalLong scores(Graph graph) {
    List<Dimension> dimensions =
        graph.outputs().stream()
            .limit(1)
            .flatMap(output -> output.tensorType().flatMap(TensorType::shape).stream())
            .map(Shape::dimensions)
            .findFirst()
            .orElse(List.of());
    boolean known = dimensions.stream().skip(1).allMatch(Dimension::isKnown);
    return known && dimensions.size() > 1
        ? count(dimensions.stream().skip(1).mapToLong(d -> d.known().getAsLong()).toArray())
        : OptionalLong.empty();
  }

  /** A model may state sizes that no output can have. */
  private static OptionalLong count(long[] sizes) {
    try {
      return OptionalLong.of(Shape.count(sizes));
    } catch (ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  /** Returns the labels that a file states for all stored samples. */
  Labels stored(int[] all) {
    int[] used = mapped(IntStream.range(0, order.size()).map(i -> all[order.stored(i)]).toArray());
    named.ifPresent(names -> requireNamed(used, names));
    return new Labels(Optional.of(used), names(), countFindings());
  }

  private void requireNamed(int[] labels, ClassNames names) {
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= names.names().size()) {
        throw DataErrors.UNNAMED_LABEL
            .error(
                "label %s of sample %s has no name among the %s classes"
                    .formatted(labels[i], order.stored(i), names.names().size()))
            .at(root.get("classes").position().toString())
            .build();
      }
    }
  }

  /** Returns what there is without labels. */
  Labels none() {
    if (root.find("labelMap").isPresent()) {
      throw DataErrors.MAP_WITHOUT_LABELS
          .error("there is a label map without labels")
          .at(root.get("labelMap").position().toString())
          .build();
    }
    return new Labels(Optional.empty(), names(), countFindings());
  }

  private List<String> names() {
    return named.map(ClassNames::names).orElse(List.of());
  }

  private List<Finding> countFindings() {
    int count = names().size();
    if (named.isEmpty() || scores.isEmpty() || scores.getAsLong() == count) {
      return List.of();
    }
    return List.of(
        DataErrors.OTHER_CLASS_COUNT.about(
            "'classes' names "
                + count
                + ", and the model gives "
                + scores.getAsLong()
                + " scores for each sample. Name all classes in the model's order."));
  }

  /** Returns the labels that folders stand for. */
  Labels of(ClassFolders folders) {
    if (named.isPresent()) {
      requireNoMap();
      int[] classes = classes(folders, named.get());
      return new Labels(Optional.of(used(folders, classes)), names(), countFindings());
    }
    if (root.find("labelMap").isPresent()) {
      int[] counted = used(folders, IntStream.range(0, folders.names().size()).toArray());
      return Labels.of(Optional.of(mapped(counted)));
    }
    return ofModel.map(names -> byModel(folders, names)).orElseGet(() -> counted(folders));
  }

  private void requireNoMap() {
    root.find("labelMap")
        .ifPresent(
            map -> {
              throw DataErrors.MAP_BESIDE_CLASSES
                  .error("there is a label map beside the names of the classes")
                  .at(map.position().toString())
                  .build();
            });
  }

  /** Returns the class of each folder; folders without images need none. */
  private int[] classes(ClassFolders folders, ClassNames names) {
    int[] classes = new int[folders.names().size()];
    for (int i = 0; i < classes.length; i++) {
      String folder = folders.names().get(i);
      Optional<Integer> position = names.position(folder);
      if (position.isEmpty() && folders.hasSamples(i)) {
        throw DataErrors.UNKNOWN_CLASS
            .error("folder '" + folder + "' is named like no class")
            .at(root.get("classes").position().toString())
            .candidates(NearMisses.of(folder, names.names()))
            .build();
      }
      classes[i] = position.orElse(-1);
    }
    return classes;
  }

  private Labels byModel(ClassFolders folders, ClassNames names) {
    List<String> unknown = new ArrayList<>();
    for (int i = 0; i < folders.names().size(); i++) {
      if (folders.hasSamples(i) && names.position(folders.names().get(i)).isEmpty()) {
        unknown.add(folders.names().get(i));
      }
    }
    if (!unknown.isEmpty()) {
      return unlabelled(
          "The model's classes are %s, and there are folders %s."
              .formatted(few(names.names()), few(unknown)));
    }
    return new Labels(
        Optional.of(used(folders, classes(folders, names))), names.names(), List.of());
  }

  private Labels counted(ClassFolders folders) {
    int count = folders.names().size();
    if (scores.isPresent() && scores.getAsLong() != count) {
      return unlabelled(
          "There are %s folders, %s, and the model gives %s scores for each sample."
              .formatted(count, few(folders.names()), scores.getAsLong()));
    }
    int[] classes = IntStream.range(0, count).toArray();
    return new Labels(Optional.of(used(folders, classes)), folders.names(), List.of());
  }

  private static Labels unlabelled(String fact) {
    return new Labels(
        Optional.empty(),
        List.of(),
        List.of(
            DataErrors.CLASSES_UNKNOWN.about(
                fact
                    + " Which class each folder is cannot be told, so the folders are not taken as"
                    + " labels. Write 'classes: [...]' with the names of all classes in the model's"
                    + " order, or 'classes: FILE' with one on each line, into the data"
                    + " description.")));
  }

  private static String few(List<String> names) {
    return names.size() <= 5
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 5)) + ", ...";
  }

  private int[] used(ClassFolders folders, int[] classes) {
    return IntStream.range(0, order.size())
        .map(i -> classes[folders.samples()[order.stored(i)]])
        .toArray();
  }

  private int[] mapped(int[] labels) {
    Optional<Tree> map = root.find("labelMap");
    if (map.isEmpty()) {
      return labels;
    }
    int[] targets = map.get().asItems().stream().mapToInt(Tree::asInt).toArray();
    int[] result = new int[labels.length];
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= targets.length) {
        String fact =
            "label %s of sample %s is not in the map of %s labels"
                .formatted(labels[i], order.stored(i), targets.length);
        throw DataErrors.LABEL_MAP.error(fact).at(map.get().position().toString()).build();
      }
      result[i] = targets[labels[i]];
    }
    return result;
  }
}
