/** The vocabulary of Octet and the interfaces that a backend implements. */
module dev.octet.api {
  requires static org.jspecify;

  exports dev.octet.api.error;
  exports dev.octet.api.file;
  exports dev.octet.api.format;
  exports dev.octet.api.graph;
  exports dev.octet.api.image;
  exports dev.octet.api.observer;
  exports dev.octet.api.operator;
  exports dev.octet.api.option;
  exports dev.octet.api.pattern;
  exports dev.octet.api.provider;
  exports dev.octet.api.qdq;
  exports dev.octet.api.quantizer;
  exports dev.octet.api.runtime;
  exports dev.octet.api.spec;
  exports dev.octet.api.stability;
  exports dev.octet.api.tree;

  uses dev.octet.api.format.ModelFormat;
  uses dev.octet.api.image.ImageDecoder;
  uses dev.octet.api.provider.QuantizerProvider;
}
