package dev.octet.annotation.rules;

import dev.octet.api.pattern.NodeCondition;
import dev.octet.api.tree.Tree;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Conditions as plain trees, by the components of their records, so that a new kind of condition
 * needs no code here.
 */
final class ConditionTree {

  private static final String KIND = "kind";
  private static final List<String> NO_DECIMALS = List.of("-0.0", "Infinity", "-Infinity", "NaN");

  private ConditionTree() {}

  /** Returns the records of all conditions by the word for their kind. */
  static SortedMap<String, Class<?>> kinds() {
    SortedMap<String, Class<?>> kinds = new TreeMap<>();
    for (Class<?> family : StatedCondition.class.getPermittedSubclasses()) {
      for (Class<?> record : family.getPermittedSubclasses()) {
        kinds.put(kind(record), record);
      }
    }
    return kinds;
  }

  static Tree.Mapping toTree(NodeCondition condition) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put(KIND, Tree.of(condition.id()));
    if (!(condition instanceof StatedCondition)) {
      return Tree.of(fields);
    }
    for (RecordComponent component : condition.getClass().getRecordComponents()) {
      fields.put(component.getName(), value(component(condition, component)));
    }
    return Tree.of(fields);
  }

  static NodeCondition fromTree(Tree tree, RuleVocabulary own) {
    Tree.Mapping fields = tree.asMapping();
    Tree kind = fields.get(KIND);
    if (RuleVocabulary.isOwn(kind)) {
      fields.allowOnly(KIND);
      return own.condition(kind);
    }
    SortedMap<String, Class<?>> kinds = kinds();
    Class<?> record = kinds.get(kind.asText());
    if (record == null) {
      throw kind.unknownWord(KIND, List.copyOf(kinds.keySet()));
    }
    RecordComponent[] components = record.getRecordComponents();
    String[] names = new String[components.length + 1];
    names[components.length] = KIND;
    Arrays.setAll(names, i -> i < components.length ? components[i].getName() : KIND);
    fields.allowOnly(names);
    Object[] values = new Object[components.length];
    Arrays.setAll(values, i -> value(fields.get(names[i]), components[i].getGenericType(), own));
    return tree.inRange(() -> (NodeCondition) make(record, components, values));
  }

  static String kind(Class<?> record) {
    return record.getSimpleName().replaceAll("(?<!^)(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  private static Tree value(Object value) {
    if (value instanceof List<?> list) {
      return Tree.of(list.stream().map(ConditionTree::value).toList());
    }
    if (value instanceof NodeCondition condition) {
      return toTree(condition);
    }
    if (value instanceof MatchPoint point) {
      return RuleTree.toTree(point);
    }
    if (value instanceof ChannelAxis axis) {
      return RuleTree.toTree(axis);
    }
    if (value instanceof Float number) {
      String text = number.toString();
      return NO_DECIMALS.contains(text) ? Tree.of(text) : Tree.of(number.floatValue());
    }
    return value instanceof Number number ? Tree.of(number.longValue()) : Tree.of(value.toString());
  }

  private static Object value(Tree tree, Type type, RuleVocabulary own) {
    if (type instanceof ParameterizedType list) {
      Type item = list.getActualTypeArguments()[0];
      return tree.asItems().stream().map(i -> value(i, item, own)).toList();
    }
    return switch (((Class<?>) type).getSimpleName()) {
      case "int", "Integer" -> tree.asInt();
      case "long", "Long" -> tree.asLong();
      case "float" -> number(tree);
      case "String" -> tree.asText();
      case "OpType" -> NodePattern.opType(tree.asText());
      case "NodeCondition" -> fromTree(tree, own);
      case "MatchPoint" -> RuleTree.pointFromTree(tree);
      case "ChannelAxis" -> RuleTree.axisFromTree(tree, own);
      default -> throw new IllegalStateException("no tree is read as " + type);
    };
  }

  private static float number(Tree tree) {
    if (tree.isText()) {
      if (!NO_DECIMALS.contains(tree.asText())) {
        throw tree.unknownWord("value", NO_DECIMALS);
      }
      return Float.parseFloat(tree.asText());
    }
    return tree.asNumber().floatValue();
  }

  private static Object component(NodeCondition condition, RecordComponent component) {
    try {
      return component.getAccessor().invoke(condition);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  private static Object make(Class<?> record, RecordComponent[] components, Object[] values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return record.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException("cannot make " + record, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + record, e);
    }
  }
}
