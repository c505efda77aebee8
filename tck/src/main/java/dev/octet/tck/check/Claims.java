package dev.octet.tck.check;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.OpType;
import dev.octet.api.operator.OperatorSignature;
import dev.octet.api.pattern.NodeView;
import dev.octet.tck.graphs.Variants;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a reason says of its node in words that can be checked: that an operand is constant, left
 * out, of a rank, or of a size along an axis; that an attribute has a value; which operators and
 * nodes there are. Whatever it says in other words, or asks for in the place of stating it, is not
 * judged.
 *
 * @param graph the graph
 * @param view the node
 * @param reason the reason
 * @param declared the operators that the backend declares, which a reason may name as well
 */
record Claims(Graph graph, NodeView view, String reason, Set<OpType> declared) {

  private static final String OPERAND = "\\b(operand ([0-9]+)|weight|bias|input)";

  /** What the operands of layers are called, by index. */
  private static final List<String> IN_LAYERS = List.of("input", "weight", "bias");

  private static final Pattern CONSTANT =
      Pattern.compile(OPERAND + " is (not )?(?:a )?constant\\b");
  private static final Pattern LEFT_OUT = Pattern.compile(OPERAND + " is (not )?left out\\b");
  private static final Pattern RANK = Pattern.compile(OPERAND + " has rank ([0-9]+)");
  private static final Pattern RANK_OF =
      Pattern.compile("\\brank of (?:the )?" + OPERAND.substring(2) + " is ([0-9]+)");
  private static final Pattern SIZE =
      Pattern.compile(OPERAND + " has size ([0-9]+) along axis (-?[0-9]+)");
  private static final Pattern NO_FLOAT = Pattern.compile(OPERAND + " is not (?:a )?float\\b");
  private static final Pattern EXCLUDED = Pattern.compile("\\bexcluded by\\b");
  private static final Pattern MATCHES = Pattern.compile("\\bmatches ([A-Z]\\w*)\\b(?![.'])");
  private static final Pattern INDEX =
      Pattern.compile("\\boperand ([0-9]+)(?! is (?:left out|absent|missing))");
  private static final Pattern ATTRIBUTE =
      Pattern.compile("\\b([A-Za-z_]+) is ([^ ,;]+), not ([^ ,;]+)");
  private static final Pattern NODE = Pattern.compile("\\bnode '([^']+)'");

  /** Words that make a demand or a denial of what would else be a statement. */
  private static final Pattern DEMAND =
      Pattern.compile("\\b(not:|only|if|unless|must|needs?|requires?|when|where|no rule)\\b|not:");

  /** Names of operators that are no English words. */
  private static final Pattern OPERATOR =
      Pattern.compile(
          "\\b([A-Z][A-Za-z0-9]*[a-z0-9][A-Z][A-Za-z0-9]*|Conv|Gemm|Relu|Softmax|Tanh)\\b");

  private static final Set<String> ONNX = OperatorSignature.onnx().keySet();
  private static final List<String> LAYERS = List.of("Conv", "ConvTranspose", "Gemm", "MatMul");

  /**
   * What a reason says is the obstacle.
   *
   * @param words what is different where it is mended
   * @param mended the model in which it is; empty where the sizes do not fit then
   */
  record Blamed(String words, Optional<Model> mended) {}

  /** What is said of another node of a match, behind its operator and name. */
  private static final Pattern OF_ANOTHER = Pattern.compile("^[A-Za-z.]+ '([^']+)': (.*)$");

  /** Returns what a reason says, apart for each node that it speaks of; its own first. */
  List<Claims> apart() {
    Map<String, List<String>> byNode = new LinkedHashMap<>();
    for (String part : reason.split("; ", -1)) {
      Matcher other = OF_ANOTHER.matcher(part);
      boolean known = other.matches() && isNode(other.group(1));
      byNode
          .computeIfAbsent(known ? other.group(1) : view.node().name(), node -> new ArrayList<>())
          .add(known ? other.group(2) : part);
    }
    return byNode.entrySet().stream()
        .map(
            said ->
                new Claims(
                    graph,
                    NodeView.of(graph, said.getKey()),
                    String.join("; ", said.getValue()),
                    declared))
        .toList();
  }

