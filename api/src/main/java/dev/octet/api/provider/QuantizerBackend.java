package dev.octet.api.provider;

import dev.octet.api.observer.ObserverKind;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.Quantizer;
import java.util.List;

/** A backend of one quantizer. */
record QuantizerBackend(String name, Quantizer quantizer, List<ObserverKind> observers)
    implements QuantizerProvider {

  @Override
  public String description() {
    return "the quantizer of a program";
  }

  @Override
  public List<Capability> capabilities(Options options) {
    return List.of();
  }

  @Override
  public Quantizer create(Options options) {
    options.resolve(name, options());
    return quantizer;
  }
}
