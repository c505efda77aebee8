package dev.octet.workflow.source;

import dev.octet.workflow.source.TorchaoCases.Case;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The cases of torchao's source quantization by the test that holds them. */
final class TorchaoSelections {

  static final List<String> GROUPS = List.of("int8dyn_int4", "models", "configs", "functions");

  private TorchaoSelections() {}

  /** Single layers whose integers, scales and results are torchao's. */
  static List<Case> layers() {
    return Stream.concat(
            sound("int8dyn_int4", c -> true).stream(),
            sound("configs", c -> !c.id().startsWith("embedding") && !isHqq(c)).stream())
        .toList();
  }

  private static boolean isHqq(Case one) {
    return one.word("intx_choose_qparams_algorithm", "").contains("hqq");
  }

  static List<Case> embeddings() {
    return sound("configs", c -> c.id().startsWith("embedding"));
  }

  static List<Case> halfQuadraticScales() {
    return sound("configs", TorchaoSelections::isHqq);
  }

  static List<Case> groupScales() {
    return sound("functions", c -> c.was("get_group_qparams_symmetric"));
  }

  static List<Case> tokens() {
    return sound("functions", c -> c.was("per_token_dynamic_quant"));
  }

  static List<Case> floatZeroPoints() {
    return sound("functions", c -> c.was("get_groupwise_affine_qparams"));
  }

  static List<Case> modelsOfTwoLayers() {
    return sound("models", c -> c.id().startsWith("two_linears"));
  }

  static List<Case> filteredModels() {
    return sound("models", c -> c.id().startsWith("quantize_filter"));
  }

  static List<Case> modelsWithEmbedding() {
    return sound("models", c -> c.id().startsWith("embedding"));
  }

  /** Cases whose results torchao says are wrong. */
  static List<Case> marked() {
    return GROUPS.stream()
        .flatMap(group -> TorchaoCases.of(group).stream())
        .filter(c -> !c.defect().isEmpty())
        .toList();
  }

  private static List<Case> sound(String group, Predicate<Case> chosen) {
    return TorchaoCases.of(group).stream()
        .filter(c -> c.defect().isEmpty() && chosen.test(c))
        .toList();
  }
}
