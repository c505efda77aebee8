package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.workflow.execution.Progress;
import dev.octet.workflow.text.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StopwatchTest {

  private final AtomicLong nanos = new AtomicLong(5_000_000_000L);
  private final Stopwatch stopwatch = new Stopwatch(nanos::get);

  private String seconds() {
    return JsonText.write(stopwatch.seconds()).replaceAll("\\s", "");
  }

  @Test
  void tellsTheSecondsSinceTheStartInThousandths() {
    assertEquals("{\"total\":0}", seconds());
    nanos.addAndGet(1_234_500_000L);
    assertEquals("{\"total\":1.234}", seconds());
    nanos.addAndGet(1_000_000L);
    assertEquals("{\"total\":1.236}", seconds());
  }

  @Test
  void workLastsFromItsBeginningToItsLastSampleAndTwiceIsBothTogether() {
    List<Integer> heard = new ArrayList<>();
    Progress first = stopwatch.timed("running", (done, total) -> heard.add(done));
    nanos.addAndGet(1_000_000_000L);
    first.samples(1, 2);
    nanos.addAndGet(2_000_000_000L);
    first.samples(2, 2);
    nanos.addAndGet(10_000_000_000L);
    Progress second = stopwatch.timed("running", Progress.none());
    nanos.addAndGet(500_000_000L);
    second.samples(2, 2);
    assertEquals(List.of(1, 2), heard);
    assertEquals("{\"running\":3.5,\"total\":13.5}", seconds());
  }

  @Test
  void workOfWhichNoSampleCameIsNotTold() {
    stopwatch.timed("running", Progress.none());
    assertEquals("{\"total\":0}", seconds());
  }
}
