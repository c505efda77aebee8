package dev.octet.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Mistakes that a vendor makes, as sources of providers. */
final class VendorMistakes {

  static final String INTRODUCTION =
      """
      # What Octet says of mistakes in a backend

      Each row is a provider with one mistake, made by a test, with the command that meets it and the message that the command gives. `--verbose` prints where
      the provider's code failed. [errors](errors.md) lists what each id means.

      | kind | mistake | command | message |
      |---|---|---|---|
      """;

  private static final String IMPORTS =
      """
      package acme;
      import static dev.octet.annotation.rules.MatchPoint.*;
      import static dev.octet.annotation.rules.NodePattern.*;
      import static dev.octet.annotation.rules.Specs.*;
      import dev.octet.annotation.rules.*;
      import dev.octet.api.error.*;
      import dev.octet.api.format.*;
      import dev.octet.api.graph.*;
      import dev.octet.api.observer.*;
      import dev.octet.api.option.*;
      import dev.octet.api.pattern.*;
      import dev.octet.api.provider.*;
      import dev.octet.api.quantizer.*;
      import dev.octet.api.runtime.*;
      import dev.octet.api.spec.*;
      import dev.octet.api.tree.Tree;
      import java.nio.file.Path;
      import java.util.*;
      """;

  static final String PAGE = "backends acme";
  static final String PLAN = "plan @m.onnx --backend acme -o @p.json";
  static final String QUANTIZE = "quantize @m.onnx --backend acme --data @d.yaml -o @q.onnx";
  static final String RUN = "evaluate @m.onnx --runtime acme --data @d.yaml";

  private final List<Mistake> mistakes = new ArrayList<>();

  private VendorMistakes() {}

  /**
   * One mistake.
   *
   * @param kind its kind
   * @param what what is wrong, for the page
   * @param command the command that meets it; a word that starts with @ is a file
   * @param source the provider, called THIS; empty when there is none
   * @param listed the file in META-INF/services
   */
  record Mistake(String kind, String what, String command, String source, String listed) {
    boolean isFormat() {
      return source.contains("implements ModelFormat") || source.contains("extends Compiles");
    }
  }

