package com.lyra.octet;

import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.junit.QuantizerTck;

/** The backend keeps the rules of the TCK. */
class LyraTckTest extends QuantizerTck {

  @Override
  protected QuantizerProvider provider() {
    return new LyraProvider();
  }
}
