package dev.octet.format.onnx;

import dev.octet.api.graph.Origin;
import java.util.Optional;

/** Tells the origins of this format from those of another one, whose items are written afresh. */
final class Origins {

  private Origins() {}

  static <T extends Origin> Optional<T> of(Optional<Origin> origin, Class<T> kind) {
    return origin.filter(kind::isInstance).map(kind::cast);
  }
}
