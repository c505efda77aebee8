package dev.octet.workflow.convert;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.spec.Mode;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlannedNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Converts a planned and calibrated model: a pure function, with the same bits on every machine.
 */
public final class Conversion {

  private Conversion() {}

  /**
   * Converts a model.
   *
   * @param plan the plan, bound to its model
   * @param calibration what was observed with this plan
   * @param cancellation asked between the tensors of the model
   * @throws OctetException as {@link #requireConvertible}; {@code OCT-CAL-016} if the calibration
   *     is another plan's; {@code OCT-CONV-008} if the plan quantizes nothing; {@code OCT-CONV-002}
   *     to {@code OCT-CONV-012} for groups that cannot be converted; as {@link
   *     Calibration#choices}; {@code OCT-RUN-007} if it is cancelled
   */
  public static QuantizedModel convert(
      Plan plan, Calibration calibration, Cancellation cancellation) {
    requireConvertible(plan);
    calibration.requireFor(plan.hash(), plan.prepared().preparedHash());
    if (plan.groups().isEmpty()) {
      throw ConversionErrors.NOTHING_QUANTIZED
          .error("the plan quantizes no node of this model")
          .at("the plan of backend '" + plan.document().backend() + "'")
          .build();
    }
    SortedMap<Integer, GroupParameters> parameters =
        new ParameterSearch(plan, calibration, cancellation).find();
    List<Finding> findings = new ArrayList<>(plan.findings());
    findings.addAll(calibration.findings());
    findings.addAll(new DerivedParameters(plan, parameters).add());
    Model float32 = plan.prepared().model();
    Model converted = float32.withGraph(new QdqInsertion(plan, parameters).apply(cancellation));
    Model stated =
        converted.withGraph(withTypesOf(plan.prepared().original().graph(), converted.graph()));
    return new QuantizedModel(stated, report(plan, stated, parameters, findings));
  }

  /**
   * Checks that every point of a plan has a mode that can be converted, so that no sample runs for
   * a plan that cannot.
   *
   * @throws OctetException {@code OCT-CONV-001} that names the first node with a dynamic or
   *     quantization-aware point
   */
  public static void requireConvertible(Plan plan) {
    for (PlannedNode node : plan.nodes()) {
      List<Point> points = new ArrayList<>();
      node.operands().forEach(p -> points.add(Point.operand(node.name(), p.index())));
      node.results().forEach(p -> points.add(Point.result(node.name(), p.index())));
      for (Point point : points) {
        plan.group(point)
            .flatMap(group -> group.spec().observed())
            .ifPresent(spec -> requireConvertible(point, spec.mode()));
      }
    }
  }

  private static void requireConvertible(Point point, Mode mode) {
    switch (mode) {
      case STATIC, WEIGHT_ONLY -> {}
      case DYNAMIC -> throw refused(point, "while the model runs", "dynamic");
      case QUANTIZATION_AWARE -> throw refused(point, "in training", "quantization-aware");
    }
  }

  private static OctetException refused(Point point, String found, String mode) {
    return ConversionErrors.NOT_STATIC
        .error(
            "node '"
                + point.node()
                + "' has a point whose parameters are found "
                + found
                + " (mode "
                + mode
                + "), which can be planned, but not yet calibrated or converted")
        .at(point.toString())
        .build();
  }

  /**
   * States the types that the user's model states, and no others: inferred ones would only make the
   * file larger.
   */
  private static Graph withTypesOf(Graph original, Graph graph) {
    Map<String, ValueInfo> values = new LinkedHashMap<>(original.values());
    values.keySet().removeIf(value -> graph.definition(value).isEmpty());
    return new Graph(
        graph.name(),
        graph.inputs(),
        graph.outputs(),
        graph.initializers(),
        graph.nodes(),
        values,
        graph.origin());
  }

  private static ConversionReport report(
      Plan plan,
      Model converted,
      SortedMap<Integer, GroupParameters> parameters,
      List<Finding> findings) {
    List<PlannedNode> nodes = plan.userNodes();
    List<ConversionReport.FloatNode> floats =
        nodes.stream()
            .filter(n -> !n.quantized())
            .map(n -> new ConversionReport.FloatNode(n.name(), n.op(), n.reason().orElse("")))
            .toList();
    return new ConversionReport(
        nodes.size(),
        nodes.size() - floats.size(),
        floats,
        constantBytes(plan.prepared().original().graph()),
        constantBytes(converted.graph()),
        parameters,
        findings);
  }

  private static long constantBytes(Graph graph) {
    long bytes = graph.initializers().values().stream().mapToLong(Tensor::byteCount).sum();
    for (Node node : graph.nodes()) {
      bytes += node.subgraphs().stream().mapToLong(Conversion::constantBytes).sum();
    }
    return bytes;
  }
}
