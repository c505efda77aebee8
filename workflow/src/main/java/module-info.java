/** The steps from a float model to a quantized one. */
module dev.octet.workflow {
  exports dev.octet.workflow;
  exports dev.octet.workflow.calibrate;
  exports dev.octet.workflow.check;
  exports dev.octet.workflow.compare;
  exports dev.octet.workflow.convert;
  exports dev.octet.workflow.data;
  exports dev.octet.workflow.diff;
  exports dev.octet.workflow.evaluate;
  exports dev.octet.workflow.execution;
  exports dev.octet.workflow.generate;
  exports dev.octet.workflow.inspect;
  exports dev.octet.workflow.normalise;
  exports dev.octet.workflow.plan;
  exports dev.octet.workflow.provenance;
  exports dev.octet.workflow.recipe;
  exports dev.octet.workflow.report;
  exports dev.octet.workflow.run;
  exports dev.octet.workflow.source;
  exports dev.octet.workflow.text to
      dev.octet.cli,
      dev.octet.tck;
  exports dev.octet.workflow.verify;

  opens dev.octet.workflow.calibrate.proto to
      dev.octet.protobuf;

  requires com.fasterxml.jackson.core;
  requires dev.octet.kernels;
  requires dev.octet.protobuf;
  requires org.snakeyaml.engine;
  requires transitive dev.octet.annotation;
  requires transitive dev.octet.api;
  requires static org.jspecify;
}
