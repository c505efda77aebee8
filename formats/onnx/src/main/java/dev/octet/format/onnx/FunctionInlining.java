package dev.octet.format.onnx;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.OpType;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;
import dev.octet.format.onnx.proto.OnnxMl.FunctionProto;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import dev.octet.format.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts the nodes of model-local functions in the place of the nodes that call them.
 *
 * <p>A function stays, and its calls with it, where one of its operators means something else in
 * the operator set of the model. A function that nobody calls is left alone.
 */
final class FunctionInlining {

  /** Functions may call each other so that every step doubles the nodes. */
  private static final int MOST_NODES = 1 << 18;

  /** Calls inside of calls; each takes room on the stack. */
  private static final int DEEPEST = 200;

  private final Map<String, FunctionProto> functions = new LinkedHashMap<>();
  private final Map<String, Long> opsets = new HashMap<>();
  private final NavigableSet<String> taken = new TreeSet<>();
  private final Set<String> inlined = new HashSet<>();
  private final Set<String> open = new HashSet<>();
  private final Source source;
  private int nodes;

  private FunctionInlining(ModelProto model, Source source) {
    this.source = source;
    model.getFunctionsList().forEach(f -> functions.put(key(f), f));
    model.getOpsetImportList().forEach(o -> opsets.put(Opsets.domain(o), o.getVersion()));
  }

