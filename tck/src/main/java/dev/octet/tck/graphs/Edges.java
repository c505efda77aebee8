package dev.octet.tck.graphs;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.GraphValues;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.Shape;
import dev.octet.api.provider.Capability;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Compositions at the edges of a capability's conditions: of each size and attribute that makes a
 * condition hold and fail, values on either side of where it does, and values well inside.
 *
 * <p>The conditions are asked, not read: a size is changed, and whoever changes their answer is
 * about it. That finds the edges of conditions within conditions, of several on one axis, and of a
 * vendor's own.
 */
final class Edges {

  /** From this size on, all others are as small as conditions let them be. */
  private static final long BIG = 64;

  /** Windows and what they leave out fit into values that are so much longer. */
  private static final long ROOM = 12;

  /** How often a chain that does not meet its capability is mended, one change at a time. */
  private static final int MOST_CHANGES = 8;

  private final Capability capability;
  private final Hints hints;

  Edges(Capability capability) {
    this.capability = capability;
    this.hints = Hints.of(capability.conditions());
  }

  /**
   * Returns compositions at the edges of sizes and attributes.
   *
   * @param base a recipe whose chain meets the capability
   */
  List<Composition> around(Recipe base) {
    List<Composition> all = new ArrayList<>();
    Tried.of(base)
        .ifPresent(
            usual -> {
              all.addAll(compositions(sizes(usual)));
              all.addAll(compositions(attributes(usual)));
            });
    return all;
  }

  /** Tells whether a size or an attribute can be what a condition is about. */
  boolean isEmpty() {
    return hints.isEmpty() && attributesNamed().isEmpty();
  }

  private static List<Composition> compositions(Collection<Tried> tried) {
    return tried.stream().flatMap(each -> each.chain().composition().stream()).toList();
  }

  /** Changes one size at a time. */
  private List<Tried> sizes(Tried usual) {
    if (hints.isEmpty()) {
      return List.of();
    }
    Tried small = small(usual);
    List<Tried> edges = new ArrayList<>();
    List<Handle> indifferent = new ArrayList<>();
    long outside = 0;
    for (Handle handle : usual.handles()) {
      NavigableMap<Long, Tried> sweep = sweep(usual, small, handle);
      if (sweep.values().stream().allMatch(Tried::isMet)) {
        indifferent.add(handle);
        continue;
      }
      SortedSet<Long> kept = new TreeSet<>(sweep.keySet());
      kept.addAll(closeIn(sweep, usual, small, handle));
      kept.stream()
          .flatMap(size -> Optional.ofNullable(sweep.get(size)).stream())
          .forEach(edges::add);
      outside = Math.max(outside, largestOutside(sweep));
    }
    edges.addAll(together(usual, small));
    for (Handle handle : outside == 0 ? List.<Handle>of() : indifferent) {
      changed(usual, small, handle, outside).filter(Tried::isMet).ifPresent(edges::add);
    }
    return edges;
  }

  /**
   * Changes one size where all others are as small as they can be, whatever conditions say: of a
   * condition on a product of sizes, that one alone.
   */
  private List<Tried> together(Tried usual, Tried small) {
    Tried least = smallest(usual, tried -> true);
    List<Tried> edges = new ArrayList<>();
    for (Handle handle :
        least.broken().equals(small.broken()) ? List.<Handle>of() : least.handles()) {
      for (long size : hints.sizes()) {
        Tried.of(least.recipe().with(handle, size)).ifPresent(edges::add);
      }
    }
    return edges;
  }

  private static long largestOutside(NavigableMap<Long, Tried> sweep) {
    return sweep.entrySet().stream()
        .filter(tried -> !tried.getValue().isMet())
        .mapToLong(Map.Entry::getKey)
        .max()
        .orElse(0);
  }

  private NavigableMap<Long, Tried> sweep(Tried usual, Tried small, Handle handle) {
    NavigableMap<Long, Tried> sweep = new TreeMap<>();
    sweep.put(usual.size(handle), usual);
    for (long size : values(usual, handle)) {
      changed(usual, small, handle, size).ifPresent(tried -> sweep.put(size, tried));
    }
    return sweep;
  }

