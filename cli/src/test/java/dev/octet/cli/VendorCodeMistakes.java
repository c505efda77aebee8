package dev.octet.cli;

/** Mistakes in code that a vendor brings for models, values and matches. */
final class VendorCodeMistakes {

  private static final String PLAN_OWN = "plan @f.onnx --backend acme -o @p.json";
  private static final String RUN_OWN = "run @f.onnx --data @d.yaml -o @out";
  private static final String PLAN_INDEX = "plan @i.onnx --backend acme -o @p.json";
  private static final String COMPILE = "quantize @m.onnx --backend cpu --data @d.yaml -o @x.acme";

  private final VendorMistakes all;

  VendorCodeMistakes(VendorMistakes all) {
    this.all = all;
  }

  void add() {
    names();
    boundary();
    operators();
    compilers();
    indices();
    derivations();
    grids();
    conditions();
    axes();
    tables();
    rewritings();
    adjustments();
    observers();
    runtimes();
    handedOut();
  }

  private void names() {
    String kind = "the name";
    all.members(
        kind,
        "has umlauts",
        VendorMistakes.PAGE,
        "public String name() { return \"\\u00e4cme\"; }");
    all.members(
        kind,
        "depends on the locale",
        VendorMistakes.PAGE,
        "public String name() { return \"ACME-MINI\".toLowerCase(new Locale(\"tr\")); }");
    all.members(kind, "is empty", VendorMistakes.PAGE, "public String name() { return \"\"; }");
    all.members(
        kind,
        "is another one at each call",
        VendorMistakes.PAGE,
        "static int calls; public String name() { return \"acme\" + (char) ('b' + calls++); }");
  }

  private void boundary(String what, String statements) {
    all.mark("inputs and outputs of the model", what, VendorMistakes.PLAN, statements);
  }

  private void boundary() {
    String dense =
        "context.markOperand(node, 0, Base.int8Spec()); if (node.name().equals(\"hidden\")) ";
    boundary(
        "marks an input that the model has not",
        dense + "context.mark(Point.input(\"image\"), Base.int8Spec());");
    boundary(
        "marks an output that the model has not",
        dense + "context.mark(Point.output(\"score\"), Base.int8Spec());");
    boundary(
        "marks one input by two types",
        dense
            + "{ context.mark(Point.input(\"in\"), Base.int8Spec()); context.mark(Point.input(\"in\"),"
            + " QuantizationSpec.Observed.of(QuantizedType.of(Storage.UINT8))); }");
    boundary(
        "marks an input per channel",
        dense
            + "context.mark(Point.input(\"in\"), Base.int8Spec().withGranularity(new Granularity.PerChannel(1)));");
    boundary(
        "marks an input per token",
        dense
            + "context.mark(Point.input(\"in\"), Base.int8Spec().withGranularity(new Granularity.PerToken()).withMode(Mode.DYNAMIC));");
    boundary(
        "marks an input whose parameters are found while the model runs",
        dense + "context.mark(Point.input(\"in\"), Base.int8Spec().withMode(Mode.DYNAMIC));");
    boundary(
        "marks an input as a weight",
        dense + "context.mark(Point.input(\"in\"), Base.int8Spec().withMode(Mode.WEIGHT_ONLY));");
    boundary(
        "marks an input as int32",
        dense
            + "context.mark(Point.input(\"in\"), QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT32)));");
    boundary(
        "marks an output as a narrower float",
        dense
            + "context.mark(Point.output(\"scores\"), new QuantizationSpec.NarrowFloat(DataType.FLOAT16));");
    boundary(
        "shares an input with a point that is not marked",
        dense
            + "context.mark(Point.input(\"in\"), new QuantizationSpec.Shared(Point.result(\"relu\", 0)));");
    boundary(
        "derives an output from a point that is not quantized",
        dense
            + "context.mark(Point.output(\"scores\"), new QuantizationSpec.Derived(QuantizedType.of(Storage.INT32),"
            + " Derivation.productOfScales(), List.of(Point.result(\"relu\", 0))));");
    all.quantizer(
        "inputs and outputs of the model",
        "marks an output that is not float",
        PLAN_INDEX,
        "public void annotate(AnnotationContext context) { context.mark(Point.output(\"scores\"), Base.int8Spec()); }");
    all.quantizer(
        "inputs and outputs of the model",
        "marks an input that the policy excludes",
        VendorMistakes.PLAN + " --option exclude=input:in",
        "public void annotate(AnnotationContext context) { context.mark(Point.input(\"in\"), Base.int8Spec()); }");
    all.table(
        "a boundary per channel",
        "BackendRules.named(\"acme\").modelInputs(int8().perChannel(1)).rule(\"dense\", op(\"Gemm\")).activation(int8()).build()");
    all.table(
        "a boundary that depends on a match",
        "BackendRules.named(\"acme\").modelOutputs(sharedWith(operand(0))).rule(\"dense\", op(\"Gemm\")).activation(int8()).build()");
  }

