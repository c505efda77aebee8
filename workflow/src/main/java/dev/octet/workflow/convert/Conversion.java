package dev.octet.workflow.convert;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Provenance;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.workflow.boundary.IntegerBoundary;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.LogitPaths;
import dev.octet.workflow.calibrate.ObservedGroup;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.calibrate.SeenSamples;
import dev.octet.workflow.data.ClassList;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanBackend;
import dev.octet.workflow.plan.PlannedBoundary;
import dev.octet.workflow.plan.PlannedNode;
import dev.octet.workflow.provenance.Claim;
import dev.octet.workflow.provenance.Claims;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Converts a planned and calibrated model: a pure function, with the same bits on every machine.
 *
 * <p>Code of the backend runs first: its observers and grids give parameters to the groups, {@link
 * dev.octet.api.quantizer.Quantizer#adjustParameters} adjusts them, and its derivations give those
 * of derived groups, for which scales of constants may grow. Constants are quantized and nodes
 * inserted afterwards. What the backend hands out for it is made anew for every conversion.
 */
public final class Conversion {

  private static final Finding NOTHING_TO_CALIBRATE =
      ConversionErrors.NOT_NEEDED.about(
          "Nothing of this plan is calibrated: it is converted without data and calibration, too.");

  /** How many groups a message names. */
  private static final int NAMED = 5;

  private Conversion() {}

  /**
   * Converts a model whose parameters calibration found. Nodes that quantize what no sample reached
   * stay float, and the report says so.
   *
   * @param plan the plan, bound to its model
   * @param calibration what was observed for this plan or for another of the same prepared model,
   *     see {@link Calibration}
   * @param cancellation asked between the tensors of the model
   * @return the model; that the plan has nothing to calibrate is among its findings
   * @throws OctetException as {@link #requireConvertible}; as {@link #requireCovered}; {@code
   *     OCT-PROV-001} if another jar of the backend made the plan or the calibration; {@code
   *     OCT-CONV-021} to {@code OCT-CONV-023} if the backend adjusts parameters that it may not;
   *     {@code OCT-CONV-008} if the plan quantizes nothing; {@code OCT-CONV-002} to {@code
   *     OCT-CONV-015} for groups that cannot be converted; as {@link Calibration#choices}; {@code
   *     OCT-RUN-007} if it is cancelled
   */
  public static QuantizedModel convert(
      Plan plan, Calibration calibration, Cancellation cancellation) {
    requireConvertible(plan);
    requireCovered(plan, calibration);
    Calibration own = calibration.restrictedTo(plan.observedGroups(), plan.observers());
    List<Finding> findings = new ArrayList<>(plan.findings());
    findings.addAll(plan.requireBuild());
    findings.addAll(plan.buildCheck().of("calibration", calibration.builds()));
    if (plan.observedGroups().isEmpty()) {
      findings.add(NOTHING_TO_CALIBRATE);
    }
    findings.addAll(own.findings());
    FixedGrids.of(plan, calibration).ifPresent(findings::add);
    Plan reached = ReachedPlan.of(plan, own);
    Calibration seen =
        reached == plan ? own : own.restrictedTo(reached.observedGroups(), plan.observers());
    Claims claims = claims(plan);
    return convert(
        reached,
        seen,
        plan.observedGroups().isEmpty() ? claims : own.claim(claims),
        plan.contentHash(),
        findings,
        cancellation);
  }

  /**
   * Checks that a calibration serves a plan.
   *
   * @throws OctetException {@code OCT-CAL-016} if it is of another prepared model; {@code
   *     OCT-CONV-006} if something that the plan needs was not observed, or not so; it names the
   *     groups
   */
  public static void requireCovered(Plan plan, Calibration calibration) {
    calibration.requireFor(plan.prepared().preparedHash());
    Map<ObservedGroup, String> lacking =
        calibration.lacking(plan.observedGroups(), plan.observers());
    if (!lacking.isEmpty()) {
      throw notCovered(lacking);
    }
  }

  private static OctetException notCovered(Map<ObservedGroup, String> lacking) {
    List<String> named =
        lacking.entrySet().stream()
            .limit(NAMED)
            .map(e -> "group '" + e.getKey().values().get(0) + "': " + e.getValue())
            .toList();
    int more = lacking.size() - named.size();
    return ConversionErrors.NOT_OBSERVED
        .error(
            "the calibration does not cover "
                + lacking.size()
                + (lacking.size() == 1 ? " group" : " groups")
                + " of the plan: "
                + String.join("; ", named)
                + (more > 0 ? "; and " + more + " more" : ""))
        .build();
  }

  /**
   * Converts a model of whose plan nothing is calibrated: every parameter is known, found in a
   * constant, or computed while the model runs.
   *
   * @param plan the plan, bound to its model
   * @param cancellation asked between the tensors of the model
   * @throws OctetException {@code OCT-CONV-020} if calibration must find the parameters of a group;
   *     as {@link #convert(Plan, Calibration, Cancellation)}
   */
  public static QuantizedModel convert(Plan plan, Cancellation cancellation) {
    requireConvertible(plan);
    List<ObservedGroup> observed = plan.observedGroups();
    if (!observed.isEmpty()) {
      throw ConversionErrors.NO_CALIBRATION
          .error(
              "calibration finds the parameters of "
                  + observed.size()
                  + " groups of the plan, the first is "
                  + String.join(", ", observed.get(0).values())
                  + ", and there is no calibration")
          .build();
    }
    Calibration nothing =
        new Calibration(plan.prepared().preparedHash(), SeenSamples.unknown(0), List.of());
    List<Finding> findings = new ArrayList<>(plan.findings());
    findings.addAll(plan.requireBuild());
    return convert(plan, nothing, claims(plan), plan.contentHash(), findings, cancellation);
  }

  /**
   * Converts.
   *
   * @param claims what the model says of where it comes from
   * @param planHash the content hash of the plan that was given, from which nodes may be missing in
   *     {@code plan} that no sample reached
   */
  private static QuantizedModel convert(
      Plan plan,
      Calibration calibration,
      Claims claims,
      String planHash,
      List<Finding> findings,
      Cancellation cancellation) {
    if (plan.groups().isEmpty() && plan.narrowFloats().isEmpty()) {
      String reasons = FloatReasons.of(plan.nodes());
      throw ConversionErrors.NOTHING_QUANTIZED
          .error(
              "the plan quantizes no node of this model"
                  + (reasons.isEmpty() ? ", which has none" : ": " + reasons))
          .at("the plan of backend '" + plan.document().backend() + "'")
          .build();
    }
    PlanBackend backend = plan.backend().anew();
    SortedMap<Integer, GroupParameters> parameters =
        parameters(plan, backend, calibration, findings, cancellation);
    Model float32 = plan.prepared().model();
    Graph inserted = new QdqInsertion(plan, parameters).apply(cancellation);
    Model converted =
        float32
            .withGraph(RedundantClips.widened(inserted, float32.opset()))
            .withMetadata(boundary(plan, parameters).metadata());
    Model stated =
        converted.withGraph(StatedTypes.of(plan.prepared().original().graph(), converted.graph()));
    Model named = ClassList.mark(stated, calibration.classNames());
    Model marked = Provenance.mark(named, planHash, plan.document().backend());
    return new QuantizedModel(claims.mark(marked), report(plan, parameters, findings));
  }

  /** Returns the parameters of all groups; adds what they cost to the findings. */
  private static SortedMap<Integer, GroupParameters> parameters(
      Plan plan,
      PlanBackend backend,
      Calibration calibration,
      List<Finding> findings,
      Cancellation cancellation) {
    Observers observers = backend.observers();
    LogitPaths paths = LogitPaths.of(plan.prepared().model());
    SortedMap<Integer, GroupParameters> parameters =
        new ParameterSearch(plan, observers, calibration, paths, cancellation).find();
    findings.addAll(new LogitRanges(plan, observers, paths, parameters, calibration).apply());
    SmallRanges.of(plan, observers, parameters).ifPresent(findings::add);
    ParameterAdjustment.Adjusted adjusted =
        ParameterAdjustment.by(backend.quantizer(), plan, observers, parameters);
    findings.addAll(adjusted.findings());
    findings.addAll(new DerivedParameters(plan, observers, parameters).add());
    new ClippedConstants(plan, observers, parameters, adjusted.groups())
        .finding()
        .ifPresent(findings::add);
    return parameters;
  }

  private static Claims claims(Plan plan) {
    return Claims.ofThisBuild()
        .with(plan.backend().build())
        .with(Claim.MODEL_CONTENT, plan.document().modelHash());
  }

  /**
   * Checks that every point of a plan has a mode that can be converted, so that no sample runs for
   * a plan that cannot.
   *
   * @throws OctetException {@code OCT-CONV-018} if an edited plan quantizes a computed value as a
   *     weight alone, which names node and rule; what {@link #obstacle} returns
   */
  public static void requireConvertible(Plan plan) {
    Optional<OctetException> wrong = ModeCheck.impossible(plan).or(() -> obstacle(plan));
    if (wrong.isPresent()) {
      throw wrong.get();
    }
  }

  /**
   * Returns why a plan, though whole, cannot be converted; empty when nothing is in the way. {@code
   * OCT-CONV-001} names the first quantization-aware point, {@code OCT-CONV-019} a dynamic point
   * whose parameters the model cannot compute.
   */
  public static Optional<OctetException> obstacle(Plan plan) {
    return ModeCheck.unconverted(plan);
  }

  private static IntegerBoundary boundary(
      Plan plan, SortedMap<Integer, GroupParameters> parameters) {
    Map<Point, QuantizationSpec.Fixed> meanings = new LinkedHashMap<>();
    for (PlannedBoundary at : plan.boundary()) {
      plan.group(at.point())
          .ifPresent(
              group -> {
                QuantizationParameters own =
                    Objects.requireNonNull(parameters.get(group.id()), "a group").parameters();
                meanings.put(
                    at.point(),
                    QuantizationSpec.Fixed.of(group.spec().type(), own.scale(0), own.zeroPoint(0)));
              });
    }
    return IntegerBoundary.of(meanings);
  }

  private static ConversionReport report(
      Plan plan, SortedMap<Integer, GroupParameters> parameters, List<Finding> findings) {
    List<PlannedNode> nodes = plan.userNodes();
    List<ConversionReport.FloatNode> floats = ConversionReport.FloatNode.of(nodes);
    return new ConversionReport(
        nodes.size(), nodes.size() - floats.size(), floats, parameters, findings);
  }
}
