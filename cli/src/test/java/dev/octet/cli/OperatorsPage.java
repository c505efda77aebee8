package dev.octet.cli;

import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.option.Options;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.operators.Operators;
import dev.octet.kernels.registry.ArrayKind;
import dev.octet.kernels.registry.OperatorKernel;
import dev.octet.kernels.registry.Signature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes the page of operators from their definitions and the rule tables of backends. */
final class OperatorsPage {

  /** The oldest operator set of ONNX whose nodes are executed. */
  private static final long OLDEST_OPSET = 7;

  private static final long NEWEST_OPSET = 25;

  private final StringBuilder page = new StringBuilder();
  private final Map<String, Long> firstVersions;
  private final Map<OpType, Set<String>> claims;
  private final Map<String, String> deliberate;

  private OperatorsPage(Collection<RuleBackend> backends, Map<String, String> deliberate)
      throws IOException {
    this.firstVersions = firstVersions();
    this.claims = claims(backends);
    this.deliberate = deliberate;
  }

  /**
   * Returns the page.
   *
   * @param backends the backends whose claims are told
   * @param deliberate operators that lower and that cpu leaves alone, with the reason
   */
  static String markdown(Collection<RuleBackend> backends, Map<String, String> deliberate)
      throws IOException {
    OperatorsPage writer = new OperatorsPage(backends, deliberate);
    writer.write();
    return writer.page.toString();
  }

  /** Returns the operators in the rules of backends without options, and who has them. */
  static Map<OpType, Set<String>> claims(Collection<RuleBackend> backends) {
    Map<OpType, Set<String>> claims = new LinkedHashMap<>();
    for (RuleBackend backend : backends) {
      Options options = Options.none().resolve(backend.name(), backend.options());
      backend.rules(options).rules().stream()
          .flatMap(rule -> rule.pattern().steps().stream())
          .flatMap(step -> step.ops().stream())
          .forEach(op -> claims.computeIfAbsent(op, o -> new TreeSet<>()).add(backend.name()));
    }
    return claims;
  }

  private static Map<String, Long> firstVersions() throws IOException {
    try (InputStream resource = OnnxFormat.class.getResourceAsStream("operators.txt")) {
      byte[] bytes = Objects.requireNonNull(resource).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.replace("*", "").split(" ", -1))
          .collect(Collectors.toMap(words -> words[0], words -> Long.valueOf(words[1])));
    }
  }

  private void write() {
    line("# Operators");
    line("");
    line("What Octet's own kernels run, on `cpu` and wherever calibration runs. An operator is");
    line("defined once (`dev.octet.kernels.operators.Operators`); this page is written from there");
    line("and from the rules of the backends, without options. If, Loop and Scan run by running");
    line("their subgraphs.");
    section("On floats, and on any type");
    line(
        "*Opsets*: the operator sets whose nodes run. *Operand 0*: its types. *On integers*: what");
    line("does the work where a model is quantized around it; *itself* moves or chooses elements,");
    line("integers as well as floats. *Claimed by*: the backends whose rules name it.");
    line("");
    line("| operator | opsets | operand 0 | on integers | claimed by |");
    line("|---|---|---|---|---|");
    for (OperatorDefinition definition : Operators.byType().values()) {
      if (definition.exact().isEmpty() && definition.kernel().isPresent()) {
        row(
            "`" + definition.op() + "`",
            opsets(definition.op()),
            types(definition),
            onIntegers(definition),
            String.join(", ", claims.getOrDefault(definition.op(), Set.of())));
      }
    }
    section("Lowered, and left alone by `cpu`");
    deliberate.forEach((op, reason) -> line("- `" + op + "`: " + reason));
    section("On quantized integers");
    line(
        "Words and notes of the formulas: [arithmetic.md](arithmetic.md). Every operator here has");
    line("a rule in exact arithmetic beside its kernel.");
    line("");
    line("| operator | opsets | operands | operand 0 | lowered from | formula |");
    line("|---|---|---|---|---|---|");
    for (OperatorDefinition definition : Operators.byType().values()) {
      if (definition.exact().isPresent()) {
        row(
            "`" + definition.op() + "`",
            opsets(definition.op()),
            definition.slots().toString(),
            types(definition),
            definition.loweredFrom().stream().map(OpType::name).collect(Collectors.joining(", ")),
            "`" + definition.formula() + "`");
      }
    }
    section("Known by shape only");
    line(
        Operators.byType().values().stream()
            .filter(definition -> definition.kernel().isEmpty())
            .map(definition -> "`" + definition.op() + "`")
            .collect(Collectors.joining(", ", "", ".")));
  }

  private String opsets(OpType op) {
    long first = op.domain().isEmpty() ? firstVersions.getOrDefault(op.name(), 1L) : 1;
    return (op.domain().isEmpty() ? Math.max(first, OLDEST_OPSET) : first) + "+";
  }

  private static String onIntegers(OperatorDefinition definition) {
    if (definition.movesIntegers()) {
      return "itself";
    }
    return Operators.integerFormOf(definition.op()).map(form -> form.op().name()).orElse("");
  }

  /** Asks the kernel about each type; a node of Cast needs a type to cast to. */
  private static String types(OperatorDefinition definition) {
    OperatorKernel kernel = definition.kernel().orElseThrow();
    Node node = Node.of("n", definition.op(), List.of("x"), List.of("y"), Attribute.of("to", 1L));
    Set<DataType> held = EnumSet.noneOf(DataType.class);
    Set<DataType> taken = EnumSet.noneOf(DataType.class);
    for (DataType type : DataType.values()) {
      Signature signature = new Signature(node, NEWEST_OPSET, List.of(Optional.of(type)));
      if (ArrayKind.holds(type)) {
        held.add(type);
        if (kernel.refusal(signature).isEmpty()) {
          taken.add(type);
        }
      }
    }
    return taken.equals(held)
        ? "every type"
        : taken.stream()
            .map(type -> type.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
  }

  private void section(String title) {
    line("");
    line("## " + title);
    line("");
  }

  private void row(String... cells) {
    List<String> escaped = new ArrayList<>();
    for (String cell : cells) {
      escaped.add(cell.replace("|", "\\|"));
    }
    line("| " + String.join(" | ", escaped) + " |");
  }

  private void line(String line) {
    page.append(line).append('\n');
  }
}
