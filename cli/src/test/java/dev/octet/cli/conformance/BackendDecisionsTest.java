package dev.octet.cli.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.rules.RuleQuantizer;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Point;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.backend.arm.ArmProvider;
import dev.octet.backend.qnn.QnnProvider;
import dev.octet.backend.x86.X86Provider;
import dev.octet.backend.xnnpack.XnnpackProvider;
import dev.octet.cli.conformance.DecisionTable.Meant;
import dev.octet.cli.conformance.GoldenCases.GoldenCase;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares what the backends {@code xnnpack} and {@code x86} decide with what PyTorch's
 * XNNPACKQuantizer and X86InductorQuantizer decided on the same graphs, point by point, and the
 * constants bit by bit. Every difference is listed with its reason; nothing else may differ.
 */
class BackendDecisionsTest {

  private static final String TIED =
      "PyTorch skips a convolution whose weight another one has claimed; each is quantized here";
  private static final String MERGED =
      "PyTorch calls the convolution twice and skips one of them; the model has it once, with two"
          + " readers";
  private static final String NOT_FOLDED =
      "PyTorch folds a BatchNormalization into a convolution that has another reader, which changes"
          + " the result; it is not folded here";
  private static final String POOL =
      "ONNX has one operator for the average pooling of whole planes that PyTorch leaves float and"
          + " for the adaptive one that it quantizes; it stays float here";
  private static final String CELL =
      "PyTorch has one operator for an LSTM cell, which stays float; the model has its parts";
  private static final String FILTERS =
      "PyTorch's filters by module never match a convolution; the policy does what it says";
  private static final String EXCLUDED =
      "PyTorch quantizes pass-through operators inside what its filter excludes";
  private static final String FAILS = "PyTorch fails; every convolution is quantized here";
  private static final String SPELLING =
      "PyTorch finds layers by how the program spells them: torch.relu and F.relu are not found"
          + " behind a convolution, nn.ReLU is; the model has one Relu";

  private static final String DROPOUT =
      "PyTorch has a dropout between convolution and Relu, which hinders their fusion even in"
          + " inference; the model has none";
  private static final String ALIAS =
      "PyTorch has an alias between the sum and the slice of it, behind which nothing is handed on;"
          + " the model has none";

  private static final String GROUPED =
      "PyTorch fails at a grouped transposed convolution; it stays float here, between an input and"
          + " an output that are integers";
  private static final String CALLED =
      "PyTorch calls the convolution twice, and quantizes each call; the model has it once, with two"
          + " readers";
  private static final String COPIED =
      "PyTorch copies a weight that two layers use; they share it and its scales here";
  private static final String REQUANTIZED =
      "PyTorch joins a fixed result with the observed operand that reads it; a requantization"
          + " stands between here";
  private static final String ONE_BIAS =
      "PyTorch joins the derived specs of a bias that two layers use, and one layer's holds; each"
          + " has its own here";
  private static final String UNSEEN_DROPOUT =
      "PyTorch has a dropout between convolution and Relu, which hands nothing on; the model has"
          + " none";

  private static final String HANDED_ON =
      "PyTorch hands parameters on that are found while the model runs, which are those of one value;"
          + " what would hand them on stays float here";

  /** All but another spec at a point that both quantize. */
  private static final String STRUCTURE = "^(float|quantized|group|marked)";

  private static final List<Meant> XNNPACK =
      List.of(
          Meant.of("(shared_conv_weight|same_conv_called_twice)/.*", STRUCTURE, 6, TIED),
          Meant.of("conv_two_relu_users/.*", STRUCTURE, 3, MERGED),
          Meant.of("conv_bn_shared_conv_two_users/.*", STRUCTURE, 4, NOT_FOLDED),
          Meant.of("adaptive_avgpool/.*", STRUCTURE, 1, POOL),
          Meant.of("lstm_cell/.*", STRUCTURE, 25, CELL),
          Meant.of("dropout_eval/.*", "^float, quantized in theirs: (Conv|Relu) ", 4, DROPOUT),
          Meant.of(
              "kwt1/xnnpack\\.static_pc",
              "^quantized, not in theirs: (Slice|Squeeze) |"
                  + "^group: (Add result 0 of 'Add_794'|MatMul operand 0 of 'MatMul_797') ",
              5,
              ALIAS),
          Meant.of(
              "resnet20/xnnpack_policy\\.(module_name_.*|module_type_basicblock.*|"
                  + "module_type_conv2d_only|operator_linear_dynamic_name_layer3_pc)",
              "^quantized, not in theirs: (Conv|Relu) ",
              139,
              FILTERS),
          Meant.of(
              "resnet20/xnnpack_policy\\.filter_excludes_layer2",
              "^float, quantized in theirs: Slice ",
              1,
              EXCLUDED));

