package dev.octet.workflow.source;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.evaluate.Evaluation;
import dev.octet.workflow.report.Report;
import java.util.Locale;
import java.util.OptionalDouble;

/** What a form of a file costs: a model in the form beside the same one as its scheme says. */
public final class FormLoss {

  private FormLoss() {}

  /**
   * Reports the difference in the mean negative log likelihood where the data is tokens, and in
   * top-1 where it has labels.
   *
   * @param form the form
   * @param written an evaluation of the model in the form
   * @param scheme one of the model as the scheme says, on the same data
   */
  public static Report report(ModelForm form, Evaluation written, Evaluation scheme) {
    Report report = new Report().field("form", Tree.of(form.word()));
    add(report, "nll", form, written.negativeLogLikelihood(), scheme.negativeLogLikelihood());
    add(report, "top1", form, written.top1(), scheme.top1());
    return report;
  }

  private static void add(
      Report report, String what, ModelForm form, OptionalDouble written, OptionalDouble scheme) {
    if (written.isPresent() && scheme.isPresent()) {
      double difference = written.getAsDouble() - scheme.getAsDouble();
      report.field(what + "OfScheme", Tree.of(scheme.getAsDouble()));
      report.field(what + "Difference", Tree.of(difference));
      report.line(
          String.format(
              Locale.ROOT,
              "%s %.4f as %s, %.4f as the scheme says: %+.4f",
              what,
              written.getAsDouble(),
              form.word(),
              scheme.getAsDouble(),
              difference));
    }
  }
}
