package dev.octet.workflow.data;

import dev.octet.api.error.OctetException;
import dev.octet.api.image.Extent;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.image.Filter;
import dev.octet.workflow.image.ImageStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the steps that are done to images, before their levels are numbers. */
final class ImageSteps {

  private static final int MOST = 1 << 16;
  private static final int FILL = 114;
  private static final List<String> COLOURS = List.of("rgb", "grey", "gray");

  private ImageSteps() {}

  /** Returns how many of some steps, from the first on, are for images. */
  static int leading(List<Tree> descriptions) {
    int count = 0;
    while (count < descriptions.size() && isImageStep(descriptions.get(count))) {
      count++;
    }
    return count;
  }

  private static boolean isImageStep(Tree description) {
    return description.isMapping()
        && description.asMapping().entries().size() == 1
        && StepKind.find(description.asMapping().entries().keySet().iterator().next())
            .filter(StepKind::ofImages)
            .isPresent();
  }

  /**
   * Reads a step.
   *
   * @throws OctetException {@code OCT-DATA-007} if it is malformed
   */
  static ImageStep of(Tree description) {
    Map.Entry<String, Tree> entry = description.asMapping().entries().entrySet().iterator().next();
    Tree value = entry.getValue();
    return switch (StepKind.find(entry.getKey()).orElseThrow()) {
      case RESIZE -> resize(value);
      case CENTER_CROP -> new ImageStep.CenterCrop(extent(value));
      case LETTERBOX -> letterbox(value);
      case CHANNELS -> channels(value);
      case TRANSPOSE, MULTIPLY, SUBTRACT, DIVIDE, ADD, RESHAPE, CAST ->
          throw new IllegalArgumentException(entry.getKey() + " is for numbers");
    };
  }

  private static ImageStep resize(Tree value) {
    Tree size = part(value, "size", "filter");
    Filter filter = filter(value);
    return size.isList()
        ? new ImageStep.Resize(extent(size), filter)
        : new ImageStep.ResizeShorter(side(size), filter);
  }

  private static ImageStep letterbox(Tree value) {
    Extent frame = extent(part(value, "size", "fill", "filter"));
    Optional<Tree> fill = field(value, "fill");
    int level = fill.map(Tree::asInt).orElse(FILL);
    if (level < 0 || level > 255) {
      throw Steps.malformed(fill.orElse(value), "fill is " + level)
          .next("Give a level from 0 to 255.");
    }
    return new ImageStep.Letterbox(frame, level, filter(value));
  }

  private static ImageStep channels(Tree value) {
    String colour = value.asText();
    if (!COLOURS.contains(colour)) {
      throw Steps.malformed(value, "there are no channels '" + colour + "'")
          .candidates(COLOURS)
          .next("Write rgb or grey.");
    }
    return new ImageStep.Channels(colour.equals("rgb") ? 3 : 1);
  }

  /**
   * Returns the size of a value that is one, or a map that has it under the first of some names.
   */
  private static Tree part(Tree value, String... fields) {
    if (!value.isMapping()) {
      return value;
    }
    value.asMapping().allowOnly(fields);
    return value.asMapping().get(fields[0]);
  }

  private static Optional<Tree> field(Tree value, String name) {
    return value.isMapping() ? value.asMapping().find(name) : Optional.empty();
  }

  private static Filter filter(Tree value) {
    return field(value, "filter")
        .map(name -> name.asWord("filter", Filter.values()))
        .orElse(Filter.BILINEAR);
  }

  /** Returns height and width, or a square of one number. */
  private static Extent extent(Tree value) {
    List<Tree> sides = value.oneOrMore();
    if (sides.isEmpty() || sides.size() > 2) {
      throw Steps.malformed(value, "a size has " + sides.size() + " numbers")
          .next("Write [height, width], or one number for both.");
    }
    Extent extent = new Extent(side(sides.get(0)), side(sides.get(sides.size() - 1)));
    if (extent.isTooLarge()) {
      throw Steps.malformed(value, "an image of " + extent + " has more than 2^27 pixels")
          .next("Give a smaller size.");
    }
    return extent;
  }

  private static int side(Tree value) {
    int side = value.asInt();
    if (side < 1 || side > MOST) {
      throw Steps.malformed(value, "a side has " + side + " pixels")
          .next("Give 1 to " + MOST + ".");
    }
    return side;
  }
}
