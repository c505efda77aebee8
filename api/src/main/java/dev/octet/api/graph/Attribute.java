package dev.octet.api.graph;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A named attribute of a node.
 *
 * @param name the attribute's name
 * @param value its value
 * @param origin what the format keeps of it; empty for attributes that Octet made
 */
public record Attribute(String name, Value value, Optional<Origin> origin) {

  /** Checks that no component is null. */
  public Attribute {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(origin, "origin");
  }

  /** Returns an integer attribute that Octet made. */
  public static Attribute of(String name, long value) {
    return new Attribute(name, new IntValue(value), Optional.empty());
  }

  /** Returns a float32 attribute that Octet made. */
  public static Attribute of(String name, float value) {
    return new Attribute(name, new FloatValue(value), Optional.empty());
  }

  /** Returns a string attribute that Octet made. */
  public static Attribute of(String name, String value) {
    return new Attribute(name, new StringValue(value), Optional.empty());
  }

  /** Returns an attribute of integers that Octet made. */
  public static Attribute of(String name, List<Long> values) {
    return new Attribute(name, new IntsValue(values), Optional.empty());
  }

  /** Returns a tensor attribute that Octet made. */
  public static Attribute of(String name, Tensor value) {
    return new Attribute(name, new TensorValue(value), Optional.empty());
  }

  /** The value of an attribute. */
  public sealed interface Value {}

  /**
   * A 64-bit integer.
   *
   * @param value the integer
   */
  public record IntValue(long value) implements Value {}

  /**
   * A float32.
   *
   * @param value the float
   */
  public record FloatValue(float value) implements Value {}

  /**
   * A string.
   *
   * @param value the text
   */
  public record StringValue(String value) implements Value {}

  /**
   * A list of 64-bit integers.
   *
   * @param values the integers
   */
  public record IntsValue(List<Long> values) implements Value {
    /** Copies the list. */
    public IntsValue {
      values = List.copyOf(values);
    }
  }

  /**
   * A list of float32.
   *
   * @param values the floats
   */
  public record FloatsValue(List<Float> values) implements Value {
    /** Copies the list. */
    public FloatsValue {
      values = List.copyOf(values);
    }
  }

  /**
   * A list of strings.
   *
   * @param values the texts
   */
  public record StringsValue(List<String> values) implements Value {
    /** Copies the list. */
    public StringsValue {
      values = List.copyOf(values);
    }
  }

  /**
   * A tensor.
   *
   * @param value the tensor
   */
  public record TensorValue(Tensor value) implements Value {}

  /**
   * A subgraph, such as the branch of an If.
   *
   * @param graph the subgraph
   */
  public record GraphValue(Graph graph) implements Value {}

  /**
   * A list of subgraphs.
   *
   * @param graphs the subgraphs
   */
  public record GraphsValue(List<Graph> graphs) implements Value {
    /** Copies the list. */
    public GraphsValue {
      graphs = List.copyOf(graphs);
    }
  }

  /**
   * A value that Octet carries without reading it: a type, a sparse tensor, a list of tensors, a
   * string that is not UTF-8, a reference to an attribute of a function. The format keeps it in the
   * attribute's origin.
   *
   * @param kind what it is, for messages
   */
  public record OpaqueValue(String kind) implements Value {}
}
