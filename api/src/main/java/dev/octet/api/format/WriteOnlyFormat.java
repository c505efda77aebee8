package dev.octet.api.format;

import dev.octet.api.file.WholeFile;
import dev.octet.api.graph.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * A model format that is written and never read: what a vendor's compiler makes of a model, for a
 * device that is not this machine. Incubating: it may still change in a minor version.
 *
 * <p>A file is of the format when its name ends in one of {@link #extensions}; a format that can be
 * read and recognises the file's content goes before. {@link #compile} is all that is left to
 * write.
 */
public interface WriteOnlyFormat extends ModelFormat {

  /**
   * Writes what the device loads into a file of its own.
   *
   * @param model a float or converted model; {@link dev.octet.api.graph.Provenance} says which plan
   *     it is from
   * @param file the file to write; it does not exist yet, is in the folder of the output unless
   *     that is a device, and has its extension. It gets the name of the output when this method
   *     returns, and is deleted when it fails
   * @throws dev.octet.api.error.OctetException {@code OCT-GRAPH-001} by {@link
   *     dev.octet.api.runtime.NodeRefusals}, which names every node that the compiler does not take
   * @throws IOException if the file cannot be written
   */
  void compile(Model model, Path file) throws IOException;

  @Override
  default boolean readable() {
    return false;
  }

  @Override
  default boolean recognises(Path file, byte[] start) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return extensions().stream().anyMatch(extension -> name.endsWith("." + extension));
  }

  /**
   * Refuses.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-FMT-005}
   */
  @Override
  default Model read(Path file) {
    throw FormatErrors.NOT_READ
        .error("'" + file + "' is of model format '" + name() + "', which is only written")
        .at(file.toString())
        .build();
  }

  /**
   * Lets {@link #compile} write and gives the file its name, as a whole or not at all; see {@link
   * WholeFile}.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-FMT-006} if it cannot be written; what
   *     {@code compile} throws
   */
  @Override
  default void write(Model model, Path file) {
    try (WholeFile whole = WholeFile.of(file)) {
      compile(model, whole.partial());
      whole.commit();
    } catch (IOException e) {
      throw FormatErrors.UNWRITABLE
          .error("the model cannot be written: " + e)
          .at(file.toString())
          .cause(e)
          .build();
    }
  }

  @Override
  default List<Path> dataFiles(Model model) {
    return List.of();
  }

  @Override
  default RaisedModel raise(Model model, Collection<StoredForm> forms) {
    return new RaisedModel(model, List.of());
  }
}
