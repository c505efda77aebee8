package dev.octet.api.quantizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.spec.QuantizationSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SpecsByIndexTest {

  private static final QuantizationSpec ONE = new QuantizationSpec.KeepFloat("one");
  private static final QuantizationSpec TWO = new QuantizationSpec.KeepFloat("two");

  @Test
  void isTheSortedMapOfWhatWasPut() {
    SpecsByIndex.Builder builder = new SpecsByIndex.Builder();
    builder.put(3, ONE);
    builder.put(1, ONE);
    builder.put(1, TWO);
    SpecsByIndex specs = builder.build();
    SortedMap<Integer, QuantizationSpec> tree = new TreeMap<>(Map.of(1, TWO, 3, ONE));
    assertEquals(tree, specs);
    assertEquals(specs, tree);
    assertEquals(tree.hashCode(), specs.hashCode());
    assertEquals(tree.toString(), specs.toString());
    assertEquals(List.of(1, 3), List.copyOf(specs.keySet()));
    assertEquals(2, specs.size());
    assertEquals(1, specs.firstKey());
    assertEquals(3, specs.lastKey());
    assertEquals(tree.headMap(3), specs.headMap(3));
    assertEquals(tree.tailMap(2), specs.tailMap(2));
    assertEquals(tree.subMap(1, 3), specs.subMap(1, 3));
  }

  @Test
  void hasNothingAtAnIndexWhereNothingWasPut() {
    SpecsByIndex.Builder builder = new SpecsByIndex.Builder();
    builder.put(1, ONE);
    assertNull(builder.get(0));
    assertNull(builder.get(2));
    SpecsByIndex specs = builder.build();
    for (int absent : new int[] {-1, 0, 2}) {
      assertNull(specs.get(absent));
      assertFalse(specs.containsKey(absent));
    }
    assertEquals(ONE, specs.get(1));
    assertTrue(specs.containsKey(1));
  }

  @Test
  void isEmptyWithoutSpecs() {
    SpecsByIndex none = new SpecsByIndex.Builder().build();
    assertTrue(none.isEmpty());
    assertEquals(Map.of(), none);
    assertThrows(NoSuchElementException.class, none::firstKey);
  }

  @Test
  void doesNotChangeWithItsBuilderNorByItself() {
    SpecsByIndex.Builder builder = new SpecsByIndex.Builder();
    builder.put(0, ONE);
    SpecsByIndex specs = builder.build();
    builder.put(0, TWO);
    builder.put(1, TWO);
    assertEquals(Map.of(0, ONE), specs);
    assertThrows(UnsupportedOperationException.class, () -> specs.put(1, TWO));
    assertThrows(UnsupportedOperationException.class, specs::clear);
    assertThrows(UnsupportedOperationException.class, () -> specs.tailMap(0).clear());
    List<QuantizationSpec> list = new ArrayList<>();
    builder.addTo(list);
    assertEquals(List.of(TWO, TWO), list);
  }
}
