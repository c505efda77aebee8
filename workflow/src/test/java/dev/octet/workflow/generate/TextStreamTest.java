package dev.octet.workflow.generate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextStreamTest {

  private final List<String> heard = new ArrayList<>();
  private final TextStream stream = new TextStream(heard::add);

  @Test
  void handsOnCharactersWhenTheyAreWhole() {
    byte[] bytes = "a\u00e4\ud83d\ude00b".getBytes(UTF_8);
    for (byte one : bytes) {
      stream.append(new byte[] {one});
    }
    assertEquals(List.of("a", "\u00e4", "\ud83d\ude00", "b"), heard);
    assertEquals("a\u00e4\ud83d\ude00b", stream.finish());
  }

  @Test
  void whatIsNoCharacterIsReplaced() {
    stream.append(new byte[] {(byte) 0xFF, 'a', (byte) 0xC3});
    assertEquals(List.of("\ufffda"), heard);
    assertEquals("\ufffda\ufffd", stream.finish());
  }

  @Test
  void nothingIsAnEmptyText() {
    stream.append(new byte[0]);
    assertEquals("", stream.finish());
    assertEquals(List.of(), heard);
  }
}
