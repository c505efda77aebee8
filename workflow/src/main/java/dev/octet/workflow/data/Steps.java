package dev.octet.workflow.data;

import dev.octet.api.error.NearMisses;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Shape;
import dev.octet.api.tree.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The steps of one input, checked against the samples they are for.
 *
 * <p>{@code transpose} and {@code reshape} move elements and keep their type. {@code multiply},
 * {@code subtract}, {@code divide} and {@code add} turn integers into the nearest float32, ties to
 * even, take the nearest float32 of each decimal number of the description, and round every result
 * once to float32. {@code cast} converts as {@link Values#cast} says.
 */
final class Steps {

  private static final Pattern TRANSPOSE = Pattern.compile("\\s*([A-Z]+)\\s*->\\s*([A-Z]+)\\s*");
  private static final String EXAMPLE = StepKind.ADD.example();
  private static final Map<String, DataType> TYPES = types();

  private final List<Step> steps = new ArrayList<>();
  private Layout layout;
  private boolean casts;

  private Steps(Layout start) {
    this.layout = start;
  }

  /** One step on the elements of some samples. */
  @FunctionalInterface
  private interface Step {
    Values apply(Values values, int samples);
  }

  /** One operation of float32 numbers. */
  @FunctionalInterface
  private interface Arithmetic {
    float apply(float element, float number);
  }

  /**
   * Checks the steps.
   *
   * @param descriptions the entries of {@code steps}
   * @param start what the file holds
   * @throws OctetException {@code OCT-DATA-007} for a step that is malformed, {@code OCT-DATA-008}
   *     for one that does not fit the samples
   */
  static Steps of(List<Tree> descriptions, Layout start) {
    Steps steps = new Steps(start);
    for (int i = 0; i < descriptions.size(); i++) {
      if (steps.layout.axes().isEmpty()) {
        String axes = axesNamedLater(descriptions.subList(i, descriptions.size()));
        steps.nameAxes(axes);
      }
      steps.add(descriptions.get(i));
    }
    return steps;
  }

  /**
   * Returns the steps of an entry.
   *
   * @throws OctetException {@code OCT-DATA-007} if it is no list
   */
  static List<Tree> items(Tree entry) {
    if (!entry.isList()) {
      throw malformed(entry, "the steps are no list")
          .next("Write each step as an item of its own, such as '- " + EXAMPLE + "'.");
    }
    return entry.asItems();
  }

  /** Returns what the samples look like after the last step. */
  Layout layout() {
    return layout;
  }

  /** Tells whether one of the steps is a cast. */
  boolean casts() {
    return casts;
  }

  /** Applies the steps to the elements of some samples. */
  Values apply(Values values, int samples) {
    Values current = values;
    for (Step step : steps) {
      current = step.apply(current, samples);
    }
    return current;
  }

  /** Converts to an element type after the last step. */
  void castTo(DataType type) {
    layout = layout.withType(type);
    steps.add((values, samples) -> values.cast(type));
  }

  private void add(Tree description) {
    requireOneName(description);
    Map<String, Tree> entries = description.asMapping().entries();
    Map.Entry<String, Tree> entry = entries.entrySet().iterator().next();
    String name = entry.getKey();
    add(StepKind.find(name).orElseThrow(() -> unknown(name, entry.getValue())), entry.getValue());
  }

  private static void requireOneName(Tree description) {
    if (!description.isMapping() || description.asMapping().entries().size() != 1) {
      throw malformed(description, "a step is one name with its value")
          .next("Write each step as an item of its own, such as '- " + EXAMPLE + "'.");
    }
  }

  private static OctetException unknown(String name, Tree value) {
    List<String> names = StepKind.names();
    return malformed(value, "there is no step '" + name + "'")
        .candidates(NearMisses.of(name, names, names.size()))
        .next("Correct its name.");
  }

  private void add(StepKind kind, Tree value) {
    switch (kind) {
      case RESIZE, CENTER_CROP, LETTERBOX, CHANNELS ->
          throw misfit(value, "step '" + kind.text() + "' is for images, and these are numbers")
              .next("Write it before all other steps of a folder of images.");
      case TRANSPOSE -> transpose(value);
      case MULTIPLY -> arithmetic(value, (x, number) -> x * number);
      case SUBTRACT -> arithmetic(value, (x, number) -> x - number);
      case DIVIDE -> arithmetic(nonZero(value), (x, number) -> x / number);
      case ADD -> arithmetic(value, Float::sum);
      case RESHAPE -> reshape(value);
      case CAST -> {
        castTo(type(value));
        casts = true;
      }
    }
  }

  private void transpose(Tree value) {
    Matcher letters = letters(value);
    String from = letters.group(1);
    String to = letters.group(2);
    if (!layout.axes().isEmpty() && !layout.axes().equals(from)) {
      throw misfit(value, "the axes are " + layout.axes() + " here, not " + from)
          .next("Start from " + layout.axes() + ".");
    }
    if (from.length() != layout.sizes().length + 1) {
      throw misfit(value, from + " names " + from.length() + " axes; the data is " + layout)
          .next("Name every axis, N for the samples included.");
    }
    int rank = layout.sizes().length;
    int[] sources = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      sources[axis] = from.indexOf(to.charAt(axis + 1)) - 1;
    }
    int[] picks = picks(layout.sizes(), sources);
    steps.add((values, samples) -> values.gather(picks, samples));
    long[] sizes = Arrays.stream(sources).mapToLong(axis -> layout.sizes()[axis]).toArray();
    layout = new Layout(layout.type(), sizes, to);
  }

  /** Returns for each element of a transposed sample its place in the sample before. */
  private static int[] picks(long[] sizes, int[] sources) {
    if (Shape.count(sizes) == 0) {
      return new int[0];
    }
    int rank = sizes.length;
    int[] strides = new int[rank];
    int total = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      strides[axis] = total;
      total = Math.multiplyExact(total, (int) sizes[axis]);
    }
    int[] picks = new int[total];
    for (int i = 0; i < total; i++) {
      int rest = i;
      for (int axis = rank - 1; axis >= 0; axis--) {
        int size = (int) sizes[sources[axis]];
        picks[i] += rest % size * strides[sources[axis]];
        rest /= size;
      }
    }
    return picks;
  }

  private void arithmetic(Tree value, Arithmetic operation) {
    float[] numbers = numbers(value);
    int inner = 1;
    if (value.isList()) {
      int axis = channelAxis(value);
      if (layout.sizes()[axis] != numbers.length) {
        String fact = numbers.length + " numbers along an axis of " + layout.sizes()[axis];
        throw misfit(value, fact + "; the data is " + layout)
            .next("Give one number for each index of the axis, or a single number.");
      }
      for (int i = axis + 1; i < layout.sizes().length; i++) {
        inner *= (int) layout.sizes()[i];
      }
    }
    int run = inner;
    steps.add((values, samples) -> calculate(values.floats(), operation, numbers, run));
    layout = layout.withType(DataType.FLOAT);
  }

  private static Values calculate(float[] in, Arithmetic operation, float[] numbers, int run) {
    float[] out = new float[in.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = operation.apply(in[i], numbers[i / run % numbers.length]);
    }
    return new Values.Floats(out);
  }

  /** Returns the axis of a sample that lists run along: C, or the one after the samples. */
  private int channelAxis(Tree value) {
    int named = layout.axes().indexOf('C');
    int axis = layout.axes().isEmpty() ? 0 : named - 1;
    if (axis < 0 || axis >= layout.sizes().length) {
      throw misfit(value, "there is no axis for a list; the data is " + layout)
          .next("Give a single number, or name the axis C with a transpose step.");
    }
    return axis;
  }

  private void reshape(Tree value) {
    long[] sizes = value.asItems().stream().mapToLong(Tree::asLong).toArray();
    long before = layout.elements();
    long after = 1;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] < 1 || sizes[i] > Integer.MAX_VALUE) {
        throw misfit(value.asItems().get(i), "size " + sizes[i] + " is not positive")
            .next("Write the shape of one sample without the samples' axis.");
      }
      after = Math.min(Integer.MAX_VALUE, after) * sizes[i];
    }
    if (after != before) {
      throw misfit(value, "the shape has not the " + before + " elements of a sample " + layout)
          .next("Write the shape of one sample without the samples' axis.");
    }
    layout = new Layout(layout.type(), sizes, "");
  }

  private static DataType type(Tree value) {
    DataType type = TYPES.get(value.asText());
    if (type == null) {
      throw malformed(value, "there is no element type '" + value.asText() + "'")
          .candidates(TYPES.keySet())
          .next("Correct its name.");
    }
    return type;
  }

  private static float[] numbers(Tree value) {
    List<Tree> items = value.oneOrMore();
    float[] numbers = new float[items.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Float.parseFloat(items.get(i).asNumber().toString());
      if (Float.isInfinite(numbers[i])) {
        throw malformed(items.get(i), "the number is outside of float32")
            .next("Give a number below 3.4e38 in magnitude.");
      }
    }
    if (numbers.length == 0) {
      throw malformed(value, "the list is empty").next("Give a number.");
    }
    return numbers;
  }

  private static Tree nonZero(Tree value) {
    for (float number : numbers(value)) {
      if (number == 0) {
        throw malformed(value, "division by 0").next("Give a divisor that is not 0.");
      }
    }
    return value;
  }

  private static Matcher letters(Tree value) {
    Matcher letters = TRANSPOSE.matcher(value.asText());
    boolean valid = letters.matches() && isPermutation(letters.group(1), letters.group(2));
    if (!valid) {
      throw malformed(value, "'" + value.asText() + "' is no order of axes")
          .next(
              "Write for example NHWC -> NCHW: the same letters on both sides, each once, the"
                  + " samples' axis first.");
    }
    return letters;
  }

  private static boolean isPermutation(String from, String to) {
    return from.chars().distinct().count() == from.length()
        && Arrays.equals(from.chars().sorted().toArray(), to.chars().sorted().toArray())
        && from.charAt(0) == to.charAt(0);
  }

  private static String axesNamedLater(List<Tree> descriptions) {
    for (Tree description : descriptions) {
      requireOneName(description);
      Map<String, Tree> entries = description.asMapping().entries();
      if (entries.containsKey("reshape")) {
        return "";
      }
      Optional<Tree> transpose = Optional.ofNullable(entries.get("transpose"));
      if (transpose.isPresent()) {
        return letters(transpose.get()).group(1);
      }
    }
    return "";
  }

  private void nameAxes(String axes) {
    if (axes.length() == layout.sizes().length + 1) {
      layout = layout.withAxes(axes);
    }
  }

  static OctetException.Builder malformed(Tree at, String fact) {
    return DataErrors.MALFORMED_STEP.error(fact).at(at.position().toString());
  }

  private static OctetException.Builder misfit(Tree at, String fact) {
    return DataErrors.UNFIT_STEP.error(fact).at(at.position().toString());
  }

  private static Map<String, DataType> types() {
    Map<String, DataType> types = new LinkedHashMap<>();
    types.put("float16", DataType.FLOAT16);
    types.put("float32", DataType.FLOAT);
    types.put("float64", DataType.DOUBLE);
    types.put("bool", DataType.BOOL);
    types.put("int8", DataType.INT8);
    types.put("int16", DataType.INT16);
    types.put("int32", DataType.INT32);
    types.put("int64", DataType.INT64);
    types.put("uint8", DataType.UINT8);
    types.put("uint16", DataType.UINT16);
    types.put("uint32", DataType.UINT32);
    types.put("uint64", DataType.UINT64);
    return java.util.Collections.unmodifiableMap(types);
  }
}
