package dev.octet.kernels.cases;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.operator.OperatorSignature;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The ways in which a valid node is made an invalid one: one thing at a time. */
final class Mutations {

  private static final long[] INTEGERS = {
    0, -1, 1, 3, 16, -17, 1L << 31, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE
  };
  private static final float[] FLOATS = {
    0f, -1f, 1e-30f, 1e30f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
  };

  private Mutations() {}

  /** Returns a case as it is, and all its mutants, in an order that stays. */
  static List<Mutant> of(OperatorCase original) {
    Mutant valid = Mutant.of(original);
    List<Mutant> mutants = new ArrayList<>(List.of(valid, valid.constant(), valid.ofInputs()));
    for (int i = 0; i < valid.node().operands().size(); i++) {
      operands(valid, i, mutants);
    }
    counts(valid, mutants);
    attributes(valid).forEach((name, kinds) -> attribute(valid, name, kinds, mutants));
    return mutants;
  }

  private static void operands(Mutant valid, int index, List<Mutant> mutants) {
    List<String> names = new ArrayList<>(valid.node().operands());
    names.set(index, "");
    mutants.add(valid.withOperands("operand " + index + " left out", names));
    Optional<Tensor> operand = valid.operand(index);
    if (operand.isEmpty()) {
      return;
    }
    Tensor tensor = operand.get();
    List<Mutant> changed = new ArrayList<>();
    types(valid, index, tensor, changed);
    shapes(valid, index, tensor, changed);
    contents(valid, index, tensor, changed);
    for (Mutant mutant : changed) {
      mutants.add(mutant);
      mutants.add(valid.constants().isEmpty() ? mutant.constant() : mutant.ofInputs());
    }
  }

  private static void types(Mutant valid, int index, Tensor tensor, List<Mutant> mutants) {
    for (DataType type :
        List.of(
            DataType.FLOAT,
            DataType.INT64,
            DataType.INT32,
            DataType.UINT8,
            DataType.INT4,
            DataType.BOOL,
            DataType.DOUBLE,
            DataType.FLOAT16)) {
      if (type != tensor.dataType()) {
        mutants.add(valid.with("of type " + type, index, zeros(type, sizes(tensor))));
      }
    }
  }

  private static void shapes(Mutant valid, int index, Tensor tensor, List<Mutant> mutants) {
    long[] sizes = sizes(tensor);
    List<long[]> others = new ArrayList<>();
    others.add(new long[0]);
    others.add(new long[] {0});
    others.add(new long[] {1});
    others.add(new long[] {tensor.elementCount() + 1});
    others.add(LongStream.concat(LongStream.of(1), Arrays.stream(sizes)).toArray());
    others.add(LongStream.concat(Arrays.stream(sizes), LongStream.of(2)).toArray());
    if (sizes.length > 0) {
      others.add(Arrays.copyOfRange(sizes, 1, sizes.length));
      others.add(with(sizes, 0, sizes[0] + 1));
      others.add(with(sizes, sizes.length - 1, sizes[sizes.length - 1] + 1));
      others.add(with(sizes, 0, 0));
      others.add(with(sizes, sizes.length - 1, 0));
    }
    for (long[] other : others) {
      if (!Arrays.equals(other, sizes)) {
        mutants.add(
            valid.with(
                "of shape " + Arrays.toString(other), index, zeros(tensor.dataType(), other)));
      }
    }
  }

  private static long[] with(long[] sizes, int axis, long size) {
    long[] changed = sizes.clone();
    changed[axis] = size;
    return changed;
  }

  private static void contents(Mutant valid, int index, Tensor tensor, List<Mutant> mutants) {
    int count = Math.toIntExact(tensor.elementCount());
    if (tensor.dataType() == DataType.FLOAT) {
      for (float value : FLOATS) {
        float[] all = new float[count];
        Arrays.fill(all, value);
        mutants.add(valid.with("of " + value, index, Tensor.of(all, sizes(tensor))));
      }
    }
    if (tensor.dataType() == DataType.INT64 || tensor.dataType() == DataType.INT32) {
      boolean narrow = tensor.dataType() == DataType.INT32;
      for (long value : INTEGERS) {
        long[] all = new long[count];
        Arrays.fill(all, narrow ? (int) value : value);
        mutants.add(
            valid.with(
                "of " + value, index, Tensor.ofIntegers(tensor.dataType(), all, sizes(tensor))));
      }
    }
  }