  /**
   * Demands that everything is so.
   *
   * @throws Violation naming the first statement that is not
   */
  void requireTrue() {
    names();
    if (!isDemand()) {
      statements();
    }
  }

  private void names() {
    each(INDEX, m -> isWithin(Integer.parseInt(m.group(1))), this::operandWords);
    each(NODE, m -> isNode(m.group(1)), m -> "there is no " + m.group());
    each(OPERATOR, m -> isKnown(m.group(1)), m -> "there is no " + m.group(1) + " near it");
    each(MATCHES, m -> isNear(m.group(1)), m -> "there is no " + m.group(1) + " near it");
    each(EXCLUDED, m -> false, m -> "no policy excludes anything");
    firstWord()
        .filter(first -> !first.equals(view.node().op().name()))
        .ifPresent(
            first -> {
              throw wrong("it is about " + first + ", and the node is " + view.node().op());
            });
  }

  private void statements() {
    each(
        CONSTANT,
        m -> operand(m) < 0 || (view.constant(operand(m)).isPresent() == (m.group(3) == null)),
        m -> "'" + m.group() + "' is not so");
    each(
        LEFT_OUT,
        m -> operand(m) < 0 || (view.isPresent(operand(m)) == (m.group(3) != null)),
        m -> "'" + m.group() + "' is not so");
    each(
        RANK,
        m -> operand(m) < 0 || view.rank(operand(m)).orElse(-1) == Integer.parseInt(m.group(3)),
        m -> "'" + m.group() + "' is not so");
    each(
        RANK_OF,
        m -> operand(m) < 0 || view.rank(operand(m)).orElse(-1) == Integer.parseInt(m.group(3)),
        m -> "'" + m.group() + "' is not so");
    each(
        SIZE,
        m -> operand(m) < 0 || size(m) == Long.parseLong(m.group(3)),
        m -> "'" + m.group() + "' is not so");
    each(
        NO_FLOAT,
        m -> operand(m) < 0 || !isFloat(operand(m)),
        m -> "'" + m.group() + "' is not so");
    each(
        ATTRIBUTE,
        m -> value(m.group(1)).map(text -> text.equals(m.group(2))).orElse(true),
        m -> m.group(1) + " is " + value(m.group(1)).orElse("absent"));
  }

  /**
   * Returns what the reason blames, where it is one thing that can be mended: an attribute of
   * another value, or an operand that is no constant.
   *
   * @param model the model of the graph
   * @param seed what a constant depends on that takes the place of an operand
   */
  Optional<Blamed> blamed(Model model, long seed) {
    Map<String, Supplier<Optional<Model>>> all = new TreeMap<>();
    String node = view.node().name();
    each(
        ATTRIBUTE,
        m ->
            single(m.group(1))
                .flatMap(now -> other(now, m.group(3)))
                .ifPresent(
                    wanted ->
                        all.put(
                            m.group(1) + " = " + m.group(3),
                            () -> Variants.withAttribute(model, node, wanted))));
    each(
        CONSTANT,
        m -> {
          if (m.group(3) != null && operand(m) >= 0) {
            all.put(
                "a constant at operand " + operand(m),
                () -> Variants.withConstant(model, node, operand(m), seed));
          }
        });
    return all.size() == 1
        ? all.entrySet().stream()
            .findFirst()
            .map(only -> new Blamed(only.getKey(), only.getValue().get()))
        : Optional.empty();
  }

