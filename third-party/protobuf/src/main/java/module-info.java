/** Protocol Buffers for Java in a package of Octet's own; see NOTICE. */
module dev.octet.protobuf {
  requires java.logging;
  requires jdk.unsupported;

  exports dev.octet.protobuf to
      dev.octet.format.onnx,
      dev.octet.workflow;
}
