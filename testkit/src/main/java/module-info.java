/** What a vendor tests the decisions of a backend with. */
module dev.octet.testkit {
  requires dev.octet.kernels;
  requires static org.jspecify;
  requires transitive dev.octet.api;
  requires transitive dev.octet.workflow;

  exports dev.octet.testkit;
}
