package dev.octet.cli;

import java.util.List;

/** Mistakes in what a vendor's code answers: graphs, names, texts, counts and declarations. */
final class VendorAnswerMistakes {

  private static final String REWRITE =
      "public GraphEditor.Edited transformForAnnotation(Graph g) ";
  private static final String KEEP =
      "AnnotationContext kept; public void annotate(AnnotationContext c) { kept = c; super.annotate(c); } ";
  private static final String WRITE = "quantize @m.onnx --backend cpu --data @d.yaml -o @x.acme";
  private static final String WRITE_ONNX =
      "quantize @m.onnx --backend cpu --data @d.yaml -o @x.onnx";

  private final VendorMistakes all;

  VendorAnswerMistakes(VendorMistakes all) {
    this.all = all;
  }

  void add() {
    rewritings();
    names();
    oneCall();
    texts();
    declarations();
    formats();
    unstable();
    derivations();
    sizes();
    observers();
    runtimes();
    errors();
  }

  private void rewriting(String what, String body) {
    all.quantizer("rewritings", what, VendorMistakes.PLAN, REWRITE + body);
  }

  private void edit(String what, String edits) {
    rewriting(what, "{ GraphEditor e = new GraphEditor(g); " + edits + " return e.finish(); }");
  }

  private void mapping(String what, String old, String now) {
    rewriting(
        what,
        "{ return new GraphEditor.Edited(g, new NameMapping(new TreeMap<>(Map.of(\""
            + old
            + "\", List.of(\""
            + now
            + "\"))))); }");
  }

  private void graph(String what, String inputs, String nodes) {
    rewriting(
        what,
        "{ List<Node> n = new ArrayList<>(g.nodes()); "
            + nodes
            + " return new GraphEditor.Edited(new Graph(g.name(), "
            + inputs
            + ", g.outputs(), g.initializers(), n, g.values(), g.origin()), NameMapping.identity()); }");
  }

  private void rewritings() {
    edit("reads a value that nobody defines", "e.setOperand(\"hidden\", 0, \"nowhere\");");
    edit("leaves an output that nobody defines", "e.remove(\"head\");");
    edit("removes a constant that a node reads", "e.removeInitializer(\"w1\");");
    edit(
        "brings an operator that ONNX does not have",
        "e.insertLast(Node.of(\"more\", OpType.onnx(\"ReLU\"), List.of(\"in\"), List.of(\"more\")));");
    edit(
        "gives an attribute a value of another type",
        "e.insertLast(Node.of(\"more\", OpType.onnx(\"Elu\"), List.of(\"in\"), List.of(\"more\"), Attribute.of(\"alpha\", 1L)));");
    edit(
        "brings an attribute that ONNX does not have",
        "e.insertLast(Node.of(\"more\", OpType.onnx(\"Elu\"), List.of(\"in\"), List.of(\"more\"), Attribute.of(\"alfa\", 1f)));");
    mapping("maps a node that the graph had not", "hiden", "hidden");
    mapping("maps to a node that the graph has not", "hidden", "hiden");
    graph(
        "renames a node and does not map it",
        "g.inputs()",
        "Node x = n.get(0); n.set(0, Node.of(\"first\", x.op(), x.operands(), x.results()));");
    graph(
        "has two nodes of one name that define different values",
        "g.inputs()",
        "n.add(Node.of(\"hidden\", OpType.onnx(\"Identity\"), List.of(\"in\"), List.of(\"more\")));");
    graph(
        "gives an input another type",
        "List.of(ValueInfo.of(\"in\", new ValueType.TensorType(DataType.DOUBLE, Optional.empty())))",
        "");
  }

  private void names() {
    String kind = "a hook of the quantizer";
    all.quantizer(
        kind,
        "validate warns of a node that is not there",
        VendorMistakes.PLAN,
        "public List<Finding> validate(AnnotatedGraph g) { return List.of(FindingId.warning(\"ACME-001\", \"No.\", \"Mend it.\").aboutNode(\"gone\", \"no\")); }");
    all.members(
        "a method of the provider",
        "checkConverted warns of a node that is not there",
        VendorMistakes.QUANTIZE,
        "public List<Finding> checkConverted(Model m) { return List.of(FindingId.warning(\"ACME-001\", \"No.\", \"Mend it.\").aboutNode(\"gone\", \"no\")); }");
    for (String named : List.of("onnxruntme", "Onnx Runtime", "onnxruntime\", \"onnxruntime")) {
      all.members(
          "a method of the provider",
          "alsoRunBy names '" + named.replace("\"", "'") + "'",
          VendorMistakes.QUANTIZE,
          "public List<String> alsoRunBy() { return List.of(\"" + named + "\"); }");
    }
  }

