/** Stands in for a service that has Octet in it. */
module dev.octet.embedding {
  requires dev.octet.workflow;
  requires static org.jspecify;
}
