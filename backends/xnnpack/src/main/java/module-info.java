/** The decisions of XNNPACK's quantizer as a table of rules. */
module dev.octet.backend.xnnpack {
  requires transitive dev.octet.annotation;
  requires transitive dev.octet.api;
  requires static com.google.auto.service;
  requires static org.jspecify;

  exports dev.octet.backend.xnnpack;

  provides dev.octet.api.provider.QuantizerProvider with
      dev.octet.backend.xnnpack.XnnpackProvider;
}
