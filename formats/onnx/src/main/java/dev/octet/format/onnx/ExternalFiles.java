package dev.octet.format.onnx;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.proto.OnnxMl.StringStringEntryProto;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the files beside a model that its tensors were read from. */
final class ExternalFiles {

  private final Set<Path> files = new LinkedHashSet<>();

  private ExternalFiles() {}

  static List<Path> of(Graph graph) {
    ExternalFiles found = new ExternalFiles();
    found.add(graph);
    return List.copyOf(found.files);
  }

  private void add(Graph graph) {
    graph.initializers().values().forEach(this::add);
    for (Node node : graph.nodes()) {
      for (Attribute attribute : node.attributes().values()) {
        attribute.value().tensor().ifPresent(this::add);
      }
      node.subgraphs().forEach(this::add);
    }
  }

  private void add(Tensor tensor) {
    Origins.of(tensor.origin(), TensorOrigin.class)
        .filter(origin -> origin.form() == TensorOrigin.Form.EXTERNAL)
        .ifPresent(this::add);
  }

  private void add(TensorOrigin origin) {
    for (StringStringEntryProto entry : origin.rest().getExternalDataList()) {
      if (entry.getKey().equals("location")) {
        origin.folder().ifPresent(folder -> files.add(folder.resolve(entry.getValue())));
      }
    }
  }
}
