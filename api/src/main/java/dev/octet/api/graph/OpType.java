package dev.octet.api.graph;

import java.util.Objects;

/**
 * An operator in ONNX terms.
 *
 * @param domain the operator set's domain; empty for the default domain {@code ai.onnx}
 * @param name the operator's name, such as {@code Conv}
 */
public record OpType(String domain, String name) implements Comparable<OpType> {

  /** Normalises the domain {@code ai.onnx} to the empty one, its synonym. */
  public OpType {
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(name, "name");
    domain = domain.equals("ai.onnx") ? "" : domain;
  }

  /** Returns an operator of the default domain. */
  public static OpType onnx(String name) {
    return new OpType("", name);
  }

  /** Tells whether this is the operator of that name in the default domain. */
  public boolean is(String onnxName) {
    return domain.isEmpty() && name.equals(onnxName);
  }

  /** Orders by domain, then by name. */
  @Override
  public int compareTo(OpType other) {
    int byDomain = domain.compareTo(other.domain);
    return byDomain != 0 ? byDomain : name.compareTo(other.name);
  }

  /** Returns the name, with the domain and a dot before it when the domain is not the default. */
  @Override
  public String toString() {
    return domain.isEmpty() ? name : domain + "." + name;
  }
}
