package dev.octet.api.format;

import dev.octet.api.error.FileErrors;
import dev.octet.api.error.OctetException;
import dev.octet.api.file.InputFile;
import dev.octet.api.graph.Model;
import dev.octet.api.provider.ServiceCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The model formats that were found, by name. An immutable value, made by an explicit call. */
public final class FormatCatalog {

  /** Number of bytes of a file that {@link ModelFormat#recognises} is given. */
  public static final int START_BYTES = 64;

  private static final String NOUN = "model format";

  private static final String ADD_FORMAT =
      "Add octet-format-onnx to the class path or module path; in a jar that was put together from"
          + " several, keep their files in META-INF/services.";

  private final ServiceCatalog<ModelFormat> services;

  private FormatCatalog(ServiceCatalog<ModelFormat> services) {
    this.services = services;
  }

  /**
   * Finds all formats that a class loader sees; see {@link ServiceCatalog#discover}.
   *
   * @param classLoader where to look
   */
  public static FormatCatalog discover(ClassLoader classLoader) {
    return new FormatCatalog(
        ServiceCatalog.discover(ModelFormat.class, NOUN, ModelFormat::guarded, classLoader));
  }

  /** Returns a catalogue of given formats, for programs that find them in their own way. */
  public static FormatCatalog of(List<ModelFormat> formats) {
    return new FormatCatalog(ServiceCatalog.of(NOUN, ModelFormat::guarded, formats));
  }

  /** Returns the names of the formats, sorted. */
  public List<String> names() {
    return services.names();
  }

  /**
   * Returns a format by name.
   *
   * @throws OctetException as {@link ServiceCatalog#service}
   */
  public ModelFormat format(String name) {
    return services.service(name);
  }

  /**
   * Returns the format of a file: the one that recognises it, those that can be read before those
   * that are only written.
   *
   * @throws OctetException {@code OCT-FMT-007} if several do; {@code OCT-REG-002} if there are two
   *     formats of its name; {@code OCT-FMT-001} of kind {@code INPUT} if none does, with the
   *     formats there are; {@code OCT-FILE-002} if none does and the file cannot be read; {@code
   *     OCT-REG-006} if none does and one fails
   */
  public ModelFormat recognise(Path file) {
    byte[] start = {};
    IOException unreadable = null;
    try (InputStream in = InputFile.open(file)) {
      start = in.readNBytes(START_BYTES);
    } catch (IOException e) {
      unreadable = e;
    }
    List<OctetException> failures = new ArrayList<>();
    for (boolean readable : List.of(true, false)) {
      List<ModelFormat> found = new ArrayList<>();
      for (ModelFormat format : services.services()) {
        if (isReadable(format) == readable && recognises(format, file, start, failures)) {
          found.add(format);
        }
      }
      if (!found.isEmpty()) {
        return only(found, "recognise '" + file + "'");
      }
    }
    if (unreadable != null) {
      throw FileErrors.unreadable(file, unreadable);
    }
    throw failures.isEmpty() ? unknown(file) : failures.get(0);
  }

  private static boolean isReadable(ModelFormat format) {
    try {
      return format.readable();
    } catch (OctetException e) {
      return false;
    }
  }

  /** A format that fails here does not keep the others from recognising the file. */
  private static boolean recognises(
      ModelFormat format, Path file, byte[] start, List<OctetException> failures) {
    try {
      return format.recognises(file, start.clone());
    } catch (OctetException e) {
      failures.add(e);
      return false;
    }
  }

  /**
   * Reads a model from a file of any format.
   *
   * @throws OctetException as {@link #recognise} and {@link ModelFormat#read}; {@code OCT-FMT-005}
   *     if its format is only written
   */
  public Model read(Path file) {
    return recognise(file).read(file);
  }

  /**
   * Writes a model to a file: in the format whose extension the file has; else in the one that the
   * model was read from; else in the only one there is.
   *
   * @throws OctetException {@code OCT-FMT-002} of kind {@code USAGE} if none of these is known, or
   *     the file has none of their extensions and a format that there is cannot be used; {@code
   *     OCT-FMT-007} if several have its extension; {@code OCT-REG-002} if there are two formats of
   *     the name of the one that has it; {@code OCT-REG-006} if none has it and a format fails to
   *     tell its extensions; as {@link ModelFormat#write}
   */
  public void write(Model model, Path file) {
    List<ModelFormat> all = services.services();
    Optional<ModelFormat> only = all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
    named(file, all)
        .or(() -> ModelFormat.of(model))
        .or(() -> only)
        .orElseThrow(() -> undecided(file))
        .write(model, file);
  }

  /** Returns the format whose extension a file has; empty when none of those that work has. */
  private Optional<ModelFormat> named(Path file, List<ModelFormat> all) {
    List<OctetException> failures = new ArrayList<>();
    String name = file.toString().toLowerCase(Locale.ROOT);
    List<ModelFormat> named =
        all.stream()
            .filter(
                format ->
                    extensions(format, failures).stream().anyMatch(end -> name.endsWith("." + end)))
            .toList();
    if (!named.isEmpty()) {
      return Optional.of(only(named, "write '" + file + "'"));
    }
    // The format that the name means may be the broken one.
    if (services.firstFailure().isPresent()) {
      throw undecided(file);
    }
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
    return Optional.empty();
  }

  /** A format that fails here does not keep the others from writing the file. */
  private static List<String> extensions(ModelFormat format, List<OctetException> failures) {
    try {
      return format.extensions();
    } catch (OctetException e) {
      failures.add(e);
      return List.of();
    }
  }

  /** Returns the only one of several formats, whose name no other one has. */
  private ModelFormat only(List<ModelFormat> found, String what) {
    List<String> names = found.stream().map(ModelFormat::name).distinct().toList();
    if (names.size() > 1) {
      throw FormatErrors.SEVERAL_FORMATS
          .error(names.size() + " model formats " + what)
          .candidates(services.entries().stream().flatMap(e -> place(e, names).stream()).toList())
          .build();
    }
    return format(names.get(0));
  }

  private static Optional<String> place(
      ServiceCatalog.Entry<ModelFormat> entry, List<String> names) {
    return entry.match(
        new ServiceCatalog.Entry.Cases<ModelFormat, Optional<String>>(
            found ->
                names.contains(found.name())
                    ? Optional.of("'" + found.name() + "' is " + found.location())
                    : Optional.empty(),
            otherVersion -> Optional.empty(),
            broken -> Optional.empty()));
  }

  private OctetException unknown(Path file) {
    boolean none = services.entries().isEmpty();
    String fact =
        none
            ? "no model format was found that could read '" + file + "'"
            : "no model format recognises '" + file + "'";
    OctetException.Builder unknown =
        FormatErrors.UNKNOWN_FORMAT
            .error(services.firstFailure().map(why -> fact + "; " + why).orElse(fact))
            .at(file.toString())
            .candidates(names());
    return none ? unknown.next(ADD_FORMAT) : unknown.build();
  }

  private OctetException undecided(Path file) {
    String fact = "the name '" + file + "' does not say in which format to write the model";
    return FormatErrors.NO_EXTENSION
        .error(services.firstFailure().map(why -> fact + "; " + why).orElse(fact))
        .at(file.toString())
        .candidates(names())
        .build();
  }

  /** Returns the names of the formats. */
  @Override
  public String toString() {
    return "formats " + names();
  }
}