  private static final List<Meant> X86 =
      List.of(
          Meant.of("shared_conv_weight/.*", STRUCTURE, 4, SPELLING),
          Meant.of("(cat_after_convs|view_chain)/.*", STRUCTURE, 5, SPELLING),
          Meant.of("resnet20/x86_inductor\\.qat", STRUCTURE, 38, SPELLING),
          Meant.of(
              "(conv_two_relu_users|same_conv_called_twice|one_quantized_one_float_user)/.*",
              "^theirs fails",
              3,
              FAILS),
          Meant.of("adaptive_avgpool/.*", STRUCTURE, 2, POOL),
          Meant.of(
              "(kws|mnist)/x86_inductor\\.dynamic",
              "^float, quantized in theirs: (AveragePool|Flatten|MaxPool|Reshape) ",
              10,
              HANDED_ON),
          Meant.of("lstm_cell/.*", STRUCTURE, 10, CELL));

  private static final List<Meant> ARM =
      List.of(
          Meant.of("conv_transpose_grouped/.*", "^theirs fails, ours marks 2 ", 1, GROUPED),
          Meant.of("(conv_two_relu_users|one_quantized_one_float_user)/.*", STRUCTURE, 12, CALLED),
          Meant.of("(shared_conv_weight|same_conv_called_twice)/.*", "^group: Conv", 4, COPIED),
          Meant.of("dropout_eval/.*", "^float, quantized in theirs: (Conv|Relu) ", 2, DROPOUT),
          Meant.of("conv_bn_shared_conv_two_users/.*", STRUCTURE, 4, NOT_FOLDED));

  private static final List<Meant> QNN =
      List.of(
          Meant.of("(silu|conv_two_relu_users)/.*", "^spec: (Add|Mul) .*fixed", 2, REQUANTIZED),
          Meant.of("(conv_two_relu_users|one_quantized_one_float_user)/.*", STRUCTURE, 8, CALLED),
          Meant.of("same_conv_called_twice/.*", "^spec: Conv operand 2 ", 1, ONE_BIAS),
          Meant.of("dropout_eval/.*", "^group", 2, UNSEEN_DROPOUT),
          Meant.of("conv_bn_shared_conv_two_users/.*", STRUCTURE, 4, NOT_FOLDED),
          Meant.of("lstm_cell/.*", STRUCTURE, 37, CELL));

  @Test
  void armDecidesAsTosaQuantizer() {
    compareDecisions(new ArmProvider(), "arm", UnaryOperator.identity(), ARM, 97);
  }

  @Test
  void qnnDecidesAsQnnQuantizer() {
    compareDecisions(new QnnProvider(), "qualcomm", UnaryOperator.identity(), QNN, 90);
  }

  @Test
  void xnnpackDecidesAsXnnpackQuantizer() {
    compareDecisions(
        new XnnpackProvider(), "xnnpack", RuleQuantizer::onlyWhereSelectedAndBehind, XNNPACK, 188);
  }

  @Test
  void x86DecidesAsX86InductorQuantizer() {
    compareDecisions(new X86Provider(), "x86_inductor", RuleQuantizer::onlyWhereSelected, X86, 93);
  }

  /** The differences by filters alone do not show the specs that the policy asks for. */
  @ParameterizedTest
  @CsvSource({
    "module_name_layer1_only, Conv_4, -127 per channel",
    "module_name_layer1_only, Conv_25, float",
    "module_name_layer2_conv_qc4_global_pc, Conv_34, -8 per channel",
    "module_name_layer2_conv_qc4_global_pc, Conv_41, -127 per channel",
    "module_type_basicblock_pt_global_pc, Conv_4, -127 per tensor",
    "module_type_basicblock_pt_global_pc, Conv_1, -127 per channel",
    "module_type_conv2d_only, Conv_1, -127 per channel",
    "operator_linear_dynamic_name_layer3_pc, Conv_48, -127 per channel",
    "operator_linear_dynamic_name_layer3_pc, Conv_41, float"
  })
  void aPolicyByModuleReachesItsConvolutions(String policy, String node, String weight) {
    GoldenCase golden =
        GoldenCases.models("xnnpack").stream()
            .filter(c -> c.name().equals("resnet20/xnnpack_policy." + policy))
            .findFirst()
            .orElseThrow();
    Plan plan =
        plan(
            new XnnpackProvider(),
            golden,
            golden.read(),
            RuleQuantizer::onlyWhereSelectedAndBehind);
    String found =
        plan.group(Point.operand(node, 1)).map(g -> weightWords(g.spec())).orElse("float");
    assertEquals(weight, found);
  }