  private void oneCall() {
    String kind = "what is given for one call";
    all.quantizer(
        kind,
        "marks in validate",
        VendorMistakes.PLAN,
        KEEP
            + "public List<Finding> validate(AnnotatedGraph g) { kept.markResult(g.graph().node(\"hidden\").get(), 0, Base.int8Spec()); return List.of(); }");
    all.quantizer(
        kind,
        "claims in validate",
        VendorMistakes.PLAN,
        KEEP
            + "public List<Finding> validate(AnnotatedGraph g) { kept.claim(\"late\", List.of(g.graph().node(\"relu\").get())); return List.of(); }");
    all.quantizer(
        kind,
        "explains in adjustObservers",
        VendorMistakes.PLAN,
        KEEP
            + "public void adjustObservers(ObserverPlan p) { kept.explain(p.graph().node(\"relu\").get(), \"late\"); }");
    all.mark(
        kind,
        "marks on another thread",
        VendorMistakes.PLAN,
        "Thread t = new Thread(() -> context.markOperand(node, 0, Base.int8Spec()), \"worker\"); t.setUncaughtExceptionHandler((a, b) -> {}); t.start(); try { t.join(); } catch (InterruptedException e) { throw Base.sneaky(e); }");
    all.quantizer(
        kind,
        "marks on another thread when annotate is over",
        VendorMistakes.PLAN,
        KEEP
            + "public List<Finding> validate(AnnotatedGraph g) { Thread t = new Thread(() -> kept.markResult(g.graph().node(\"hidden\").get(), 0, Base.int8Spec()), \"worker\"); t.setUncaughtExceptionHandler((a, b) -> {}); t.start(); try { t.join(); } catch (InterruptedException e) { throw Base.sneaky(e); } return List.of(); }");
    all.quantizer(
        kind,
        "replaces a spec on another thread",
        VendorMistakes.PLAN,
        "public void adjustObservers(ObserverPlan p) { Thread t = new Thread(() -> p.replace(0, Base.int8Spec()), \"worker\"); t.setUncaughtExceptionHandler((a, b) -> {}); t.start(); try { t.join(); } catch (InterruptedException e) { throw Base.sneaky(e); } }");
  }

  private void texts() {
    String kind = "texts that say nothing";
    all.mark(
        kind,
        "the reason of a point that stays float",
        VendorMistakes.PLAN,
        "context.markOperand(node, 0, new QuantizationSpec.KeepFloat(\" \"));");
    all.mark(kind, "the reason of a node", VendorMistakes.PLAN, "context.explain(node, \"\");");
    all.mark(kind, "who decided on a node", VendorMistakes.PLAN, "context.decidedBy(node, \"\");");
    all.mark(
        kind, "the name of a quantizer", VendorMistakes.PLAN, "context.claimedBy(node, \"\");");
    all.quantizer(
        kind,
        "the name of a rule",
        VendorMistakes.PLAN,
        "public void annotate(AnnotationContext c) { c.claim(\" \", List.of(c.graph().nodes().get(0))); }");
    all.quantizer(
        kind,
        "the name of a rule, on two lines",
        VendorMistakes.PLAN,
        "public void annotate(AnnotationContext c) { c.claim(\"a\\nb\", List.of(c.graph().nodes().get(0))); }");
    all.members(
        kind,
        "the description",
        VendorMistakes.PAGE,
        "public String description() { return \"\"; }");
    all.members(
        kind,
        "the version",
        VendorMistakes.PLAN,
        "public Optional<String> version() { return Optional.of(\"\"); }");
    all.members(
        kind,
        "why the runtime does not work",
        VendorMistakes.RUN,
        "public Availability availability() { return new Availability.Unavailable(\"\", \"\"); }");
    all.members(
        kind,
        "the documentation of an option",
        VendorMistakes.PAGE,
        "public List<OptionDescriptor> options() { return List.of(OptionDescriptor.flag(\"fast\", \"\")); }");
    all.members(
        kind,
        "a choice of an option",
        VendorMistakes.PAGE,
        "public List<OptionDescriptor> options() { return List.of(OptionDescriptor.word(\"fast\", \"Fast.\", \"\", \"a\")); }");
    all.quantizer(
        kind,
        "the message of a finding",
        VendorMistakes.PLAN,
        "public List<Finding> validate(AnnotatedGraph g) { return List.of(FindingId.info(\"ACME-001\", \"No.\", \"Mend it.\").about(\"\")); }");
    all.quantizer(
        kind,
        "the fact of an error",
        VendorMistakes.PLAN,
        "public void annotate(AnnotationContext c) { throw ErrorId.backend(\"ACME-001\", \"M.\", \"N.\").error(\"\").build(); }");
    all.table(
        "a condition with a reason that says nothing",
        "BackendRules.named(\"acme\").rule(\"dense\", op(\"Gemm\").constantOperand(1).because(\"\")).activation(int8()).build()");
    all.table(
        "a point that stays float for a reason that says nothing",
        "BackendRules.named(\"acme\").rule(\"dense\", op(\"Gemm\")).claimAsFloat(\"\").build()");
  }

