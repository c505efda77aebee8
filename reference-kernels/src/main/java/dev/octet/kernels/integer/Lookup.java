package dev.octet.kernels.integer;

import dev.octet.kernels.compile.Compilation;
import dev.octet.kernels.compile.CompiledNode;
import dev.octet.kernels.compile.OperatorKernel;
import dev.octet.kernels.compile.Signature;
import dev.octet.kernels.definition.OperatorDefinition;
import dev.octet.kernels.dialect.IntegerDialect;
import dev.octet.kernels.dialect.Slots;
import dev.octet.kernels.exact.ExactElement;
import dev.octet.kernels.exact.ExactElementwise;
import dev.octet.kernels.exact.ExactOperands;
import dev.octet.kernels.shape.QuantizedShapes;
import dev.octet.kernels.shape.ShapeMismatchException;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * dev.octet Lookup: operands X, of 8 bits and any shape, and table, 256 integers of 8 bits. {@code
 * y = table[x - least]}, where least is the least integer of X's type: -128 or 0. Y has the shape
 * of X and the type of the table. Nothing is rounded here: whoever made the table did that.
 */
final class Lookup implements OperatorKernel {

  private static final Slots SLOTS = Slots.of("X", "table");
  private static final int X = SLOTS.index("X");
  private static final int TABLE = SLOTS.index("table");
  private static final int ENTRIES = 256;

  private Lookup() {}

  static OperatorDefinition definition() {
    return OperatorDefinition.of(
            IntegerDialect.LOOKUP, QuantizedShapes.lookup(X, TABLE), new Lookup())
        .slots(SLOTS)
        .formula("table[x - least]")
        .exact(Lookup::exact);
  }

  private static IntFunction<ExactElement> exact(ExactOperands operands) {
    return ExactElementwise.lookup(operands.get(X), operands.get(TABLE));
  }

  @Override
  public Optional<String> refusal(Signature signature) {
    return Refusals.unlessEightBits(signature, X, TABLE);
  }

  @Override
  public CompiledNode compile(Compilation compilation) {
    FromOperands<byte[]> table = FromOperands.of(compilation, Lookup::table, TABLE);
    return preparation -> {
      requireEntries(preparation.operand(TABLE).count());
      return new TableKernel(preparation, X, table);
    };
  }

  private static void requireEntries(int count) {
    if (count != ENTRIES) {
      throw new ShapeMismatchException("its table has " + count + " entries, not " + ENTRIES);
    }
  }

  /** The entries by the bits of x, not by its value. */
  private static byte[] table(OperandReader reader) {
    requireEntries(reader.count(TABLE));
    int least = IntegerRange.of(reader.dataType(X)).min();
    byte[] entries = (byte[]) reader.array(TABLE);
    return TableKernel.table(reader.dataType(X), x -> entries[x - least]);
  }
}
