package dev.octet.api.format;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Origin;
import dev.octet.api.stability.Incubating;
import java.util.Map;

/** The origin of a model that a format read: it knows its format. */
public interface FormatOrigin extends Origin {

  /** Returns the format that the model was read from. */
  ModelFormat format();

  /**
   * Returns the operators that the model's own file defines, as functions of other nodes, and that
   * nodes still call: for each, why its nodes do not stand in the place of the calls. Empty unless
   * a format says otherwise.
   */
  @Incubating
  default Map<OpType, String> functions() {
    return Map.of();
  }

  /** Returns {@link #functions()} of a model; empty where no format read it. */
  @Incubating
  static Map<OpType, String> functionsOf(Model model) {
    return model
        .origin()
        .filter(FormatOrigin.class::isInstance)
        .map(origin -> ((FormatOrigin) origin).functions())
        .orElse(Map.of());
  }
}
