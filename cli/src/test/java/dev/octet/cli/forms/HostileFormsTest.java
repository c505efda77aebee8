package dev.octet.cli.forms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Networks with an operator that is not as it should be are quantized, or refused with an id. With
 * {@code -Doctet.hostile.all=true} all of them are tried for every backend, which takes half an
 * hour.
 */
class HostileFormsTest {

  private static final boolean ALL = Boolean.getBoolean("octet.hostile.all");
  private static final int ONE_FORM_OF = ALL ? 1 : 12;
  private static final int ONE_OF = ALL ? 1 : 33;
  private static final long MOST_MILLIS = 5_000;

  private final FormSweep sweep = new FormSweep();

  @Test
  @Timeout(value = 90, unit = TimeUnit.MINUTES)
  void areQuantizedOrRefused() {
    List<String> wrong = new ArrayList<>();
    int count = 0;
    List<OperatorForm> forms = FormTable.forms();
    for (int i = 0; i < forms.size(); i += ONE_FORM_OF) {
      for (HostileForms hostile : HostileForms.of(forms.get(i))) {
        for (FormSweep.Target target : FormSweep.targets()) {
          if (count++ % ONE_OF == 0) {
            fault(hostile, forms.get(i).place().input(), target)
                .ifPresent(fault -> wrong.add(hostile + " for " + target + ": " + fault));
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(count > 30_000, count + " networks and backends");
  }

  private Optional<String> fault(
      HostileForms hostile, Map<String, Tensor> input, FormSweep.Target target) {
    long begin = System.nanoTime();
    try {
      sweep.quantized(hostile.model(), target, List.of(input));
    } catch (OctetException e) {
      if (e.kind() == ErrorKind.DEFECT || e.id().equals("OCT-GRAPH-006")) {
        return Optional.of(e.toString());
      }
    } catch (RuntimeException e) {
      return Optional.of(e + " at " + List.of(e.getStackTrace()));
    }
    long millis = (System.nanoTime() - begin) / 1_000_000;
    return millis > MOST_MILLIS ? Optional.of("took " + millis + " ms") : Optional.empty();
  }
}