  /** A function that cannot be inlined; never leaves this class. */
  private static final class StaysException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StaysException(String why) {
      super(why, null, false, false);
    }
  }

  /**
   * A model without the functions that it calls, or the same model where one stays.
   *
   * @param stays why functions that are called stay; empty where none does
   */
  record Inlined(ModelProto model, String stays) {}

  /**
   * Returns the model without the functions that it calls.
   *
   * @throws OctetException {@code OCT-ONNX-034} if functions call themselves, or each other so
   *     often or so deep that there is no room for their nodes
   */
  static Inlined of(ModelProto model, Source source) {
    if (model.getFunctionsCount() == 0) {
      return new Inlined(model, "");
    }
    try {
      return new Inlined(new FunctionInlining(model, source).run(model), "");
    } catch (StaysException stays) {
      return new Inlined(model, String.valueOf(stays.getMessage()));
    }
  }

  private static String name(FunctionProto function) {
    return "'" + new OpType(function.getDomain(), function.getName()) + "'";
  }

  private static String key(FunctionProto function) {
    return function.getDomain() + "\n" + function.getName() + "\n" + function.getOverload();
  }

  private static String key(NodeProto node) {
    return node.getDomain() + "\n" + node.getOpType() + "\n" + node.getOverload();
  }

  private ModelProto run(ModelProto model) {
    collect(model.getGraph());
    GraphProto graph = inlined(model.getGraph(), new Names("", Map.of(), Map.of()));
    if (inlined.isEmpty()) {
      return model;
    }
    ModelProto.Builder result = model.toBuilder().setGraph(graph).clearFunctions();
    model.getFunctionsList().stream()
        .filter(f -> !inlined.contains(key(f)))
        .forEach(result::addFunctions);
    Set<String> imported = new HashSet<>();
    model.getOpsetImportList().forEach(o -> imported.add(Opsets.domain(o)));
    opsets.forEach(
        (domain, version) -> {
          if (imported.add(domain)) {
            result.addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version));
          }
        });
    return result.build();
  }

  /** Every name of a value that the graphs have; those of inlined nodes differ from them. */
  private void collect(GraphProto graph) {
    graph.getInputList().forEach(v -> taken.add(v.getName()));
    graph.getInitializerList().forEach(t -> taken.add(t.getName()));
    graph.getSparseInitializerList().forEach(t -> taken.add(t.getValues().getName()));
    for (NodeProto node : graph.getNodeList()) {
      taken.addAll(node.getOutputList());
      for (AttributeProto attribute : node.getAttributeList()) {
        attribute.getGraphsList().forEach(this::collect);
        if (attribute.hasG()) {
          collect(attribute.getG());
        }
      }
    }
  }

  /**
   * What names of a function mean where it is called.
   *
   * @param prefix what stands before the names of the function's own values
   * @param values names by those of the function's inputs and outputs
   * @param attributes attributes of the call, and defaults, by name
   */
  private record Names(
      String prefix, Map<String, String> values, Map<String, AttributeProto> attributes) {

    private Names {
      values = Map.copyOf(values);
      attributes = Map.copyOf(attributes);
    }

    String of(String name) {
      if (name.isEmpty() || prefix.isEmpty()) {
        return name;
      }
      return values.getOrDefault(name, prefix + name);
    }
  }

  private GraphProto inlined(GraphProto graph, Names names) {
    GraphProto.Builder result = graph.toBuilder().clearNode();
    if (!names.prefix().isEmpty()) {
      result.clearValueInfo();
      result.getInputBuilderList().forEach(v -> v.setName(names.of(v.getName())));
      result.getOutputBuilderList().forEach(v -> v.setName(names.of(v.getName())));
      result.getInitializerBuilderList().forEach(t -> t.setName(names.of(t.getName())));
    }
    for (NodeProto node : graph.getNodeList()) {
      result.addAllNode(nodes(node, names));
    }
    return result.build();
  }

  /** The node itself, or those of the function that it calls. */
  private List<NodeProto> nodes(NodeProto stated, Names names) {
    NodeProto node = renamed(stated, names);
    FunctionProto function = functions.get(key(node));
    if (++nodes > MOST_NODES) {
      throw endless("the functions would be more than " + MOST_NODES + " nodes");
    }
    if (function == null) {
      return List.of(node);
    }
    if (open.size() == DEEPEST) {
      throw endless("functions call each other more than " + DEEPEST + " deep");
    }
    if (!open.add(key(function))) {
      throw endless("function " + name(function) + " calls itself");
    }
    function.getOpsetImportList().forEach(opset -> requireMeaning(function, opset));
    Names inner = names(node, function);
    List<NodeProto> all = new ArrayList<>();
    function.getNodeList().forEach(each -> all.addAll(nodes(each, inner)));
    open.remove(key(function));
    inlined.add(key(function));
    return all;
  }

  private OctetException endless(String fact) {
    return source.error(OnnxErrors.ENDLESS_FUNCTIONS, fact).build();
  }

  private NodeProto renamed(NodeProto node, Names names) {
    boolean hasGraphs =
        node.getAttributeList().stream().anyMatch(a -> a.hasG() || a.getGraphsCount() > 0);
    if (names.prefix().isEmpty() && !hasGraphs) {
      return node;
    }
    NodeProto.Builder result = node.toBuilder().clearInput().clearOutput().clearAttribute();
    if (!names.prefix().isEmpty()) {
      String own = node.getName().isEmpty() ? node.getOpType() : node.getName();
      result.setName(names.prefix() + own);
    }
    node.getInputList().forEach(name -> result.addInput(names.of(name)));
    node.getOutputList().forEach(name -> result.addOutput(names.of(name)));
    for (AttributeProto attribute : node.getAttributeList()) {
      attribute(attribute, names, result);
    }
    return result.build();
  }

  /** An attribute that refers to one of the call is that one, or none where there is none. */
  private void attribute(AttributeProto stated, Names names, NodeProto.Builder node) {
    if (!stated.getRefAttrName().isEmpty() && !names.prefix().isEmpty()) {
      AttributeProto given = names.attributes().get(stated.getRefAttrName());
      if (given != null) {
        node.addAttribute(given.toBuilder().setName(stated.getName()));
      }
      return;
    }
    AttributeProto.Builder result = stated.toBuilder();
    if (stated.hasG()) {
      result.setG(inlined(stated.getG(), names));
    }
    for (int i = 0; i < stated.getGraphsCount(); i++) {
      result.setGraphs(i, inlined(stated.getGraphs(i), names));
    }
    node.addAttribute(result);
  }

  private Names names(NodeProto call, FunctionProto function) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < function.getInputCount(); i++) {
      values.put(function.getInput(i), i < call.getInputCount() ? call.getInput(i) : "");
    }
    for (int i = 0; i < function.getOutputCount(); i++) {
      String result = i < call.getOutputCount() ? call.getOutput(i) : "";
      if (!result.isEmpty() && values.containsKey(function.getOutput(i))) {
        // An output that is an input would need a node of its own.
        throw new StaysException("an input of function " + name(function) + " is its output");
      }
      if (!result.isEmpty()) {
        values.put(function.getOutput(i), result);
      }
    }
    Map<String, AttributeProto> attributes = new HashMap<>();
    function.getAttributeProtoList().forEach(a -> attributes.put(a.getName(), a));
    call.getAttributeList().forEach(a -> attributes.put(a.getName(), a));
    return new Names(prefix(call, function), values, attributes);
  }

  /** A beginning that no name of a value has. */
  private String prefix(NodeProto call, FunctionProto function) {
    String base = call.getName().isEmpty() ? function.getName() : call.getName();
    String prefix = base + "/";
    for (int i = 1; begins(prefix); i++) {
      prefix = base + "_" + i + "/";
    }
    taken.add(prefix);
    return prefix;
  }

  private boolean begins(String prefix) {
    String next = taken.ceiling(prefix);
    return next != null && next.startsWith(prefix);
  }

  /** The operators of a function have to mean the same in the operator set of the model. */
  private void requireMeaning(FunctionProto function, OperatorSetIdProto opset) {
    String domain = Opsets.domain(opset);
    Long own = opsets.putIfAbsent(domain, opset.getVersion());
    if (own == null || own == opset.getVersion()) {
      return;
    }
    boolean changes =
        !domain.isEmpty()
            || function.getNodeList().stream()
                .filter(node -> node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx"))
                .map(NodeProto::getOpType)
                .anyMatch(
                    op ->
                        !OperatorHistory.since(op, own)
                            .equals(OperatorHistory.since(op, opset.getVersion())));
    if (changes) {
      throw new StaysException(
          "function "
              + name(function)
              + " is of operator set "
              + (domain.isEmpty() ? "" : domain + " ")
              + opset.getVersion()
              + ", the model of "
              + own);
    }
  }
}
