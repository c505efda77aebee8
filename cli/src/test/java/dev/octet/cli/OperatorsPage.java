package dev.octet.cli;

import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.OpType;
import dev.octet.api.option.Options;
import dev.octet.kernels.array.ArrayKind;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.operators.Operators;
import dev.octet.kernels.sequence.PlainSequences;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the page of operators from their definitions and the rule tables of backends. */
final class OperatorsPage {

  private final StringBuilder page = new StringBuilder();
  private final Map<OpType, Set<String>> claims;
  private final Map<String, String> deliberate;

  private OperatorsPage(Collection<RuleBackend> backends, Map<String, String> deliberate) {
    this.claims = claims(backends);
    this.deliberate = deliberate;
  }

  /**
   * Returns the page.
   *
   * @param backends the backends whose claims are told
   * @param deliberate operators that lower and that cpu leaves alone, with the reason
   */
  static String markdown(Collection<RuleBackend> backends, Map<String, String> deliberate) {
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

  private void write() {
    line("# Operators");
    line("");
    line("What Octet's own kernels run, on `cpu` and wherever calibration runs. An operator is");
    line("defined once (`dev.octet.kernels.operators.Operators`); this page is written from there");
    line("and from the rules of the backends, without options.");
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
            definition.since() + "+",
            types(definition),
            onIntegers(definition),
            String.join(", ", claims.getOrDefault(definition.op(), Set.of())));
      }
    }
    section("Lowered, and left alone by `cpu`");
    deliberate.forEach((op, reason) -> line("- `" + op + "`: " + reason));
    lossOfFunctions();
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
            definition.since() + "+",
            definition.slots().toString(),
            types(definition),
            definition.loweredFrom().stream().map(OpType::name).collect(Collectors.joining(", ")),
            "`" + definition.formula() + "`");
      }
    }
    section("By running their subgraphs");
    line(
        Operators.byType().values().stream()
            .filter(definition -> definition.controlFlow().isPresent())
            .map(definition -> "`" + definition.op() + "` (" + definition.since() + "+)")
            .collect(Collectors.joining(", ", "", ".")));
    sequences();
    forms();
  }

  private void sequences() {
    section("By writing them as others");
    line(PlainSequences.operators().stream().collect(Collectors.joining("`, `", "`", "`,")));
    line("where sequences are known beforehand: built in the graph or split into known sizes, and");
    line("read at constant positions. Planning and running see operators on the tensors alone.");
    section("In the tests of the standard");
    line(
        "Of ONNX's 1 802 node tests 1 519 pass and none is wrong; each other one is refused, with");
    line("the reason (`OnnxNodeConformanceTest`).");
  }

  /** The numbers are those of a run of {@code FormSweepTest} over everything. */
  private void forms() {
    section("Quantized, in ONNX Runtime");
    line(
        "`FormSweepTest` writes 626 forms of 103 operators between layers (`forms.txt` beside it:");
    line(
        "attributes and operands that ONNX allows, and operators of ONNX Runtime on floats),"
            + " alone,");
    line("in a sum with what they read and in a network that is given channels last, quantizes");
    line("each for every backend, runs the file in ONNX Runtime 1.29 with its default");
    line("optimisations and with none, and compares with the reference executor. 448 of the forms");
    line("must become integers for `cpu` and `onnxruntime`. The build tries each form on one");
    line("operator set, alone for `onnxruntime` and in turn for another backend; with");
    line(
        "`-Doctet.forms.all=true` on all of 7 to 25 that define the operator anew, ten kinds on"
            + " 26,");
    line("for six backends and `xnnpack` with one scale for each weight:");
    line("");
    line(
        "| tried | equal | refused by Octet, with a reason | unknown to ONNX Runtime | different"
            + " |");
    line("|---|---|---|---|---|");
    line("| 48762 | 48210 | 426 | 126 | 0 |");
    line("");
    line(
        "Equal are numbers within 6 percent of the range or one step: an integer at a tie may be"
            + " one off,");
    line(
        "and the layer behind it multiplies that. Refused are models of which a backend quantizes");
    line(
        "nothing: here all of `x86`. ONNX Runtime has no kernel for Swish, nor for GlobalLpPool of"
            + " operator");
    line(
        "set 22. It knows operator sets up to 26: files of newer ones it refuses by their number.");
  }

  private static String onIntegers(OperatorDefinition definition) {
    return Operators.onIntegers(definition.op())
        .map(op -> op.equals(definition.op()) ? "itself" : op.name())
        .orElse("");
  }

  private static String types(OperatorDefinition definition) {
    Set<DataType> taken = definition.types();
    return Stream.of(DataType.values()).filter(ArrayKind::holds).allMatch(taken::contains)
        ? "every type"
        : taken.stream()
            .map(type -> type.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
  }

  /** What stays of a function behind an operand and a result of 8 bits, both by their extremes. */
  private void lossOfFunctions() {
    line("");
    line("Of a function of normal operands (standard deviation 2), 8 bits at operand and result");
    line(
        "leave 38 to 45 dB where `cpu` claims it (40 dB without any function), 36 of a square, 34");
    line(
        "of Sin, 22 of Exp. Of squares of normal operands, which come close to 0, they leave 26"
            + " dB");
    line(
        "of Sqrt, and nothing of Log and Reciprocal (-11 and -7 dB); of means of eight squares"
            + " 48,");
    line("34 and 27. Of Sin of operands 15 times as large they leave 11 dB.");
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
