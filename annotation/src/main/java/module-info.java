/** Writing a quantizer: patterns, rules, policies and composition. */
module dev.octet.annotation {
  requires transitive dev.octet.api;
  requires static org.jspecify;

  exports dev.octet.annotation;
  exports dev.octet.annotation.policy;
  exports dev.octet.annotation.resolve to
      // The backends' tests alone use it; ArchitectureTest holds that.
      dev.octet.backend.arm,
      dev.octet.backend.qnn,
      dev.octet.backend.x86,
      dev.octet.backend.xnnpack,
      dev.octet.workflow;
  exports dev.octet.annotation.rules;
  exports dev.octet.annotation.tree to
      dev.octet.workflow;
}
