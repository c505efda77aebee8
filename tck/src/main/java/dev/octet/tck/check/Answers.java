package dev.octet.tck.check;

import dev.octet.api.observer.ObserverKind;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.CustomOperator;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.ScaleGridKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/** What a backend says of itself, method by method, as texts that compare. */
final class Answers {

  /** How much of a long text a message shows before and behind where two differ. */
  private static final int BEFORE = 40;

  private static final int BEHIND = 80;

  private Answers() {}

  /**
   * Returns the question for each method.
   *
   * @param options the options of those methods that take some
   */
  static Map<String, Function<QuantizerProvider, String>> questions(Options options) {
    Map<String, Function<QuantizerProvider, String>> all = new LinkedHashMap<>();
    all.put("description", QuantizerProvider::description);
    all.put("version", provider -> provider.version().toString());
    all.put("options", provider -> words(provider.options()));
    all.put("capabilities", provider -> provider.capabilities(options).toString());
    all.put("observers", Answers::observers);
    all.put("scaleGrids", provider -> each(provider.scaleGrids(), ScaleGridKind::name));
    all.put("derivations", provider -> each(provider.derivations(), DerivationKind::name));
    all.put("operators", provider -> each(provider.operators(), CustomOperator::op));
    all.put("alsoRunBy", provider -> provider.alsoRunBy().toString());
    all.put("nodeOptions", p -> new TreeSet<>(p.create(options).nodeOptions()).toString());
    all.put("runtime", provider -> provider.runtime().map(Answers::words).orElse("none"));
    return all;
  }

  private static String observers(QuantizerProvider provider) {
    return each(provider.observers(), ObserverKind::descriptor);
  }

  /** Returns everything that options say. */
  static String words(List<OptionDescriptor> options) {
    return each(
        options,
        option ->
            List.of(
                option.toString(),
                option.documentation(),
                option.defaultValue(),
                option.repeatable()));
  }

  private static String words(BackendRuntime runtime) {
    return words(runtime.options()) + " " + runtime.uses(Options.none()).rows();
  }

  private static <T> String each(List<? extends T> given, Function<? super T, ?> says) {
    List<String> texts = new ArrayList<>();
    given.forEach(one -> texts.add(String.valueOf(says.apply(one))));
    return texts.toString();
  }

  /**
   * Demands that two answers are equal.
   *
   * @param what what was asked
   * @param when what is different about the second answer
   */
  static void requireSame(String what, String first, String second, String when) {
    if (!first.equals(second)) {
      int same = 0;
      while (same < Math.min(first.length(), second.length())
          && first.charAt(same) == second.charAt(same)) {
        same++;
      }
      throw Violation.of(
          "%s differs %s: '%s', and '%s'", what, when, at(first, same), at(second, same));
    }
  }

  /** Returns what stands around a place of a long text. */
  private static String at(String text, int place) {
    int begin = Math.max(0, place - BEFORE);
    int end = Math.min(text.length(), place + BEHIND);
    return (begin > 0 ? "..." : "")
        + text.substring(begin, end)
        + (end < text.length() ? "..." : "");
  }
}
