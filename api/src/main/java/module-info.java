/** The vocabulary of quantization and the service interface of backends. */
module dev.octet.api {
  requires static transitive org.jspecify;
}
