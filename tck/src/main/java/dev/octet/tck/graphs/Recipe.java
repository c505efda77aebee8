package dev.octet.tck.graphs;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * How a chain is made: the forms by their names, so that they follow the value in front when that
 * has other sizes, and what of them is changed. Immutable.
 *
 * @param open the chain without a form
 * @param forms the names of the forms, one for each place
 * @param sizes the sizes that forms state otherwise
 * @param stated the attributes that are stated otherwise
 */
record Recipe(Chain open, List<String> forms, Map<Handle, Long> sizes, List<Stated> stated) {

  /** No value of a composed model has more elements. */
  private static final long MOST_ELEMENTS = 1 << 21;

  /**
   * Attributes of the form at a place.
   *
   * @param place the place
   * @param suffix what the form is called for them
   * @param attributes the attributes
   */
  record Stated(int place, String suffix, List<Attribute> attributes) {}

  Recipe {
    forms = List.copyOf(forms);
    sizes = new LinkedHashMap<>(sizes);
    stated = List.copyOf(stated);
  }

  /** Returns the recipe of a chain whose forms are those that it has by their names. */
  static Recipe of(Chain chain) {
    return new Recipe(
        chain.openBehind(chain.flow()),
        chain.forms().stream().map(NodeForm::name).toList(),
        Map.of(),
        List.of());
  }

  Recipe behind(Shape flow) {
    return new Recipe(open.openBehind(flow), forms, sizes, stated);
  }

  /** Returns the recipe with another size. */
  Recipe with(Handle handle, long size) {
    if (handle.isFront()) {
      long[] flow = open.flow().sizes();
      flow[handle.axis()] = size;
      return behind(Shape.of(flow));
    }
    Map<Handle, Long> changed = new LinkedHashMap<>(sizes);
    changed.put(handle, size);
    return new Recipe(open, forms, changed, stated);
  }

  /** Returns the recipe with other attributes. */
  Recipe with(Stated more) {
    List<Stated> all = new ArrayList<>(stated);
    all.add(more);
    return new Recipe(open, forms, sizes, all);
  }

  /** Returns the recipe with another form at a place. */
  Recipe with(int place, String form) {
    List<String> changed = new ArrayList<>(forms);
    changed.set(place, form);
    return new Recipe(open, changed, sizes, stated);
  }

  /**
   * Returns the chain; empty when an operator has no such form behind the value in front, or a
   * value has too many elements to be composed.
   */
  Optional<Chain> chain() {
    Chain made = open;
    for (int place = 0; place < forms.size(); place++) {
      Optional<NodeForm> form = form(made, place).filter(f -> isAffordable(f, open.flow()));
      if (form.isEmpty()) {
        return Optional.empty();
      }
      made = made.followedBy(form.get());
    }
    return Optional.of(made);
  }

  private Optional<NodeForm> form(Chain before, int place) {
    String name = forms.get(place);
    return before.formsAt(place).stream()
        .filter(form -> form.name().equals(name))
        .findFirst()
        .filter(form -> sizes.keySet().stream().allMatch(h -> h.place() != place || h.isIn(form)))
        .map(form -> changed(form, place));
  }

  private NodeForm changed(NodeForm form, int place) {
    NodeForm changed = form;
    for (Map.Entry<Handle, Long> size : sizes.entrySet()) {
      if (size.getKey().place() == place) {
        changed = changed.sized(size.getKey().slots(), size.getValue());
      }
    }
    for (Stated each : stated) {
      if (each.place() == place) {
        changed = changed.stating(each.suffix(), each.attributes());
      }
    }
    return changed;
  }

  private static boolean isAffordable(NodeForm form, Shape flow) {
    return isAffordable(flow)
        && form.operands().stream()
            .allMatch(operand -> operand.own().filter(own -> !isAffordable(own)).isEmpty());
  }

  private static boolean isAffordable(Shape shape) {
    double elements = LongStream.of(shape.sizes()).asDoubleStream().reduce(1, (a, b) -> a * b);
    return elements <= MOST_ELEMENTS;
  }
}
