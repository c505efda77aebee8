/** The rules for backends, and the kit that tests a backend against them. */
module dev.octet.tck {
  exports dev.octet.tck.junit;
  exports dev.octet.tck.report;
  exports dev.octet.tck.rule;
  exports dev.octet.tck.run;
  exports dev.octet.tck.verdict;

  opens dev.octet.tck.cli to
      info.picocli;

  requires dev.octet.annotation;
  requires dev.octet.kernels;
  requires dev.octet.workflow;
  requires info.picocli;
  requires java.management;
  requires java.xml;
  requires transitive dev.octet.api;
  requires static org.jspecify;
  requires static transitive org.junit.jupiter.api;
}