  private void operator(String what, String command, String members) {
    all.members(
        "operators of one's own",
        what,
        command,
        "public List<CustomOperator> operators() { return List.of(new Fancy() { "
            + members
            + " }); }");
  }

  private void operators() {
    String types =
        "public List<ValueType.TensorType> results(Node n, List<Optional<ValueType.TensorType>> o) ";
    String kernel = "public List<Tensor> compute(Node n, List<Optional<Tensor>> o) ";
    operator(
        "is in ONNX's domain", PLAN_OWN, "public OpType op() { return OpType.onnx(\"FancyOp\"); }");
    operator(
        "is one that Octet has",
        PLAN_OWN,
        "public OpType op() { return new OpType(\"com.microsoft\", \"QLinearAdd\"); }");
    operator("has no name", PLAN_OWN, "public OpType op() { return null; }");
    operator("types that are null", PLAN_OWN, types + "{ return null; }");
    operator("types that are too few", PLAN_OWN, types + "{ return List.of(); }");
    operator(
        "types with a null among them",
        PLAN_OWN,
        types + "{ return Arrays.asList((ValueType.TensorType) null); }");
    operator(
        "fails to tell its types",
        PLAN_OWN,
        types + "{ throw new IllegalStateException(\"no rule\"); }");
    operator(
        "refuses with null", PLAN_OWN, "public Optional<String> refusal(Node n) { return null; }");
    operator(
        "fails to tell whether it runs",
        PLAN_OWN,
        "public Optional<String> refusal(Node n) { throw new IllegalStateException(\"no device\"); }");
    operator("a kernel that returns null", RUN_OWN, kernel + "{ return null; }");
    operator(
        "a kernel that returns a null among its results",
        RUN_OWN,
        kernel + "{ return Arrays.asList((Tensor) null); }");
    operator("a kernel that returns nothing", RUN_OWN, kernel + "{ return List.of(); }");
    operator(
        "a kernel that gives another shape",
        RUN_OWN,
        kernel + "{ return List.of(Tensor.of(new float[5], 1, 5)); }");
    operator(
        "a kernel that gives another type",
        RUN_OWN,
        kernel + "{ return List.of(Tensor.of(new long[48], 12, 4)); }");
    operator(
        "a kernel that throws",
        RUN_OWN,
        kernel + "{ throw new ArithmeticException(\"/ by zero\"); }");
    operator(
        "a kernel that reads an operand that is not there",
        RUN_OWN,
        kernel + "{ return List.of(o.get(1).orElseThrow()); }");
    operator(
        "a kernel that calls itself without end", RUN_OWN, kernel + "{ return compute(n, o); }");
    all.members(
        "operators of one's own",
        "one twice",
        PLAN_OWN,
        "public List<CustomOperator> operators() { return List.of(new Fancy(), new Fancy()); }");
    all.members(
        "operators of one's own",
        "a null among them",
        PLAN_OWN,
        "public List<CustomOperator> operators() { return Arrays.asList((CustomOperator) null); }");
  }

