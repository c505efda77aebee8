package dev.octet.tck.junit;

import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.broken.Acme;
import dev.octet.tck.run.TckRequest;

/** The door that a vendor's own tests come through. */
public class AcmeTckTest extends QuantizerTck {

  @Override
  protected QuantizerProvider provider() {
    return new Acme();
  }

  @Override
  protected TckRequest request() {
    return TckRequest.everything().options(Options.none()).random(2);
  }
}