  private static String weightWords(QuantizationSpec spec) {
    QuantizationSpec.Observed observed = (QuantizationSpec.Observed) spec;
    boolean tensor = observed.granularity() instanceof Granularity.PerTensor;
    return observed.type().min() + (tensor ? " per tensor" : " per channel");
  }

  @Test
  void constantsOfXnnpackHaveTheBitsOfPyTorch() {
    compareConstants(
        new XnnpackProvider(), "xnnpack", RuleQuantizer::onlyWhereSelectedAndBehind, 384);
  }

  @Test
  void constantsOfArmHaveTheBitsOfPyTorch() {
    compareConstants(new ArmProvider(), "arm", UnaryOperator.identity(), 187);
  }

  @Test
  void constantsOfQnnHaveTheBitsOfPyTorch() {
    compareConstants(new QnnProvider(), "qualcomm", UnaryOperator.identity(), 121);
  }

  @Test
  void constantsOfX86HaveTheBitsOfPyTorch() {
    compareConstants(new X86Provider(), "x86_inductor", RuleQuantizer::onlyWhereSelected, 240);
  }

  private static void compareDecisions(
      QuantizerProvider provider,
      String family,
      UnaryOperator<RuleQuantizer> withoutGlobal,
      List<Meant> meant,
      int cases) {
    DecisionTable table = new DecisionTable("decisions of " + provider.name(), meant);
    for (GoldenCase golden : cases(family)) {
      table.add(golden, plan(provider, golden, golden.read(), withoutGlobal));
    }
    System.out.println(table);
    assertEquals(List.of(), table.different(), () -> String.join("\n", table.different()));
    assertEquals(List.of(), table.miscounted(), "meant of another number of points");
    assertEquals(cases, table.cases());
    assertTrue(table.equal() >= 0.8 * table.compared(), "points equal");
  }

  private static void compareConstants(
      QuantizerProvider provider,
      String family,
      UnaryOperator<RuleQuantizer> withoutGlobal,
      int constants) {
    List<String> differences = new ArrayList<>();
    int equal = 0;
    int atOtherFloors = 0;
    for (GoldenCase golden : GoldenCases.models(family)) {
      GoldenDecisions decisions = GoldenDecisions.read(golden.file().orElseThrow());
      if (!decisions.trained()) {
        Model model = golden.read();
        ConstantComparison comparison =
            ConstantComparison.of(model, plan(provider, golden, model, withoutGlobal), decisions);
        equal += comparison.equal();
        atOtherFloors += comparison.atOtherFloors();
        comparison.differences().forEach(d -> differences.add(golden.name() + ": " + d));
      }
    }
    System.out.println(
        "%s: %d constants equal, %d at another floor there, different %s"
            .formatted(provider.name(), equal, atOtherFloors, differences));
    assertEquals(List.of(), differences);
    assertEquals(constants, equal, "constants compared");
  }

  private static List<GoldenCase> cases(String family) {
    List<GoldenCase> cases = new ArrayList<>(GoldenCases.patterns(family));
    cases.addAll(GoldenCases.models(family));
    return cases;
  }

  private static Plan plan(
      QuantizerProvider provider,
      GoldenCase golden,
      Model model,
      UnaryOperator<RuleQuantizer> withoutGlobal) {
    Optional<GoldenDecisions> decisions = golden.file().map(GoldenDecisions::read);
    Policy policy = decisions.map(d -> GoldenPolicy.of(d, model.graph())).orElseGet(Policy::none);
    if (policy.rules().isEmpty()) {
      Options options = GoldenPolicy.options(golden.config());
      return Quantization.plan(
          QuantizationRequest.of(model, provider).options(options).policy(policy));
    }
    RuleQuantizer quantizer = ((RuleQuantizer) provider.create(Options.none())).withPolicy(policy);
    Quantizer chosen =
        GoldenPolicy.isGlobal(decisions.orElseThrow()) ? quantizer : withoutGlobal.apply(quantizer);
    return Quantization.plan(
        QuantizationRequest.of(model, QuantizerProvider.of(provider.name(), chosen)));
  }
}
