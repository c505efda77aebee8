package dev.octet.api.provider;

import dev.octet.api.graph.Model;
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
import java.lang.module.ModuleDescriptor;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A backend, as a service: what it is called, what it can do, and how to get its quantizer and its
 * runtime.
 *
 * <p>Implementations keep the contract of {@link NamedService} and are registered with {@link
 * java.util.ServiceLoader}. New abilities arrive as default methods.
 */
public interface QuantizerProvider extends NamedService {

  /**
   * Returns the name that users choose the backend by: {@code [a-z][a-z0-9-]{0,63}}; the same at
   * every call.
   */
  @Override
  String name();

  /** Returns one sentence that says what the backend is for. */
  String description();

  /**
   * Returns the options that {@link #create} understands, in the order in which a page shows them.
   * Octet refuses others before it calls {@code create}, and takes {@code exclude} and {@code
   * configure} for the caller's policy unless they are listed here.
   */
  default List<OptionDescriptor> options() {
    return List.of();
  }

  /**
   * Returns what the backend quantizes.
   *
   * @param options the options of the whole model, checked and completed by the provider; none for
   *     the defaults
   * @throws dev.octet.api.error.OctetException {@code OCT-OPT-001} to {@code OCT-OPT-004} for
   *     options that it does not understand
   */
  List<Capability> capabilities(Options options);

  /**
   * Returns the observers that the backend brings beside those of Octet, so that specs of its
   * quantizer can name them; the same at every call.
   *
   * <p>A name that Octet or the backend itself has already is refused with {@code OCT-CAL-020} when
   * the backend is used.
   */
  default List<ObserverKind> observers() {
    return List.of();
  }

  /**
   * Returns the scale grids that the backend brings beside those of Octet, so that schemes of its
   * quantizer can name them; the same at every call.
   *
   * <p>A name that Octet or the backend itself has already is refused with {@code OCT-CAL-026} when
   * the backend is used.
   */
  default List<ScaleGridKind> scaleGrids() {
    return List.of();
  }

  /**
   * Returns the derivations that the backend brings beside that of Octet, so that specs of its
   * quantizer can name them; the same at every call.
   *
   * <p>A name that Octet or the backend itself has already is refused with {@code OCT-CAL-028} when
   * the backend is used.
   */
  default List<DerivationKind> derivations() {
    return List.of();
  }

  /**
   * Returns the operators of the backend's own domains that it can compute in float, so that models
   * which have them calibrate; the same at every call.
   */
  default List<CustomOperator> operators() {
    return List.of();
  }

  /**
   * Tells whether ranges of logits, values that lead to a Softmax alone, end where the Softmax
   * cannot tell them from nothing, instead of holding the numbers by which masks exclude; the same
   * at every call. What is false by default is then a warning.
   */
  default boolean cutsLogits() {
    return false;
  }

  /** Tells whether the backend's runtime works here. May probe the machine; never throws. */
  default Availability availability() {
    return new Availability.Available();
  }

  /**
   * Returns the version of the implementation for reports; empty when it is not known. The default
   * is that of the provider's module, or the {@code Implementation-Version} of its jar's manifest.
   */
  default Optional<String> version() {
    return Optional.ofNullable(getClass().getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .or(() -> Optional.ofNullable(getClass().getPackage().getImplementationVersion()));
  }

  /**
   * Creates a quantizer.
   *
   * @param options the options given by the user, checked against {@link #options} by the provider
   * @throws dev.octet.api.error.OctetException {@code OCT-OPT-001} to {@code OCT-OPT-004} for
   *     options that it does not understand
   */
  Quantizer create(Options options);

  /**
   * Returns the runtime that executes converted models; empty when the backend has none on the JVM.
   */
  default Optional<BackendRuntime> runtime() {
    return Optional.empty();
  }

  /**
   * Returns the names of the other backends whose runtimes are meant to run the files of this one
   * as well, sorted; they check them too. A name of a backend that is not there is a finding.
   */
  default List<String> alsoRunBy() {
    return List.of();
  }

  /**
   * Checks a converted model for what the backend's runtime makes of it: sums that saturate,
   * operators that run slowly. Optional.
   *
   * @param converted a model with QuantizeLinear and DequantizeLinear, planned by this backend or
   *     by one that names it in {@link #alsoRunBy}; {@link dev.octet.api.qdq.QdqGraph} reads it
   * @return what a user must know before the runtime runs it, in the order in which a report shows
   *     it; an error does not keep the file from being written
   */
  default List<Finding> checkConverted(Model converted) {
    return List.of();
  }

  /**
   * Asks a backend that is also of a type which this interface does not know, such as that of a
   * table of rules. Implementations leave this method as it is.
   *
   * @param type the type
   * @param method what is asked, for messages
   * @param question asks it
   * @return the answer; empty when the backend is not of that type
   */
  default <T, R> Optional<R> ask(
      Class<T> type, String method, Function<? super T, ? extends R> question) {
    return type.isInstance(this) ? Optional.of(question.apply(type.cast(this))) : Optional.empty();
  }

  /**
   * Returns a backend of one quantizer, for programs that make theirs in their own way: it takes no
   * options, declares nothing and has no runtime.
   *
   * @param name what plans and messages call it
   * @param quantizer the quantizer
   * @param observers the observers that its specs may name beside those of Octet
   */
  static QuantizerProvider of(String name, Quantizer quantizer, ObserverKind... observers) {
    return GuardedProvider.of(
        new QuantizerBackend(name, quantizer, List.of(observers)),
        new ServicePlace(quantizer.getClass()));
  }

  /**
   * Returns a backend of which every call is guarded: what it throws, and the null that it returns,
   * are one error {@code OCT-REG-006}, which names the backend, the method and the jar. Those of a
   * catalogue are.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-REG-006} if it cannot tell its name
   */
  static QuantizerProvider guarded(QuantizerProvider provider) {
    return GuardedProvider.of(provider);
  }
}
