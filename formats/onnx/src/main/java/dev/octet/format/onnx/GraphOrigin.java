package dev.octet.format.onnx;

import dev.octet.api.graph.Origin;
import dev.octet.api.graph.ValueInfo;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is kept of a graph.
 *
 * @param rest the graph without nodes, initializers, inputs, outputs and value infos
 * @param inputs all inputs in the order of the file
 * @param values all value infos in the order of the file
 * @param initializers the names of the initializers of the file
 */
record GraphOrigin(
    GraphProto rest, List<InputSlot> inputs, List<ValueSlot> values, Set<String> initializers)
    implements Origin {

  /**
   * One input of the file.
   *
   * @param name its name
   * @param constant its type when an initializer defines it, so that it is no input of the graph
   */
  record InputSlot(String name, Optional<ValueInfo> constant) {}

  /**
   * One value info of the file.
   *
   * @param name its name
   * @param defined whether the graph defined that value
   * @param unmodelled the whole of it when it is not among the values of the graph: it repeats an
   *     input, an output, a constant or another value info
   */
  record ValueSlot(String name, boolean defined, Optional<ValueInfoProto> unmodelled) {}
}
