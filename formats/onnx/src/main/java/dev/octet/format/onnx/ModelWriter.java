package dev.octet.format.onnx;

import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.format.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.octet.format.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Writes a model. */
final class ModelWriter {

  private static final String PRODUCER = "octet";

  private ModelWriter() {}

  /** Writes a model; data outside it is collected by the placement. */
  static MessagePart write(Model model, DataPlacement placement) {
    Optional<ModelOrigin> origin = Origins.of(model.origin(), ModelOrigin.class);
    ModelProto.Builder proto =
        origin
            .map(o -> o.rest().toBuilder())
            .orElseGet(() -> ModelProto.newBuilder().setProducerName(PRODUCER));
    GraphWriter.Written graph = new GraphWriter(new TensorWriter(placement)).write(model.graph());
    SortedMap<String, Long> before = origin.map(ModelOrigin::opsets).orElseGet(TreeMap::new);
    if (!before.equals(model.opsets())) {
      opsets(model.opsets(), proto);
    }
    Map<String, String> read = origin.map(ModelOrigin::metadata).orElseGet(Map::of);
    if (!Metadata.sameInOrder(read, model.metadata())) {
      proto.clearMetadataProps().addAllMetadataProps(Metadata.entries(model.metadata()));
    }
    long needed = neededIrVersion(model, before, graph.rest().getInputList());
    if (proto.getIrVersion() < needed) {
      proto.setIrVersion(needed);
    }
    return MessagePart.of(proto.build(), ModelProto.GRAPH_FIELD_NUMBER, List.of(graph.part()));
  }

  private static void opsets(SortedMap<String, Long> opsets, ModelProto.Builder proto) {
    List<OperatorSetIdProto> before = proto.getOpsetImportList();
    proto.clearOpsetImport();
    Set<String> written = new HashSet<>();
    for (OperatorSetIdProto opset : before) {
      Long version = opsets.get(Opsets.domain(opset));
      if (version != null) {
        proto.addOpsetImport(
            version == opset.getVersion() ? opset : opset.toBuilder().setVersion(version).build());
        written.add(Opsets.domain(opset));
      }
    }
    for (Map.Entry<String, Long> opset : opsets.entrySet()) {
      if (!written.contains(opset.getKey())) {
        proto.addOpsetImport(
            OperatorSetIdProto.newBuilder().setDomain(opset.getKey()).setVersion(opset.getValue()));
      }
    }
  }

  /** What was read as it is stays in its version; only what Octet changed asks for a newer one. */
  private static long neededIrVersion(
      Model model, SortedMap<String, Long> before, List<ValueInfoProto> inputs) {
    long needed = model.opset() > before.getOrDefault("", 0L) ? Opsets.irVersion(model.opset()) : 1;
    for (Graph graph : graphs(model.graph())) {
      for (Tensor tensor : graph.initializers().values()) {
        if (tensor.origin().isEmpty()) {
          needed = Math.max(needed, Opsets.irVersion(tensor.dataType()));
        }
      }
    }
    return addsFreeInitializer(model.graph(), inputs)
        ? Math.max(needed, Opsets.IR_OF_FREE_INITIALIZERS)
        : needed;
  }

  private static boolean addsFreeInitializer(Graph graph, List<ValueInfoProto> inputs) {
    Set<String> known = new HashSet<>();
    Origins.of(graph.origin(), GraphOrigin.class).ifPresent(o -> known.addAll(o.initializers()));
    inputs.forEach(input -> known.add(input.getName()));
    return !known.containsAll(graph.initializers().keySet());
  }

  /** Returns a graph and all subgraphs in it. */
  static List<Graph> graphs(Graph graph) {
    return Stream.concat(
            Stream.of(graph),
            graph.nodesWithSubgraphs().stream().map(Node::subgraphs).flatMap(List::stream))
        .toList();
  }
}
