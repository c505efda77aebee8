package dev.octet.api.provider;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Point;
import dev.octet.api.guard.CallSpan;
import dev.octet.api.quantizer.ObserverPlan;
import dev.octet.api.quantizer.ParameterPlan;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import java.util.List;
import java.util.Optional;

/** Plans that a quantizer may change during the call that it is given them for. */
final class PlanOfOneCall {

  private PlanOfOneCall() {}

  /** The groups before observers are made. */
  record Observers(ObserverPlan plan, CallSpan span) implements ObserverPlan {

    @Override
    public Graph graph() {
      return plan.graph();
    }

    @Override
    public List<ObserverPlan.Group> groups() {
      return plan.groups();
    }

    @Override
    public void replace(int id, QuantizationSpec spec) {
      span.require();
      plan.replace(id, spec);
    }
  }

  /** The groups after calibration. */
  record Parameters(ParameterPlan plan, CallSpan span) implements ParameterPlan {

    @Override
    public Graph graph() {
      return plan.graph();
    }

    @Override
    public List<ParameterPlan.Group> groups() {
      return plan.groups();
    }

    @Override
    public Optional<ParameterPlan.Group> group(Point point) {
      return plan.group(point);
    }

    @Override
    public float gridScale(int id, float scale) {
      return plan.gridScale(id, scale);
    }

    @Override
    public void set(int id, QuantizationParameters parameters) {
      span.require();
      plan.set(id, parameters);
    }
  }
}