  /** Returns the sources that the mistakes share, by class name: providers without one. */
  static Map<String, String> shared() {
    Map<String, String> sources = new LinkedHashMap<>();
    sources.put(
        "acme.Base",
        IMPORTS
            + """
            public class Base implements QuantizerProvider {
              public String name() { return "acme"; }
              public String description() { return "The Acme accelerator."; }
              public List<Capability> capabilities(Options options) { return List.of(); }
              public Quantizer create(Options options) { return new Marks(); }
              static QuantizationSpec.Observed int8Spec() {
                return QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8));
              }
              static RuntimeException sneaky(Throwable t) { return Base.<RuntimeException>thrown(t); }
              @SuppressWarnings("unchecked")
              private static <T extends Throwable> T thrown(Throwable t) throws T { throw (T) t; }
            }
            """);
    sources.put(
        "acme.Marks",
        IMPORTS
            + """
            public class Marks implements Quantizer {
              public void annotate(AnnotationContext context) {
                for (Node node : context.graph().nodes()) {
                  if (node.op().is("Gemm")) {
                    context.claim("dense", List.of(node));
                    mark(context, node);
                  }
                }
              }
              void mark(AnnotationContext context, Node node) {
                context.markOperand(node, 0, Base.int8Spec());
              }
            }
            """);
    sources.put(
        "acme.Mean",
        IMPORTS
            + """
            public class Mean implements ObserverKind {
              public ObserverDescriptor descriptor() {
                return ObserverDescriptor.of("acme-mean", "Extremes.");
              }
              public ValueObserver create(ObserverContext context) { return new Watch(); }
              public static class Watch implements ValueObserver {
                Extremes seen = Extremes.NONE;
                public void observe(float[] data, int from, int count, ChannelLayout layout) {
                  seen = seen.plus(Extremes.of(data, from, layout, 0));
                }
                public List<ChannelStatistics> statistics() { return seen.count() == 0 ? List.of() : List.of(seen); }
              }
            }
            """);
    sources.put(
        "acme.Runs",
        IMPORTS
            + """
            public class Runs implements BackendRuntime, ExecutableModel {
              List<ValueInfo> inputs;
              List<ValueInfo> outputs;
              public RuntimeUses uses(Options options) { return RuntimeUses.of(); }
              public ExecutableModel load(LoadRequest request) {
                inputs = request.model().graph().inputs();
                outputs = request.model().graph().outputs();
                return this;
              }
              public List<ValueInfo> inputs() { return inputs; }
              public List<ValueInfo> outputs() { return outputs; }
              public Map<String, Tensor> run(Map<String, Tensor> inputs, Cancellation cancellation) {
                int samples = (int) inputs.get("in").sizes()[0];
                return Map.of("scores", Tensor.of(new float[3 * samples], samples, 3));
              }
              public void close() {}
            }
            """);
    sources.put(
        "acme.Fancy",
        IMPORTS
            + """
            public class Fancy implements CustomOperator {
              public OpType op() { return new OpType("acme", "FancyOp"); }
              public List<ValueType.TensorType> results(Node node, List<Optional<ValueType.TensorType>> operands) {
                return List.of(operands.get(0).orElseThrow());
              }
              public List<Tensor> compute(Node node, List<Optional<Tensor>> operands) {
                return List.of(operands.get(0).orElseThrow());
              }
            }
            """);
    sources.put(
        "acme.Compiles",
        IMPORTS
            + """
            @BuiltFor(ApiVersion.CURRENT)
            public class Compiles implements WriteOnlyFormat {
              public String name() { return "acme"; }
              public List<String> extensions() { return List.of("acme"); }
              public void compile(Model model, Path file) throws java.io.IOException {
                java.nio.file.Files.writeString(file, "program");
              }
            }
            """);
    return sources;
  }

  static List<Mistake> all() {
    VendorMistakes all = new VendorMistakes();
    all.entries();
    all.versions();
    all.names();
    all.methodsThatThrow();
    all.methodsThatReturnNull();
    all.errors();
    all.ids();
    all.options();
    all.hooks();
    all.claims();
    all.marks();
    all.specs();
    all.observers();
    all.runtimes();
    all.tables();
    all.formats();
    new VendorCodeMistakes(all).add();
    new VendorAnswerMistakes(all).add();
    return all.mistakes;
  }

  static String provider(String modifiers, String parent, String body) {
    return IMPORTS
        + "@BuiltFor(ApiVersion.CURRENT)\n"
        + modifiers
        + " class THIS "
        + parent
        + " {\n"
        + body
        + "\n}\n";
  }

  void source(String kind, String what, String command, String source) {
    listed(kind, what, command, source, "THIS\n");
  }

  /** Adds a mistake in a jar that lists services. */
  void listed(String kind, String what, String command, String source, String services) {
    mistakes.add(new Mistake(kind, what, command, source, services));
  }

  /** Adds a mistake in a provider that is right but for these members. */
  void members(String kind, String what, String command, String members) {
    source(kind, what, command, provider("public", "extends Base", members));
  }

  /** Adds a mistake in a quantizer that is right but for these members. */
  void quantizer(String kind, String what, String command, String members) {
    members(
        kind,
        what,
        command,
        "public Quantizer create(Options options) { return new Marks() { " + members + " }; }");
  }

  void mark(String kind, String what, String command, String statements) {
    quantizer(
        kind,
        what,
        command,
        "void mark(AnnotationContext context, Node node) { " + statements + " }");
  }

