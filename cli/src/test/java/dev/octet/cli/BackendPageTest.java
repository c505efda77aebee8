package dev.octet.cli;

import static dev.octet.annotation.rules.NodePattern.op;
import static dev.octet.annotation.rules.Specs.int8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendPageTest {

  private static final class Acme extends RuleBackend {
    Acme() {
      super("acme", "Adds.");
    }

    @Override
    public List<OptionDescriptor> options() {
      return List.of(
          OptionDescriptor.word("mode", "When.", "static", "dynamic", "same")
              .defaultValue("static"));
    }

    @Override
    public BackendRules rules(Options options) {
      boolean dynamic = options.word("mode").equals("dynamic");
      BackendRules.Builder table =
          BackendRules.named(name())
              .rule("dense", op("MatMul").constantOperand(1))
              .activation(dynamic ? int8().dynamic() : int8())
              .weight(int8().symmetric())
              .and();
      return dynamic
          ? table.build()
          : table.rule("pool", op("MaxPool")).whereInputIsQuantized().outputSharesInput().build();
    }

    @Override
    public List<String> differences() {
      return List.of("It adds.");
    }
  }

  @Test
  void tellsOnlyWhatAnOptionChanges() {
    List<String> page = BackendPage.markdown(new Acme()).lines().toList();
    int variant = page.indexOf("### With `mode=dynamic`");
    assertEquals(
        List.of(
            "",
            "- int8, affine, per tensor, min-max becomes **int8, affine, per tensor, min-max,"
                + " dynamic**: `dense`",
            "",
            "There is no rule `pool`."),
        page.subList(variant + 1, variant + 5));
    assertTrue(!page.contains("### With `mode=same`"));
    assertTrue(page.contains("- It adds."));
  }
}
