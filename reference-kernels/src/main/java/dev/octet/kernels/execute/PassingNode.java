package dev.octet.kernels.execute;

import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.Kernel;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.thread.Workers;
import org.jspecify.annotations.Nullable;

/**
 * A node that would keep a passing constant in a form of its own: it is compiled again for each
 * run, so that nothing of the constant is in memory between runs.
 */
final class PassingNode implements CompiledNode {

  private final OperatorKernel operator;
  private final Compilation compilation;
  private final boolean[] reads;

  private PassingNode(OperatorKernel operator, Compilation compilation, CompiledNode once) {
    this.operator = operator;
    this.compilation = compilation;
    this.reads = new boolean[compilation.constants().size()];
    for (int i = 0; i < reads.length; i++) {
      reads[i] = once.reads(i);
    }
  }

  /** Compiles a node, for good where no constant of it passes or it keeps none that does. */
  static CompiledNode compiled(OperatorKernel operator, Compilation compilation) {
    CompiledNode once = operator.compile(compilation);
    for (int i = 0; i < compilation.constants().size(); i++) {
      if (compilation.isPassing(i) && !once.reads(i)) {
        return new PassingNode(operator, compilation, once);
      }
    }
    return once;
  }

  @Override
  public boolean reads(int operand) {
    return operand >= reads.length || reads[operand];
  }

  @Override
  public Kernel bind(Preparation preparation) {
    Kernel bound = operator.compile(compilation).bind(preparation);
    return bound.aliasedOperand() >= 0 ? bound : new Again(preparation);
  }

  /** A kernel that is made when it runs. */
  private final class Again implements Kernel {
    private final Preparation preparation;

    Again(Preparation preparation) {
      this.preparation = preparation;
    }

    @Override
    public void run(@Nullable Object[] operands, @Nullable Object[] results, Workers workers) {
      operator.compile(compilation).bind(preparation).run(operands, results, workers);
    }
  }
}