  private static Tensor zeros(DataType type, long[] sizes) {
    long count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    return Tensor.ofBytes(type, sizes, ByteBuffer.allocate((int) type.packedBytes(count)));
  }

  private static long[] sizes(Tensor tensor) {
    return Arrays.stream(tensor.sizes()).toArray();
  }

  private static void counts(Mutant valid, List<Mutant> mutants) {
    List<String> names = valid.node().operands();
    for (int count = 0; count < names.size(); count++) {
      mutants.add(valid.withOperands(count + " operands", names.subList(0, count)));
    }
    for (int more = 1; more <= 2; more++) {
      List<String> longer = new ArrayList<>(names);
      for (int i = 0; i < more; i++) {
        longer.add("more" + i);
      }
      mutants.add(valid.withOperands(longer.size() + " operands", longer));
    }
    List<String> results = new ArrayList<>(valid.node().results());
    results.add("another");
    mutants.add(valid.withResults(results));
  }

  private static SortedMap<String, List<String>> attributes(Mutant valid) {
    SortedMap<String, List<String>> kinds = new TreeMap<>();
    for (Attribute attribute : valid.node().attributes().values()) {
      kinds.put(attribute.name(), List.of(kind(attribute.value())));
    }
    OperatorSignature.of(valid.node().op())
        .ifPresent(
            signature ->
                signature
                    .attributes()
                    .forEach(name -> kinds.put(name, List.copyOf(signature.kinds(name)))));
    return kinds;
  }

  private static String kind(Attribute.Value value) {
    return value instanceof Attribute.IntValue
        ? "int"
        : value instanceof Attribute.IntsValue
            ? "ints"
            : value instanceof Attribute.StringValue
                ? "string"
                : value instanceof Attribute.FloatValue ? "float" : "other";
  }

  private static void attribute(
      Mutant valid, String name, List<String> kinds, List<Mutant> mutants) {
    if (valid.node().attributes().containsKey(name)) {
      mutants.add(valid.without(name));
    }
    for (String kind : kinds) {
      values(valid, name, kind).forEach(attribute -> mutants.add(valid.with(attribute)));
    }
    for (Attribute wrong :
        List.of(
            Attribute.of(name, 1L),
            Attribute.of(name, List.of(1L)),
            Attribute.of(name, "text"),
            Attribute.of(name, 0.5f))) {
      if (!kinds.contains(kind(wrong.value()))) {
        mutants.add(valid.with(wrong));
      }
    }
  }

  private static Stream<Attribute> values(Mutant valid, String name, String kind) {
    return switch (kind) {
      case "int" -> Arrays.stream(INTEGERS).mapToObj(value -> Attribute.of(name, value));
      case "ints" -> lists(valid, name).map(list -> Attribute.of(name, list));
      case "string" -> Stream.of("", "text").map(text -> Attribute.of(name, text));
      case "float" -> {
        List<Attribute> all = new ArrayList<>();
        for (float value : FLOATS) {
          all.add(Attribute.of(name, value));
        }
        yield all.stream();
      }
      default -> Stream.empty();
    };
  }

  private static Stream<List<Long>> lists(Mutant valid, String name) {
    List<Long> stated = valid.node().intsAttribute(name).orElse(List.of(1L, 1L));
    List<List<Long>> lists = new ArrayList<>(List.of(List.of()));
    for (long value : INTEGERS) {
      lists.add(stated.stream().map(old -> value).toList());
    }
    List<Long> longer = new ArrayList<>(stated);
    longer.add(1L);
    lists.add(longer);
    if (!stated.isEmpty()) {
      lists.add(stated.subList(1, stated.size()));
      List<Long> one = new ArrayList<>(stated);
      one.set(0, 1L << 33);
      lists.add(one);
    }
    return lists.stream();
  }
}
