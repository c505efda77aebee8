/** Writing a quantizer: patterns, rules, policies and the resolution of shared specs. */
module dev.octet.annotation {
  requires transitive dev.octet.api;
  requires static org.jspecify;

  exports dev.octet.annotation;
  exports dev.octet.annotation.policy;
  exports dev.octet.annotation.rules;
  exports dev.octet.annotation.tree to
      dev.octet.workflow;
}