  private void entries() {
    String kind = "the service entry";
    mistakes.add(new Mistake(kind, "lists a class that the jar has not", PAGE, "", "acme.Gone\n"));
    mistakes.add(new Mistake(kind, "lists a class that is no provider", PAGE, "", "acme.Marks\n"));
    mistakes.add(new Mistake(kind, "is no name of a class", PAGE, "", "acme.Base, acme.Other\n"));
    mistakes.add(new Mistake(kind, "is missing", PAGE, "", ""));
    kind = "the class of the provider";
    source(kind, "is abstract", PAGE, provider("public abstract", "extends Base", ""));
    source(
        kind,
        "has a private constructor",
        PAGE,
        provider("public", "extends Base", "private THIS() {}"));
    source(
        kind,
        "has no constructor without arguments",
        PAGE,
        provider("public", "extends Base", "public THIS(int i) {}"));
    source(kind, "is not public", PAGE, provider("", "extends Base", "public THIS() {}"));
    members(
        kind,
        "fails in its constructor",
        PAGE,
        "public THIS() { throw new IllegalStateException(\"no licence\"); }");
    members(
        kind,
        "fails in its static initialiser",
        PAGE,
        "static { if (true) throw new IllegalStateException(\"no device\"); }");
  }

  private void versions() {
    String kind = "the API version";
    source(
        kind,
        "is missing",
        PAGE,
        provider("public", "extends Base", "").replace("@BuiltFor(ApiVersion.CURRENT)\n", ""));
    source(
        kind,
        "is a later one",
        PAGE,
        provider("public", "extends Base", "").replace("ApiVersion.CURRENT", "\"1.9\""));
    source(
        kind,
        "is none",
        PAGE,
        provider("public", "extends Base", "").replace("ApiVersion.CURRENT", "\"one\""));
  }

  private void names() {
    String kind = "the name";
    members(kind, "is null", PAGE, "public String name() { return null; }");
    members(
        kind,
        "fails",
        PAGE,
        "public String name() { throw new IllegalStateException(\"no device\"); }");
    members(
        kind, "has capitals and a space", PAGE, "public String name() { return \"Acme Chip\"; }");
    members(
        kind, "is one that there is", "backends cpu", "public String name() { return \"cpu\"; }");
  }

  private void methodsThatThrow() {
    String kind = "a method of the provider throws";
    String thrown = " { throw new IllegalStateException(\"no device\"); }";
    members(kind, "description", PAGE, "public String description()" + thrown);
    members(kind, "version", PAGE, "public Optional<String> version()" + thrown);
    members(kind, "availability", RUN, "public Availability availability()" + thrown);
    members(
        kind,
        "capabilities",
        PAGE,
        "public List<Capability> capabilities(Options options)" + thrown);
    members(kind, "options", PLAN, "public List<OptionDescriptor> options()" + thrown);
    members(kind, "observers", PLAN, "public List<ObserverKind> observers()" + thrown);
    members(kind, "create", PLAN, "public Quantizer create(Options options)" + thrown);
    members(kind, "runtime", RUN, "public Optional<BackendRuntime> runtime()" + thrown);
    members(kind, "alsoRunBy", QUANTIZE, "public List<String> alsoRunBy()" + thrown);
    members(
        kind,
        "checkConverted",
        QUANTIZE,
        "public List<Finding> checkConverted(Model converted)" + thrown);
  }

  private void methodsThatReturnNull() {
    String kind = "a method of the provider returns null";
    members(kind, "description", PAGE, "public String description() { return null; }");
    members(
        kind,
        "capabilities",
        PAGE,
        "public List<Capability> capabilities(Options options) { return null; }");
    members(
        kind,
        "options, in a list",
        PLAN,
        "public List<OptionDescriptor> options() { return Arrays.asList((OptionDescriptor) null);"
            + " }");
    members(kind, "observers", PLAN, "public List<ObserverKind> observers() { return null; }");
    members(kind, "create", PLAN, "public Quantizer create(Options options) { return null; }");
    members(kind, "runtime", RUN, "public Optional<BackendRuntime> runtime() { return null; }");
    members(kind, "availability", RUN, "public Availability availability() { return null; }");
    members(
        kind,
        "checkConverted",
        QUANTIZE,
        "public List<Finding> checkConverted(Model converted) { return null; }");
  }