  private void compiler(String what, String members) {
    all.source(
        "formats that are only written",
        what,
        COMPILE,
        VendorMistakes.provider("public", "extends Compiles", members));
  }

  private void compilers() {
    String compile = "public void compile(Model model, Path file) throws java.io.IOException ";
    compiler("writes nothing", compile + "{}");
    compiler("fails", compile + "{ throw new IllegalStateException(\"no licence\"); }");
    compiler(
        "writes half a file and fails",
        compile
            + "{ super.compile(model, file); throw new java.io.IOException(\"the disk is full\"); }");
    compiler("makes a folder", compile + "{ java.nio.file.Files.createDirectory(file); }");
    compiler("has no name", "public String name() { return null; }");
    compiler("has a name of another form", "public String name() { return \"Acme Format\"; }");
    compiler(
        "needs a class that is not there",
        compile + "{ throw new NoClassDefFoundError(\"com/acme/Driver\"); }");
    all.source(
        "formats that are only written",
        "is not built for an API",
        COMPILE,
        VendorMistakes.provider("public", "extends Compiles", "")
            .replace("@BuiltFor(ApiVersion.CURRENT)\n", ""));
    all.source(
        "formats that are only written",
        "recognises a file, which is then to be read",
        "inspect @d.yaml",
        VendorMistakes.provider(
            "public",
            "extends Compiles",
            "public boolean recognises(Path file, byte[] start) { return true; }"));
  }

  private void indices() {
    String kind = "claims";
    all.mark(
        kind,
        "marks a result that is not there",
        VendorMistakes.PLAN,
        "context.markResult(node, 1, Base.int8Spec());");
    all.mark(
        kind,
        "marks an operand by a negative index",
        VendorMistakes.PLAN,
        "context.markOperand(node, -1, Base.int8Spec());");
    all.mark(
        kind,
        "marks a point of a node that is not there",
        VendorMistakes.PLAN,
        "context.mark(Point.operand(\"hiden\", 0), Base.int8Spec());");
    all.mark(
        kind,
        "opts a point out that is not there",
        VendorMistakes.PLAN,
        "context.markOperand(node, 0, Base.int8Spec()); context.optOutOfImplicitSharing(Point.result(node.name(), 3));");
    all.quantizer(
        kind,
        "by a rule without a name",
        VendorMistakes.PLAN,
        "public void annotate(AnnotationContext context) { context.claim(null, List.of(context.graph().nodes().get(0))); }");
    all.quantizer(
        kind,
        "by a rule with an empty name",
        VendorMistakes.PLAN,
        "public void annotate(AnnotationContext context) { context.claim(\"\", List.of(context.graph().nodes().get(0))); }");
    all.quantizer(
        kind,
        "a node twice in one match",
        VendorMistakes.PLAN,
        "public void annotate(AnnotationContext context) { Node n = context.graph().nodes().get(0); context.claim(\"pair\", List.of(n, n)); }");
    all.quantizer(
        kind,
        "explains with null",
        VendorMistakes.PLAN,
        "public void annotate(AnnotationContext context) { context.explain(context.graph().nodes().get(0), null); }");
    all.mark(
        "specs",
        "fixes a scale that is no number",
        VendorMistakes.PLAN,
        "context.markOperand(node, 0, QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT8), Float.NaN, 0));");
    all.mark(
        "specs",
        "fixes a scale of zero",
        VendorMistakes.PLAN,
        "context.markOperand(node, 0, QuantizationSpec.Fixed.of(QuantizedType.of(Storage.INT8), 0, 0));");
    all.mark(
        "specs",
        "a range that is upside down",
        VendorMistakes.PLAN,
        "context.markOperand(node, 0, QuantizationSpec.Observed.of(new QuantizedType(Storage.INT8, 10, -10)));");
  }

