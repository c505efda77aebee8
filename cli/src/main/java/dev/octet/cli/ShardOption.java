package dev.octet.cli;

import dev.octet.api.error.OctetException;
import dev.octet.workflow.data.DataSource;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The option that divides samples between machines. */
final class ShardOption {

  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})/([0-9]{1,9})");

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description =
          "Take the I-th of N parts of the samples, counted from 1, such as 2/4. 'octet merge' adds"
              + " the parts up.")
  private Optional<String> shard = Optional.empty();

  /**
   * Returns the part of the samples that is asked for; all of them when none is.
   *
   * @throws OctetException {@code OCT-CLI-014} if it is not written as I/N; {@code OCT-DATA-020} if
   *     there is no such part, or it would be empty; the samples are closed then
   */
  DataSource of(DataSource all) {
    try {
      return shard.map(text -> part(all, text)).orElse(all);
    } catch (OctetException e) {
      all.close();
      throw e;
    }
  }

  private static DataSource part(DataSource all, String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw CommandErrors.SHARD.error("--shard is '" + text + "'").at("--shard").build();
    }
    return all.shard(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
  }
}