  private void uses(String what, String row) {
    all.members(
        "declarations",
        "the runtime's " + what,
        VendorMistakes.PAGE,
        "public Optional<BackendRuntime> runtime() { return Optional.of(new Runs() { public RuntimeUses uses(Options o) { return RuntimeUses.of("
            + row
            + "); } }); }");
  }

  private void declarations() {
    uses("operator that ONNX does not have", "DeclaredUse.of(\"Gemn\").exact()");
    uses(
        "operand that the operator does not have",
        "DeclaredUse.of(\"Relu\").operand(7, ValueForm.plain(DataType.FLOAT)).exact()");
    uses(
        "operand by a negative index",
        "DeclaredUse.of(\"Relu\").operand(-1, ValueForm.plain(DataType.FLOAT)).exact()");
    uses(
        "result that the operator does not have",
        "DeclaredUse.of(\"Relu\").result(3, ValueForm.plain(DataType.FLOAT)).exact()");
    uses("refusal without a reason", "DeclaredUse.of(\"Relu\").unsupported(\"\")");
    uses("proviso that says nothing", "DeclaredUse.of(\"Relu\").provided(\"\").exact()");
    String kind = "declarations";
    all.members(
        kind,
        "a capability with a condition that is null",
        VendorMistakes.PAGE,
        "public List<Capability> capabilities(Options o) { return List.of(Capability.of(List.of(OpType.onnx(\"Gemm\"))).where(0, null).build()); }");
  }

  private static String members(String name, String extensions, String recognises) {
    return "public String name() { return \""
        + name
        + "\"; } public List<String> extensions() { return "
        + extensions
        + "; } public Model read(Path file) { return null; } public void write(Model model, Path file) {}"
        + " public List<Path> dataFiles(Model model) { return List.of(); }"
        + " public RaisedModel raise(Model model, Collection<StoredForm> forms) { return new RaisedModel(model, List.of()); }"
        + " public boolean recognises(Path file, byte[] start) { return "
        + recognises
        + "; }";
  }

  private void format(String what, String command, String members) {
    all.source(
        "model formats",
        what,
        command,
        VendorMistakes.provider("public", "implements ModelFormat", members));
  }

  private void two(String what, String one, String other) {
    all.listed(
        "model formats",
        what,
        WRITE,
        VendorMistakes.provider(
            "public",
            "implements ModelFormat",
            one
                + " @BuiltFor(ApiVersion.CURRENT) public static class Other implements ModelFormat { "
                + other
                + " }"),
        "THIS\nTHIS$Other\n");
  }

  private void formats() {
    String own = "List.of(\"acme\")";
    two(
        "two of one name",
        members("acme", own, "false"),
        members("acme", "List.of(\"acmf\")", "false"));
    two("two of one extension", members("acme", own, "false"), members("acmf", own, "false"));
    format("has the name of Octet's", WRITE_ONNX, members("onnx", own, "false"));
    format(
        "has the extension of Octet's", WRITE_ONNX, members("acme", "List.of(\"onnx\")", "false"));
    format("recognises the files of Octet's", "inspect @m.onnx", members("acme", own, "true"));
    for (String wrong :
        List.of(
            "null",
            "List.of()",
            "Arrays.asList((String) null)",
            "List.of(\"\")",
            "List.of(\".acme\")",
            "List.of(\"ACME\")",
            "List.of(\"acme\", \"acme\")",
            "List.of(\"../acme\")")) {
      format("has the extensions " + wrong, WRITE, members("acme", wrong, "false"));
    }
    format("writes no file", WRITE, members("acme", own, "false"));
  }

