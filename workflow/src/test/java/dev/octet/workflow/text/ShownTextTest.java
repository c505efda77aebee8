package dev.octet.workflow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import dev.octet.api.tree.Tree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShownTextTest {

  @Test
  void leavesWhatIsSeenAsItIs() {
    String text = "layer1/Conv_0 ~ Größe 模型 نموذج \uD83D\uDE00 \uFFFD '\"\\<>&";
    assertSame(text, ShownText.line(text));
    assertSame(text, ShownText.lines(text));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 7, 8, 9, 0xa, 0xd, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9f, 0xad, 0x61c, 0x180e, 0x200b,
        0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0x206f, 0xd800,
        0xdfff, 0xe000, 0xf8ff, 0xfeff, 0xfff9, 0xfffe, 0xffff, 0xe0001, 0x10ffff
      })
  void givesTheNumberOfWhatIsNot(int c) {
    String text = "a" + new String(Character.toChars(c)) + "b";
    assertEquals("a\\u{" + Integer.toHexString(c) + "}b", ShownText.line(text));
  }

  @ParameterizedTest
  @ValueSource(ints = {' ', '~', 0xa0, 0xac, 0xae, 0x200a, 0x2010, 0x2027, 0x202f, 0x2070, 0xfffc})
  void showsItsNeighbours(int c) {
    assertEquals(Character.toString(c), ShownText.line(Character.toString(c)));
  }

  @Test
  void keepsTheEndsOfLinesWhereThereMayBeSome() {
    assertEquals("a\n\tb\r\nc\\u{d}d", ShownText.lines("a\n\tb\r\nc\rd"));
    assertEquals("a\\u{a}\\u{9}b", ShownText.line("a\n\tb"));
  }

  @Test
  void leavesLinesToTheNextStepOfAnErrorAlone() {
    OctetException error =
        ErrorId.input("ACME-CHIP-001", "M.", "n.")
            .error("no 'a\nb'")
            .at("c\u001b")
            .next("Write\nd\u001b.");
    assertEquals(
        "ACME-CHIP-001: no 'a\\u{a}b' (at c\\u{1b}). Write\nd\\u{1b}.", ShownText.message(error));
  }

  @Test
  void documentsEscapeTheSameAndGiveItBack() {
    String name = "\u001b[2J\u009b\u007f\u202e\u2028\uE000\uD800\uDB40\uDC01\uD83D\uDE00é";
    String json = JsonText.write(Tree.of(name));
    assertEquals(
        "\"\\u001B[2J\\u009b\\u007f\\u202e\\u2028\\ue000\\ud800\\udb40\\udc01\uD83D\uDE00é\"\n",
        json);
    assertEquals(name, JsonText.parse(json, "f").asText());
  }
}
