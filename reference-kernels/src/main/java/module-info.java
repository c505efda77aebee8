/** The arithmetic of quantized inference. */
module dev.octet.kernels {
  requires transitive dev.octet.api;
  requires static org.jspecify;

  exports dev.octet.kernels.array to
      dev.octet.workflow;
  exports dev.octet.kernels.definition to
      dev.octet.tck,
      dev.octet.workflow;
  exports dev.octet.kernels.dialect to
      dev.octet.tck,
      dev.octet.workflow;
  exports dev.octet.kernels.exact;
  exports dev.octet.kernels.execute;
  exports dev.octet.kernels.infer;
  exports dev.octet.kernels.lower to
      dev.octet.workflow;
  exports dev.octet.kernels.operators;
  exports dev.octet.kernels.quantize;
  exports dev.octet.kernels.sequence to
      dev.octet.workflow;
  exports dev.octet.kernels.thread to
      dev.octet.workflow;
}
