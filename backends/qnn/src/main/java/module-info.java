/** The decisions of Qualcomm's QNN quantizer as a table of rules. */
module dev.octet.backend.qnn {
  requires transitive dev.octet.annotation;
  requires transitive dev.octet.api;
  requires static com.google.auto.service;
  requires static org.jspecify;

  exports dev.octet.backend.qnn;

  provides dev.octet.api.provider.QuantizerProvider with
      dev.octet.backend.qnn.QnnProvider;
}
