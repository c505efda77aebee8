/** The decisions of PyTorch's x86 inductor quantizer as a table of rules. */
module dev.octet.backend.x86 {
  requires transitive dev.octet.annotation;
  requires transitive dev.octet.api;
  requires static com.google.auto.service;
  requires static org.jspecify;

  exports dev.octet.backend.x86;

  provides dev.octet.api.provider.QuantizerProvider with
      dev.octet.backend.x86.X86Provider;
}