  private void errors() {
    String kind = "what is thrown is no exception of the usual kind";
    quantizer(
        kind,
        "calls itself without end",
        PLAN,
        "int depth(int i) { return 1 + depth(i + 1); } void mark(AnnotationContext a, Node n) { depth(0);"
            + " }");
    mark(kind, "runs out of memory", PLAN, "throw new OutOfMemoryError(\"Java heap space\");");
    mark(
        kind,
        "needs a class that is not there",
        PLAN,
        "throw new NoClassDefFoundError(\"com/acme/Driver\");");
    mark(
        kind,
        "calls a method that the API has not",
        PLAN,
        "throw new NoSuchMethodError(\"dev.octet.api.graph.Graph.edges()\");");
    mark(kind, "asserts", PLAN, "throw new AssertionError(\"never\");");
    mark(
        kind,
        "throws a checked exception past the compiler",
        PLAN,
        "throw Base.sneaky(new java.io.IOException(\"no device\"));");
  }

  private void ids() {
    String kind = "ids of errors and findings";
    mark(
        kind,
        "an error with an id of Octet",
        PLAN,
        "throw ErrorId.backend(\"OCT-001\", \"No.\", \"Mend it.\").error(\"no\").build();");
    mark(
        kind,
        "an error with an id of another form",
        PLAN,
        "throw ErrorId.backend(\"acme 1\", \"No.\", \"Mend it.\").error(\"no\").build();");
    quantizer(
        kind,
        "a finding with an id of Octet",
        PLAN,
        "public List<Finding> validate(AnnotatedGraph g) { return"
            + " List.of(FindingId.error(\"OCT-002\", \"No.\", \"Mend it.\").about(\"no\"));"
            + " }");
  }

  private void options() {
    String kind = "options";
    members(
        kind,
        "two of one name",
        PLAN,
        "public List<OptionDescriptor> options() { return List.of(OptionDescriptor.flag(\"fast\","
            + " \"Fast.\"), OptionDescriptor.text(\"fast\", \"Fast.\")); }");
    members(
        kind,
        "a default outside of the choices",
        PLAN,
        "public List<OptionDescriptor> options() { return List.of(OptionDescriptor.word(\"mode\","
            + " \"Mode.\", \"a\", \"b\").defaultValue(\"c\")); }");
    members(
        kind,
        "a default of another type",
        PLAN,
        "public List<OptionDescriptor> options() { return"
            + " List.of(OptionDescriptor.integer(\"bits\", \"Bits.\").defaultValue(\"1e3\")); }");
    members(
        kind,
        "a name of another form",
        PLAN,
        "public List<OptionDescriptor> options() { return List.of(OptionDescriptor.flag(\"Per"
            + " Channel\", \"Scales.\")); }");
    members(
        kind,
        "reads an option that it does not declare",
        PLAN,
        "public Quantizer create(Options options) { options.flag(\"fast\"); return new Marks(); }");
    members(
        kind,
        "is given a number in another form",
        PLAN + " --option bits=1e3",
        "public List<OptionDescriptor> options() { return"
            + " List.of(OptionDescriptor.integer(\"bits\", \"Bits.\")); }");
  }

  private void hooks() {
    String kind = "a hook of the quantizer";
    quantizer(
        kind,
        "transformForAnnotation returns null",
        PLAN,
        "public GraphEditor.Edited transformForAnnotation(Graph graph) { return null; }");
    quantizer(
        kind,
        "transformForAnnotation loses an output",
        PLAN,
        "public GraphEditor.Edited transformForAnnotation(Graph g) { return new"
            + " GraphEditor.Edited(new Graph(g.name(), g.inputs(), List.of(), g.initializers(),"
            + " g.nodes(), g.values(), g.origin()), NameMapping.identity()); }");
    quantizer(
        kind,
        "annotate fails",
        PLAN,
        "void mark(AnnotationContext a, Node n) { throw new IllegalStateException(\"no rule\"); }");
    quantizer(
        kind,
        "validate returns null",
        PLAN,
        "public List<Finding> validate(AnnotatedGraph g) { return null; }");
    quantizer(
        kind,
        "nodeOptions returns null",
        PLAN,
        "public Set<String> nodeOptions() { return null; }");
    quantizer(
        kind,
        "adjustObservers names a group that is not there",
        PLAN,
        "public void adjustObservers(ObserverPlan plan) { plan.replace(99, Base.int8Spec()); }");
    quantizer(
        kind,
        "adjustParameters names a group that is not there",
        QUANTIZE,
        "public void adjustParameters(ParameterPlan plan) { plan.set(99,"
            + " QuantizationParameters.of(1, 0)); }");
    quantizer(
        kind,
        "adjustParameters sets a zero point that the type has no room for",
        QUANTIZE,
        "public void adjustParameters(ParameterPlan plan) { plan.set(0,"
            + " QuantizationParameters.of(1, 128)); }");
  }

