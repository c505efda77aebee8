package dev.octet.cli;

import dev.octet.api.graph.Model;
import dev.octet.workflow.Catalogs;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.generate.Generation;
import dev.octet.workflow.generate.Sampling;
import dev.octet.workflow.generate.Tokenizer;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.text.ShownText;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets a language model go on with a text. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description =
        "Lets a decoder, float or quantized, go on with a text, and prints it word by word. The"
            + " same model, options and seed give the same text on every machine.",
    footerHeading = "%nExample:%n",
    footer =
        "  octet generate decoder.int4.onnx --tokenizer tok512.bin --prompt 'Once upon a time'"
            + " --temperature 0.8")
final class GenerateCommand implements Callable<Integer> {

  private final Services services;
  private final Reporter reporter;
  private final Terminal terminal;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private RuntimeSelection runtime = new RuntimeSelection();
  @Mixin private ThreadsOption threads = new ThreadsOption();

  @Parameters(
      paramLabel = "MODEL",
      description = "A decoder without a cache: tokens [batch, length] in, scores out.")
  private Path model = Path.of("");

  @Option(
      names = "--tokenizer",
      required = true,
      paramLabel = "FILE",
      description = "The tokenizer of the model, in the format of llama2.c.")
  private Path tokenizer = Path.of("");

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What the text begins with; nothing when not given.")
  private String prompt = "";

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "How many tokens are added at most; ${DEFAULT-VALUE} when not given.")
  private int most = 256;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "How freely tokens are drawn; 0, when not given, takes the most likely one each time.")
  private double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description =
          "Draw from the most likely tokens that have this share of the probability together;"
              + " ${DEFAULT-VALUE} when not given.")
  private double topP = 0.9;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Where the drawing begins; ${DEFAULT-VALUE} when not given.")
  private long seed;

  @Inject
  GenerateCommand(Services services, Reporter reporter, Terminal terminal) {
    this.services = services;
    this.reporter = reporter;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Execution execution = threads.execution();
    Catalogs catalogs = services.catalogs(common);
    Generation generation =
        new Generation(Tokenizer.read(tokenizer), new Sampling(temperature, topP, seed), most);
    Model read = catalogs.read(model);
    Generation.Result result =
        generation.run(runtime.of(catalogs), read, prompt, execution, this::show);
    if (!common.json()) {
      terminal.out().println();
      reporter.note(result.summary());
    }
    Report report = result.report();
    Identity.addModel(report, model);
    return reporter.print(report, common);
  }

  /** Shows text as it comes, and lets no character of it steer the screen. */
  private void show(String text) {
    if (!common.json()) {
      terminal.out().print(ShownText.lines(text));
      terminal.out().flush();
    }
  }
}