  private void unstable() {
    String kind = "another answer at each call";
    all.observer(
        "have another name at each call",
        VendorMistakes.PLAN,
        "static int calls; public ObserverDescriptor descriptor() { return ObserverDescriptor.of(\"acme-mean\" + calls++, \"Extremes.\"); }");
    all.observer(
        "give another range at each call",
        VendorMistakes.QUANTIZE,
        "static int calls; public Range range(RangeContext c, ChannelStatistics s) { return new Range(-1 - calls++, 1); }");
    all.members(
        kind,
        "the name of an operator",
        "plan @f.onnx --backend acme -o @p.json",
        "static int calls; public List<CustomOperator> operators() { return List.of(new Fancy() { public OpType op() { return new OpType(\"acme\", \"Fancy\" + calls++); } }); }");
    derived(
        "have another name at each call",
        VendorMistakes.PLAN,
        "static int calls; public String name() { return \"acme-bias\" + calls++; }");
    derived(
        "give another scale at each call",
        VendorMistakes.QUANTIZE,
        "static int calls; public float scale(DerivationContext c, int i) { return 1 + calls++; }");
  }

  private void derived(String what, String command, String members) {
    new VendorCodeMistakes(all).derived(what, command, members);
  }

  private void derivations() {
    for (String count : List.of("1 << 30", "Integer.MAX_VALUE", "-5", "Integer.MIN_VALUE")) {
      derived(
          "counts " + count + " scales",
          VendorMistakes.QUANTIZE,
          "public int count(DerivationContext c) { return " + count + "; }");
    }
    all.mark(
        "derivations",
        "has the channels of a weight along an axis that its bias has not",
        VendorMistakes.QUANTIZE,
        "context.markOperand(node, 0, Base.int8Spec()); context.markOperand(node, 1, Base.int8Spec().withGranularity(new Granularity.PerChannel(0))); context.markOperand(node, 2, new QuantizationSpec.Derived(QuantizedType.of(Storage.INT32), Derivation.productOfScales(), List.of(Point.operand(node.name(), 0), Point.operand(node.name(), 1))));");
    derived(
        "refuses without a message",
        VendorMistakes.QUANTIZE,
        "public int count(DerivationContext c) { throw new IllegalArgumentException(); }");
    derived(
        "gives an infinite scale",
        VendorMistakes.QUANTIZE,
        "public float scale(DerivationContext c, int i) { return Float.POSITIVE_INFINITY; }");
    derived(
        "stores a narrower type",
        VendorMistakes.QUANTIZE,
        "public QuantizedType storedType(DerivationContext c) { return QuantizedType.of(Storage.INT4); }");
    derived(
        "reads a parameter that the spec does not give",
        VendorMistakes.QUANTIZE,
        "public float scale(DerivationContext c, int i) { return Float.parseFloat(c.derivation().parameters().get(\"factor\")); }");
    all.mark(
        "derivations",
        "has a parameter that Octet's has not",
        VendorMistakes.PLAN,
        "context.markOperand(node, 0, Base.int8Spec()); context.markOperand(node, 1, Base.int8Spec()); context.markOperand(node, 2, new QuantizationSpec.Derived(QuantizedType.of(Storage.INT32), Derivation.productOfScales().with(\"x\", \"y\"), List.of(Point.operand(node.name(), 0), Point.operand(node.name(), 1))));");
  }

  private void granularity(String what, int operand, String granularity) {
    all.mark(
        "sizes",
        what,
        VendorMistakes.QUANTIZE,
        "context.markOperand(node, "
            + operand
            + ", Base.int8Spec().withGranularity("
            + granularity
            + "));");
  }

