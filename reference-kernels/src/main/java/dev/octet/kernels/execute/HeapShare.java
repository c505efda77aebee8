package dev.octet.kernels.execute;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.array.ArrayKind;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.Constant;

/**
 * How much of the heap the constants of a loaded model may take. Those that are in memory anyway do
 * not count; when the arrays of the others would take more together, the large ones of them pass:
 * they are read again whenever they are needed.
 *
 * @param passing whether they pass
 */
record HeapShare(boolean passing) {

  /** One model runs beside another one that it is compared with, and beside what data needs. */
  private static final int PARTS = 4;

  /** Constants of fewer bytes stay: many of them take little, and reading them takes long. */
  private static final long LEAST = 1 << 20;

  /** Returns the share of the constants of a graph, its subgraphs included. */
  static HeapShare of(Graph graph) {
    return of(graph, Runtime.getRuntime().maxMemory() / PARTS);
  }

  /** Returns the share of the constants of a graph that may take some bytes. */
  static HeapShare of(Graph graph, long bytes) {
    return new HeapShare(bytes(graph) > bytes);
  }

  /** Returns the constant of a tensor that arrays hold. */
  Constant constant(Tensor tensor) {
    return passing && isLarge(tensor) ? Constant.passing(tensor) : Constant.of(tensor);
  }

  /** Tells whether a computed constant is large. */
  static boolean isLarge(ArrayType type) {
    return type.bytes() >= LEAST;
  }

  private static long bytes(Graph graph) {
    long bytes = graph.initializers().values().stream().mapToLong(HeapShare::bytes).sum();
    for (Node node : graph.nodes()) {
      for (Attribute attribute : node.attributes().values()) {
        bytes += attribute.value().graphs().stream().mapToLong(HeapShare::bytes).sum();
      }
    }
    return bytes;
  }

  private static long bytes(Tensor tensor) {
    return isLarge(tensor) ? tensor.elementCount() * elementBytes(tensor.dataType()) : 0;
  }

  private static boolean isLarge(Tensor tensor) {
    return ArrayKind.holds(tensor.dataType()) && !tensor.isHeld() && tensor.byteCount() >= LEAST;
  }

  /** An array has at least a byte for each element. */
  private static long elementBytes(DataType type) {
    return Math.max(Byte.SIZE, type.bits()) / Byte.SIZE;
  }
}
