package dev.octet.workflow.calibrate;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.provenance.Maker;
import dev.octet.workflow.text.ExtraFields;
import dev.octet.workflow.text.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What made a calibration, as its file says it beside its content: a JSON object with the list
 * {@code makers}, the list {@code classes} where the data told their names, and fields that are
 * somebody else's.
 */
final class CalibrationMakers {

  private static final String MAKERS = "makers";
  private static final String CLASSES = "classes";

  private CalibrationMakers() {}

  static byte[] toBytes(Calibration calibration) {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put(MAKERS, Tree.of(calibration.makers().stream().map(Maker::toTree).toList()));
    if (!calibration.classNames().isEmpty()) {
      tree.put(CLASSES, Tree.of(calibration.classNames().stream().map(Tree::of).toList()));
    }
    tree.putAll(calibration.extras().entries());
    return JsonText.toBytes(Tree.of(tree));
  }

  /** Returns a calibration with what its file says beside it. */
  static Calibration add(Calibration calibration, String text, String place) {
    Tree.Mapping tree = JsonText.parse(text, place).asMapping();
    ExtraFields.allowBeside(tree, MAKERS, CLASSES);
    List<Tree> names = tree.find(CLASSES).map(Tree::asItems).orElse(List.of());
    return calibration
        .madeBy(tree.get(MAKERS).asItems().stream().map(Maker::fromTree).toList())
        .withClassNames(names.stream().map(Tree::asText).toList())
        .withExtras(ExtraFields.of(tree));
  }
}
