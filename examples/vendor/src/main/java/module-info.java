/** Octet's backend for the Lyra accelerator. */
module com.lyra.octet {
  requires transitive dev.octet.annotation;

  exports com.lyra.octet;

  provides dev.octet.api.provider.QuantizerProvider with
      com.lyra.octet.LyraProvider;
}
