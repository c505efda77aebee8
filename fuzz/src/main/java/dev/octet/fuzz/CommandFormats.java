package dev.octet.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.graph.Model;
import dev.octet.tck.cli.ExclusionFile;
import dev.octet.tck.rule.RuleBook;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.QuantizedFile;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.generate.Generation;
import dev.octet.workflow.generate.Sampling;
import dev.octet.workflow.generate.Tokenizer;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.provenance.Claim;
import dev.octet.workflow.source.ModelForm;
import dev.octet.workflow.source.SchemeName;
import dev.octet.workflow.source.SchemeOptions;
import dev.octet.workflow.source.SourceFile;
import dev.octet.workflow.source.SourceQuantized;
import dev.octet.workflow.source.SourceRecipe;
import dev.octet.workflow.verify.Verification;
import dev.octet.workflow.verify.VerifyRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The kinds of files that one command alone reads. */
final class CommandFormats {

  private static final String DECODER =
      "opset 17; in x INT64[1,T]; const e FLOAT[9,9] ...; node Gather e x -> y; out y";
  private static final String LAYERS =
      "opset 17; in x FLOAT[2,4]; const w FLOAT[4,4] ...; const v FLOAT[4,3] ...;"
          + " node MatMul x w -> h; node Relu h -> r; node MatMul r v -> y; out y FLOAT[2,3]";
  private static final String FLOAT_FILE = "float.onnx";
  private static final int MOST_TOKENS = 3;

  private final Scratch scratch;
  private final Catalogs catalogs;
  private final ModelSteps steps;

  /** Takes a folder for files that are read from one. */
  CommandFormats(Scratch scratch, Catalogs catalogs, ModelSteps steps) {
    this.scratch = scratch;
    this.catalogs = catalogs;
    this.steps = steps;
  }

  /** Returns all of them. */
  List<Format> all() throws IOException {
    return List.of(tokenizer(), exclusions(), verified());
  }

  private Format tokenizer() throws IOException {
    Path folder = scratch.folder("generate");
    Path file = Files.write(folder.resolve("decoder.onnx"), ModelText.toBytes(DECODER));
    Model decoder = catalogs.read(file);
    return new Format(
        "tokenizer",
        List.of(vocabulary("a", "b", " a", "ab", "<0x0A>"), vocabulary("<0x62>", "a", "", "é")),
        new PlainBytes(),
        input -> scratch.with("generate/t.bin", input, read -> generate(read, decoder)));
  }

  /** Returns a tokenizer's file: three tokens that stand for no text, a space, and others. */
  private static byte[] vocabulary(String... others) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(number(8));
    for (String piece : List.of("<unk>", "<s>", "</s>", " ")) {
      out.writeBytes(token(piece));
    }
    List.of(others).forEach(piece -> out.writeBytes(token(piece)));
    return out.toByteArray();
  }

  private static byte[] token(String piece) {
    byte[] bytes = piece.getBytes(UTF_8);
    return Seeds.joined(
        number(Float.floatToRawIntBits(-piece.length())), number(bytes.length), bytes);
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private void generate(Path file, Model decoder) {
    Generation generation = new Generation(Tokenizer.read(file), Sampling.greedy(), MOST_TOKENS);
    StringBuilder text = new StringBuilder();
    generation
        .run(catalogs.runtime("cpu"), decoder, "ab a", Execution.threads(1), text::append)
        .report()
        .text();
  }

  private Format exclusions() throws IOException {
    scratch.folder("kit");
    RuleBook book = RuleBook.read();
    List<String> texts =
        List.of(
            "- rule: TCK-ANN-001\n  reason: it is slow\n  link: https://example.org/1",
            "- {rule: TCK-OPT-001, reason: 'no options', link: none}\n- rule: TCK-ANN-002\n"
                + "  reason: >\n    long\n  link: &l here",
            "[]");
    return new Format(
        "exclusions",
        Seeds.bytes(texts),
        new Text(),
        input -> scratch.with("kit/e.yaml", input, file -> ExclusionFile.read(file, book)));
  }

  /** Quantized files, which are held against what they say that they came from. */
  private Format verified() throws IOException {
    Path folder = scratch.folder("verify");
    Path file = Files.write(folder.resolve(FLOAT_FILE), ModelText.toBytes(LAYERS));
    Model model = catalogs.read(file);
    Plan plan = steps.plan(model);
    float[] sample = {1, -2, 0.5f, 3};
    DataSource data = DataSource.of(model.graph(), new long[] {4}, sample, sample);
    Calibration calibration = Quantization.calibrate(plan, data, Execution.threads(1));
    Path planned = folder.resolve("plan.json");
    Path seen = folder.resolve("x.calib");
    Path converted = folder.resolve("q.onnx");
    Path rewritten = folder.resolve("s.onnx");
    plan.document().write(planned);
    calibration.write(seen);
    QuantizedFile.write(catalogs, file, plan, Quantization.convert(plan, calibration), converted);
    SourceFile.write(catalogs, file, model, rewritten(model), rewritten);
    return new Format(
        "verified",
        List.of(Files.readAllBytes(converted), Files.readAllBytes(rewritten)),
        new Wire(),
        input -> scratch.with("verify/v.onnx", input, read -> verify(read, planned, seen)));
  }

  private static SourceQuantized rewritten(Model model) {
    SourceRecipe recipe =
        new SourceRecipe(
            SchemeName.of("int8"),
            SchemeOptions.none(),
            false,
            false,
            List.of("op:MatMul"),
            ModelForm.of("qdq"));
    return recipe.quantize(model).in(recipe.form());
  }

  /** A file that says that no plan was needed is given none. */
  private void verify(Path file, Path plan, Path calibration) throws IOException {
    boolean planned =
        !new String(Files.readAllBytes(file), ISO_8859_1).contains(Claim.SOURCE.key());
    VerifyRequest request =
        new VerifyRequest(
            catalogs,
            file,
            file.resolveSibling(FLOAT_FILE),
            Optional.of(plan).filter(given -> planned),
            Optional.of(calibration).filter(given -> planned),
            Optional.empty(),
            Execution.threads(1));
    Verification.of(request).report().text();
  }
}