  /** Returns an attribute with a wanted value; empty when a reason wants one of several. */
  private static Optional<Attribute> other(Single now, String wanted) {
    try {
      return Optional.of(now.other().apply(wanted));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private void each(Pattern pattern, Consumer<MatchResult> heard) {
    pattern.matcher(reason).results().forEach(heard);
  }

  /** What is found of a statement. */
  @FunctionalInterface
  private interface Found {
    String words(MatchResult statement);
  }

  /** Tells whether a statement is so. */
  @FunctionalInterface
  private interface Truth {
    boolean of(MatchResult statement);
  }

  private void each(Pattern pattern, Truth truth, Found found) {
    each(
        pattern,
        statement -> {
          if (!truth.of(statement)) {
            throw wrong(found.words(statement));
          }
        });
  }

  private Violation wrong(String found) {
    return Violation.of(
        "the reason why '%s' (%s) stays float is '%s', and %s",
        view.node().name(), view.node().op(), reason, found);
  }

  private String operandWords(MatchResult statement) {
    return "it has no "
        + statement.group()
        + ", but "
        + view.node().operands().size()
        + " operands";
  }

  /** What a reason asks for may be an operand that was left out. */
  private boolean isWithin(int index) {
    return view.isPresent(index)
        || (isDemand() && signature().filter(known -> known.hasOperand(index)).isPresent());
  }

  private boolean isDemand() {
    return DEMAND.matcher(reason).find();
  }

  private Optional<OperatorSignature> signature() {
    return OperatorSignature.of(view.node().op());
  }

  private boolean isLayer() {
    return view.node().op().domain().isEmpty() && LAYERS.contains(view.node().op().name());
  }

  /** Returns the index that a statement means; negative where it may mean another thing. */
  private int operand(MatchResult statement) {
    if (statement.group(2) != null) {
      return Integer.parseInt(statement.group(2));
    }
    return isLayer() ? IN_LAYERS.indexOf(statement.group(1)) : -1;
  }

  private long size(MatchResult statement) {
    return view.size(operand(statement), Integer.parseInt(statement.group(4))).orElse(-1);
  }

  private boolean isFloat(int operand) {
    return view.type(operand).filter(type -> type.dataType() == DataType.FLOAT).isPresent();
  }

  private Optional<String> value(String attribute) {
    return single(attribute).map(Single::text);
  }

  /**
   * The value of an attribute that is one number or one word.
   *
   * @param text the value as reasons write it
   * @param other makes the attribute with another value
   */
  private record Single(String text, Function<String, Attribute> other) {}

  /** Returns the value of an attribute, which is the one that ONNX names where it is absent. */
  private Optional<Single> single(String attribute) {
    return view.attribute(attribute)
        .map(Attribute::value)
        .or(() -> signature().flatMap(known -> known.whenAbsent(attribute)))
        .flatMap(value -> value.match(singles(attribute)));
  }

  private static Attribute.Value.Cases<Optional<Single>> singles(String name) {
    return new Attribute.Value.Cases<>(
        integer ->
            Optional.of(
                new Single(
                    Long.toString(integer.value()),
                    text -> Attribute.of(name, Long.parseLong(text)))),
        number ->
            Optional.of(
                new Single(
                    Float.toString(number.value()),
                    text -> Attribute.of(name, Float.parseFloat(text)))),
        string -> Optional.of(new Single(string.value(), text -> Attribute.of(name, text))),
        integers -> Optional.empty(),
        numbers -> Optional.empty(),
        strings -> Optional.empty(),
        tensor -> Optional.empty(),
        graph -> Optional.empty(),
        graphs -> Optional.empty(),
        opaque -> Optional.empty());
  }

  private boolean isNode(String name) {
    return graph.nodesWithSubgraphs().stream().anyMatch(node -> node.name().equals(name));
  }

  private boolean isKnown(String operator) {
    return !ONNX.contains(operator) || isNear(operator);
  }

  private boolean isNear(String operator) {
    return declared.stream().anyMatch(op -> op.name().equals(operator))
        || graph.nodesWithSubgraphs().stream().anyMatch(node -> node.op().name().equals(operator));
  }

  private Optional<String> firstWord() {
    Matcher matcher = OPERATOR.matcher(reason);
    return matcher.find() && matcher.start() == 0 && ONNX.contains(matcher.group(1))
        ? Optional.of(matcher.group(1))
        : Optional.empty();
  }
}
