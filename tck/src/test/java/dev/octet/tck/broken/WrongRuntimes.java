package dev.octet.tck.broken;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.DeclaredUse;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.NodeRefusals;
import dev.octet.api.runtime.RequantizationProfile;
import dev.octet.api.runtime.RuntimeUses;
import dev.octet.api.runtime.ValueForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Backends whose runtime is wrong in one thing. */
final class WrongRuntimes {

  private static final String BY_THE_RULE = "by the declared rule";

  private static final OptionDescriptor SHIFT =
      OptionDescriptor.word("shift", "Whether one element is off.", "off", "on")
          .defaultValue("off");

  private WrongRuntimes() {}

  static List<WrongBackend> all() {
    return Stream.of(rounding(), models(), results(), loading(), running())
        .flatMap(List::stream)
        .toList();
  }

  static WrongBackend wrong(
      int rule, String mistake, Supplier<BackendRuntime> runtime, String says) {
    return new WrongBackend(
        String.format(Locale.ROOT, "TCK-RUN-%03d", rule),
        mistake,
        () -> {
          BackendRuntime wrong = runtime.get();
          return new Acme() {
            @Override
            public Optional<BackendRuntime> runtime() {
              return Optional.of(wrong);
            }
          };
        },
        says);
  }

  private static List<WrongBackend> rounding() {
    return List.of(
        wrong(
            2,
            "truncates",
            () ->
                new WrongRounding(
                    (v, s, z, min, max) -> WrongRounding.clamp((long) (v / s) + z, min, max)),
            BY_THE_RULE),
        wrong(
            3,
            "rounds half up",
            () ->
                new WrongRounding(
                    (v, s, z, min, max) ->
                        WrongRounding.clamp(Math.floor(v / s + 0.5) + z, min, max)),
            BY_THE_RULE),
        wrong(
            3,
            "rounds half away from zero",
            () ->
                new WrongRounding(
                    (v, s, z, min, max) ->
                        WrongRounding.clamp(
                            Math.signum(v) * Math.floor(Math.abs(v / s) + 0.5) + z, min, max)),
            BY_THE_RULE),
        wrong(
            3,
            "adds the zero point before it rounds",
            () ->
                new WrongRounding(
                    (v, s, z, min, max) ->
                        WrongRounding.clamp(Math.rint((double) v / s + z), min, max)),
            BY_THE_RULE),
        wrong(
            4,
            "wraps",
            () -> new WrongRounding((v, s, z, min, max) -> (long) Math.rint(v / s) + z),
            BY_THE_RULE),
        wrong(
            4,
            "wraps in 32 bits before it clamps",
            () ->
                new WrongRounding(
                    (v, s, z, min, max) ->
                        WrongRounding.clamp((int) (long) Math.rint(v / s) + z, min, max)),
            BY_THE_RULE),
        wrong(
            5,
            "never gives the smallest integer",
            () ->
                new WrongRounding(
                    (v, s, z, min, max) -> WrongRounding.clamp(Math.rint(v / s) + z, min + 1, max)),
            BY_THE_RULE),
        wrong(
            6,
            "adds in float32",
            () ->
                new WrongRounding(
                    (v, s, z, min, max) -> WrongRounding.clamp(Math.rint(v / s) + z, min, max)),
            BY_THE_RULE),
        wrong(
            29,
            "multiplies by the reciprocal of the scale",
            () ->
                new WrongRounding(
                    (v, s, z, min, max) ->
                        WrongRounding.clamp(Math.rint(v * (1 / s)) + z, min, max)),
            "becomes"),
        wrong(
            29,
            "converts to 32 bits before it clamps",
            () ->
                new WrongRounding(
                    (v, s, z, min, max) ->
                        WrongRounding.clamp((int) (long) Math.rint(v / s) + z, min, max)),
            "becomes"));
  }

  private static List<WrongBackend> models() {
    return List.of(
        changing(
            7,
            "takes a zero point at the end of the range for its neighbour",
            model -> Edits.constants(model, WrongRuntimes::withinTheRange),
            BY_THE_RULE),
        changing(8, "pads with the integer 0", WrongRuntimes::paddedWithZero, BY_THE_RULE),
        changing(
            9,
            "has one scale for all channels when there are groups",
            WrongRuntimes::oneScaleForGroups,
            BY_THE_RULE),
        changing(9, "has one scale for all channels", WrongRuntimes::oneScale, BY_THE_RULE),
        changing(
            10,
            "does not see how axes are ordered",
            model -> Edits.nodes(model, n -> List.of(n.withoutAttribute("perm")), Map.of()),
            "where the model states INT8"),
        changing(
            11,
            "adds a value to itself where two are read twice",
            WrongRuntimes::addedToItself,
            BY_THE_RULE),
        changing(
            25,
            "knows zero points by their names",
            model ->
                Edits.constants(
                    model, (name, t) -> name.endsWith("_zero") || !isOneInteger(t) ? t : zero(t)),
            "when names and order are others"));
  }