  void derived(String what, String command, String members) {
    all.members(
        "derivations",
        what,
        command,
        "public List<DerivationKind> derivations() { return List.of(new Bias() { "
            + members
            + " }); }"
            + " static class Bias implements DerivationKind {"
            + " public String name() { return \"acme-bias\"; } public String documentation() { return \"Bias.\"; }"
            + " public int count(DerivationContext c) { return 1; }"
            + " public float scale(DerivationContext c, int i) { return 1; } }"
            + " public Quantizer create(Options o) { return new Marks() { void mark(AnnotationContext a, Node n) {"
            + " a.markOperand(n, 0, Base.int8Spec()); a.markOperand(n, 1, new QuantizationSpec.Derived(QuantizedType.of(Storage.INT8),"
            + " Derivation.named(\"acme-bias\"), List.of(Point.operand(n.name(), 0)))); } }; }");
  }

  private void derivations() {
    derived(
        "has a name of another form",
        VendorMistakes.PLAN,
        "public String name() { return \"Acme Bias\"; }");
    derived("has no name", VendorMistakes.PLAN, "public String name() { return null; }");
    derived(
        "has a name that Octet has",
        VendorMistakes.PLAN,
        "public String name() { return \"product-of-scales\"; }");
    derived(
        "is not the one that the spec names",
        VendorMistakes.PLAN,
        "public String name() { return \"acme-biases\"; }");
    derived(
        "counts no scale",
        VendorMistakes.QUANTIZE,
        "public int count(DerivationContext c) { return 0; }");
    derived(
        "gives a scale that is no number",
        VendorMistakes.QUANTIZE,
        "public float scale(DerivationContext c, int i) { return Float.NaN; }");
    derived(
        "gives a negative scale",
        VendorMistakes.QUANTIZE,
        "public float scale(DerivationContext c, int i) { return -1; }");
    derived(
        "fails",
        VendorMistakes.QUANTIZE,
        "public float scale(DerivationContext c, int i) { throw new IllegalStateException(\"no table\"); }");
    derived(
        "gives a zero point that the type has no room for",
        VendorMistakes.QUANTIZE,
        "public long zeroPoint(DerivationContext c, int i) { return 1000; }");
    derived(
        "stores no type",
        VendorMistakes.QUANTIZE,
        "public QuantizedType storedType(DerivationContext c) { return null; }");
  }

  private void grid(String what, String command, String members) {
    all.members(
        "grids of scales",
        what,
        command,
        "static class Steps implements ScaleGridKind { public String name() { return \"acme-steps\"; }"
            + " public String documentation() { return \"Steps.\"; } public float atLeast(float s) { return s; } }"
            + " public List<ScaleGridKind> scaleGrids() { return List.of(new Steps() { "
            + members
            + " }); }"
            + " public Quantizer create(Options o) { return new Marks() { void mark(AnnotationContext a, Node n) {"
            + " QuantizationSpec.Observed s = Base.int8Spec(); a.markOperand(n, 0, s.withScheme(s.scheme().withGrid(ScaleGrid.named(\"acme-steps\")))); } }; }");
  }

  private void grids() {
    grid(
        "has a name of another form",
        VendorMistakes.PLAN,
        "public String name() { return \"Acme Steps\"; }");
    grid(
        "is not the one that the spec names",
        VendorMistakes.PLAN,
        "public String name() { return \"acme-step\"; }");
    grid(
        "gives a smaller scale",
        VendorMistakes.QUANTIZE,
        "public float atLeast(float s) { return s / 2; }");
    grid(
        "gives no number",
        VendorMistakes.QUANTIZE,
        "public float atLeast(float s) { return Float.NaN; }");
    grid(
        "fails",
        VendorMistakes.QUANTIZE,
        "public float atLeast(float s) { throw new IllegalStateException(\"no table\"); }");
    grid(
        "moves a scale that is on the grid",
        VendorMistakes.QUANTIZE,
        "public float atLeast(float s) { return 2 * s; }");
  }

  private void condition(String what, String condition) {
    all.table(
        what,
        "BackendRules.named(\"acme\").rule(\"dense\", op(\"Gemm\").where("
            + condition
            + ")).activation(int8()).build()");
  }

