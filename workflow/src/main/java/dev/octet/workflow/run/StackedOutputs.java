package dev.octet.workflow.run;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.WholeFile;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.data.NpyWriter;
import dev.octet.workflow.provenance.FloatFile;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.report.Table;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes every output of a model, stacked over samples, to a {@code .npy} file of its name; one
 * whose shape differs between samples to a file for each of them, {@code NAME.SAMPLE.npy}. The
 * files get their names when all are complete. Not thread-safe.
 */
public final class StackedOutputs implements AutoCloseable {

  private final Path folder;
  private final int samples;
  private final Consumer<Path> requireFree;
  private final Map<String, String> owners = new LinkedHashMap<>();
  private final List<OutputFile> files = new ArrayList<>();

  /**
   * Prepares the files, of which any may be written; see {@link #StackedOutputs(Path, List, int,
   * Consumer)}.
   */
  public StackedOutputs(Path folder, List<ValueInfo> outputs, int samples) {
    this(folder, outputs, samples, file -> {});
  }

  /**
   * Prepares the files.
   *
   * @param folder an existing folder
   * @param outputs the outputs of the model
   * @param samples number of samples there will be
   * @param requireFree refuses files that must not be written; asked for those of single samples
   * @throws OctetException {@code OCT-CLI-004} if two outputs have the same file name, {@code
   *     OCT-CLI-005} if an element type has no NumPy form
   */
  public StackedOutputs(
      Path folder, List<ValueInfo> outputs, int samples, Consumer<Path> requireFree) {
    this.folder = folder;
    this.samples = samples;
    this.requireFree = requireFree;
    for (ValueInfo output : outputs) {
      String file = fileName(output.name());
      own(file, output.name());
      output.tensorType().ifPresent(type -> requireSupported(output.name(), type.dataType()));
      files.add(new OutputFile(output.name(), folder.resolve(file)));
    }
  }

  private void own(String file, String output) {
    String other = owners.put(file, output);
    if (other != null) {
      String fact = "outputs '" + other + "' and '" + output + "' would both be " + file;
      throw RunOutputErrors.SAME_FILE_NAME.error(fact).build();
    }
  }

  /** Returns the file name of an output: characters that are not in every file system become _. */
  public static String fileName(String output) {
    return output.replaceAll("[^A-Za-z0-9._-]", "_") + ".npy";
  }

