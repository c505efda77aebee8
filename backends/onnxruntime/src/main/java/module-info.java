/** The backend of ONNX Runtime. */
module dev.octet.backend.onnxruntime {
  requires com.microsoft.onnxruntime;
  requires dev.octet.annotation;
  requires dev.octet.api;
  requires dev.octet.format.onnx;
  requires static com.google.auto.service;
  requires static org.jspecify;

  provides dev.octet.api.provider.QuantizerProvider with
      dev.octet.backend.onnxruntime.OnnxRuntimeProvider;
}