  /**
   * Returns what a handle is set to so that what it moves has the sizes that are worth trying: the
   * sizes themselves, and where an operand is longer or shorter than the handle or a multiple of
   * it, what makes the operand so.
   */
  private SortedSet<Long> values(Tried usual, Handle handle) {
    SortedSet<Long> wanted = hints.sizes();
    SortedSet<Long> values = new TreeSet<>(wanted);
    long now = usual.size(handle);
    Map<Tried.Target, Long> before = usual.sizes();
    Tried.of(usual.recipe().with(handle, 2 * now))
        .ifPresent(
            moved ->
                moved
                    .sizes()
                    .forEach(
                        (target, after) -> {
                          long was = before.getOrDefault(target, after);
                          if (after - was == now && was != now) {
                            wanted.forEach(size -> values.add(size + now - was));
                          } else if (was != after && was != now) {
                            wanted.forEach(size -> values.add(size * now / was));
                          }
                        }));
    values.removeIf(size -> size < 1 || size > 2 * wanted.last());
    return values;
  }

  private static Optional<Tried> changed(Tried usual, Tried small, Handle handle, long size) {
    Tried from = size < BIG ? usual : small;
    return Tried.of(from.recipe().with(handle, size));
  }

  /** Returns the recipe with each size as small as conditions let it be, all of them stated. */
  static Tried small(Tried usual) {
    return smallest(usual, Tried::isMet);
  }

  private static Tried smallest(Tried usual, Predicate<Tried> demanded) {
    Tried small = usual;
    for (Handle handle : usual.handles()) {
      for (long size : new long[] {1, 2, 3, usual.size(handle)}) {
        Optional<Tried> smaller = Tried.of(small.recipe().with(handle, size)).filter(demanded);
        if (smaller.isPresent() && size <= usual.size(handle)) {
          small = smaller.get();
          break;
        }
      }
    }
    return small;
  }

  /**
   * Adds to a sweep what lies between two sizes of which conditions say different things, until
   * they are neighbours, and returns these.
   */
  private static Set<Long> closeIn(
      NavigableMap<Long, Tried> sweep, Tried usual, Tried small, Handle handle) {
    Set<Long> edges = new HashSet<>();
    List<Long> sizes = List.copyOf(sweep.keySet());
    for (int i = 1; i < sizes.size(); i++) {
      long low = sizes.get(i - 1);
      long high = sizes.get(i);
      while (high - low > 1 && !broken(sweep, low).equals(broken(sweep, high))) {
        long middle = (low + high) >>> 1;
        Optional<Tried> between = changed(usual, small, handle, middle);
        if (between.isEmpty()) {
          break;
        }
        sweep.put(middle, between.get());
        if (broken(sweep, middle).equals(broken(sweep, low))) {
          low = middle;
        } else {
          high = middle;
        }
      }
      edges.add(low);
      edges.add(high);
    }
    return edges;
  }

  private static Set<Capability.StepCondition> broken(NavigableMap<Long, Tried> sweep, long size) {
    return Objects.requireNonNull(sweep.get(size)).broken();
  }

  private Map<Integer, Hints> attributesNamed() {
    Map<Integer, Hints> named = new LinkedHashMap<>();
    for (int step = 0; step < capability.pattern().size(); step++) {
      int number = step;
      Hints said =
          Hints.of(capability.conditions().stream().filter(c -> c.step() == number).toList());
      if (!said.words().isEmpty()) {
        named.put(step, said);
      }
    }
    return named;
  }

  /** Changes one attribute at a time. */
  private List<Tried> attributes(Tried usual) {
    List<Tried> edges = new ArrayList<>();
    attributesNamed().forEach((step, said) -> edges.addAll(attributes(usual, step, said)));
    return edges;
  }

  private List<Tried> attributes(Tried usual, int step, Hints said) {
    AttributeValues values = valuesAt(usual, step, said);
    List<Tried> edges = new ArrayList<>();
    for (String name : values.named()) {
      values
          .of(name)
          .forEach((suffix, value) -> stated(usual, step, suffix, value).ifPresent(edges::add));
    }
    return edges;
  }

  private static AttributeValues valuesAt(Tried usual, int step, Hints said) {
    GraphValues.Member member = memberAt(usual, step);
    int rank = member.operand(0).flatMap(GraphValues.Value::shape).map(Shape::rank).orElse(0);
    return new AttributeValues(member.node(), said, Math.max(0, rank - 2));
  }

  /** Returns the chain with another attribute, behind a longer value where it does not fit. */
  private Optional<Tried> stated(Tried usual, int step, String suffix, Attribute value) {
    int place = usual.chain().order().indexOf(step);
    Recipe recipe = usual.recipe();
    if (value.name().equals("group")) {
      return grouped(
          recipe, place, nodeAt(usual, step).withAttribute(value).intAttribute("group", 1));
    }
    Recipe with = recipe.with(new Recipe.Stated(place, suffix, List.of(value)));
    Optional<Tried> made = Tried.of(with);
    return made.isPresent() ? made : Tried.of(with.behind(longer(usual.chain().flow())));
  }