  private void conditions() {
    String example =
        "NodeView.example(Node.of(\"g\", OpType.onnx(\"Gemm\"), List.of(\"x\", \"w\"), List.of(\"y\")), Map.of(\"w\", Tensor.of(new float[4], 2, 2)))";
    condition(
        "a condition of its own whose id has no dot",
        "NodeCondition.of(\"small\", \"it is small\", n -> true, " + example + ")");
    condition(
        "a condition of its own that its example does not meet",
        "NodeCondition.of(\"acme.small\", \"it is small\", n -> false, " + example + ")");
    condition(
        "a condition of its own that fails",
        "NodeCondition.of(\"acme.small\", \"it is small\", n -> n.node().name().equals(\"g\") || n.constant(7).orElseThrow() == null, "
            + example
            + ")");
    condition(
        "a condition of its own without words",
        "NodeCondition.of(\"acme.small\", null, n -> true, " + example + ")");
    condition("a condition that is null", "(NodeCondition) null");
    condition("a rank that is none of several: of none", "Conditions.rankIn(0)");
    condition("an attribute that is one of no values", "Conditions.attributeIn(\"transA\")");
    condition("a condition on a negative operand", "Conditions.constantOperand(-1)");
    condition(
        "a condition on a step that is not there",
        "Conditions.operandIs(0, MatchPoint.operand(3, 0))");
    condition("any of no conditions", "Conditions.any()");
  }

  private void axis(String what, String axis) {
    all.table(
        what,
        "BackendRules.named(\"acme\").rule(\"dense\", op(\"Gemm\").constantOperand(1)).weight(int8().weightOnly().symmetric().perChannel(ChannelAxis.of(\"acme.taps\", \"tap\", "
            + axis
            + ", NodeView.example(Node.of(\"g\", OpType.onnx(\"Gemm\"), List.of(\"x\", \"w\"), List.of(\"y\")), Map.of(\"w\", Tensor.of(new float[4], 2, 2)))))).build()");
  }

  private void axes() {
    axis(
        "an axis of its own that the value has not",
        "n -> OptionalInt.of(n.node().name().equals(\"g\") ? 1 : 5)");
    axis(
        "an axis of its own that is null",
        "n -> n.node().name().equals(\"g\") ? OptionalInt.of(1) : null");
    axis(
        "an axis of its own that fails",
        "n -> { if (n.node().name().equals(\"g\")) return OptionalInt.of(1); throw new IllegalStateException(\"no layout\"); }");
    axis("an axis of its own that its example has not", "n -> OptionalInt.empty()");
    axis("an axis of its own that is negative", "n -> OptionalInt.of(-1)");
  }