  private static boolean isOneInteger(Tensor tensor) {
    return tensor.elementCount() == 1 && tensor.dataType().bits() == 8;
  }

  static WrongBackend changing(int rule, String mistake, UnaryOperator<Model> change, String says) {
    return wrong(
        rule,
        mistake,
        () ->
            new WrongRuntime() {
              @Override
              Model change(Model model) {
                return change.apply(model);
              }
            },
        says);
  }

  private static Tensor zero(Tensor tensor) {
    return Tensor.ofIntegers(tensor.dataType(), new long[tensor.integers().length], tensor.sizes());
  }

  private static Tensor withinTheRange(String name, Tensor tensor) {
    if (!name.endsWith("_dq_zero") || tensor.elementCount() != 1) {
      return tensor;
    }
    long zero = tensor.integers()[0];
    long max = tensor.dataType().isSignedInteger() ? 127 : 255;
    long inside = Math.max(max - 254, Math.min(max - 1, zero));
    return Tensor.ofIntegers(tensor.dataType(), new long[] {inside}, tensor.sizes());
  }

  private static Model paddedWithZero(Model model) {
    Graph graph = model.graph();
    Map<String, Tensor> more = new LinkedHashMap<>();
    return Edits.nodes(
        model,
        node -> {
          Optional<List<Long>> pads = node.intsAttribute("pads");
          if (!node.op().is("Conv") || pads.isEmpty()) {
            return List.of(node);
          }
          List<Long> stated = pads.get();
          long[] all = {0, 0, stated.get(0), stated.get(1), 0, 0, stated.get(2), stated.get(3)};
          long zero = graph.initializers().get("x0_dq_zero").integers()[0];
          float scale = graph.initializers().get("x0_dq_scale").floats()[0];
          more.put("border", Tensor.of(all, 8));
          more.put("integer0", Tensor.of(new float[] {-zero * scale}));
          List<String> operands = new ArrayList<>(node.operands());
          operands.set(0, "bordered");
          return List.of(
              Node.of(
                  "border",
                  OpType.onnx("Pad"),
                  List.of(node.operands().get(0), "border", "integer0"),
                  List.of("bordered")),
              node.withOperands(operands).withoutAttribute("pads"));
        },
        more);
  }

  private static Model oneScale(Model model) {
    return Edits.constants(
        model, (name, tensor) -> name.matches("c[0-9]+_dq_scale") ? first(tensor) : tensor);
  }

  private static Tensor first(Tensor scales) {
    float[] values = scales.floats();
    Arrays.fill(values, values[0]);
    return Tensor.of(values, scales.sizes());
  }

  private static Model oneScaleForGroups(Model model) {
    boolean groups =
        model.graph().nodes().stream().anyMatch(node -> node.intAttribute("group", 1) > 1);
    return groups ? oneScale(model) : model;
  }

  private static Model addedToItself(Model model) {
    long sums = model.graph().nodes().stream().filter(n -> n.op().is("Add")).count();
    return sums < 2
        ? model
        : Edits.nodes(
            model,
            node ->
                List.of(
                    node.op().is("Add")
                        ? node.withOperands(List.of(node.operands().get(0), node.operands().get(0)))
                        : node),
            Map.of());
  }

  private static List<WrongBackend> results() {
    return List.of(
        giving(2, "is wrong in the last element alone", (r, in, out) -> Edits.element(out, true)),
        giving(
            5,
            "adds pairs of products in 16 bits",
            (r, in, out) -> PairSums.of(r.model(), in, out)),
        giving(
            6,
            "is wrong for more than 4096 terms alone",
            (r, in, out) -> terms(r.model()) > 4096 ? Edits.element(out, false) : out),
        saying(
            19,
            "swaps the samples of a batch",
            (r, in, out) -> Edits.reversed(out),
            "when sample 0 of 34 is run alone"),
        saying(
            27,
            "depends on the number of threads",
            (r, in, out) -> r.parallelism().threads() > 2 ? Edits.element(out, false) : out,
            "on 4 threads"),
        saying(30, "multiplies before it subtracts", WrongRuntimes::multipliedFirst, "integer"),
        wrong(
            30,
            "multiplies before it subtracts, and declares the type that it reads",
            () ->
                new WrongRuntime() {
                  @Override
                  public RuntimeUses uses(Options options) {
                    return RuntimeUses.of(
                        DeclaredUse.of("DequantizeLinear")
                            .operand(0, ValueForm.plain(DataType.INT8))
                            .exact());
                  }

                  @Override
                  Map<String, Tensor> change(
                      LoadRequest request,
                      Map<String, Tensor> inputs,
                      Map<String, Tensor> outputs) {
                    return multipliedFirst(request, inputs, outputs);
                  }
                },
            "integer"));
  }