  private static GraphValues.Member memberAt(Tried usual, int step) {
    return Objects.requireNonNull(usual.chain().members(usual.model()).get(step));
  }

  private static Node nodeAt(Tried usual, int step) {
    return memberAt(usual, step).node();
  }

  /** Groups divide the channels, so that the weight is another with them. */
  private static Optional<Tried> grouped(Recipe recipe, int place, long groups) {
    if (place > 0 || groups < 2 || recipe.open().flow().rank() < 2) {
      return Optional.empty();
    }
    String form = groups == 2 ? "groups" : "groups-" + groups;
    return Tried.of(recipe.with(Handle.ofFront(1), 2 * groups).with(place, form));
  }

  private static Shape longer(Shape flow) {
    long[] sizes = flow.sizes();
    for (int axis = 2; axis < sizes.length; axis++) {
      sizes[axis] += ROOM + axis;
    }
    return Shape.of(sizes);
  }

  /** Returns compositions whose products have a given number of terms; none without a product. */
  List<Composition> deep(Recipe base, long... terms) {
    List<Composition> all = new ArrayList<>();
    for (Tried small : Tried.of(base).map(Edges::small).stream().toList()) {
      for (Handle summed : summed(small).stream().toList()) {
        for (long each : terms) {
          Tried.of(small.recipe().with(summed, each))
              .filter(Tried::isMet)
              .flatMap(tried -> tried.chain().composition())
              .ifPresent(all::add);
        }
      }
    }
    return all;
  }

  /** Returns the axis of the value in front along which the first operator sums products. */
  private static Optional<Handle> summed(Tried usual) {
    Map<Tried.Target, Long> before = usual.sizes();
    return usual.handles().stream()
        .filter(Handle::isFront)
        .filter(
            handle ->
                Tried.of(usual.recipe().with(handle, 2 * usual.size(handle) + 3))
                    .filter(moved -> movesWeight(before, moved.sizes()))
                    .isPresent())
        .findFirst();
  }

  private static boolean movesWeight(
      Map<Tried.Target, Long> before, Map<Tried.Target, Long> after) {
    return after.entrySet().stream()
        .filter(size -> size.getKey().step() == 0 && size.getKey().operand() == 1)
        .anyMatch(size -> !size.getValue().equals(before.get(size.getKey())));
  }

  /** Returns the composition in which each operator states the attributes that it leaves out. */
  Optional<Composition> stated(Recipe base) {
    Tried usual = Tried.of(base).orElse(null);
    if (usual == null) {
      return Optional.empty();
    }
    Recipe recipe = usual.recipe();
    for (int place = 0; place < usual.chain().order().size(); place++) {
      AttributeValues values = valuesAt(usual, usual.chain().order().get(place), hints);
      if (!values.defaults().isEmpty()) {
        recipe = recipe.with(new Recipe.Stated(place, "stated", values.defaults()));
      }
    }
    return recipe.equals(usual.recipe())
        ? Optional.empty()
        : Tried.of(recipe).flatMap(tried -> tried.chain().composition());
  }

  /**
   * Returns a recipe that breaks few conditions, made from one that breaks more by changing the
   * sizes and attributes that conditions are about, one at a time.
   *
   * @param most how many conditions may stay broken
   */
  Optional<Recipe> mended(Recipe nearest, int most) {
    Optional<Tried> now = Tried.of(nearest);
    for (int i = 0;
        i < MOST_CHANGES && now.filter(t -> t.broken().size() > most).isPresent();
        i++) {
      now = better(now.get());
    }
    return now.filter(t -> t.broken().size() <= most).map(Tried::recipe);
  }

  /** Returns the first change with which fewer conditions are broken. */
  private Optional<Tried> better(Tried now) {
    for (Handle handle : now.handles()) {
      for (long size : hints.isEmpty() ? new TreeSet<Long>() : hints.sizes()) {
        Optional<Tried> other = Tried.of(now.recipe().with(handle, size));
        if (other.filter(o -> o.broken().size() < now.broken().size()).isPresent()) {
          return other;
        }
      }
    }
    return attributes(now).stream()
        .filter(o -> o.broken().size() < now.broken().size())
        .findFirst();
  }
}
