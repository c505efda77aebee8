package dev.octet.workflow.data;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import java.util.List;

/**
 * What sizes images are to have for an input of a model.
 *
 * @param advice steps that would bring images to the size of the input, for messages
 * @param mayDiffer whether the model leaves sizes open, so that each image runs by itself
 */
record ImageSizes(List<String> advice, boolean mayDiffer) {

  private static final int RANK = 4;

  /** Copies the list. */
  ImageSizes {
    advice = List.copyOf(advice);
  }

  /** Returns those of what is no input: one size, and no advice. */
  static ImageSizes alike() {
    return new ImageSizes(List.of(), false);
  }

  /** Returns those of an input: images of any sizes where it takes one at a time, of any size. */
  static ImageSizes of(ValueInfo input) {
    List<Dimension> sizes =
        input.tensorType().flatMap(TensorType::shape).map(Shape::dimensions).orElse(List.of());
    boolean open =
        sizes.size() == RANK
            && (!sizes.get(0).isKnown() || sizes.get(0).equals(Dimension.of(1)))
            && sizes.subList(1, RANK).stream().anyMatch(size -> !size.isKnown());
    return new ImageSizes(ReadyDescription.imageSteps(input), open);
  }
}
