package dev.octet.fuzz;

import dev.octet.api.option.Options;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Quantizer;
import java.util.List;

/** A provider that does nothing, to be put into jars. */
@BuiltFor(ApiVersion.CURRENT)
public final class JarProvider implements QuantizerProvider {

  /** Makes it. */
  public JarProvider() {}

  @Override
  public String name() {
    return "acme";
  }

  @Override
  public String description() {
    return "a backend that quantizes nothing";
  }

  @Override
  public List<Capability> capabilities(Options options) {
    return List.of();
  }

  @Override
  public Quantizer create(Options options) {
    return context -> {};
  }
}
