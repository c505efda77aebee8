/** Reads and writes ONNX models. */
module dev.octet.format.onnx {
  requires dev.octet.protobuf;
  requires transitive dev.octet.api;
  requires static com.google.auto.service;
  requires static org.jspecify;

  exports dev.octet.format.onnx;

  provides dev.octet.api.format.ModelFormat with
      dev.octet.format.onnx.OnnxFormat;

  opens dev.octet.format.onnx.proto to
      dev.octet.protobuf;
}