  private void tables() {
    String table = "BackendRules.named(\"acme\")";
    all.table("a rule without marks", table + ".rule(\"dense\", op(\"Gemm\")).build()");
    all.table(
        "a rule without a name", table + ".rule(\"\", op(\"Gemm\")).activation(int8()).build()");
    all.table(
        "a rule that is null", table + ".rule(null, op(\"Gemm\")).activation(int8()).build()");
    all.table(
        "two marks on one point",
        table
            + ".rule(\"dense\", op(\"Gemm\")).activation(int8()).mark(operand(0), uint8()).build()");
    all.table(
        "a mark on a step that is not there",
        table + ".rule(\"dense\", op(\"Gemm\")).mark(operand(2, 0), int8()).build()");
    all.table(
        "an output that shares an input of which it says nothing",
        table + ".rule(\"dense\", op(\"Gemm\")).outputSharesInput().build()");
    all.table(
        "a share with a point that the rule does not mark",
        table + ".rule(\"dense\", op(\"Gemm\")).output(sharedWith(operand(1))).build()");
    all.table(
        "a bias of points that the rule does not mark",
        table + ".rule(\"dense\", op(\"Gemm\")).bias(derivedFromInputAndWeight()).build()");
    all.table(
        "groups of no elements",
        table
            + ".rule(\"dense\", op(\"Gemm\").constantOperand(1)).weight(int8().symmetric().perGroup(inputChannel(), 0)).build()");
    all.table(
        "a rule that is changed when it has ended",
        "late(" + table + ")",
        "static BackendRules late(BackendRules.Builder b) { BackendRules.RuleBuilder one = b.rule(\"dense\", op(\"Gemm\")).activation(int8()); BackendRules made = one.build(); one.output(int8()); return made; }");
    all.table(
        "a rule that is lost, with a typo in the operator of the other",
        table
            + ".rule(\"dense\", op(\"Gemm\")).activation(int8()).rule(\"relu\", op(\"relu\")).output(int8()).build()");
    all.table(
        "a name of a step twice",
        table
            + ".rule(\"pair\", op(\"Gemm\").as(\"a\").then(\"Relu\").as(\"a\")).output(int8()).build()");
    all.table(
        "a table that is another one at each call",
        "++calls % 2 == 0 ? "
            + table
            + ".rule(\"a\", op(\"Gemm\")).activation(int8()).build() : "
            + table
            + ".rule(\"b\", op(\"Gemmm\")).activation(int8()).build()",
        "static int calls;");
  }

  private void rewritings() {
    String kind = "a hook of the quantizer";
    String rewrite = "public GraphEditor.Edited transformForAnnotation(Graph g) ";
    all.quantizer(
        kind,
        "transformForAnnotation fails",
        VendorMistakes.PLAN,
        rewrite + "{ throw new IllegalStateException(\"no pass\"); }");
    all.quantizer(
        kind,
        "transformForAnnotation makes a circle",
        VendorMistakes.PLAN,
        rewrite
            + "{ GraphEditor e = new GraphEditor(g); e.setOperand(\"hidden\", 0, g.node(\"head\").get().results().get(0)); return e.finish(); }");
    all.quantizer(
        kind,
        "transformForAnnotation has two nodes of one name",
        VendorMistakes.PLAN,
        rewrite
            + "{ List<Node> n = new ArrayList<>(g.nodes()); n.add(n.get(0)); return new GraphEditor.Edited(new Graph(g.name(), g.inputs(), g.outputs(), g.initializers(), n, g.values(), g.origin()), NameMapping.identity()); }");
    all.quantizer(
        kind,
        "transformForAnnotation is another one when the plan is taken up",
        VendorMistakes.QUANTIZE,
        "static int calls; "
            + rewrite
            + "{ if (calls++ == 0) return new GraphEditor.Edited(g, NameMapping.identity()); throw new IllegalStateException(\"called twice\"); } public List<Finding> validate(AnnotatedGraph a) { transformForAnnotation(a.graph()); return List.of(); }");
    all.quantizer(
        kind,
        "nodeOptions has a null",
        VendorMistakes.PLAN,
        "public Set<String> nodeOptions() { Set<String> s = new HashSet<>(); s.add(null); return s; }");
    all.quantizer(
        kind,
        "validate finds null",
        VendorMistakes.PLAN,
        "public List<Finding> validate(AnnotatedGraph g) { return Arrays.asList((Finding) null); }");
    all.quantizer(
        kind,
        "validate names a node that is not there",
        VendorMistakes.PLAN,
        "public List<Finding> validate(AnnotatedGraph g) { return List.of(FindingId.error(\"ACME-001\", \"No.\", \"Mend it.\").aboutNode(\"gone\", \"no\")); }");
  }

