package dev.octet.api.quantizer;

import dev.octet.api.spec.QuantizationSpec;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The specs of a node's operands, or of its results, by index. Immutable; a large model has two of
 * them for each node, most with one spec or none, which is why it is no tree.
 */
@SuppressWarnings("JdkObsolete") // NodeAnnotation promises a SortedMap
final class SpecsByIndex extends AbstractMap<Integer, QuantizationSpec>
    implements SortedMap<Integer, QuantizationSpec> {

  private static final SpecsByIndex NONE = new SpecsByIndex(new QuantizationSpec[0]);

  /** By index, null where there is none; the last is there. */
  private final @Nullable QuantizationSpec[] specs;

  private SpecsByIndex(@Nullable QuantizationSpec[] specs) {
    this.specs = specs;
  }

  /** Collects specs. Not thread-safe. */
  static final class Builder {
    private @Nullable QuantizationSpec[] specs = NONE.specs;

    /** Puts a spec at an index, in place of one that is there. */
    void put(int index, QuantizationSpec spec) {
      if (index >= specs.length) {
        specs = Arrays.copyOf(specs, index + 1);
      }
      specs[index] = spec;
    }

    /** Returns the spec at an index; null when there is none. */
    @Nullable QuantizationSpec get(int index) {
      return index < specs.length ? specs[index] : null;
    }

    /** Adds the specs so far to a list, by rising index. */
    void addTo(List<QuantizationSpec> list) {
      for (QuantizationSpec spec : specs) {
        if (spec != null) {
          list.add(spec);
        }
      }
    }

    /** Returns the specs so far. */
    SpecsByIndex build() {
      return specs.length == 0 ? NONE : new SpecsByIndex(specs.clone());
    }
  }

  @Override
  public int size() {
    int size = 0;
    for (QuantizationSpec spec : specs) {
      size += spec == null ? 0 : 1;
    }
    return size;
  }

  @Override
  public boolean isEmpty() {
    return specs.length == 0;
  }

  @Override
  public @Nullable QuantizationSpec get(@Nullable Object key) {
    return key instanceof Integer index && index >= 0 && index < specs.length ? specs[index] : null;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public void forEach(BiConsumer<? super Integer, ? super QuantizationSpec> action) {
    for (int i = 0; i < specs.length; i++) {
      QuantizationSpec spec = specs[i];
      if (spec != null) {
        action.accept(i, spec);
      }
    }
  }

  @Override
  public Set<Map.Entry<Integer, QuantizationSpec>> entrySet() {
    List<Map.Entry<Integer, QuantizationSpec>> entries = new ArrayList<>(specs.length);
    forEach((index, spec) -> entries.add(Map.entry(index, spec)));
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<Integer, QuantizationSpec>> iterator() {
        return Collections.unmodifiableList(entries).iterator();
      }

      @Override
      public int size() {
        return entries.size();
      }
    };
  }

  @Override
  public @Nullable Comparator<? super Integer> comparator() {
    return null;
  }

  @Override
  public SortedMap<Integer, QuantizationSpec> subMap(Integer from, Integer to) {
    return Collections.unmodifiableSortedMap(tree().subMap(from, to));
  }

  @Override
  public SortedMap<Integer, QuantizationSpec> headMap(Integer to) {
    return Collections.unmodifiableSortedMap(tree().headMap(to));
  }

  @Override
  public SortedMap<Integer, QuantizationSpec> tailMap(Integer from) {
    return Collections.unmodifiableSortedMap(tree().tailMap(from));
  }

  @Override
  public Integer firstKey() {
    return tree().firstKey();
  }

  @Override
  public Integer lastKey() {
    return tree().lastKey();
  }

  private SortedMap<Integer, QuantizationSpec> tree() {
    SortedMap<Integer, QuantizationSpec> tree = new TreeMap<>();
    forEach(tree::put);
    return tree;
  }
}