  private void sizes() {
    granularity("an axis of 2^31 - 1", 1, "new Granularity.PerChannel(Integer.MAX_VALUE)");
    granularity(
        "groups along an axis of 2^31 - 1", 1, "new Granularity.PerGroup(Integer.MAX_VALUE, 2)");
    granularity("groups of an activation", 0, "new Granularity.PerGroup(1, 3)");
    granularity("blocks without a size", 1, "new Granularity.PerBlock(List.of())");
    all.mark(
        "sizes",
        "an operand of 2^31 - 1",
        VendorMistakes.PLAN,
        "context.markOperand(node, Integer.MAX_VALUE, Base.int8Spec());");
    all.mark(
        "sizes",
        "a grid of steps of 2^-149",
        VendorMistakes.QUANTIZE,
        "QuantizationSpec.Observed s = Base.int8Spec(); context.markOperand(node, 0, s.withScheme(s.scheme().withGrid(ScaleGrid.multiplesOf(Float.MIN_VALUE))));");
    all.quantizer(
        "a hook of the quantizer",
        "adjustParameters asks the grid for a scale that is no number",
        VendorMistakes.QUANTIZE,
        "public void adjustParameters(ParameterPlan p) { p.gridScale(0, Float.NaN); }");
    all.quantizer(
        "a hook of the quantizer",
        "adjustParameters asks for the group of a point that is not there",
        VendorMistakes.QUANTIZE,
        "public void adjustParameters(ParameterPlan p) { p.group(Point.operand(\"gone\", 0)).orElseThrow(); }");
  }

  private void observers() {
    String parameter =
        "public ObserverDescriptor descriptor() { return ObserverDescriptor.of(\"acme-mean\", \"Extremes.\").withParameter(\"p\", \"P.\", \"1\"); } public String canonical(String p, String v) { return ";
    all.observer(
        "has a parameter without a canonical form", VendorMistakes.PLAN, parameter + "null; }");
    all.observer(
        "has a canonical form that has another one",
        VendorMistakes.PLAN,
        parameter + "v + \"0\"; }");
    all.observer(
        "has a default that is not in canonical form",
        VendorMistakes.PLAN,
        parameter + "\"1.0\"; }");
    all.observer(
        "delegates to one that there is not",
        VendorMistakes.QUANTIZE,
        "public ValueObserver create(ObserverContext c) { return c.standard(new ObserverSpec(\"gone\", new TreeMap<>())).create(); }");
    all.observer(
        "is one for all groups",
        VendorMistakes.QUANTIZE,
        "static Watch one = new Watch(); public ValueObserver create(ObserverContext c) { return one; }");
    all.observer(
        "gives a range as wide as float32",
        VendorMistakes.QUANTIZE,
        "public Range range(RangeContext c, ChannelStatistics s) { return new Range(-Float.MAX_VALUE, Float.MAX_VALUE); }");
  }

  private void runtimes() {
    String score =
        "List.of(ValueInfo.of(\"score\", new ValueType.TensorType(DataType.FLOAT, Optional.empty())))";
    all.runtime(
        "has inputs that the model has not",
        "public List<ValueInfo> inputs() { return " + score + "; }");
    all.runtime(
        "has outputs that the model has not",
        "public List<ValueInfo> outputs() { return " + score + "; }");
    all.runtime(
        "has an output twice",
        "public List<ValueInfo> outputs() { return List.of(outputs.get(0), outputs.get(0)); }");
    all.runtime("has no output", "public List<ValueInfo> outputs() { return List.of(); }");
    all.runtime(
        "gives rows for more samples than it got",
        "public Map<String, Tensor> run(Map<String, Tensor> i, Cancellation c) { return Map.of(\"scores\", Tensor.of(new float[15], 5, 3)); }");
    all.runtime(
        "refuses a node of another graph",
        "public ExecutableModel load(LoadRequest r) { NodeRefusals.of(r.model().graph()).refuse(Node.of(\"gone\", OpType.onnx(\"Relu\"), List.of(), List.of()), \"no\"); return this; }");
  }

  private void errors() {
    all.quantizer(
        "ids of errors and findings",
        "an error of Octet's own kind",
        VendorMistakes.PLAN,
        "public void annotate(AnnotationContext c) { throw ErrorId.defect(\"ACME-001\", \"M.\", \"N.\").error(\"it broke\").build(); }");
    all.quantizer(
        "a composition",
        "of none",
        VendorMistakes.PLAN,
        "public void annotate(AnnotationContext c) { dev.octet.annotation.ComposableQuantizer.of(Map.of()).annotate(c); }");
    all.quantizer(
        "a composition",
        "of one without a name",
        VendorMistakes.PLAN,
        "public void annotate(AnnotationContext c) { dev.octet.annotation.ComposableQuantizer.of(Map.of(\"\", new Marks())).annotate(c); }");
    all.quantizer(
        "a composition",
        "of itself",
        VendorMistakes.PLAN,
        "public void annotate(AnnotationContext c) { dev.octet.annotation.ComposableQuantizer.of(Map.of(\"a\", this)).annotate(c); }");
  }
}
