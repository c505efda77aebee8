/** The backend of Octet's own integer kernels. */
module dev.octet.backend.cpu {
  requires dev.octet.annotation;
  requires dev.octet.api;
  requires dev.octet.kernels;
  requires static com.google.auto.service;
  requires static org.jspecify;

  provides dev.octet.api.provider.QuantizerProvider with
      dev.octet.backend.cpu.CpuProvider;
}
