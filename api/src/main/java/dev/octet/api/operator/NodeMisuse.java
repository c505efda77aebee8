package dev.octet.api.operator;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.operator.OperatorSignature.Parameter;
import dev.octet.api.operator.OperatorSignature.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A node beside the signature of its operator.
 *
 * @param signature the signature over all operator sets
 * @param version that of the node's operator set
 * @param node the node
 * @param types element types by operand index; empty where unknown or left out
 */
record NodeMisuse(
    OperatorSignature signature, Version version, Node node, List<Optional<DataType>> types) {

  private static final Attribute.Value.Cases<String> KINDS =
      new Attribute.Value.Cases<>(
          integer -> "int",
          number -> "float",
          string -> "string",
          integers -> "ints",
          numbers -> "floats",
          strings -> "strings",
          tensor -> "tensor",
          graph -> "graph",
          graphs -> "graphs",
          opaque -> "");

  /** Returns why the node is none of the operator; empty when nothing speaks against it. */
  Optional<String> reason() {
    return tooMany("operand", node.operands(), version.operands())
        .or(() -> tooMany("result", node.results(), version.results()))
        .or(this::missingOperand)
        .or(this::missingResult)
        .or(this::missingAttribute)
        .or(this::otherAttribute)
        .or(this::severalTypes);
  }

  private Optional<String> tooMany(String side, List<String> values, List<Parameter> parameters) {
    int last = values.size() - 1;
    while (last >= 0 && values.get(last).isEmpty()) {
      last--;
    }
    return last < 0 || Version.at(parameters, last).isPresent()
        ? Optional.empty()
        : Optional.of("it has " + side + " " + last + ", which " + signature.name() + " has not");
  }

  private Optional<String> missingOperand() {
    for (int i = 0; i < version.operands().size(); i++) {
      Parameter operand = version.operands().get(i);
      if (!operand.optional() && node.operand(i).isEmpty()) {
        return Optional.of("operand " + i + ", " + operand.name() + ", is missing");
      }
    }
    return Optional.empty();
  }

  /** Of any number of results there may be none. */
  private Optional<String> missingResult() {
    for (int i = 0; i < version.results().size(); i++) {
      Parameter result = version.results().get(i);
      boolean given = i < node.results().size() && !node.results().get(i).isEmpty();
      if (!given && !result.optional() && !result.variadic()) {
        return Optional.of("result " + i + ", " + result.name() + ", is missing");
      }
    }
    return Optional.empty();
  }

  /** Whoever runs subgraphs looks for them, and others do not miss them. */
  private Optional<String> missingAttribute() {
    return version.attributes().entrySet().stream()
        .filter(one -> one.getValue().required() && !one.getValue().kind().equals("graph"))
        .filter(one -> !node.attributes().containsKey(one.getKey()))
        .findFirst()
        .map(one -> "attribute " + one.getKey() + " is missing");
  }

  /** What is carried without being read has no kind here. */
  private Optional<String> otherAttribute() {
    for (Attribute attribute : node.attributes().values()) {
      String kind = attribute.value().match(KINDS);
      Set<String> known = signature.kinds(attribute.name());
      if (!kind.isEmpty() && !known.isEmpty() && !known.contains(kind)) {
        return Optional.of(
            "attribute "
                + attribute.name()
                + " is of type "
                + kind
                + ", where it is of type "
                + String.join(" or ", known));
      }
    }
    return Optional.empty();
  }

  /** Returns the first operand of a type that no version takes; empty when there is none. */
  Optional<String> otherType() {
    for (int i = 0; i < types.size(); i++) {
      Set<DataType> known = signature.operandTypes(i);
      Optional<DataType> type = types.get(i);
      if (type.isPresent() && !known.isEmpty() && !known.contains(type.get())) {
        return Optional.of(
            "operand " + i + named(i) + " is of type " + type.get() + ", where it may be " + known);
      }
    }
    return Optional.empty();
  }

  private Optional<String> severalTypes() {
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < types.size(); i++) {
      Optional<Parameter> operand = version.operand(i).filter(Parameter::uniform);
      if (operand.isPresent() && types.get(i).isPresent()) {
        first.putIfAbsent(operand.get().type(), i);
        int before = first.get(operand.get().type());
        if (!types.get(before).equals(types.get(i))) {
          return Optional.of(words(before) + " and " + words(i) + " should be of one type");
        }
      }
    }
    return Optional.empty();
  }

  /** Returns the node. */
  @Override
  public String toString() {
    return node.toString();
  }

  private String words(int operand) {
    return "operand " + operand + named(operand) + " of type " + types.get(operand).orElseThrow();
  }

  private String named(int operand) {
    return version.operand(operand).map(one -> ", " + one.name() + ",").orElse("");
  }
}