  /** What a runtime makes of results. */
  @FunctionalInterface
  interface Result {
    Map<String, Tensor> of(
        LoadRequest request, Map<String, Tensor> inputs, Map<String, Tensor> outputs);
  }

  static WrongBackend giving(int rule, String mistake, Result result) {
    return saying(rule, mistake, result, BY_THE_RULE);
  }

  static WrongBackend saying(int rule, String mistake, Result result, String says) {
    return wrong(
        rule,
        mistake,
        () ->
            new WrongRuntime() {
              @Override
              Map<String, Tensor> change(
                  LoadRequest request, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
                return result.of(request, inputs, outputs);
              }
            },
        says);
  }

  private static long terms(Model model) {
    return model.graph().initializers().entrySet().stream()
        .filter(e -> e.getKey().equals("c0"))
        .mapToLong(e -> e.getValue().elementCount() / 3)
        .max()
        .orElse(0);
  }

  private static Map<String, Tensor> multipliedFirst(
      LoadRequest request, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
    Tensor given = inputs.get("integers");
    if (given == null) {
      return outputs;
    }
    float scale = request.model().graph().initializers().get("scale").floats()[0];
    float shift = request.model().graph().initializers().get("zero").integers()[0] * scale;
    long[] integers = given.integers();
    float[] floats = new float[integers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = integers[i] * scale - shift;
    }
    return Map.of("floats", Tensor.of(floats, given.sizes()));
  }

  private static List<WrongBackend> loading() {
    return List.of(
        wrong(
            1,
            "refuses strides that it declares",
            () -> refusing(node -> node.intsAttribute("strides").isPresent(), false),
            "the runtime refuses what it declares"),
        wrong(
            12,
            "passes over operators that it does not have",
            () ->
                new WrongRuntime() {
                  @Override
                  Model change(Model model) {
                    return Edits.nodes(
                        model,
                        node -> node.op().domain().isEmpty() ? List.of(node) : List.of(),
                        Map.of());
                  }
                },
            "loads a model with a use that it does not declare"),
        wrong(
            13,
            "refuses the first node alone",
            () -> refusing(node -> !node.op().domain().isEmpty(), true),
            "without naming node 'unknown1'"),
        wrong(
            16,
            "keeps parameters of the model before",
            WrongRuntimes::mixing,
            "output 'y0' differs"),
        wrong(
            17,
            "reads an option when it runs that it was loaded with",
            WrongRuntimes::optionOfTheLastLoaded,
            "beside an instance with other options"),
        wrong(
            28,
            "declares a bound of 3 steps",
            () ->
                new WrongRuntime() {
                  @Override
                  public RuntimeUses uses(Options options) {
                    return RuntimeUses.of(
                        DeclaredUse.of("Relu")
                            .requantizedBy(RequantizationProfile.simulated())
                            .bounded(3));
                  }
                },
            "has a bound of 3 steps"));
  }

  static WrongRuntime refusing(Predicate<Node> refused, boolean firstAlone) {
    return new WrongRuntime() {
      @Override
      Model change(Model model) {
        NodeRefusals refusals = NodeRefusals.of(model.graph());
        model.graph().nodes().stream()
            .filter(refused)
            .limit(firstAlone ? 1 : Long.MAX_VALUE)
            .forEach(node -> refusals.refuse(node, "it is not computed"));
        refusals.throwIfAny();
        return model;
      }
    };
  }

  private static WrongRuntime mixing() {
    AtomicReference<Map<String, Tensor>> before = new AtomicReference<>(Map.of());
    return new WrongRuntime() {
      @Override
      Model change(Model model) {
        Map<String, Tensor> last = before.getAndSet(model.graph().initializers());
        return Edits.constants(
            model,
            (name, tensor) -> name.equals("n0_q_scale") ? last.getOrDefault(name, tensor) : tensor);
      }
    };
  }