  private void claims() {
    String kind = "claims";
    mark(kind, "a node twice", PLAN, "context.claim(\"again\", List.of(node));");
    mark(
        kind,
        "a node of another graph",
        PLAN,
        "context.claim(\"other\", List.of(Node.of(\"other\", OpType.onnx(\"Relu\"), List.of(),"
            + " List.of())));");
    mark(kind, "no node", PLAN, "context.claim(\"none\", List.of());");
    quantizer(
        kind,
        "marks a node without claiming it",
        PLAN,
        "public void annotate(AnnotationContext context) {"
            + " context.markOperand(context.graph().nodes().get(0), 0, Base.int8Spec()); }");
    mark(
        kind,
        "marks an operand that is not there",
        PLAN,
        "context.markOperand(node, 7, Base.int8Spec());");
    mark(
        kind,
        "marks a point twice",
        PLAN,
        "context.markOperand(node, 0, Base.int8Spec()); context.markOperand(node, 0,"
            + " Base.int8Spec());");
    mark(kind, "marks with null", PLAN, "context.markOperand(node, 0, null);");
  }

  private void marks() {
    String kind = "marks that no mode converts";
    mark(
        kind,
        "an axis that the value has not",
        PLAN,
        "context.markOperand(node, 1, Base.int8Spec().withGranularity(new"
            + " Granularity.PerChannel(2)));");
    mark(
        kind,
        "static parameters per token",
        PLAN,
        "context.markOperand(node, 0, Base.int8Spec().withGranularity(new"
            + " Granularity.PerToken()));");
    mark(
        kind,
        "blocks of two dimensions",
        PLAN,
        "context.markOperand(node, 1, Base.int8Spec().withGranularity(new"
            + " Granularity.PerBlock(List.of(2L, 2L))));");
    mark(
        kind,
        "weight-only on a computed value",
        PLAN,
        "context.markOperand(node, 0, Base.int8Spec().withMode(Mode.WEIGHT_ONLY));");
    mark(
        kind,
        "int32 activations",
        PLAN,
        "context.markOperand(node, 0,"
            + " QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT32)));");
  }

  private void specs() {
    String kind = "specs";
    mark(
        kind,
        "an observer that nobody has",
        PLAN,
        "context.markOperand(node, 0, Base.int8Spec().withObserver(new"
            + " ObserverSpec(\"acme-men\", new TreeMap<>())));");
    mark(
        kind,
        "a parameter that the observer has not",
        PLAN,
        "context.markOperand(node, 0, Base.int8Spec().withObserver(new"
            + " ObserverSpec(\"percentile\", new TreeMap<>(Map.of(\"percents\", \"99\")))));");
    mark(
        kind,
        "a value that the parameter does not take",
        PLAN,
        "context.markOperand(node, 0, Base.int8Spec().withObserver(new"
            + " ObserverSpec(\"percentile\", new TreeMap<>(Map.of(\"percent\", \"200\")))));");
    mark(
        kind,
        "shares with a point that is not marked",
        PLAN,
        "context.markOperand(node, 0, new QuantizationSpec.Shared(Point.result(\"relu\","
            + " 0)));");
    mark(
        kind,
        "shares with a node that is not there",
        PLAN,
        "context.markOperand(node, 0, new QuantizationSpec.Shared(Point.result(\"gone\","
            + " 0)));");
    mark(
        kind,
        "shares with itself",
        PLAN,
        "context.markOperand(node, 0, new QuantizationSpec.Shared(Point.operand(node.name(),"
            + " 0)));");
    mark(
        kind,
        "a range that the storage does not hold",
        PLAN,
        "context.markOperand(node, 0, QuantizationSpec.Observed.of(new"
            + " QuantizedType(Storage.INT8, -300, 300)));");
  }

