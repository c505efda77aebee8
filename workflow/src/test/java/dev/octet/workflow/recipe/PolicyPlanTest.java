package dev.octet.workflow.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.policy.ModulePosition;
import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.Selector;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.Options;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.normalise.Models;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.plan.PlannedNode;
import dev.octet.workflow.text.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyPlanTest {

  /** Conv, a BatchNormalization that is folded into it, Relu, Flatten and Gemm. */
  private static Model model() {
    return Models.convolution("n")
        .node("block/relu", "Relu", List.of("n"), "r")
        .node("flat", "Flatten", List.of("r"), "f")
        .constant("v", Tensor.of(new float[54], 18, 3))
        .node("block/head", "Gemm", List.of("f", "v"), "y")
        .output("y", 2)
        .model(13);
  }

  private static Plan plan(Options options, Policy policy) {
    return Quantization.plan(
        QuantizationRequest.of(model(), new NodeOptionsBackend()).options(options).policy(policy));
  }

  private static Plan plan(Policy policy) {
    return plan(Options.none(), policy);
  }

  private static OctetException refused(Options options, Policy policy) {
    return assertThrows(OctetException.class, () -> plan(options, policy));
  }

  private static PlannedNode node(Plan plan, String name) {
    return plan.nodes().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<String> deciders(Plan plan) {
    return plan.nodes().stream().map(PlannedNode::decidedBy).toList();
  }

  private static String type(Plan plan, String node) {
    QuantizationSpec spec = plan.group(Point.operand(node, 0)).orElseThrow().spec();
    return ((QuantizationSpec.Observed) spec).type().storage().name();
  }

  @Test
  void saysWhoDecidedOnEveryNode() {
    assertEquals(
        List.of("rule layer", "rule layer", "backend", "backend", "rule layer"),
        deciders(plan(Policy.none())));
    Policy policy =
        Policy.builder()
            .operatorType("Conv", Options.of("weight-bits", "4"))
            .exclude(Selector.module("block"))
            .build();
    Plan plan = plan(Options.of("exclude", "flat"), policy);
    assertEquals(
        List.of(
            "operator type 'Conv'",
            "operator type 'Conv'",
            "module 'block'",
            "node 'flat' (option exclude)",
            "module 'block'"),
        deciders(plan));
    assertEquals(
        Optional.of("excluded by node 'flat' (option exclude)"), node(plan, "flat").reason());
  }

  @Test
  void givesNodesTheirOwnOptionsOverThoseOfTheWholeModel() {
    Policy policy = Policy.builder().node("conv", Options.of("weight-bits", "4")).build();
    assertEquals("INT4", type(plan(policy), "conv"));
    assertEquals("INT8", type(plan(policy), "block/head"));
    Plan eight =
        plan(Options.of("weight-bits", "4", "configure", "op:Gemm weight-bits=8"), Policy.none());
    assertEquals("INT4", type(eight, "conv"));
    assertEquals("INT8", type(eight, "block/head"));
  }

  @Test
  void letsOptionsGoOverThePolicyOfEqualRank() {
    Policy policy = Policy.builder().node("conv", Options.of("weight-bits", "4")).build();
    Plan plan = plan(Options.of("configure", "conv weight-bits=8"), policy);
    assertEquals("node 'conv' (option configure)", node(plan, "conv").decidedBy());
    assertEquals("INT8", type(plan, "conv"));
  }

  @Test
  void selectsTheNodeThatAnotherWasFoldedInto() {
    for (Selector selector :
        List.of(Selector.node("bn"), Selector.operatorType("BatchNormalization"))) {
      Plan plan = plan(Policy.builder().exclude(selector).build());
      assertEquals(selector.words(), node(plan, "conv").decidedBy());
      assertEquals(selector.words(), node(plan, "bn").decidedBy());
      assertEquals(false, node(plan, "conv").quantized());
      assertEquals(true, node(plan, "block/head").quantized());
    }
  }

  @Test
  void knowsTheModuleOfAFoldedNodeFromMapAndMetadata() {
    Policy byMap =
        Policy.builder()
            .exclude(Selector.moduleType("Norm"))
            .modules(Map.of("bn", ModulePosition.of("layer1.bn", "Norm")))
            .build();
    assertEquals("module type 'Norm'", node(plan(byMap), "conv").decidedBy());
    Node bn =
        new Node(
            "bn",
            OpType.onnx("BatchNormalization"),
            List.of("c", "gamma", "beta", "mean", "variance"),
            List.of("y"),
            Map.of(),
            Map.of("pkg.torch.onnx.name_scopes", "['', 'layer2', 'layer2.bn', 'batch_norm']"),
            Optional.empty());
    Model stated = model(bn);
    Policy policy = Policy.builder().exclude(Selector.module("layer2.*")).build();
    Plan plan =
        Quantization.plan(QuantizationRequest.of(stated, new NodeOptionsBackend()).policy(policy));
    assertEquals("module 'layer2.*'", node(plan, "conv").decidedBy());
  }

  private static Model model(Node bn) {
    return new Models()
        .input("x", 1, 2, 3, 3)
        .constant("w", Tensor.of(new float[] {1f, 2f, 3f, 4f}, 2, 2, 1, 1))
        .vector("gamma", 2f, 0.1f)
        .vector("beta", 1f, 3f)
        .vector("mean", 0.25f, 0.3f)
        .vector("variance", 4f, 0.7f)
        .node("conv", "Conv", List.of("x", "w"), "c")
        .node(bn)
        .output("y", 4)
        .model(13);
  }

  @Test
  void refusesAMapOfModulesThatNamesNodesWhichDoNotExist() {
    Policy policy = Policy.builder().modules(Map.of("conf", ModulePosition.of("layer1"))).build();
    OctetException e = refused(Options.none(), policy);
    assertEquals("OCT-POL-005", e.id());
    assertEquals("conv", e.candidates().get(0));
  }

  @Test
  void plansAModelOfWhichEverythingIsExcludedWithAWarning() {
    Plan plan = plan(Options.of("exclude", "global:"), Policy.none());
    assertTrue(plan.nodes().stream().noneMatch(PlannedNode::quantized));
    assertEquals(List.of("OCT-PLAN-014"), plan.findings().stream().map(f -> f.id()).toList());
    assertEquals("global (option exclude)", node(plan, "flat").decidedBy());
  }

  @Test
  void refusesOptionsThatNodesCannotHaveAndValuesThatDoNotFit() {
    Policy mode = Policy.builder().node("conv", Options.of("mode", "dynamic")).build();
    OctetException e = refused(Options.none(), mode);
    assertEquals("OCT-POL-003", e.id());
    assertTrue(e.candidates().contains("weight-bits"), e.getMessage());
    OctetException value = refused(Options.of("configure", "conv weight-bits=5"), Policy.none());
    assertEquals("OCT-OPT-003", value.id());
    assertEquals(Optional.of("node 'conv' (option configure)"), value.place());
    assertEquals(List.of("8", "4"), value.candidates());
  }

  @Test
  void takesUpAPlanFromItsFileWithThePolicyItWasMadeWith() {
    Policy policy = Policy.builder().exclude(Selector.node("flat")).build();
    Options options = Options.of("exclude", "block/*", "configure", "conv weight-bits=4");
    Plan plan = plan(options, policy);
    PlanDocument read =
        PlanDocument.fromTree(
            JsonText.parse(JsonText.write(plan.document().toTree()), "plan.json"));
    assertEquals(plan.document(), read);
    Plan bound = Quantization.bind(read, model(), new NodeOptionsBackend());
    assertEquals(plan.nodes(), bound.nodes());
    assertEquals(plan.contentHash(), bound.contentHash());
    assertEquals(options, read.options());
    assertNotEquals(plan(options, Policy.none()).contentHash(), plan.contentHash());
  }

  @Test
  void selectsNoNodeThatTheModelHasNot() {
    OctetException e = refused(Options.of("exclude", "block/reluu"), Policy.none());
    assertEquals("OCT-POL-001", e.id());
    assertEquals("block/relu", e.candidates().get(0));
    assertEquals(Optional.of("node 'block/reluu' (option exclude)"), e.place());
  }
}
