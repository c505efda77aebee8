package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.ParameterPlan;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import dev.octet.format.onnx.OnnxFormat;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizationRequest;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.data.DataDescription;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A conversion that is repeated gives the same bytes. */
class ConvertTwiceTest {

  @TempDir Path folder;
  private CommandFixture octet;
  private Model float32 = CommandFixture.classifier(21);

  static Stream<QuantizerProvider> backends() {
    return QuantizerCatalog.discover(ConvertTwiceTest.class.getClassLoader()).providers().stream();
  }

  /** Both the observer and the hook count how often they were asked, and answer by it. */
  private static final class Forgetful implements QuantizerProvider {

    @Override
    public String name() {
      return "acme";
    }

    @Override
    public String description() {
      return "a backend with state";
    }

    @Override
    public List<Capability> capabilities(Options options) {
      return List.of();
    }

    @Override
    public Quantizer create(Options options) {
      return new Shifting();
    }
  }

  private static final class Shifting implements Quantizer {
    private int asked;

    @Override
    public void annotate(AnnotationContext context) {
      asked++;
      QuantizationSpec spec =
          QuantizationSpec.Observed.of(QuantizedType.of(Storage.INT8))
              .withObserver(ObserverSpec.minMax());
      for (Node node : context.graph().nodes()) {
        context.claim("all", List.of(node));
        context.markOperand(node, 0, spec);
        context.markResult(node, 0, spec);
      }
    }

    @Override
    public void adjustParameters(ParameterPlan plan) {
      for (ParameterPlan.Group group : plan.groups()) {
        asked++;
        QuantizationParameters given = group.parameters().orElseThrow();
        plan.set(group.id(), given.withScale(0, asked * given.scale(0)));
      }
    }
  }

  @BeforeEach
  void writeFiles() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(21);
    float32 = new OnnxFormat().read(octet.file("m.onnx"));
  }

  private Plan fromFile(QuantizerProvider provider) {
    return Quantization.bind(PlanDocument.read(octet.file("p.json")), float32, provider);
  }

  private byte[] converted(Plan plan, Calibration calibration) throws IOException {
    Path file = octet.file("q.onnx");
    new OnnxFormat().write(Quantization.convert(plan, calibration).model(), file);
    return Files.readAllBytes(file);
  }

  private Calibration calibrate(Plan plan) {
    try (DataSource data = DataDescription.open(octet.file("d.yaml"), float32.graph())) {
      return Quantization.calibrate(plan, data, Execution.threads(1));
    }
  }

  private void assertSameBytes(QuantizerProvider provider, QuantizerProvider again)
      throws IOException {
    Plan plan = Quantization.plan(QuantizationRequest.of(float32, provider));
    plan.document().write(octet.file("p.json"));
    Calibration calibration = calibrate(plan);
    calibration.write(octet.file("x.calib"));
    byte[] first = converted(plan, calibration);
    assertArrayEquals(first, converted(plan, calibration), "the same plan");
    Calibration read = Calibration.read(octet.file("x.calib"), Observers.standard().with(again));
    assertEquals(calibration, read);
    Plan bound = fromFile(again);
    assertArrayEquals(first, converted(bound, read), "the plan of the file");
    assertArrayEquals(first, converted(bound, read), "the plan of the file, again");
    assertArrayEquals(first, converted(fromFile(provider), read), "the same provider");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void theSameBytesForEveryBackend(QuantizerProvider provider) throws IOException {
    assertSameBytes(provider, provider);
  }

  @Test
  void theSameBytesWhereQuantizerAndHookCountTheirCalls() throws IOException {
    assertSameBytes(new Forgetful(), new Forgetful());
  }
}