  void observer(String what, String command, String members) {
    members(
        "observers",
        what,
        command,
        "public List<ObserverKind> observers() { return List.of(new Mean() { "
            + members
            + " }); } public Quantizer create(Options o) { return new Marks() { void"
            + " mark(AnnotationContext a, Node n) { a.markOperand(n, 0, Base.int8Spec().withObserver(new"
            + " ObserverSpec(\"acme-mean\", new TreeMap<>()))); } }; }");
  }

  private void observers() {
    observer(
        "has a name that Octet has",
        PLAN,
        "public ObserverDescriptor descriptor() { return ObserverDescriptor.of(\"min-max\","
            + " \"Mine.\"); }");
    observer("has no descriptor", PLAN, "public ObserverDescriptor descriptor() { return null; }");
    observer(
        "has a name of another form",
        PLAN,
        "public ObserverDescriptor descriptor() { return ObserverDescriptor.of(\"Acme Mean\","
            + " \"Mine.\"); }");
    observer(
        "makes no observer",
        QUANTIZE,
        "public ValueObserver create(ObserverContext context) { return null; }");
    observer(
        "fails while it observes",
        QUANTIZE,
        "public ValueObserver create(ObserverContext context) { return new Watch() { public void"
            + " observe(float[] d, int f, int c, ChannelLayout l) { throw new"
            + " ArrayIndexOutOfBoundsException(\"8\"); } }; }");
    observer(
        "counts values that it did not see",
        QUANTIZE,
        "public ValueObserver create(ObserverContext context) { return new Watch() { public"
            + " List<ChannelStatistics> statistics() { return List.of(new Extremes(0, 1, 5, 0, 0));"
            + " } }; }");
    observer(
        "has statistics of two channels for one",
        QUANTIZE,
        "public ValueObserver create(ObserverContext context) { return new Watch() { public"
            + " List<ChannelStatistics> statistics() { return List.of(seen, seen); } }; }");
    observer(
        "says that it depends on order, and merges",
        QUANTIZE,
        "public ObserverDescriptor descriptor() { return ObserverDescriptor.of(\"acme-mean\","
            + " \"Mine.\").dependingOnOrder(); }");
    observer(
        "gives a range that is none",
        QUANTIZE,
        "public Range range(RangeContext context, ChannelStatistics channel) {"
            + " return new Range(2, 1); }");
    observer(
        "gives no range",
        QUANTIZE,
        "public Range range(RangeContext context, ChannelStatistics channel) {"
            + " return null; }");
  }

  void runtime(String what, String members) {
    members(
        "runtimes",
        what,
        RUN,
        "public Optional<BackendRuntime> runtime() { return Optional.of(new Runs() { "
            + members
            + " }); }");
  }

