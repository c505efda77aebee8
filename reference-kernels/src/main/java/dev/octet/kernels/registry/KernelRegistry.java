package dev.octet.kernels.registry;

import dev.octet.api.graph.OpType;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The kernels by operator. Immutable and thread-safe. */
public final class KernelRegistry {

  private final SortedMap<OpType, OperatorKernel> kernels;

  private KernelRegistry(SortedMap<OpType, OperatorKernel> kernels) {
    this.kernels = kernels;
  }

  /** Returns the kernel of an operator; empty when there is none. */
  public Optional<OperatorKernel> find(OpType op) {
    return Optional.ofNullable(kernels.get(op));
  }

  /** Returns the operators that have a kernel, in their order. */
  public SortedSet<OpType> operators() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(kernels.keySet()));
  }

  /** Returns an empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects kernels. Not thread-safe. */
  public static final class Builder {
    private final SortedMap<OpType, OperatorKernel> kernels = new TreeMap<>();

    private Builder() {}

    /**
     * Adds the kernel of an operator.
     *
     * @throws IllegalArgumentException if the operator has one already
     */
    public Builder add(OpType op, OperatorKernel kernel) {
      if (kernels.putIfAbsent(op, kernel) != null) {
        throw new IllegalArgumentException("operator " + op + " has two kernels");
      }
      return this;
    }

    /** Returns the registry. */
    public KernelRegistry build() {
      return new KernelRegistry(new TreeMap<>(kernels));
    }
  }
}
