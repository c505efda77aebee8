package dev.octet.api.spec;

import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import java.util.List;
import java.util.Optional;

/** What the parameters of a point are computed from. Implemented by Octet, immutable. */
public interface DerivationContext {

  /** Returns the rule, with its parameters. */
  Derivation derivation();

  /** Returns the integer type and range of the point. */
  QuantizedType type();

  /** Returns the node that has the point, with its operator and attributes. */
  Node node();

  /** Returns the shape of the value at the point; empty when it is not known. */
  Optional<Shape> shape();

  /** Returns the sources in the order of the spec; at least one. */
  List<Source> sources();

  /** One of the points that the parameters are computed from. */
  interface Source {

    /** Returns its scales and zero points. */
    QuantizationParameters parameters();

    /** Returns the integer type and range of the point. */
    QuantizedType type();

    /** Returns the shape of the value at the point; empty when it is not known. */
    Optional<Shape> shape();

    /** Returns the scale at an index; that of the whole where there is only one. */
    default float scale(int index) {
      return parameters().scale(parameters().count() == 1 ? 0 : index);
    }
  }
}