  private void adjustments() {
    String kind = "a hook of the quantizer";
    all.quantizer(
        kind,
        "adjustObservers shares a group",
        VendorMistakes.PLAN,
        "public void adjustObservers(ObserverPlan p) { p.replace(0, new QuantizationSpec.Shared(Point.result(\"relu\", 0))); }");
    all.quantizer(
        kind,
        "adjustObservers replaces by null",
        VendorMistakes.PLAN,
        "public void adjustObservers(ObserverPlan p) { p.replace(0, null); }");
    all.quantizer(
        kind,
        "adjustObservers asks for what no mode converts",
        VendorMistakes.PLAN,
        "public void adjustObservers(ObserverPlan p) { p.replace(0, Base.int8Spec().withGranularity(new Granularity.PerChannel(9))); }");
    all.quantizer(
        kind,
        "adjustParameters sets no scale",
        VendorMistakes.QUANTIZE,
        "ParameterPlan kept; public void adjustParameters(ParameterPlan p) { p.set(0, QuantizationParameters.of(new float[0], new long[0])); }");
    all.quantizer(
        kind,
        "adjustParameters sets null",
        VendorMistakes.QUANTIZE,
        "public void adjustParameters(ParameterPlan p) { p.set(0, null); }");
    all.quantizer(
        kind,
        "adjustParameters sets two scales for one",
        VendorMistakes.QUANTIZE,
        "public void adjustParameters(ParameterPlan p) { p.set(0, QuantizationParameters.of(new float[] {1, 2}, new long[] {0, 0})); }");
    all.quantizer(
        kind,
        "adjustParameters fails",
        VendorMistakes.QUANTIZE,
        "public void adjustParameters(ParameterPlan p) { throw new IllegalStateException(\"no table\"); }");
  }

  private void observers() {
    all.observer(
        "has statistics that are null",
        VendorMistakes.QUANTIZE,
        "public ValueObserver create(ObserverContext c) { return new Watch() { public List<ChannelStatistics> statistics() { return null; } }; }");
    all.observer(
        "has statistics with a null",
        VendorMistakes.QUANTIZE,
        "public ValueObserver create(ObserverContext c) { return new Watch() { public List<ChannelStatistics> statistics() { return Arrays.asList((ChannelStatistics) null); } }; }");
    all.observer(
        "gives parameters that are null",
        VendorMistakes.QUANTIZE,
        "public Optional<QuantizationParameters> parameters(RangeContext c, ChannelStatistics s) { return null; }");
    all.observer(
        "gives a scale that is no number",
        VendorMistakes.QUANTIZE,
        "public Optional<QuantizationParameters> parameters(RangeContext c, ChannelStatistics s) { return Optional.of(QuantizationParameters.of(Float.NaN, 0)); }");
    all.observer(
        "gives a zero point that the type has no room for",
        VendorMistakes.QUANTIZE,
        "public Optional<QuantizationParameters> parameters(RangeContext c, ChannelStatistics s) { return Optional.of(QuantizationParameters.of(1, 999)); }");
    all.observer(
        "gives two scales for one channel",
        VendorMistakes.QUANTIZE,
        "public Optional<QuantizationParameters> parameters(RangeContext c, ChannelStatistics s) { return Optional.of(QuantizationParameters.of(new float[] {1, 2}, new long[] {0, 0})); }");
    all.observer(
        "changes the values that it is shown",
        VendorMistakes.QUANTIZE,
        "public ValueObserver create(ObserverContext c) { return new Watch() { public void observe(float[] d, int f, int n, ChannelLayout l) { super.observe(d, f, n, l); d[d.length] = 0; } }; }");
    all.members(
        "observers",
        "two of one name",
        VendorMistakes.PLAN,
        "public List<ObserverKind> observers() { return List.of(new Mean(), new Mean()); }");
    all.members(
        "observers",
        "a null among them",
        VendorMistakes.PLAN,
        "public List<ObserverKind> observers() { return Arrays.asList((ObserverKind) null); }");
  }

