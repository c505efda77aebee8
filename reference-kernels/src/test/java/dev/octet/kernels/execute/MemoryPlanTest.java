package dev.octet.kernels.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.octet.api.graph.DataType;
import dev.octet.kernels.array.ArrayType;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {

  private static ArrayType floats(int count) {
    return ArrayType.of(DataType.FLOAT, count);
  }

  @Test
  void valuesThatFollowEachOtherShareASlot() {
    MemoryPlan plan = new MemoryPlan();
    MemoryPlan.Slot a = plan.take(floats(100));
    MemoryPlan.Slot b = plan.take(floats(50));
    assertNotSame(a, b);
    plan.release(a);
    assertSame(a, plan.take(floats(90)));
    plan.release(b);
    assertSame(b, plan.take(floats(200)), "the only free slot grows");
    Object[] arrays = plan.allocate();
    assertEquals(2, arrays.length);
    assertEquals(128, ((float[]) arrays[a.index()]).length);
    assertEquals(256, ((float[]) arrays[b.index()]).length);
  }

  @Test
  void everyRunHasArraysOfItsOwn() {
    MemoryPlan plan = new MemoryPlan();
    MemoryPlan.Slot slot = plan.take(floats(1));
    assertNotSame(plan.allocate()[slot.index()], plan.allocate()[slot.index()]);
  }

  @Test
  void theSmallestFittingSlotIsTaken() {
    MemoryPlan plan = new MemoryPlan();
    MemoryPlan.Slot large = plan.take(floats(1000));
    MemoryPlan.Slot small = plan.take(floats(100));
    plan.release(large);
    plan.release(small);
    assertSame(small, plan.take(floats(64)));
    assertSame(large, plan.take(floats(64)));
  }

  @Test
  void typesOfOneArrayKindShareAndOthersDoNot() {
    MemoryPlan plan = new MemoryPlan();
    MemoryPlan.Slot bytes = plan.take(ArrayType.of(DataType.INT8, 10));
    plan.release(bytes);
    assertSame(bytes, plan.take(ArrayType.of(DataType.UINT8, 10)));
    plan.release(bytes);
    assertNotSame(bytes, plan.take(ArrayType.of(DataType.INT32, 10)));
  }
}