  private void runtimes() {
    String run = "public Map<String, Tensor> run(Map<String, Tensor> i, Cancellation c) ";
    members("runtimes", "there is none", RUN, "");
    runtime("loads null", "public ExecutableModel load(LoadRequest r) { return null; }");
    runtime(
        "fails to load",
        "public ExecutableModel load(LoadRequest r) { throw new"
            + " UnsupportedOperationException(\"Gemm\"); }");
    runtime(
        "refuses nodes with an empty reason",
        "public ExecutableModel load(LoadRequest r) { NodeRefusals no ="
            + " NodeRefusals.of(r.model().graph());"
            + " no.refuse(r.model().graph().nodes().get(0), \"\"); return this; }");
    runtime(
        "has two options of one name",
        "public List<OptionDescriptor> options() { OptionDescriptor one ="
            + " OptionDescriptor.flag(\"fast\", \"Fast.\"); return List.of(one, one); }");
    runtime("has no list of outputs", "public List<ValueInfo> outputs() { return null; }");
    runtime("gives no outputs", run + "{ return null; }");
    runtime("leaves an output out", run + "{ return Map.of(); }");
    runtime(
        "gives an output of another name",
        run + "{ return Map.of(\"score\", Tensor.of(new float[3], 1, 3)); }");
    runtime(
        "gives an output of another shape",
        run + "{ return Map.of(\"scores\", Tensor.of(new float[4], 1, 4)); }");
    runtime(
        "gives an output of another type",
        run + "{ return Map.of(\"scores\", Tensor.of(new long[3], 1, 3)); }");
    runtime("fails in a run", run + "{ throw new IllegalStateException(\"the device is gone\"); }");
    runtime(
        "fails to close",
        "public void close() { throw new IllegalStateException(\"the device is gone\"); }");
  }

  void table(String what, String rules) {
    table(what, rules, "");
  }

  void table(String what, String rules, String members) {
    source(
        "rule tables",
        what,
        PLAN,
        provider(
            "public",
            "extends RuleBackend",
            members
                + "public THIS() { super(\"acme\", \"Acme.\"); } public BackendRules rules(Options"
                + " options) { return "
                + rules
                + "; }"));
  }

  private void rule(String what, String pattern, String marks) {
    table(
        what,
        "BackendRules.named(\"acme\").rule(\"dense\", "
            + pattern
            + ").activation(int8())"
            + marks
            + ".build()");
  }

  private void tables() {
    String dense = ".rule(\"dense\", op(\"Gemm\")).activation(int8()).and()";
    table("is null", "null");
    table("two rules of one name", "BackendRules.named(\"acme\")" + dense + dense + ".build()");
    table(
        "two rules that want one node alike",
        "BackendRules.named(\"acme\")" + dense + dense.replace("dense", "linear") + ".build()");
    rule("an operator that ONNX does not have", "op(\"Gemn\")", "");
    rule(
        "an operator in a condition that ONNX does not have",
        "op(\"Gemm\").where(Conditions.followedBy(\"ReLU\"))",
        "");
    rule("a condition on an operand that is not there", "op(\"Gemm\").constantOperand(3)", "");
    rule(
        "a mark on a result that is not there",
        "op(\"Gemm\")",
        ".mark(MatchPoint.result(0, 1), int8())");
    rule(
        "an attribute with a typo",
        "op(\"Gemm\").where(Conditions.attributeIn(\"transb\", 1))",
        "");
    rule(
        "an attribute read as another type",
        "op(\"Gemm\").where(Conditions.attributeIn(\"alpha\", 1))",
        "");
    rule(
        "an attribute that means nothing when it is absent",
        "op(\"Conv\").where(Conditions.attributeIn(\"dilations\", 1))",
        "");
    table(
        "static activations per token",
        "BackendRules.named(\"acme\").rule(\"dense\","
            + " op(\"Gemm\")).activation(int8().granularity(new Granularity.PerToken())).build()");
  }

  void format(String what, String command, String members) {
    source(
        "model formats",
        what,
        command,
        provider(
            "public",
            "implements ModelFormat",
            "public String name() { return \"acme\"; } public List<String> extensions() { return"
                + " List.of(\"acme\"); } public Model read(Path file) { return null; } public void"
                + " write(Model model, Path file) {} public List<Path> dataFiles(Model model) {"
                + " return List.of(); } public RaisedModel raise(Model model,"
                + " Collection<StoredForm> forms) { return new RaisedModel(model, List.of()); }"
                + members));
  }

  private void formats() {
    String own =
        "public boolean recognises(Path file, byte[] start) { return"
            + " file.toString().endsWith(\"d.yaml\"); }";
    format("reads null", "inspect @d.yaml", own);
    format(
        "fails to tell whether it knows a file",
        "inspect @d.yaml",
        "public boolean recognises(Path file, byte[] start) { return start[99] == 1; }");
  }
}
