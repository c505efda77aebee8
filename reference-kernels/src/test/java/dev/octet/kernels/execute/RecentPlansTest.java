package dev.octet.kernels.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecentPlansTest {

  private final RecentPlans<String> plans = new RecentPlans<>();
  private final List<String> made = new ArrayList<>();

  private Pool<PlanRun> runs(String key) {
    return plans.runs(key, this::plan);
  }

  private Plan plan(String key) {
    made.add(key);
    return new Plan(Map.of(), List.of(), Map.of(), new MemoryPlan());
  }

  @Test
  void keepsThePlansThatWereUsedLast() {
    for (String key : List.of("a", "b", "c", "d", "a", "b", "c", "d")) {
      runs(key);
    }
    assertEquals(List.of("a", "b", "c", "d"), made);
    runs("a");
    runs("e");
    assertEquals(List.of("a", "b", "c", "d", "e"), made);
    runs("a");
    assertEquals(List.of("a", "b", "c", "d", "e"), made);
    runs("b");
    assertEquals(List.of("a", "b", "c", "d", "e", "b"), made, "b was used longest ago");
  }

  @Test
  void plansAgainAfterAFailure() {
    assertThrows(
        IllegalStateException.class,
        () ->
            plans.runs(
                "a",
                key -> {
                  throw new IllegalStateException(key);
                }));
    runs("a");
    assertEquals(List.of("a"), made);
  }

  @Test
  void runsAtTheSameTimeHaveStatesOfTheirOwnAndLaterOnesUseThemAgain() {
    Pool<PlanRun> pool = runs("a");
    PlanRun first = pool.take();
    PlanRun second = pool.take();
    assertNotSame(first, second);
    pool.giveBack(first);
    assertSame(first, runs("a").take());
  }
}
