package dev.octet.api.graph;

import dev.octet.api.stability.Incubating;
import dev.octet.api.text.Brief;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A named attribute of a node.
 *
 * @param name the attribute's name
 * @param value its value
 * @param origin what the format keeps of it; empty for attributes that Octet made
 */
public record Attribute(String name, Value value, Optional<Origin> origin) {

  private static final Value.Cases<List<Graph>> GRAPHS =
      new Value.Cases<>(
          integer -> List.of(),
          number -> List.of(),
          string -> List.of(),
          integers -> List.of(),
          numbers -> List.of(),
          strings -> List.of(),
          tensor -> List.of(),
          graph -> List.of(graph.graph()),
          GraphsValue::graphs,
          opaque -> List.of());

  private static final Value.Cases<Optional<Tensor>> TENSOR =
      new Value.Cases<>(
          integer -> Optional.empty(),
          number -> Optional.empty(),
          string -> Optional.empty(),
          integers -> Optional.empty(),
          numbers -> Optional.empty(),
          strings -> Optional.empty(),
          tensor -> Optional.of(tensor.value()),
          graph -> Optional.empty(),
          graphs -> Optional.empty(),
          opaque -> Optional.empty());

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
  public sealed interface Value {

    /**
     * Returns what the function of this value's kind makes of it: the way to tell kinds apart, so
     * that a new kind stops whatever does not know it from compiling.
     */
    <T> T match(Cases<T> cases);

    /** Returns the subgraphs of the value, in order; empty for all kinds but subgraphs. */
    default List<Graph> graphs() {
      return match(GRAPHS);
    }

    /**
     * Returns this value with other subgraphs in the place of {@link #graphs}.
     *
     * @param others as many subgraphs as this value has
     * @throws IllegalArgumentException if they are more or fewer
     */
    default Value withGraphs(List<Graph> others) {
      if (!others.isEmpty()) {
        throw new IllegalArgumentException(others.size() + " subgraphs for " + this);
      }
      return this;
    }

    /** Returns the tensor of the value; empty for all other kinds. */
    default Optional<Tensor> tensor() {
      return match(TENSOR);
    }

    /**
     * One function for each kind of value.
     *
     * @param <T> what the functions return
     * @param integer for an integer
     * @param number for a float32
     * @param string for a string
     * @param integers for integers
     * @param numbers for float32 numbers
     * @param strings for strings
     * @param tensor for a tensor
     * @param graph for a subgraph
     * @param graphs for subgraphs
     * @param opaque for what is carried without being read
     */
    record Cases<T>(
        Function<? super IntValue, ? extends T> integer,
        Function<? super FloatValue, ? extends T> number,
        Function<? super StringValue, ? extends T> string,
        Function<? super IntsValue, ? extends T> integers,
        Function<? super FloatsValue, ? extends T> numbers,
        Function<? super StringsValue, ? extends T> strings,
        Function<? super TensorValue, ? extends T> tensor,
        Function<? super GraphValue, ? extends T> graph,
        Function<? super GraphsValue, ? extends T> graphs,
        Function<? super OpaqueValue, ? extends T> opaque) {

      /** Takes a function for every kind; a later version with one more kind takes one more. */
      @Incubating
      public Cases {}

      /**
       * Returns one function for every kind, also for those of later versions. What follows it
       * gives kinds functions of their own, so that code outside of Octet is not broken by a new
       * kind.
       */
      public static <T> Cases<T> otherwise(Function<? super Value, ? extends T> other) {
        return new Cases<>(other, other, other, other, other, other, other, other, other, other);
      }

      /** Returns these functions with this one for an integer. */
      public Cases<T> integer(Function<? super IntValue, ? extends T> function) {
        return new Cases<>(
            function, number, string, integers, numbers, strings, tensor, graph, graphs, opaque);
      }

      /** Returns these functions with this one for a float32. */
      public Cases<T> number(Function<? super FloatValue, ? extends T> function) {
        return new Cases<>(
            integer, function, string, integers, numbers, strings, tensor, graph, graphs, opaque);
      }

      /** Returns these functions with this one for a string. */
      public Cases<T> string(Function<? super StringValue, ? extends T> function) {
        return new Cases<>(
            integer, number, function, integers, numbers, strings, tensor, graph, graphs, opaque);
      }

      /** Returns these functions with this one for integers. */
      public Cases<T> integers(Function<? super IntsValue, ? extends T> function) {
        return new Cases<>(
            integer, number, string, function, numbers, strings, tensor, graph, graphs, opaque);
      }

      /** Returns these functions with this one for float32 numbers. */
      public Cases<T> numbers(Function<? super FloatsValue, ? extends T> function) {
        return new Cases<>(
            integer, number, string, integers, function, strings, tensor, graph, graphs, opaque);
      }

      /** Returns these functions with this one for strings. */
      public Cases<T> strings(Function<? super StringsValue, ? extends T> function) {
        return new Cases<>(
            integer, number, string, integers, numbers, function, tensor, graph, graphs, opaque);
      }

      /** Returns these functions with this one for a tensor. */
      public Cases<T> tensor(Function<? super TensorValue, ? extends T> function) {
        return new Cases<>(
            integer, number, string, integers, numbers, strings, function, graph, graphs, opaque);
      }

      /** Returns these functions with this one for a subgraph. */
      public Cases<T> graph(Function<? super GraphValue, ? extends T> function) {
        return new Cases<>(
            integer, number, string, integers, numbers, strings, tensor, function, graphs, opaque);
      }

      /** Returns these functions with this one for subgraphs. */
      public Cases<T> graphs(Function<? super GraphsValue, ? extends T> function) {
        return new Cases<>(
            integer, number, string, integers, numbers, strings, tensor, graph, function, opaque);
      }

      /** Returns these functions with this one for what is carried without being read. */
      public Cases<T> opaque(Function<? super OpaqueValue, ? extends T> function) {
        return new Cases<>(
            integer, number, string, integers, numbers, strings, tensor, graph, graphs, function);
      }
    }
  }

