package dev.octet.tck.check;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.OpType;
import dev.octet.api.option.Options;
import dev.octet.tck.exact.ExactStep;
import dev.octet.tck.graphs.IntegerComposer;
import dev.octet.tck.graphs.Numbers;
import dev.octet.tck.graphs.SmallNetworks;
import dev.octet.tck.graphs.Types;
import dev.octet.tck.integers.IntegerModel;
import dev.octet.tck.integers.Operand;
import dev.octet.tck.integers.Step;
import dev.octet.tck.subject.Presets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Whether a runtime gives the integers of the rules that it declares. */
final class IntegerChecks {

  /** Around where a float32, a 16-bit count and the largest sums in 32 bits end. */
  private static final List<Long> TERMS =
      List.of(1L, 2L, 255L, 4095L, 4096L, 4097L, 65_535L, 65_536L, 65_537L);

  private static final long TERMS_BEYOND = 8_191;

  /** Of 255 times 127: beyond the 24 bits of a float32, and just below 2^31. */
  private static final List<Long> TERMS_BEFORE_A_BIAS = List.of(4_097L, 66_000L);

  private IntegerChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        check("TCK-RUN-001", IntegerChecks::run),
        check("TCK-RUN-002", IntegerChecks::randomIntegers),
        check("TCK-RUN-003", cases -> cases.plainAndFurther(Numbers.TIES)),
        check("TCK-RUN-004", IntegerChecks::saturation),
        check("TCK-RUN-005", IntegerChecks::extremes),
        check("TCK-RUN-006", IntegerChecks::longSums),
        check("TCK-RUN-007", cases -> cases.plainAndFurther(Numbers.LOW_ZERO, Numbers.HIGH_ZERO)),
        check("TCK-RUN-008", IntegerChecks::padding),
        check("TCK-RUN-009", IntegerChecks::perChannel),
        check("TCK-RUN-010", IntegerChecks::movedIntegers),
        check("TCK-RUN-011", IntegerChecks::networks));
  }

  private static RuleCheck check(String rule, Function<Cases, List<TckCase>> cases) {
    return new RuleCheck(
        rule,
        subject -> {
          TestedRuntime runtime = TestedRuntime.of(subject);
          List<TckCase> composed = cases.apply(new Cases(runtime));
          return composed.isEmpty() ? UndeclaredUses.refusals(runtime) : composed;
        });
  }

  private static List<TckCase> run(Cases cases) {
    List<TckCase> all = new ArrayList<>();
    for (OpType op : cases.runtime.operators()) {
      for (Types types : IntegerComposer.types(op)) {
        for (IntegerModel model : cases.composer.everyForm(op, types, Numbers.CONSTANT)) {
          if (cases.runtime.declares(model)) {
            all.add(TckCase.of(model.name(), () -> cases.runtime.run(model)));
          }
        }
      }
    }
    return all;
  }

  private static List<TckCase> randomIntegers(Cases cases) {
    List<TckCase> all = new ArrayList<>(cases.rare());
    all.addAll(cases.everyForm(op -> true, Numbers.RANDOM));
    all.addAll(cases.wide());
    all.addAll(cases.further(Numbers.RANDOM));
    all.addAll(cases.vectorsAndScalars());
    all.addAll(cases.forms(IntegerChecks::readsSeveral, Numbers.UNLIKE_STEPS));
    for (Options preset : Presets.of(cases.runtime.backend().options())) {
      if (!preset.equals(Options.none())) {
        Cases others = new Cases(cases.runtime.with(preset));
        String prefix = Presets.words(preset);
        others.plain(Numbers.RANDOM).stream()
            .map(one -> new TckCase(prefix + "/" + one.name(), one.body(), one.smaller()))
            .forEach(all::add);
      }
    }
    return all;
  }

  /** Tells whether a model's only step reads several values of integers and multiplies none. */
  private static boolean readsSeveral(IntegerModel model) {
    Step step = model.steps().get(0);
    return !IntegerComposer.isProduct(step.op())
        && step.operands().stream().filter(Operand.Stored.class::isInstance).count() > 1;
  }

  private static List<TckCase> extremes(Cases cases) {
    List<TckCase> all =
        new ArrayList<>(
            cases.plain(
                Numbers.LOWEST,
                Numbers.HIGHEST,
                Numbers.OPPOSED,
                Numbers.ALTERNATING,
                Numbers.CONSTANT));
    all.addAll(cases.further(Numbers.OPPOSED));
    return all;
  }

  /** A product of many terms times a factor of 200 is beyond 32 bits. */
  private static List<TckCase> saturation(Cases cases) {
    List<TckCase> all = new ArrayList<>(cases.plain(Numbers.SATURATING));
    for (OpType op : cases.runtime.operators()) {
      for (Types types : IntegerComposer.types(op)) {
        all.addAll(cases.of(cases.composer.longSums(op, types, Numbers.FAR_BEYOND, TERMS_BEYOND)));
      }
    }
    return all;
  }

  private static List<TckCase> longSums(Cases cases) {
    List<TckCase> all = new ArrayList<>();
    for (OpType op : cases.runtime.operators()) {
      for (Types types : IntegerComposer.types(op)) {
        for (long terms : TERMS) {
          for (Numbers numbers :
              List.of(Numbers.CANCELLING, Numbers.HIGHEST, Numbers.OPPOSED, Numbers.RANDOM)) {
            boolean plain = types.weight() == DataType.INT8 || terms < 4096;
            boolean any =
                IntegerComposer.isConvolution(op) ? isLongConv(terms, numbers) && plain : plain;
            if (any || (numbers == Numbers.CANCELLING && !IntegerComposer.isConvolution(op))) {
              all.addAll(cases.of(cases.composer.longSums(op, types, numbers, terms)));
            }
          }
        }
      }
    }
    all.addAll(cases.undoneByBias());
    return all;
  }

  private static boolean isLongConv(long terms, Numbers numbers) {
    return (terms == 4097 || terms == 65_537) && numbers == Numbers.RANDOM;
  }

  private static List<TckCase> padding(Cases cases) {
    Predicate<IntegerModel> padded =
        model -> model.name().contains("pad") || model.name().contains("same-");
    return cases.forms(padded, Numbers.LOW_ZERO, Numbers.HIGH_ZERO, Numbers.HIGHEST);
  }

  private static List<TckCase> perChannel(Cases cases) {
    return cases.forms(
        model -> model.name().contains("per-channel/"), Numbers.TIES, Numbers.ALTERNATING);
  }

  private static List<TckCase> movedIntegers(Cases cases) {
    return cases.forms(
        model -> model.steps().stream().allMatch(ExactStep::moves),
        Numbers.ALTERNATING,
        Numbers.HIGH_ZERO);
  }

  private static List<TckCase> networks(Cases cases) {
    SmallNetworks networks = new SmallNetworks(cases.runtime.subject().seed());
    List<TckCase> all = new ArrayList<>();
    networks.all().stream().filter(cases::concerns).map(cases::network).forEach(all::add);
    networks.ends().stream().filter(cases::concerns).map(cases::end).forEach(all::add);
    return all;
  }

  /** The cases that compare integers. */
  private static final class Cases {
    private final TestedRuntime runtime;
    private final IntegerComposer composer;

    private Cases(TestedRuntime runtime) {
      this.runtime = runtime;
      this.composer = new IntegerComposer(runtime.subject().seed());
    }

    private List<TckCase> of(List<IntegerModel> models) {
      return models.stream().filter(this::concerns).map(m -> compared(m, Optional::empty)).toList();
    }

    private boolean concerns(IntegerModel model) {
      if (!runtime.declares(model) || !Judge.knows(model)) {
        return false;
      }
      model
          .steps()
          .forEach(step -> ExactStep.requireKnownRule(step, runtime.support(model.use(step))));
      return true;
    }

    private TckCase compared(IntegerModel model, Supplier<Optional<IntegerModel>> smaller) {
      return new TckCase(
          model.name(),
          () -> Judge.requireDeclaredIntegers(runtime, model),
          () ->
              smaller.get().filter(this::concerns).stream()
                  .map(small -> compared(small, Optional::empty))
                  .toList());
    }

    /** A network, which shrinks to the steps up to the first that is wrong. */
    private TckCase network(IntegerModel model) {
      return shortened(model, Judge::requireDeclaredIntegers);
    }

    private TckCase end(IntegerModel model) {
      return shortened(model, Judge::requireDeclaredEnd);
    }

    private TckCase shortened(
        IntegerModel model, BiConsumer<TestedRuntime, IntegerModel> comparison) {
      return new TckCase(
          model.name(),
          () -> comparison.accept(runtime, model),
          () ->
              IntStream.range(1, model.steps().size())
                  .mapToObj(model::first)
                  .map(
                      shorter ->
                          TckCase.of(shorter.name(), () -> comparison.accept(runtime, shorter)))
                  .toList());
    }

    /** Every operator in its plain forms, of all types. */
    private List<TckCase> plain(Numbers... kinds) {
      List<TckCase> all = new ArrayList<>();
      for (OpType op : runtime.operators()) {
        for (Types types : IntegerComposer.types(op)) {
          for (Numbers numbers : kinds) {
            all.addAll(shrinking(composer.plainForms(op, types, numbers), op, types, numbers));
          }
        }
      }
      return all;
    }

    private List<TckCase> plainAndFurther(Numbers... kinds) {
      List<TckCase> all = new ArrayList<>(plain(kinds));
      all.addAll(further(kinds));
      return all;
    }

    /** Every operator in its plain forms, of 16 bits, unlike signs, and zero points of channels. */
    private List<TckCase> further(Numbers... kinds) {
      List<TckCase> all = new ArrayList<>();
      for (OpType op : runtime.operators()) {
        for (Types types : IntegerComposer.furtherTypes(op)) {
          for (Numbers numbers : kinds) {
            all.addAll(shrinking(composer.plainForms(op, types, numbers), op, types, numbers));
          }
        }
      }
      return all;
    }

    /** Operators around whole vectors, and on one element, of the usual types. */
    private List<TckCase> vectorsAndScalars() {
      List<TckCase> all = new ArrayList<>();
      for (OpType op : runtime.operators()) {
        for (Types types : IntegerComposer.types(op)) {
          if (isUsual(types)) {
            all.addAll(of(composer.vectors(op, types)));
            all.addAll(of(composer.scalars(op, types)));
          }
        }
      }
      return all;
    }

    /** Operators in forms that are seldom, of the usual types. */
    private List<TckCase> rare() {
      List<TckCase> all = new ArrayList<>();
      for (OpType op : runtime.operators()) {
        for (Types types : IntegerComposer.types(op)) {
          if (isUsual(types)) {
            all.addAll(of(composer.rareForms(op, types)));
          }
        }
      }
      return all;
    }

    private static boolean isUsual(Types types) {
      return types.perChannel()
          ? types.weight() == DataType.INT8
          : types.weight() == types.activation();
    }

    /** Products whose bias is as large as their sums. */
    private List<TckCase> undoneByBias() {
      List<TckCase> all = new ArrayList<>();
      for (OpType op : runtime.operators()) {
        for (Types types : IntegerComposer.types(op)) {
          if (types.weight() == DataType.INT8 && !types.perChannel()) {
            for (long terms : TERMS_BEFORE_A_BIAS) {
              all.addAll(of(composer.undoneByBias(op, types, terms)));
            }
          }
        }
      }
      return all;
    }

    /** Operators at sizes that fill whole vectors, of the usual types. */
    private List<TckCase> wide() {
      List<TckCase> all = new ArrayList<>();
      for (OpType op : runtime.operators()) {
        for (Types types : IntegerComposer.types(op)) {
          if (types.weight() == DataType.INT8 || types.weight() == types.activation()) {
            all.addAll(of(composer.wide(op, types, Numbers.RANDOM)));
          }
        }
      }
      return all;
    }

    /** Operators in every form, of all types. */
    private List<TckCase> everyForm(Predicate<OpType> wanted, Numbers numbers) {
      List<TckCase> all = new ArrayList<>();
      for (OpType op : runtime.operators()) {
        for (Types types : wanted.test(op) ? IntegerComposer.types(op) : List.<Types>of()) {
          all.addAll(shrinking(composer.everyForm(op, types, numbers), op, types, numbers));
        }
      }
      return all;
    }

    /** Forms that are chosen by what they look like. */
    private List<TckCase> forms(Predicate<IntegerModel> wanted, Numbers... kinds) {
      List<TckCase> all = new ArrayList<>();
      for (OpType op : runtime.operators()) {
        for (Types types : IntegerComposer.types(op)) {
          for (Numbers numbers : kinds) {
            List<IntegerModel> models =
                composer.everyForm(op, types, numbers).stream().filter(wanted).toList();
            all.addAll(shrinking(models, op, types, numbers));
          }
        }
      }
      return all;
    }

    private List<TckCase> shrinking(
        List<IntegerModel> models, OpType op, Types types, Numbers numbers) {
      return models.stream()
          .filter(this::concerns)
          .map(
              model ->
                  compared(
                      model,
                      () -> composer.smaller(op, model.name().split("/", -1)[1], types, numbers)))
          .toList();
    }
  }
}
