package dev.octet.workflow.run;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.OpType;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.runtime.CustomOperator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The operators of their own domains that the backends of a catalogue bring. */
final class BroughtOperators {

  private BroughtOperators() {}

  /** Returns each operator once; see {@link NamedRuntime#of(QuantizerCatalog, String)}. */
  static List<CustomOperator> of(QuantizerCatalog backends, String own) {
    Map<OpType, CustomOperator> brought = new TreeMap<>();
    Set<OpType> several = new HashSet<>();
    for (QuantizerProvider backend : backends.providers()) {
      for (CustomOperator operator : operators(backend)) {
        if (brought.put(operator.op(), operator) != null) {
          several.add(operator.op());
        }
      }
    }
    brought.keySet().removeAll(several);
    operators(backends.provider(own)).forEach(operator -> brought.put(operator.op(), operator));
    return List.copyOf(brought.values());
  }

  /** A backend that fails here brings none; it is no reason not to run models. */
  private static List<CustomOperator> operators(QuantizerProvider backend) {
    try {
      return backend.operators();
    } catch (OctetException e) {
      return List.of();
    }
  }
}
