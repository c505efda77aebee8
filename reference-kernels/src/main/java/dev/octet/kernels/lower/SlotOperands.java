package dev.octet.kernels.lower;

import dev.octet.api.qdq.QuantizedValue;
import dev.octet.kernels.dialect.ParameterSlot;
import dev.octet.kernels.dialect.QuantizedSlot;
import java.util.ArrayList;
import java.util.List;

/** The operands of an integer node as its slots are filled, in any order. */
final class SlotOperands {

  private final Lowering lowering;
  private final List<String> names = new ArrayList<>();

  SlotOperands(Lowering lowering) {
    this.lowering = lowering;
  }

  void put(QuantizedSlot slot, QuantizedValue value) {
    put(slot.value(), value.value());
    put(slot.scale(), lowering.scale(value));
    put(slot.zeroPoint(), lowering.zero(value));
  }

  void put(ParameterSlot slot, QuantizedValue result) {
    put(slot.scale(), lowering.scale(result));
    put(slot.zeroPoint(), lowering.zero(result));
  }

  void put(int slot, String value) {
    while (names.size() <= slot) {
      names.add("");
    }
    names.set(slot, value);
  }

  /** Returns the names; empty ones for slots that are left out before the last one. */
  List<String> names() {
    return List.copyOf(names);
  }
}
