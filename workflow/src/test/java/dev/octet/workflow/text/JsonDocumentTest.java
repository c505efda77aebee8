package dev.octet.workflow.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.tree.Tree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDocumentTest {

  @Test
  void writesAnEmptyMap() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new JsonDocument(out).end();
    assertArrayEquals(JsonText.toBytes(Tree.of(Map.of())), out.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5000})
  void writesTheBytesOfTheWholeMap(int count) throws IOException {
    List<Tree.Mapping> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(Tree.of(Map.of("näme\"" + i, Tree.of(List.of(Tree.of(i), Tree.of("😀\ud800"))))));
    }
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("before", Tree.of(List.of(Tree.of(1), Tree.of(true))));
    fields.put("list", Tree.of(items));
    fields.put("after", Tree.of(Map.of()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new JsonDocument(out)
        .field("before", fields.get("before"))
        .items("list", items.stream())
        .field("after", fields.get("after"))
        .end();
    assertArrayEquals(JsonText.toBytes(Tree.of(fields)), out.toByteArray());
  }

  @Test
  void doesNotWaitForTheEndToWrite() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Stream<Tree.Mapping> items =
        Stream.iterate(0, i -> i + 1)
            .limit(100_000)
            .map(i -> Tree.of(Map.of("size", Tree.of((long) out.size()))));
    new JsonDocument(out).items("list", items).end();
    Tree last = JsonText.parse(out.toString(java.nio.charset.StandardCharsets.UTF_8), "f");
    List<Tree> list = last.asMapping().get("list").asItems();
    assertTrue(list.get(list.size() - 1).asMapping().get("size").asLong() > out.size() / 2);
  }
}