  /**
   * A 64-bit integer.
   *
   * @param value the integer
   */
  public record IntValue(long value) implements Value {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.integer().apply(this);
    }
  }

  /**
   * A float32.
   *
   * @param value the float
   */
  public record FloatValue(float value) implements Value {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.number().apply(this);
    }
  }

  /**
   * A string.
   *
   * @param value the text
   */
  public record StringValue(String value) implements Value {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.string().apply(this);
    }

    /** Returns the text in one line; of a long one the beginning. */
    @Override
    public String toString() {
      return "string '" + Brief.text(value) + "'";
    }
  }

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

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.integers().apply(this);
    }

    /** Returns the first numbers, and how many there are. */
    @Override
    public String toString() {
      return "ints " + Brief.list(values);
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

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.numbers().apply(this);
    }

    /** Returns the first numbers, and how many there are. */
    @Override
    public String toString() {
      return "floats " + Brief.list(values);
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

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.strings().apply(this);
    }

    /** Returns the first texts, and how many there are. */
    @Override
    public String toString() {
      return "strings " + Brief.list(values);
    }
  }

  /**
   * A tensor.
   *
   * @param value the tensor
   */
  public record TensorValue(Tensor value) implements Value {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.tensor().apply(this);
    }
  }

  /**
   * A subgraph, such as the branch of an If.
   *
   * @param graph the subgraph
   */
  public record GraphValue(Graph graph) implements Value {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.graph().apply(this);
    }

    @Override
    public Value withGraphs(List<Graph> others) {
      if (others.size() != 1) {
        throw new IllegalArgumentException(others.size() + " subgraphs in the place of one");
      }
      return new GraphValue(others.get(0));
    }
  }

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

    @Override
    public Value withGraphs(List<Graph> others) {
      if (others.size() != graphs.size()) {
        throw new IllegalArgumentException(
            others.size() + " subgraphs in the place of " + graphs.size());
      }
      return new GraphsValue(others);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.graphs().apply(this);
    }

    /** Returns how many graphs there are. */
    @Override
    public String toString() {
      return graphs.size() + " graphs";
    }
  }

  /**
   * A value that Octet carries without reading it: a type, a sparse tensor, a list of tensors, a
   * string that is not UTF-8, a reference to an attribute of a function. The format keeps it in the
   * attribute's origin.
   *
   * @param kind what it is, for messages
   */
  public record OpaqueValue(String kind) implements Value {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.opaque().apply(this);
    }
  }
}
