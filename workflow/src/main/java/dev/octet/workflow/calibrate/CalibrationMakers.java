package dev.octet.workflow.calibrate;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.provenance.Maker;
import dev.octet.workflow.text.ExtraFields;
import dev.octet.workflow.text.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What made a calibration, as its file says it beside its content: a JSON object with the list
 * {@code makers}, and fields that are somebody else's.
 */
final class CalibrationMakers {

  private CalibrationMakers() {}

  static byte[] toBytes(Calibration calibration) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put("makers", Tree.of(calibration.makers().stream().map(Maker::toTree).toList()));
    tree.putAll(calibration.extras().entries());
    return JsonText.toBytes(Tree.of(tree));
  }

  /** Returns a calibration with what its file says beside it. */
  static Calibration add(Calibration calibration, String text, String place) {
    Tree.Mapping tree = JsonText.parse(text, place).asMapping();
    ExtraFields.allowBeside(tree, "makers");
    return calibration
        .madeBy(tree.get("makers").asItems().stream().map(Maker::fromTree).toList())
        .withExtras(ExtraFields.of(tree));
  }
}
