package dev.octet.tck.graphs;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Shape;
import dev.octet.api.pattern.NodeView;
import dev.octet.api.provider.Capability;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A recipe with the chain that it makes, and which conditions of the capability the chain breaks.
 * Immutable.
 *
 * @param recipe the recipe
 * @param chain the chain
 * @param model its model
 * @param broken the conditions that do not hold
 */
record Tried(Recipe recipe, Chain chain, Model model, Set<Capability.StepCondition> broken) {

  /**
   * An axis of an operand of a step.
   *
   * @param step the step
   * @param operand the operand's index
   * @param axis the axis
   */
  record Target(int step, int operand, int axis) {}

  /** Tries a recipe; empty when its sizes do not fit each other. */
  static Optional<Tried> of(Recipe recipe) {
    return recipe
        .chain()
        .flatMap(
            chain ->
                chain
                    .model()
                    .map(m -> new Tried(recipe, chain, m, new HashSet<>(chain.broken(m)))));
  }

  boolean isMet() {
    return broken.isEmpty();
  }

  /** Returns the sizes of all operands that are known. */
  Map<Target, Long> sizes() {
    Map<Target, Long> sizes = new LinkedHashMap<>();
    chain
        .members(model)
        .forEach(
            (step, member) -> {
              NodeView view = NodeView.of(member, List::of);
              for (int operand = 0; operand < view.node().operands().size(); operand++) {
                long[] known =
                    view.shape(operand)
                        .filter(Shape::isKnown)
                        .map(Shape::sizes)
                        .orElse(new long[0]);
                for (int axis = 0; axis < known.length; axis++) {
                  sizes.put(new Target(step, operand, axis), known[axis]);
                }
              }
            });
    return sizes;
  }

  /** Returns the size that a handle has now. */
  long size(Handle handle) {
    if (handle.isFront()) {
      return chain.flow().sizes()[handle.axis()];
    }
    NodeForm.Slot slot = handle.slots().get(0);
    return chain
        .forms()
        .get(handle.place())
        .operands()
        .get(slot.operand())
        .own()
        .orElseThrow()
        .sizes()[slot.axis()];
  }

  /**
   * Returns the sizes that can be others: those of the value in front, and those that forms state
   * and that do not follow it. Axes of different operands of a form that have one size go together,
   * as a bias goes with the output channels of its weight.
   */
  List<Handle> handles() {
    List<Handle> all = new ArrayList<>();
    for (int axis = 0; axis < chain.flow().rank(); axis++) {
      all.add(Handle.ofFront(axis));
    }
    List<List<NodeForm>> moved = new ArrayList<>();
    for (Handle front : all) {
      recipe.with(front, 2 * size(front)).chain().map(Chain::forms).ifPresent(moved::add);
    }
    for (int place = 0; place < chain.forms().size(); place++) {
      all.addAll(own(place, moved));
    }
    return all;
  }

  private List<Handle> own(int place, List<List<NodeForm>> moved) {
    List<NodeForm.Slot> free = new ArrayList<>();
    NodeForm form = chain.forms().get(place);
    for (int operand = 0; operand < form.operands().size(); operand++) {
      int rank = form.operands().get(operand).own().map(Shape::rank).orElse(0);
      for (int axis = 0; axis < rank; axis++) {
        NodeForm.Slot slot = new NodeForm.Slot(operand, axis);
        long size = size(form, slot);
        if (moved.stream().allMatch(forms -> isSame(forms.get(place), slot, size))) {
          free.add(slot);
        }
      }
    }
    return linked(place, form, free);
  }

  private static boolean isSame(NodeForm form, NodeForm.Slot slot, long size) {
    return form.operands()
        .get(slot.operand())
        .own()
        .filter(shape -> slot.axis() < shape.rank() && shape.sizes()[slot.axis()] == size)
        .isPresent();
  }

  private static List<Handle> linked(int place, NodeForm form, List<NodeForm.Slot> free) {
    List<Handle> all = new ArrayList<>();
    Set<NodeForm.Slot> taken = new HashSet<>();
    for (NodeForm.Slot slot : free) {
      if (taken.contains(slot)) {
        continue;
      }
      List<NodeForm.Slot> together = new ArrayList<>(List.of(slot));
      free.stream()
          .filter(other -> other.operand() > slot.operand() && !taken.contains(other))
          .filter(other -> size(form, other) == size(form, slot) && size(form, slot) > 1)
          .forEach(together::add);
      taken.addAll(together);
      all.add(new Handle(place, together));
    }
    return all;
  }

  private static long size(NodeForm form, NodeForm.Slot slot) {
    return form.operands().get(slot.operand()).own().orElseThrow().sizes()[slot.axis()];
  }
}
