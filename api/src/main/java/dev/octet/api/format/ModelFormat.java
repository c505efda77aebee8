package dev.octet.api.format;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.provider.NamedService;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A format of model files, as a service: what it is called, which files are of it, and how they
 * become models and are written again.
 *
 * <p>Implementations keep the contract of {@link NamedService} and are registered with {@link
 * java.util.ServiceLoader}. A model that was read knows its format by its origin, a {@link
 * FormatOrigin}; {@link #of} tells it. New abilities arrive as default methods.
 */
public interface ModelFormat extends NamedService {

  /**
   * Returns the name that messages call the format by: {@code [a-z][a-z0-9-]{0,63}}; the same at
   * every call.
   */
  @Override
  String name();

  /** Returns how names of its files end, without the dot and in small letters; the usual first. */
  List<String> extensions();

  /**
   * Tells whether a file is of this format, by its name or by its content.
   *
   * @param file the file, which need not exist
   * @param start its first bytes, {@value FormatCatalog#START_BYTES} or all where it has fewer;
   *     none when it cannot be read; not to be changed
   */
  boolean recognises(Path file, byte[] start);

  /**
   * Tells whether files of this format can be read; {@link WriteOnlyFormat} is for those of which
   * none can.
   */
  default boolean readable() {
    return true;
  }

  /**
   * Reads a model from its file. Its origin is a {@link FormatOrigin} of this format.
   *
   * @throws OctetException of kind {@code INPUT} if it cannot be read
   */
  Model read(Path file);

  /**
   * Writes a model to a file, which is replaced as a whole or not at all; files beside it for its
   * data where the format has them.
   *
   * @param file the file, in an existing folder
   * @throws OctetException of kind {@code INPUT} if it cannot be written, or of kind {@code
   *     QUANTIZATION} if the format has no word for what is in the model
   */
  void write(Model model, Path file);

  /**
   * Returns the files beside a model that its tensors were read from, each once, in the order of
   * the model; empty when all data is inside the model's file.
   */
  List<Path> dataFiles(Model model);

  /**
   * Raises a model to the first operator sets in which the format has a word for quantized tensors
   * of some forms, without changing what the model computes. A model that has room for them stays
   * as it is. Forms for which the format has no word at all are passed over; conversion refuses
   * them.
   *
   * @param forms how tensors of the quantized model will be stored
   * @throws OctetException of kind {@code QUANTIZATION} that names every node that cannot be raised
   *     and why
   */
  RaisedModel raise(Model model, Collection<StoredForm> forms);

  /**
   * Reads test data in the form in which the format keeps it beside models.
   *
   * @param folder where it is
   * @param model the model whose inputs and outputs they are
   * @return the data, with at least one set; empty when the format keeps none
   * @throws OctetException of kind {@code INPUT} if the folder holds no test data of the model
   */
  default Optional<TestData> testData(Path folder, Model model) {
    return Optional.empty();
  }

  /** Returns the format that a model was read from; empty for models that Octet made. */
  static Optional<ModelFormat> of(Model model) {
    return model
        .origin()
        .filter(FormatOrigin.class::isInstance)
        .map(origin -> guarded(((FormatOrigin) origin).format()));
  }

  /**
   * Returns a format of which every call is guarded: what it throws, and the null that it returns,
   * are one error {@code OCT-REG-006}, which names the format, the method and the jar. Those of a
   * catalogue and of {@link #of} are.
   *
   * @throws OctetException {@code OCT-REG-006} if it cannot tell its name
   */
  static ModelFormat guarded(ModelFormat format) {
    return GuardedFormat.of(format);
  }
}
