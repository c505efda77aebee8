package dev.octet.workflow.data;

import java.util.Arrays;
import java.util.List;

/** The names that a data description may have: for the parser, and for the page that tells them. */
enum DescriptionKey {
  INPUTS(
      Place.ARRAYS,
      "inputs",
      "inputs: {x: {file: images.npy}}",
      "What every input of the model is given, by the input's name. Required, unless there are"
          + " `tokens`."),
  FILE(
      Place.INPUT,
      "file",
      "inputs: {x: {file: 'arrays.npz:images'}}",
      "`.npy`, `archive.npz:key`, MNIST idx (`.npy` and idx also in gzip), or a folder of images."
          + " The first axis of an array counts samples. Required."),
  STEPS(
      Place.INPUT,
      "steps",
      "inputs: {x: {file: images.npy, steps: [{multiply: 0.5}, {add: 1}]}}",
      "What is done to each sample, a list in this order; see below."),
  LABELS(
      Place.ARRAYS,
      "labels",
      "labels: labels.npy",
      "One whole number for each stored sample, an array as above. Folders of images give them"
          + " where this is left out."),
  LABEL_MAP(
      Place.ARRAYS,
      "labelMap",
      "{labels: labels.npy, labelMap: [2, 0, 1]}",
      "The class of the model for each label, counted from 0."),
  CLASSES(
      Place.ARRAYS,
      "classes",
      "classes: [cat, dog, owl]",
      "The names of the model's classes, in its order; or a text file with one on each line."),
  TOKENS(
      Place.TOKENS,
      "tokens",
      "tokens: tokens.json",
      "Instead of `inputs`, for a language model: a JSON list of lists of token numbers. Sequences"
          + " are cut to the model's length or padded at the end; padding is not scored."),
  SHUFFLE(
      Place.BOTH,
      "shuffle",
      "shuffle: 7",
      "A seed, a whole number of 64 bits: all samples are brought into another order."),
  SKIP(Place.BOTH, "skip", "skip: 1", "How many samples are left out, of that order the first."),
  TAKE(Place.BOTH, "take", "take: 2", "How many of the rest are used; all, where it is left out.");

  /** Where a name stands. */
  private enum Place {
    ARRAYS,
    INPUT,
    TOKENS,
    BOTH
  }

  private final Place place;
  private final String text;
  private final String example;
  private final String words;

  DescriptionKey(Place place, String text, String example, String words) {
    this.place = place;
    this.text = text;
    this.example = example;
    this.words = words;
  }

  /** Returns the names of a description of arrays; that of tokens is another form of it. */
  static String[] ofArrays() {
    return names(List.of(Place.ARRAYS, Place.TOKENS, Place.BOTH));
  }

  /** Returns the names of an input. */
  static String[] ofInput() {
    return names(List.of(Place.INPUT));
  }

  /** Returns the names of a description of tokens. */
  static String[] ofTokens() {
    return names(List.of(Place.TOKENS, Place.BOTH));
  }

  private static String[] names(List<Place> places) {
    return Arrays.stream(values())
        .filter(key -> places.contains(key.place))
        .map(DescriptionKey::text)
        .toArray(String[]::new);
  }

  /** Tells whether it stands in an input. */
  boolean isOfInput() {
    return place == Place.INPUT;
  }

  /** Returns the name. */
  String text() {
    return text;
  }

  /** Returns a description as it is written, or the part of one. */
  String example() {
    return example;
  }

  /** Returns what it says. */
  String words() {
    return words;
  }
}
