/** Reads and writes ONNX models. */
module dev.octet.format.onnx {
  requires com.google.protobuf;
  requires transitive dev.octet.api;
  requires static org.jspecify;

  exports dev.octet.format.onnx;

  opens onnx to
      com.google.protobuf;
}
