package dev.octet.embedding;

import dev.octet.api.graph.Model;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.convert.QuantizedModel;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A service that quantizes a model of images for each backend, several requests at a time. */
public final class Service {

  private static final List<String> BACKENDS = List.of("cpu", "x86", "xnnpack");
  private static final int THREADS = 8;
  private static final int IMAGES = 12;

  private final Catalogs catalogs;
  private final Path file;
  private final Path folder;

  private Service(Catalogs catalogs, Path file, Path folder) {
    this.catalogs = catalogs;
    this.file = file;
    this.folder = folder;
  }

  /**
   * Quantizes as often as there are threads and prints, for each request, the backend and the
   * SHA-256 of the quantized file.
   *
   * @param args the float model, and a folder for the quantized ones
   * @throws Exception whatever a request failed with
   */
  public static void main(String[] args) throws Exception {
    Catalogs catalogs = Catalogs.discover(Service.class.getClassLoader());
    for (String line : new Service(catalogs, Path.of(args[0]), Path.of(args[1])).serve()) {
      System.out.println(line);
    }
  }

  private List<String> serve() throws Exception {
    List<Callable<String>> requests = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      String backend = BACKENDS.get(i % BACKENDS.size());
      Path out = folder.resolve(i + ".onnx");
      requests.add(() -> backend + " " + quantize(backend, out));
    }
    List<String> lines = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      for (Future<String> request : threads.invokeAll(requests)) {
        lines.add(request.get());
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      threads.shutdown();
    }
    return lines;
  }

  private String quantize(String backend, Path out) throws IOException, NoSuchAlgorithmException {
    Thread caller = Thread.currentThread();
    Execution execution =
        Execution.threads(2)
            .progress(
                (done, total) -> {
                  if (Thread.currentThread() != caller) {
                    throw new IllegalStateException("progress on another thread");
                  }
                });
    Model model = catalogs.read(file);
    Plan plan =
        Quantization.plan(QuantizationRequest.of(model, catalogs.backend(backend)), execution);
    Cursor images = new Cursor("image", new long[] {1, 3, 24, 24}, IMAGES);
    Calibration calibration = Quantization.calibrate(plan, DataSource.of(images), execution);
    QuantizedModel quantized = Quantization.convert(plan, calibration, execution);
    catalogs.formats().write(quantized.model(), out);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(out));
    return HexFormat.of().formatHex(hash);
  }
}