  private void runtimes() {
    all.runtime("has no list of inputs", "public List<ValueInfo> inputs() { return null; }");
    all.runtime(
        "fails to tell its outputs",
        "public List<ValueInfo> outputs() { throw new IllegalStateException(\"no device\"); }");
    all.runtime(
        "gives an output that is null",
        "public Map<String, Tensor> run(Map<String, Tensor> i, Cancellation c) { Map<String, Tensor> m = new HashMap<>(); m.put(\"scores\", null); return m; }");
    all.runtime(
        "has options that are null", "public List<OptionDescriptor> options() { return null; }");
    all.members(
        "runtimes",
        "promises nothing but null",
        VendorMistakes.PAGE,
        "public Optional<BackendRuntime> runtime() { return Optional.of(new Runs() { public RuntimeUses uses(Options o) { return null; } }); }");
    all.members(
        "runtimes",
        "fails to tell what it promises",
        VendorMistakes.PAGE,
        "public Optional<BackendRuntime> runtime() { return Optional.of(new Runs() { public RuntimeUses uses(Options o) { throw new IllegalStateException(\"no device\"); } }); }");
    all.members(
        "runtimes",
        "promises two things of one use",
        VendorMistakes.PAGE,
        "public Optional<BackendRuntime> runtime() { return Optional.of(new Runs() { public RuntimeUses uses(Options o) { return RuntimeUses.of(DeclaredUse.of(\"Relu\").exact(), DeclaredUse.of(\"Relu\").bounded(1)); } }); }");
    all.members(
        "a method of the provider returns null",
        "alsoRunBy",
        VendorMistakes.QUANTIZE,
        "public List<String> alsoRunBy() { return null; }");
    all.members(
        "a method of the provider returns null",
        "version",
        VendorMistakes.PLAN,
        "public Optional<String> version() { return null; }");
    all.members(
        "a method of the provider returns null",
        "operators",
        VendorMistakes.PLAN,
        "public List<CustomOperator> operators() { return null; }");
    all.members(
        "a method of the provider returns null",
        "derivations",
        VendorMistakes.PLAN,
        "public List<DerivationKind> derivations() { return null; }");
    all.members(
        "a method of the provider returns null",
        "scaleGrids",
        VendorMistakes.PLAN,
        "public List<ScaleGridKind> scaleGrids() { return null; }");
  }

  private void handedOut() {
    String kind = "what it hands out";
    all.members(
        kind,
        "a list without end",
        VendorMistakes.PLAN,
        "public List<OptionDescriptor> options() { return new AbstractList<>() { public OptionDescriptor get(int i) { return ONE; } public int size() { return Integer.MAX_VALUE; } }; } static final OptionDescriptor ONE = OptionDescriptor.flag(\"one\", \"One.\");");
    all.members(
        kind,
        "an iterator that never ends",
        VendorMistakes.PLAN,
        "public List<OptionDescriptor> options() { return new AbstractList<>() { public OptionDescriptor get(int i) { return ONE; } public int size() { return 1; } public Iterator<OptionDescriptor> iterator() { return new Iterator<>() { public boolean hasNext() { return true; } public OptionDescriptor next() { return ONE; } }; } }; } static final OptionDescriptor ONE = OptionDescriptor.flag(\"one\", \"One.\");");
    all.members(
        kind,
        "a list that fails when it is read",
        VendorMistakes.PLAN,
        "public List<OptionDescriptor> options() { return new AbstractList<>() { public OptionDescriptor get(int i) { throw new IllegalStateException(\"closed\"); } public int size() { return 1; } }; }");
    all.members(
        kind,
        "other options at each call",
        VendorMistakes.PLAN + " --option o1=true",
        "static int calls; public List<OptionDescriptor> options() { return List.of(OptionDescriptor.flag(\"p\" + calls++, \"One.\")); }");
    all.members(
        kind,
        "capabilities that fail at the second call",
        VendorMistakes.PAGE,
        "static int calls; public List<Capability> capabilities(Options o) { if (calls++ > 0) throw new IllegalStateException(\"used up\"); return List.of(); }");
    all.members(
        kind,
        "a quantizer that somebody else uses, too",
        VendorMistakes.PLAN,
        "static Marks one = new Marks() { AnnotationContext first; public void annotate(AnnotationContext c) { if (first == null) first = c; super.annotate(first); super.annotate(c); } }; public Quantizer create(Options o) { return one; }");
  }
}
