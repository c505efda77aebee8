/** The decisions of Arm's TOSA quantizer as a table of rules. */
module dev.octet.backend.arm {
  requires transitive dev.octet.annotation;
  requires transitive dev.octet.api;
  requires static com.google.auto.service;
  requires static org.jspecify;

  exports dev.octet.backend.arm;

  provides dev.octet.api.provider.QuantizerProvider with
      dev.octet.backend.arm.ArmProvider;
}
