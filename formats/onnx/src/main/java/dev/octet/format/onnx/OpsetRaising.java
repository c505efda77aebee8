package dev.octet.format.onnx;

import dev.octet.api.error.OctetException;
import dev.octet.api.format.RaisedModel;
import dev.octet.api.format.StoredForm;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.Granularity;
import dev.octet.format.onnx.proto.OnnxMl.FunctionProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import dev.octet.format.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Raises the version of the default operator set that a model is written in, without changing what
 * the model computes.
 *
 * <p>Which version defines which operator anew stands in {@link
 * dev.octet.api.operator.OperatorSignature}, which covers every operator of the default domain, and
 * whether nodes must be converted in {@link OperatorConversions}. Nodes of other domains stay as
 * they are. Operator sets {@value #OLDEST} to {@value #NEWEST} are understood; others can be read
 * and written, not raised. Raise a model before nodes of the newer version are added to it.
 * Thread-safe.
 */
final class OpsetRaising {

  /** The oldest operator set that is understood. */
  static final long OLDEST = 7;

  /** The newest operator set that is understood. */
  static final long NEWEST = 25;

  private OpsetRaising() {}

  /**
   * Returns the first operator set that has room for a stored type and granularity: 11 for 8 bits
   * (and int32, which is only dequantized) per tensor, 13 per channel, 21 for 4 and 16 bits and for
   * runs along one axis, 25 for 2 bits. Empty when none has.
   *
   * <p>QuantizeLinear and DequantizeLinear are those of 10, but 11 has the nodes that compute
   * scales and those that ONNX Runtime's optimizer adds: it quantizes a bias that is left float by
   * a Round, and refuses the model when there is none. Rows with scales of their own are runs.
   */
  static OptionalLong neededFor(StoredForm form) {
    long byType =
        switch (form.type()) {
          case INT8, UINT8, INT32 -> 11;
          case INT4, UINT4, INT16, UINT16 -> 21;
          case INT2, UINT2 -> 25;
          default -> 0;
        };
    // 0 for granularities that DequantizeLinear does not know.
    long byGranularity =
        form.granularity()
            .match(
                new Granularity.Cases<>(
                    whole -> 11L,
                    channel -> 13L,
                    group -> 21L,
                    block -> 0L,
                    token -> form.dynamic() ? 21L : 0L));
    return byType == 0 || byGranularity == 0
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(byType, byGranularity));
  }

  /**
   * Checks that the operator set of a model is understood.
   *
   * @throws OctetException of kind QUANTIZATION, OCT-ONNX-040, if it is not
   */
  static void requireUnderstood(Model model) {
    if (model.opset() < OLDEST || model.opset() > NEWEST) {
      throw OnnxErrors.UNKNOWN_OPSET
          .error(
              "the model uses operator set "
                  + model.opset()
                  + "; "
                  + OLDEST
                  + " to "
                  + NEWEST
                  + " are understood")
          .build();
    }
  }

  /**
   * Raises a model to an operator set; a model of that operator set or a newer one stays as it is.
   *
   * @param target the operator set, at most {@link #NEWEST}
   * @throws OctetException of kind QUANTIZATION: OCT-ONNX-040 if the model's operator set is not
   *     understood, OCT-ONNX-041 that names every node that cannot be raised and why
   * @throws IllegalArgumentException if the target is above {@link #NEWEST}
   */
  static RaisedModel raise(Model model, long target) {
    if (target > NEWEST) {
      throw new IllegalArgumentException("operator set " + target + " is not understood");
    }
    requireUnderstood(model);
    if (model.opset() >= target) {
      return new RaisedModel(model, List.of());
    }
    GraphEditor editor = new GraphEditor(model.graph());
    RaisingContext context = new RaisingContext(editor, new KnownValues(model.graph()));
    for (Node node : model.graph().nodesWithSubgraphs()) {
      raise(node, model.opset(), target, context);
    }
    refuseOutdated(model, target, context);
    if (!context.refusals().isEmpty()) {
      throw refused(model.opset(), target, context.refusals());
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(raised(model.opset(), target));
    findings.addAll(context.findings());
    return new RaisedModel(
        model.withGraph(editor.finish().graph()).withOpset("", target), findings);
  }

  private static void raise(Node node, long from, long target, RaisingContext context) {
    if (!node.op().domain().isEmpty()) {
      return;
    }
    if (OperatorHistory.since(node.op().name(), target).isEmpty()) {
      context.refuse(node, "operator set " + target + " has no such operator");
      return;
    }
    long at = from;
    int refusals = context.refusals().size();
    OptionalLong next = OperatorHistory.nextConversion(node.op().name(), at, target);
    while (next.isPresent() && context.refusals().size() == refusals) {
      at = next.getAsLong();
      Node present = context.editor().node(node.name());
      OperatorConversions.of(present.op().name(), at).convert(present, context);
      String operator = context.editor().node(node.name()).op().name();
      next = OperatorHistory.nextConversion(operator, at, target);
    }
  }

  /** Functions and training graphs are carried as they are, so they must not be touched by this. */
  private static void refuseOutdated(Model model, long target, RaisingContext context) {
    Optional<ModelOrigin> origin = Origins.of(model.origin(), ModelOrigin.class);
    if (origin.isEmpty()) {
      return;
    }
    if (origin.get().rest().getTrainingInfoCount() > 0) {
      context.refusals().add("the training graphs of the model");
    }
    for (FunctionProto function : origin.get().rest().getFunctionsList()) {
      for (OperatorSetIdProto opset : function.getOpsetImportList()) {
        if (Opsets.domain(opset).isEmpty() && changes(function, opset.getVersion(), target)) {
          context.refusals().add("function '" + function.getName() + "' of the model");
        }
      }
    }
  }

  private static boolean changes(FunctionProto function, long from, long target) {
    return function.getNodeList().stream()
        .filter(node -> node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx"))
        .map(NodeProto::getOpType)
        .anyMatch(op -> !OperatorHistory.since(op, from).equals(OperatorHistory.since(op, target)));
  }

  private static OctetException refused(long from, long target, List<String> refusals) {
    return OnnxErrors.NOT_RAISED
        .error(
            "the model cannot be raised from operator set "
                + from
                + " to "
                + target
                + " because of "
                + String.join("; ", refusals))
        .next("Export the model with operator set " + target + " or newer.");
  }

  private static Finding raised(long from, long target) {
    return OnnxErrors.RAISED.about(
        "the model is raised from operator set " + from + " to " + target);
  }
}
