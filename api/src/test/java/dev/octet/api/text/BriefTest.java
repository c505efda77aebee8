package dev.octet.api.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Attribute;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.tree.Tree;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BriefTest {

  private static final String LONG = "x".repeat(101);

  @Test
  void aTextIsOneLineAndALongOneItsBeginning() {
    assertEquals("", Brief.text(" \n"));
    assertEquals("a b c", Brief.text("a\n  b\tc\r\n"));
    assertEquals("x".repeat(100), Brief.text("x".repeat(100)));
    assertEquals("x".repeat(100) + "...", Brief.text(LONG));
    String pairs = "\uD83D\uDE00".repeat(50);
    assertEquals(pairs + "...", Brief.text(pairs + "x"));
    assertEquals("x" + pairs.substring(2) + "...", Brief.text("x" + pairs));
  }

  @Test
  void aListSaysHowManyItHasWhereThatIsNotSeen() {
    assertEquals("[]", Brief.list(List.of()));
    assertEquals("[1, 2, 3, 4]", Brief.list(List.of(1, 2, 3, 4)));
    assertEquals("[1, 2, 3, 4, ... 5 in all]", Brief.list(List.of(1, 2, 3, 4, 5)));
    assertEquals("[null]", Brief.list(Collections.singletonList(null)));
  }

  @Test
  void valuesWithMuchInThemFitALine() {
    List<Long> many = Collections.nCopies(1000, 7L);
    assertEquals("ints [7, 7, 7, 7, ... 1000 in all]", new Attribute.IntsValue(many).toString());
    assertEquals("floats [0.5, 0.5]", new Attribute.FloatsValue(List.of(0.5f, 0.5f)).toString());
    assertEquals("strings [a b, c]", new Attribute.StringsValue(List.of("a\nb", "c")).toString());
    assertEquals("string 'a b'", new Attribute.StringValue("a\nb").toString());
    assertEquals("0 graphs", new Attribute.GraphsValue(List.of()).toString());
    float[] scales = new float[64];
    Arrays.fill(scales, 0.25f);
    assertEquals(
        "scale [0.25, 0.25, 0.25, 0.25, ... 64 in all] zero point [0, 0, 0, 0, ... 64 in all]",
        QuantizationParameters.of(scales, new long[64]).toString());
    Finding finding =
        new Finding(Finding.Severity.INFO, "ACME-CHIP-001", LONG + "\n", Optional.of("n"));
    assertEquals("INFO ACME-CHIP-001 at 'n': " + "x".repeat(100) + "...", finding.toString());
    Tree text = Tree.of("a\nb");
    assertEquals("text 'a b' at $", text.toString());
    assertEquals("sequence of 2 items at $", Tree.of(List.of(text, text)).toString());
  }
}
