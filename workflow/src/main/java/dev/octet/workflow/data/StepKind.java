package dev.octet.workflow.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The steps that a data description may have: for the parser, and for the page that tells them. */
enum StepKind {
  RESIZE(
      true,
      "resize: 40",
      "Makes the shorter side that long, and keeps the ratio: the other side becomes `floor(length"
          + " * longer / shorter)`. `[height, width]` is a size whatever becomes of the ratio."
          + " `{size: ..., filter: bicubic}` states the filter, `bilinear` if it is left out."),
  CENTER_CROP(
      true,
      "center-crop: 32",
      "Keeps the middle, a square or `[height, width]`; of an odd rest the smaller half is cut off"
          + " above and on the left."),
  LETTERBOX(
      true,
      "letterbox: [32, 48]",
      "Resizes to the largest size that fits into a square or `[height, width]` with the ratio"
          + " kept, and puts that into the middle. The shorter side is rounded to the nearest, ties"
          + " to even; of an odd rest the smaller half is above and on the left. `{size: ..., fill:"
          + " 0, filter: bicubic}` states the level around it, 114 if it is left out, and the"
          + " filter."),
  CHANNELS(
      true,
      "channels: grey",
      "`grey` (or `gray`): one channel, `(19595 R + 38470 G + 7471 B + 32768) >> 16`; `rgb`: three,"
          + " grey images with three equal ones."),
  TRANSPOSE(
      false,
      "transpose: NHWC -> NCHW",
      "Brings axes into another order. Any capital letters name them; N, the samples, stays"
          + " first."),
  MULTIPLY(
      false,
      "multiply: 0.00392156862745098",
      "Multiplies by a number, or by a list along C (axis 1 where no axis is named), in float32."),
  SUBTRACT(false, "subtract: [0.485, 0.456, 0.406]", "Subtracts a number, or a list along C."),
  DIVIDE(
      false,
      "divide: [0.229, 0.224, 0.225]",
      "Divides by a number that is not 0, or by a list along C."),
  ADD(false, "add: 0.5", "Adds a number, or a list along C."),
  RESHAPE(
      false,
      "reshape: [1, 49, 10]",
      "Gives each sample another shape with as many elements; the axes lose their names."),
  CAST(
      false,
      "cast: int64",
      "Converts to an element type: `float16`, `float32`, `float64`, `bool`, `int8` to `int64`,"
          + " `uint8` to `uint64`. Floats go towards zero and are cut to the type, NaN becomes 0;"
          + " integers keep their low bits.");

  private final boolean ofImages;
  private final String example;
  private final String words;

  StepKind(boolean ofImages, String example, String words) {
    this.ofImages = ofImages;
    this.example = example;
    this.words = words;
  }

  /** Returns the step of a name; empty when there is none. */
  static Optional<StepKind> find(String name) {
    return Arrays.stream(values()).filter(kind -> kind.text().equals(name)).findFirst();
  }

  /** Returns the names of all steps. */
  static List<String> names() {
    return Arrays.stream(values()).map(StepKind::text).toList();
  }

  /** Returns the name in a description. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Tells whether it is done to images, before their levels are numbers. */
  boolean ofImages() {
    return ofImages;
  }

  /** Returns a step as it is written. */
  String example() {
    return example;
  }

  /** Returns what it does. */
  String words() {
    return words;
  }
}