  private static WrongRuntime optionOfTheLastLoaded() {
    AtomicReference<String> shift = new AtomicReference<>("off");
    return new WrongRuntime() {
      @Override
      public List<OptionDescriptor> options() {
        return List.of(SHIFT);
      }

      @Override
      public ExecutableModel load(LoadRequest request) {
        shift.set(request.options().word("shift"));
        return super.load(request);
      }

      @Override
      Map<String, Tensor> change(
          LoadRequest request, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        return shift.get().equals("on") ? Edits.element(outputs, false) : outputs;
      }
    };
  }

  private static List<WrongBackend> running() {
    return List.of(
        running(
            14,
            "takes what it has read out of the map",
            (request, loaded, inputs, cancellation) -> {
              Map<String, Tensor> outputs = loaded.run(inputs, cancellation);
              inputs.clear();
              return outputs;
            },
            "the run changes the map of inputs"),
        wrong(15, "gives views of its buffers", ViewsOfBuffers::new, "when the next run computes"),
        wrong(18, "remembers the largest batch", WrongRuntimes::remembering, "after runs of other"),
        wrong(20, "shares a field among runs", WrongRuntimes::sharing, "at the same time"),
        wrong(
            20,
            "asks whether it is cancelled with its values in a field",
            WrongRuntimes::sharingWhileItAsks,
            "before its next node"),
        wrong(21, "frees what it gave", FreedBuffers::new, "once the model is closed"),
        wrong(
            26,
            "lists its outputs in another order",
            () ->
                new WrongRuntime() {
                  @Override
                  List<ValueInfo> outputs(Model model) {
                    List<ValueInfo> turned = new ArrayList<>(super.outputs(model));
                    Collections.reverse(turned);
                    return turned;
                  }
                },
            "the outputs are"),
        running(
            22,
            "takes what it is given for the right type",
            (request, loaded, inputs, cancellation) -> {
              Map<String, Tensor> right = new LinkedHashMap<>(inputs);
              loaded
                  .inputs()
                  .forEach(
                      input -> {
                        Tensor given = right.get(input.name());
                        DataType type = input.tensorType().orElseThrow().dataType();
                        if (given != null && given.dataType() != type) {
                          right.put(
                              input.name(), Tensor.ofBytes(type, given.sizes(), given.data()));
                        }
                      });
              return loaded.run(right, cancellation);
            },
            "it is not refused with OCT-RUN-002"),
        running(
            23,
            "divides by the number of samples",
            (request, loaded, inputs, cancellation) -> {
              long rows = inputs.values().iterator().next().sizes()[0];
              return 100 / rows > 100 ? Map.of() : loaded.run(inputs, cancellation);
            },
            "ArithmeticException"),
        running(
            24,
            "never asks whether it is cancelled",
            (request, loaded, inputs, cancellation) -> loaded.run(inputs, Cancellation.never()),
            "gives a result"));
  }

  /** How a runtime runs a loaded model. */
  @FunctionalInterface
  interface Running {
    Map<String, Tensor> of(
        LoadRequest request,
        ExecutableModel loaded,
        Map<String, Tensor> inputs,
        Cancellation cancellation);
  }

  static WrongBackend running(int rule, String mistake, Running run, String says) {
    return wrong(rule, mistake, () -> runtime(run), says);
  }

  static WrongRuntime runtime(Running run) {
    return new WrongRuntime() {
      @Override
      Map<String, Tensor> run(
          LoadRequest request,
          ExecutableModel loaded,
          Map<String, Tensor> inputs,
          Cancellation cancellation) {
        return run.of(request, loaded, inputs, cancellation);
      }
    };
  }

  private static WrongRuntime remembering() {
    AtomicInteger largest = new AtomicInteger();
    return runtime(
        (request, loaded, inputs, cancellation) -> {
          int rows = (int) inputs.values().iterator().next().sizes()[0];
          boolean smaller = rows < largest.getAndUpdate(before -> Math.max(before, rows));
          Map<String, Tensor> outputs = loaded.run(inputs, cancellation);
          return smaller ? Edits.element(outputs, true) : outputs;
        });
  }

  private static WrongRuntime sharingWhileItAsks() {
    AtomicReference<Map<String, Tensor>> shared = new AtomicReference<>(Map.of());
    return runtime(
        (request, loaded, inputs, cancellation) -> {
          shared.set(inputs);
          cancellation.throwIfCancelled();
          return loaded.run(shared.get(), cancellation);
        });
  }

  private static WrongRuntime sharing() {
    AtomicReference<Map<String, Tensor>> shared = new AtomicReference<>(Map.of());
    return runtime(
        (request, loaded, inputs, cancellation) -> {
          shared.set(inputs);
          Thread.yield();
          return loaded.run(shared.get(), cancellation);
        });
  }
}
