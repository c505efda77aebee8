package dev.octet.tck.cli;

import dev.octet.api.provider.QuantizerCatalog;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.provider.ServiceCatalog;
import dev.octet.workflow.text.ShownText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the backends that are found, and those that are broken or of another API. */
@Command(name = "list-providers", description = "Lists the backends that are found.")
final class ListProvidersCommand implements Callable<Integer> {

  @Mixin private VendorJars jars = new VendorJars();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    QuantizerCatalog catalog = QuantizerCatalog.discover(jars.classLoader());
    for (ServiceCatalog.Entry<QuantizerProvider> entry : catalog.entries()) {
      out.println(ShownText.line(line(entry)));
    }
    out.flush();
    return 0;
  }

  private static String line(ServiceCatalog.Entry<QuantizerProvider> entry) {
    return entry.match(
            new ServiceCatalog.Entry.Cases<QuantizerProvider, String>(
                usable -> usable.name(),
                other -> "not usable: " + other.reason(),
                broken -> "not usable: " + broken.reason()))
        + "  "
        + entry.location();
  }
}
