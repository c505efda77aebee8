package dev.octet.kernels.execute;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.FileIdentity;
import dev.octet.api.file.FileRegion;
import dev.octet.api.file.MappedReading;
import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The files that constants of a model are in, which kernels read where they are. Thread-safe.
 *
 * @param files each of them, as it was when the model was read
 */
record ConstantFiles(Set<FileIdentity> files) {

  ConstantFiles {
    files = Set.copyOf(files);
  }

  /** Returns the files of a graph and its subgraphs. */
  static ConstantFiles of(Graph graph) {
    Set<FileIdentity> files = new LinkedHashSet<>();
    add(graph, files);
    return new ConstantFiles(files);
  }

  private static void add(Graph graph, Set<FileIdentity> files) {
    graph.initializers().values().forEach(tensor -> add(tensor, files));
    for (Node node : graph.nodes()) {
      for (Attribute attribute : node.attributes().values()) {
        attribute.value().tensor().ifPresent(tensor -> add(tensor, files));
      }
      node.subgraphs().forEach(inner -> add(inner, files));
    }
  }

  private static void add(Tensor tensor, Set<FileIdentity> files) {
    tensor.region().map(FileRegion::file).ifPresent(files::add);
  }

  /**
   * Does some work that reads constants.
   *
   * @throws OctetException {@code OCT-FILE-003} if it fails because a file was cut off meanwhile
   */
  <T> T reading(Supplier<T> work) {
    return MappedReading.of(files, work::get);
  }

  @Override
  public String toString() {
    return "constants in " + files;
  }
}
