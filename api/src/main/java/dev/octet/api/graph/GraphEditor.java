package dev.octet.api.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Edits a graph and its subgraphs, and returns a new graph with the mapping of the names that
 * changed.
 *
 * <p>Nodes are addressed by name wherever they stand; a node that is inserted beside another one
 * stands in the same graph as that one. Every edit takes time independent of the size of the graph,
 * {@link #finish} time linear in it. Not thread-safe.
 */
public final class GraphEditor {

  private final Body main;
  private final Map<String, Slot> slots;

  /** Names that edits brought, and those of the graph itself once somebody asks for a fresh one. */
  private final Set<String> valueNames = new HashSet<>();

  /** The graph whose names are not among them yet. */
  private @Nullable Graph unnamed;

  /** What took the place of each node that is gone, nodes that edits brought among them. */
  private final SortedMap<String, List<String>> replaced = new TreeMap<>();

  /** The names of nodes that edits brought. */
  private final Set<String> brought = new HashSet<>();

  /** Whether the nodes of the graph itself are there: what comes now, edits bring. */
  private boolean opened;

  /** Starts to edit a graph; the graph itself never changes. */
  public GraphEditor(Graph graph) {
    this.slots = new HashMap<>(Graph.capacity(graph.nodes().size()));
    this.main = open(graph);
    this.unnamed = graph;
    this.opened = true;
  }

  /**
   * The outcome of editing.
   *
   * @param graph the new graph
   * @param mapping what became of the nodes that were replaced or removed
   */
  public record Edited(Graph graph, NameMapping mapping) {
    /** Checks that no component is null. */
    public Edited {
      Objects.requireNonNull(graph, "graph");
      Objects.requireNonNull(mapping, "mapping");
    }
  }

  /**
   * Returns the present form of a node; {@link IllegalArgumentException} if there is none of that
   * name.
   */
  public Node node(String name) {
    return slot(name).node;
  }

  /**
   * Returns a value name that nobody uses: the base itself, or the base with a number. The name is
   * taken from then on.
   */
  public String freshValueName(String base) {
    if (unnamed != null) {
      name(unnamed);
      unnamed = null;
    }
    return fresh(base, valueNames);
  }

  /** Returns a node name that nobody uses: the base itself, or the base with a number. */
  public String freshNodeName(String base) {
    String name = base;
    for (int i = 1; slots.containsKey(name); i++) {
      name = base + "_" + i;
    }
    return name;
  }

  /** Puts a node directly before another one. */
  public void insertBefore(String anchor, Node node) {
    Slot at = slot(anchor);
    link(new Slot(node, at.body), at.previous, at);
    name(node);
  }

  /** Puts a node directly after another one. */
  public void insertAfter(String anchor, Node node) {
    Slot at = slot(anchor);
    link(new Slot(node, at.body), at, at.next);
    name(node);
  }

  /** Puts a node before all others of the main graph. */
  public void insertFirst(Node node) {
    link(new Slot(node, main), null, main.first);
    name(node);
  }

  /** Puts a node after all others of the main graph. */
  public void insertLast(Node node) {
    link(new Slot(node, main), main.last, null);
    name(node);
  }

  /**
   * Changes operands, results or attributes of a node that keeps its name; {@link
   * IllegalArgumentException} if the name differs.
   */
  public void update(String name, Node changed) {
    if (!changed.name().equals(name)) {
      throw new IllegalArgumentException(
          "'" + name + "' cannot become '" + changed.name() + "': replace it");
    }
    Slot at = slot(name);
    at.body.unindex(at);
    at.replaceNode(changed);
    at.body.index(at);
    name(changed);
  }

  /** Lets one operand of a node read another value. */
  public void setOperand(String name, int index, String value) {
    Node node = node(name);
    List<String> operands = new ArrayList<>(node.operands());
    operands.set(index, value);
    update(name, node.withOperands(operands));
  }

  /**
   * Removes a node whose work other nodes do now, and records them as what it became; pass none
   * when it is simply gone.
   */
  public void remove(String name, String... successors) {
    Slot at = slot(name);
    at.body.unindex(at);
    unlink(at);
    slots.remove(name);
    replaced.put(name, List.of(successors));
  }

  /** Puts other nodes in a node's place and records them as what it became. */
  public void replace(String name, List<Node> replacements) {
    Slot at = slot(name);
    Slot before = at.previous;
    Slot after = at.next;
    Body body = at.body;
    remove(name, replacements.stream().map(Node::name).toArray(String[]::new));
    for (Node node : replacements) {
      Slot added = new Slot(node, body);
      link(added, before, after);
      name(node);
      before = added;
    }
    if (replacements.stream().anyMatch(n -> n.name().equals(name))) {
      replaced.remove(name);
    }
  }

  /**
   * Lets every operand of the main graph and of all subgraphs that reads one value read another
   * one. Outputs keep their names.
   */
  public void replaceUses(String value, String replacement) {
    replaceUses(main, value, replacement);
  }

  /**
   * As {@link #replaceUses(String, String)}, in the graph that a node stands in and in its
   * subgraphs.
   */
  public void replaceUsesBeside(String anchor, String value, String replacement) {
    replaceUses(slot(anchor).body, value, replacement);
  }

  /** Adds a constant to the main graph, or replaces it. */
  public void putInitializer(String name, Tensor tensor) {
    valueNames.add(name);
    main.initializers.put(name, tensor);
  }

  /** Adds a constant to the graph that a node stands in, or replaces it. */
  public void putInitializerBeside(String anchor, String name, Tensor tensor) {
    valueNames.add(name);
    slot(anchor).body.initializers.put(name, tensor);
  }

  /** Removes a constant of the main graph; does nothing when there is none of that name. */
  public void removeInitializer(String name) {
    main.initializers.remove(name);
  }

  /**
   * Removes a constant of the graph that a node stands in; does nothing when there is none of that
   * name.
   */
  public void removeInitializerBeside(String anchor, String name) {
    slot(anchor).body.initializers.remove(name);
  }

  /** States the type of a value of the main graph. */
  public void putValue(ValueInfo value) {
    valueNames.add(value.name());
    main.values.put(value.name(), value);
  }

  /** Removes the stated type of a value of the main graph. */
  public void removeValue(String name) {
    main.values.remove(name);
  }

  /** Replaces the inputs of the main graph. */
  public void setInputs(List<ValueInfo> inputs) {
    main.inputs = List.copyOf(inputs);
  }

  /** Replaces the outputs of the main graph. */
  public void setOutputs(List<ValueInfo> outputs) {
    main.outputs = List.copyOf(outputs);
  }

  /**
   * Returns the edited graph.
   *
   * @throws IllegalArgumentException if the edits do not leave a graph, see {@link Graph#Graph}
   */
  public Edited finish() {
    SortedMap<String, List<String>> mapping = new TreeMap<>();
    for (String name : replaced.keySet()) {
      if (!brought.contains(name)) {
        Set<String> now = new LinkedHashSet<>();
        addPresent(name, now, new HashSet<>());
        mapping.put(name, List.copyOf(now));
      }
    }
    return new Edited(main.close(), new NameMapping(mapping));
  }

  /** Adds what is left of a node that is gone: of what replaced it, too, some may be gone. */
  private void addPresent(String gone, Set<String> present, Set<String> seen) {
    for (String successor : replaced.getOrDefault(gone, List.of())) {
      if (!replaced.containsKey(successor)) {
        present.add(successor);
      } else if (seen.add(successor)) {
        addPresent(successor, present, seen);
      }
    }
  }

  private Body open(Graph graph) {
    Body body = new Body(graph);
    for (Node node : graph.nodes()) {
      link(new Slot(node, body), body.last, null);
    }
    return body;
  }

  private void name(Graph graph) {
    graph.inputs().forEach(v -> valueNames.add(v.name()));
    graph.outputs().forEach(v -> valueNames.add(v.name()));
    valueNames.addAll(graph.initializers().keySet());
    graph.nodes().forEach(this::name);
  }

  private void name(Node node) {
    valueNames.addAll(node.operands());
    valueNames.addAll(node.results());
    node.subgraphs().forEach(this::name);
  }

  private Slot slot(String name) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException("there is no node '" + name + "'");
    }
    return slot;
  }

  private static String fresh(String base, Set<String> taken) {
    String name = base;
    for (int i = 1; !taken.add(name); i++) {
      name = base + "_" + i;
    }
    return name;
  }

  private void link(Slot slot, @Nullable Slot previous, @Nullable Slot next) {
    if (slots.putIfAbsent(slot.node.name(), slot) != null) {
      throw new IllegalArgumentException("two nodes are named '" + slot.node.name() + "'");
    }
    if (opened && !replaced.containsKey(slot.node.name())) {
      brought.add(slot.node.name());
    }
    slot.previous = previous;
    slot.next = next;
    if (previous == null) {
      slot.body.first = slot;
    } else {
      previous.next = slot;
    }
    if (next == null) {
      slot.body.last = slot;
    } else {
      next.previous = slot;
    }
    List<Graph> subgraphs = slot.node.subgraphs();
    if (!subgraphs.isEmpty()) {
      slot.nested = subgraphs.stream().map(this::open).toList();
      slot.body.nested.addAll(slot.nested);
    }
    slot.body.index(slot);
  }

  private static void unlink(Slot slot) {
    if (slot.previous == null) {
      slot.body.first = slot.next;
    } else {
      slot.previous.next = slot.next;
    }
    if (slot.next == null) {
      slot.body.last = slot.previous;
    } else {
      slot.next.previous = slot.previous;
    }
    slot.body.nested.removeAll(slot.nested);
  }

  private void replaceUses(Body body, String value, String replacement) {
    for (Slot user : body.users(value)) {
      List<String> operands = new ArrayList<>(user.node.operands());
      Collections.replaceAll(operands, value, replacement);
      update(user.node.name(), user.node.withOperands(operands));
    }
    body.nested.forEach(nested -> replaceUses(nested, value, replacement));
  }

  /** One node in the order of its body. */
  private static final class Slot {
    private Node node;
    private final Body body;
    private List<Body> nested = List.of();
    private @Nullable Slot previous;
    private @Nullable Slot next;

    private Slot(Node node, Body body) {
      this.node = node;
      this.body = body;
    }

    /** Keeps the edits of the subgraphs: the new form must have as many of them. */
    private void replaceNode(Node changed) {
      if (changed.subgraphs().size() != nested.size()) {
        throw new IllegalArgumentException(
            "an update of '" + node.name() + "' keeps its subgraphs");
      }
      node = changed;
    }

    private Node close() {
      return nested.isEmpty()
          ? node
          : node.withSubgraphs(nested.stream().map(Body::close).toList());
    }
  }

  /** One graph that is being edited. */
  private static final class Body {
    private final String name;
    private List<ValueInfo> inputs;
    private List<ValueInfo> outputs;
    private final Map<String, Tensor> initializers;
    private final Map<String, ValueInfo> values;
    private final Optional<Origin> origin;
    private final List<Body> nested = new ArrayList<>();
    private @Nullable Slot first;
    private @Nullable Slot last;

    /** Who reads each value; null until somebody asks. */
    private @Nullable Map<String, Set<Slot>> uses;

    private Body(Graph graph) {
      this.name = graph.name();
      this.inputs = graph.inputs();
      this.outputs = graph.outputs();
      this.initializers = Graph.inOrder(graph.initializers());
      this.values = Graph.inOrder(graph.values());
      this.origin = graph.origin();
    }

    private List<Slot> users(String value) {
      Map<String, Set<Slot>> known = uses;
      if (known == null) {
        known = new HashMap<>();
        uses = known;
        for (Slot slot = first; slot != null; slot = slot.next) {
          index(slot);
        }
      }
      return List.copyOf(known.getOrDefault(value, Set.of()));
    }

    private void index(Slot slot) {
      if (uses != null) {
        for (String operand : slot.node.operands()) {
          uses.computeIfAbsent(operand, v -> new LinkedHashSet<>()).add(slot);
        }
      }
    }

    private void unindex(Slot slot) {
      if (uses != null) {
        for (String operand : slot.node.operands()) {
          Set<Slot> users = uses.get(operand);
          if (users != null) {
            users.remove(slot);
          }
        }
      }
    }

    private Graph close() {
      List<Node> nodes = new ArrayList<>();
      for (Slot slot = first; slot != null; slot = slot.next) {
        nodes.add(slot.close());
      }
      return new Graph(name, inputs, outputs, initializers, nodes, values, origin);
    }
  }
}
