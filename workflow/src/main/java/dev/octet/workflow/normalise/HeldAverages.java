package dev.octet.workflow.normalise;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import java.util.List;

/**
 * Keeps an AveragePool float that ONNX Runtime would fuse with the integers around it into one that
 * does not do the same.
 *
 * <p>Its QLinearAveragePool knows no dilations, so that the file does not load, and where it counts
 * padding, it divides by the size of the whole kernel, also in a window that {@code ceil_mode} lets
 * leave the padded input. Rules quantize no such pool, but it may stand between integers all the
 * same. What it makes passes a Mean of it alone, the identity, which nobody quantizes or fuses.
 * Source: {@code qlinear_pool.cc}.
 */
final class HeldAverages {

  private static final OpType IDENTITY = OpType.onnx("Mean");

  private HeldAverages() {}

  /**
   * Lets what a pool makes pass through an identity where that is needed.
   *
   * @param member the pool in the graph
   * @param written how it is written now, without attributes that do not matter
   * @param editor an editor of the graph
   * @return how it is to be written; the same node where it may be fused
   */
  static Node hold(GraphValues.Member member, Node written, GraphEditor editor) {
    if (!isMisfused(written) || !isFloat(member) || isHeld(member)) {
      return written;
    }
    String result = written.results().get(0);
    String alone = editor.freshValueName(result + "_alone");
    editor.insertAfter(
        written.name(),
        Node.of(
            editor.freshNodeName(written.name() + "_held"),
            IDENTITY,
            List.of(alone),
            List.of(result)));
    return written.withResults(List.of(alone));
  }

  private static boolean isMisfused(Node pool) {
    boolean beyond =
        pool.intAttribute("ceil_mode", 0) != 0 && pool.intAttribute("count_include_pad", 0) != 0;
    return pool.intsAttribute("dilations").isPresent() || beyond;
  }

  private static boolean isFloat(GraphValues.Member pool) {
    return pool.operand(0)
        .flatMap(GraphValues.Value::tensorType)
        .filter(type -> type.dataType() == DataType.FLOAT)
        .isPresent();
  }

  private static boolean isHeld(GraphValues.Member pool) {
    return pool.result(0)
        .filter(GraphValues.Value::hasOneUse)
        .map(made -> made.uses().get(0).reader().node())
        .filter(reader -> reader.op().equals(IDENTITY) && reader.operands().size() == 1)
        .isPresent();
  }
}
