package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.format.ModelFormat;
import dev.octet.cli.CommandFixture.Result;
import dev.octet.fixtures.jdk.VendorJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vendor's compiler, in a jar, as a format that is only written. */
class WriteOnlyFormatTest {

  private static final String COMPILER =
      """
      package acme;

      import dev.octet.api.format.WriteOnlyFormat;
      import dev.octet.api.graph.Model;
      import dev.octet.api.graph.Node;
      import dev.octet.api.graph.Provenance;
      import dev.octet.api.provider.ApiVersion;
      import dev.octet.api.provider.BuiltFor;
      import dev.octet.api.runtime.NodeRefusals;
      import java.io.IOException;
      import java.nio.file.Files;
      import java.nio.file.Path;
      import java.util.ArrayList;
      import java.util.List;

      @BuiltFor(ApiVersion.CURRENT)
      public final class Compiler implements WriteOnlyFormat {
        public String name() { return "acme"; }

        public List<String> extensions() { return List.of("acme"); }

        public void compile(Model model, Path file) throws IOException {
          Files.writeString(file, "half a program");
          NodeRefusals refusals = NodeRefusals.of(model.graph());
          List<String> program = new ArrayList<>();
          program.add("plan " + Provenance.of(model).map(Provenance::planHash).orElse("none"));
          for (Node node : model.graph().nodes()) {
            if (node.op().is("Gemm") && Provenance.of(node).isEmpty()) {
              refusals.refuse(node, "there is no float unit");
            }
            Provenance.of(node).ifPresent(owner -> program.add(node.name() + " " + owner.rule()));
          }
          refusals.throwIfAny();
          Files.write(file, program);
        }
      }
      """;

  @TempDir Path folder;
  @TempDir Path vendors;
  private CommandFixture octet;
  private String jar;

  @BeforeEach
  void buildsTheVendorsJar() throws IOException {
    octet = new CommandFixture(folder);
    octet.writeClassifier(13);
    VendorJar compiler = new VendorJar(ModelFormat.class).provider("acme.Compiler", COMPILER);
    jar = compiler.build(vendors, "acme").toString();
  }

  private Result quantize(String output, String... more) {
    String[] words = {
      "quantize",
      "@m.onnx",
      "--backend",
      "cpu",
      "--data",
      "@d.yaml",
      "-o",
      output,
      "--class-path",
      jar
    };
    String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return octet.run(all);
  }

  private List<String> program(String file) throws IOException {
    return Files.readAllLines(octet.file(file));
  }

  @Test
  void quantizeAndConvertWriteByTheNameOfTheFile() throws IOException {
    Result result = quantize("@x.acme", "--keep", "@kept");
    assertEquals(0, result.exitCode(), result.err());
    List<String> program = program("x.acme");
    assertTrue(program.get(0).matches("plan [0-9a-f]{64}"), program.get(0));
    assertEquals(List.of("hidden dense", "relu dense", "head dense"), program.subList(1, 4));
    Result converted =
        octet.run(
            "convert",
            "@m.onnx",
            "--plan",
            "@kept/plan.json",
            "--calibration",
            "@kept/x.calib",
            "-o",
            "@y.acme",
            "--class-path",
            jar);
    assertEquals(0, converted.exitCode(), converted.err());
    assertEquals(program, program("y.acme"));
  }

  @Test
  void readingItIsRefused() {
    assertEquals(0, quantize("@x.acme").exitCode());
    Result inspected = octet.run("inspect", "@x.acme", "--json", "--class-path", jar);
    assertEquals(3, inspected.exitCode());
    assertEquals("OCT-FMT-005", inspected.errorId());
    assertTrue(inspected.err().contains("acme.Compiler in "), inspected.err());
  }

  @Test
  void whatTheCompilerRefusesLeavesNoFile() throws IOException {
    Result result = quantize("@x.acme", "--option", "exclude=head");
    assertEquals(5, result.exitCode(), result.err());
    assertTrue(
        result.err().contains("1 node cannot be executed: 'head' (Gemm: there is no float unit)"),
        result.err());
    assertTrue(result.err().contains("from model format 'acme', acme.Compiler in "), result.err());
    assertFalse(Files.exists(octet.file("x.acme")));
    assertEquals(List.of("d.yaml", "labels.npy", "m.onnx", "x.npy"), octet.files());
  }
}
