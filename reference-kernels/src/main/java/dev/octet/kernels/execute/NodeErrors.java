package dev.octet.kernels.execute;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Node;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.array.UncountableException;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.UnsupportedNodeException;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Turns what goes wrong at a node into errors that name it.
 *
 * @param node the node
 * @param operands the types of its operands by index; empty where left out or unknown
 */
record NodeErrors(Node node, List<? extends Optional<?>> operands) {

  /**
   * Does some work for the node.
   *
   * @throws OctetException {@code OCT-GRAPH-002} if shapes or attributes contradict each other,
   *     {@code OCT-GRAPH-007} if its sizes cannot be counted or there is too little memory for it,
   *     {@code OCT-GRAPH-006} if the work fails otherwise
   * @throws UnsupportedNodeException as the work
   * @throws KernelDataException as the work
   */
  <T> T guard(Supplier<T> work) {
    try {
      return work.get();
    } catch (OctetException | UnsupportedNodeException | KernelDataException e) {
      throw e;
    } catch (UncountableException e) {
      throw tooLarge(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      throw error(e);
    } catch (OutOfMemoryError e) {
      throw tooLarge("its work needs more memory than is left of " + heap());
    }
  }

  /** What does not fit leaves the memory as it was, so that this may be told. */
  private static String heap() {
    return "the " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB that the JVM may use";
  }

  /** Returns the error for what a shape rule or a kernel threw. */
  OctetException error(RuntimeException thrown) {
    return thrown instanceof ShapeMismatchException mismatch
        ? mismatch(mismatch.fact())
        : ExecutionErrors.FAILED_NODE
            .error("it cannot be computed: " + thrown)
            .at(place())
            .cause(thrown)
            .build();
  }

  /** Returns the error of shapes or attributes that contradict each other. */
  OctetException mismatch(String fact) {
    return ExecutionErrors.SHAPES_DO_NOT_FIT
        .error("shapes or attributes do not fit: " + fact)
        .at(place())
        .build();
  }

  /** Returns the error of operands or attributes that the operator does not have. */
  OctetException otherSignature(String reason) {
    return ExecutionErrors.OTHER_SIGNATURE.error(reason).at(place()).build();
  }

  /** Returns the error of a result whose sizes cannot be counted. */
  OctetException uncountable() {
    return tooLarge("the sizes of a result cannot be counted");
  }

  /** Returns the error of results for which there is no memory left. */
  OctetException noRoom(long bytes) {
    return tooLarge("its results take " + bytes + " bytes, more than is left of " + heap());
  }

  private OctetException tooLarge(String fact) {
    return tooLarge(fact, place());
  }

  private static OctetException tooLarge(String fact, String place) {
    return ExecutionErrors.TOO_LARGE.error(fact).at(place).build();
  }

  /** Returns the error of an input that no array holds. */
  static OctetException uncountable(String input, DataType dataType, UncountableException e) {
    return tooLarge(dataType + e.getMessage(), "input '" + input + "'");
  }

  /**
   * Returns the type of a result, on whatever machine.
   *
   * @throws OctetException {@code OCT-GRAPH-007} if it is larger than an array
   */
  ArrayType countable(DataType dataType, long[] sizes) {
    try {
      return ArrayType.of(dataType, sizes);
    } catch (UncountableException e) {
      throw tooLarge("a result of " + dataType + e.getMessage());
    }
  }

  /**
   * Returns the type of a result.
   *
   * @throws OctetException {@code OCT-GRAPH-007} if it is larger than an array, or than the memory
   */
  ArrayType sized(DataType dataType, long[] sizes) {
    ArrayType type = countable(dataType, sizes);
    if (type.bytes() > Runtime.getRuntime().maxMemory()) {
      throw tooLarge("a result of " + type + " takes " + type.bytes() + " bytes");
    }
    return type;
  }

  /** Returns the error of a result whose shape is not known. */
  OctetException unknownShape() {
    return ExecutionErrors.UNKNOWN_SHAPE
        .error("the shape of a result is not known before it runs")
        .at(place())
        .build();
  }

  private String place() {
    return "node '" + node.name() + "', " + node.op() + " on " + present();
  }

  private List<String> present() {
    return operands.stream().map(o -> o.map(Object::toString).orElse("nothing")).toList();
  }

  @Override
  public String toString() {
    return place();
  }
}
