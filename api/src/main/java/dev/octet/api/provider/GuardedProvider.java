package dev.octet.api.provider;

import dev.octet.api.graph.Model;
import dev.octet.api.guard.Guard;
import dev.octet.api.guard.ServicePlace;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.CustomOperator;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.ScaleGridKind;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A backend of which every call is guarded, as are those of all that it hands out: quantizers,
 * observers, runtimes and their models.
 */
final class GuardedProvider implements QuantizerProvider {

  private static final String NOUN = "backend";

  private final QuantizerProvider provider;
  private final String name;
  private final ServicePlace place;
  private final Guard guard;
  private final FirstAnswers answers;

  /** Found when somebody asks; two threads that ask at once may find it twice. */
  private volatile @Nullable ProviderBuild build;

  private GuardedProvider(QuantizerProvider provider, String name, ServicePlace place) {
    this.provider = provider;
    this.name = name;
    this.place = place;
    this.guard = Guard.of(NOUN + " '" + name + "'", place);
    this.answers = new FirstAnswers(guard);
  }

  /**
   * Guards a backend; one that is guarded stays as it is.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-REG-006} if it cannot tell its name
   */
  static GuardedProvider of(QuantizerProvider provider) {
    return provider instanceof GuardedProvider guarded
        ? guarded
        : of(provider, new ServicePlace(provider.getClass()));
  }

  /** Guards a backend whose code stands in another class than its own. */
  static GuardedProvider of(QuantizerProvider provider, ServicePlace place) {
    String name = Guard.of("a " + NOUN, place).same("name", provider::name);
    return new GuardedProvider(provider, name, place);
  }

  /** Returns which build of the backend this is; the jar is read once. */
  ProviderBuild build() {
    ProviderBuild found = build;
    if (found == null) {
      found = ProviderBuild.of(place, version());
      build = found;
    }
    return found;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return guard.words("description", provider::description);
  }

  @Override
  public List<OptionDescriptor> options() {
    return answers.same(
        "options", DistinctOptions.of(guard, provider::options), OptionDescriptor::name);
  }

  @Override
  public List<Capability> capabilities(Options options) {
    return guard.list("capabilities", () -> provider.capabilities(options));
  }

  @Override
  public List<ObserverKind> observers() {
    List<ObserverKind> kinds =
        guard.list("observers", provider::observers).stream()
            .<ObserverKind>map(kind -> GuardedObserverKind.of(kind, guard))
            .toList();
    return answers.same("observers", kinds, kind -> kind.descriptor().name());
  }

  @Override
  public List<ScaleGridKind> scaleGrids() {
    List<ScaleGridKind> kinds =
        guard.list("scaleGrids", provider::scaleGrids).stream()
            .<ScaleGridKind>map(kind -> GuardedScaleGrid.of(kind, guard))
            .toList();
    return answers.same("scaleGrids", kinds, ScaleGridKind::name);
  }

  @Override
  public List<DerivationKind> derivations() {
    List<DerivationKind> kinds =
        guard.list("derivations", provider::derivations).stream()
            .<DerivationKind>map(kind -> GuardedDerivation.of(kind, guard))
            .toList();
    return answers.same("derivations", kinds, DerivationKind::name);
  }

  @Override
  public boolean cutsLogits() {
    return guard.same("cutsLogits", provider::cutsLogits);
  }

  @Override
  public List<CustomOperator> operators() {
    return answers.same(
        "operators",
        GuardedOperator.all(guard.list("operators", provider::operators), guard),
        operator -> operator.op().toString());
  }

  @Override
  public Availability availability() {
    return guard.call("availability", provider::availability);
  }

  @Override
  public Optional<String> version() {
    return guard.wordsIfAny("version", provider::version);
  }

  @Override
  public Quantizer create(Options options) {
    return new GuardedQuantizer(guard.call("create", () -> provider.create(options)), guard);
  }

  @Override
  public Optional<BackendRuntime> runtime() {
    return guard
        .<Optional<BackendRuntime>>call("runtime", provider::runtime)
        .map(runtime -> new GuardedRuntime(runtime, name, guard));
  }

  @Override
  public List<String> alsoRunBy() {
    List<String> others = guard.list("alsoRunBy", provider::alsoRunBy);
    Set<String> seen = new HashSet<>();
    for (String other : others) {
      if (!ServiceCatalog.isName(other)) {
        throw guard.breach("alsoRunBy", "'" + other + "' is no name of a backend");
      }
      if (!seen.add(other)) {
        throw guard.breach("alsoRunBy", "it names '" + other + "' twice");
      }
    }
    return others;
  }

  @Override
  public List<Finding> checkConverted(Model converted) {
    return guard.list("checkConverted", () -> provider.checkConverted(converted));
  }

  @Override
  public <T, R> Optional<R> ask(
      Class<T> type, String method, Function<? super T, ? extends R> question) {
    return guard.call(method, () -> provider.ask(type, method, question));
  }

  /** Returns which backend it is. */
  @Override
  public String toString() {
    return "backend '" + name + "'";
  }
}