  /**
   * Appends the outputs of one batch. An output whose first dimension counts the batch's samples is
   * continued along it; any other one gets an axis for the samples, which takes batches of one.
   *
   * @throws OctetException {@code OCT-CLI-004} if a file of a single sample is that of another
   *     output; {@code OCT-CLI-008} if an output does not count the samples of a run; as the check
   *     of files that must not be written
   * @throws OctetException {@code OCT-CLI-018} if a file cannot be written
   */
  public void append(int count, Map<String, Tensor> outputs) {
    try {
      for (OutputFile file : files) {
        Tensor output = outputs.get(file.name);
        if (output == null) {
          throw new IllegalStateException("the runtime gave no output '" + file.name + "'");
        }
        file.append(count, output);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Gives the files their names, and adds them to a report. */
  public void publish(Report report) {
    List<Tree> trees = new ArrayList<>();
    Table table = new Table("OUTPUT", "TYPE", "SHAPE", "FILE");
    try {
      for (OutputFile file : files) {
        file.finish();
      }
      for (OutputFile file : files) {
        file.commit();
        file.publish(table, trees);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
    report.field("outputs", Tree.of(trees)).table(table);
  }

  /** Removes what was not published. */
  @Override
  public void close() {
    for (OutputFile file : files) {
      try {
        file.close();
      } catch (IOException e) {
        throw unwritable(e);
      }
    }
  }

  private OctetException unwritable(IOException e) {
    return RunOutputErrors.UNWRITABLE
        .error("'" + folder + "' cannot be written to: " + e)
        .at("-o")
        .cause(e)
        .build();
  }

  private static void requireSupported(String name, DataType type) {
    if (!NpyWriter.supports(type)) {
      throw RunOutputErrors.NO_NUMPY_FORM
          .error("output '" + name + "' of type " + type + " has no NumPy form")
          .build();
    }
  }

  private static Tree tree(String name, Path file, DataType type, long[] sizes) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(name));
    fields.put("file", Tree.of(file.toString()));
    fields.put("sha256", Tree.of(FloatFile.sha256(file)));
    fields.put("type", Tree.of(String.valueOf(type)));
    fields.put("shape", Tree.of(Arrays.stream(sizes).mapToObj(Tree::of).toList()));
    return Tree.of(fields);
  }

  /** What one run gives of an output, as a piece of an array of all samples. */
  private record Piece(boolean counted, Shape own, DataType type) {
    static Piece of(int count, Tensor output) {
      boolean counted = output.rank() > 0 && output.sizes()[0] == count;
      return new Piece(
          counted,
          Shape.of(counted ? Arrays.copyOfRange(output.sizes(), 1, output.rank()) : output.sizes()),
          output.dataType());
    }

    boolean continues(Piece other) {
      return counted == other.counted && own.equals(other.own);
    }

    /** Returns the sizes of what a run of one sample gives. */
    long[] alone() {
      return counted ? SeparateFiles.one(own.sizes()) : own.sizes();
    }

    long[] stacked(int samples) {
      return LongStream.concat(LongStream.of(samples), LongStream.of(own.sizes())).toArray();
    }
  }

  /** One output on its way to a file, or to one for each sample. */
  private final class OutputFile {
    private final String name;
    private final Path target;
    private int done;
    private @Nullable Piece first;
    private @Nullable WholeFile whole;
    private @Nullable NpyWriter writer;
    private @Nullable SeparateFiles separate;

    OutputFile(String name, Path target) {
      this.name = name;
      this.target = target;
    }

    void append(int count, Tensor output) throws IOException {
      Piece piece = Piece.of(count, output);
      if (!piece.counted() && count != 1) {
        throw RunOutputErrors.NO_BATCH
            .error("output '" + name + "' does not count the " + count + " samples of a run")
            .build();
      }
      if (first == null) {
        begin(piece);
      } else if (separate == null && !first.continues(piece)) {
        separate(first);
      }
      if (separate != null) {
        separate.append(count, output);
      } else if (writer != null) {
        writer.append(output);
      }
      done += count;
    }

    private void begin(Piece piece) throws IOException {
      requireSupported(name, piece.type());
      first = piece;
      whole = WholeFile.of(target);
      writer =
          new NpyWriter(
              new BufferedOutputStream(whole.open()), piece.type(), piece.stacked(samples));
    }

    /** Goes over to a file for each sample, with those that were stacked. */
    private void separate(Piece stacked) throws IOException {
      finish();
      WholeFile before = Objects.requireNonNull(whole);
      separate = new SeparateFiles(target.getFileName().toString(), samples, this::file);
      separate.appendStacked(before.partial(), stacked.type(), done, stacked.alone());
      before.close();
      whole = null;
    }

    private WholeFile file(String file) throws IOException {
      own(file, name);
      requireFree.accept(folder.resolve(file));
      return WholeFile.of(folder.resolve(file));
    }

    void finish() throws IOException {
      if (writer != null) {
        writer.close();
        writer = null;
      }
    }

    void commit() throws IOException {
      if (separate != null) {
        separate.commit();
      } else if (whole != null) {
        whole.commit();
      } else {
        throw new IllegalStateException("there was no sample");
      }
    }

    void publish(Table table, List<Tree> trees) {
      Piece piece = Objects.requireNonNull(first, "there was a sample");
      if (separate == null) {
        long[] sizes = piece.stacked(samples);
        table.row(name, piece.type(), Arrays.toString(sizes), target);
        trees.add(tree(name, target, piece.type(), sizes));
        return;
      }
      List<SeparateFiles.SampleFile> each = separate.written();
      String last = separate.name(each.size() - 1);
      table.row(
          name,
          piece.type(),
          "of each sample its own",
          folder.resolve(separate.name(0)) + " to " + last);
      each.forEach(
          file -> trees.add(tree(name, file.whole().target(), piece.type(), file.shape().sizes())));
    }

    void close() throws IOException {
      try {
        finish();
      } finally {
        if (whole != null) {
          whole.close();
        }
        if (separate != null) {
          separate.close();
        }
      }
    }
  }
}
