package dev.octet.workflow.run;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.WholeFile;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.data.NpyWriter;
import dev.octet.workflow.provenance.FloatFile;
import dev.octet.workflow.report.Report;
import dev.octet.workflow.report.Table;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes every output of a model, stacked over samples, to a {@code .npy} file of its name. The
 * files get their names when all are complete. Not thread-safe.
 */
public final class StackedOutputs implements AutoCloseable {

  private final Path folder;
  private final int samples;
  private final List<OutputFile> files = new ArrayList<>();

  /**
   * Prepares the files.
   *
   * @param folder an existing folder
   * @param outputs the outputs of the model
   * @param samples number of samples there will be
   * @throws OctetException {@code OCT-CLI-004} if two outputs have the same file name, {@code
   *     OCT-CLI-005} if an element type has no NumPy form
   */
  public StackedOutputs(Path folder, List<ValueInfo> outputs, int samples) {
    this.folder = folder;
    this.samples = samples;
    Map<String, String> owners = new LinkedHashMap<>();
    for (ValueInfo output : outputs) {
      String file = fileName(output.name());
      String other = owners.put(file, output.name());
      if (other != null) {
        String fact = "outputs '" + other + "' and '" + output.name() + "' would both be " + file;
        throw RunOutputErrors.SAME_FILE_NAME.error(fact).build();
      }
      output.tensorType().ifPresent(type -> requireSupported(output.name(), type.dataType()));
      files.add(new OutputFile(output.name(), folder.resolve(file)));
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
        String type = String.valueOf(file.type);
        table.row(file.name, type, Arrays.toString(file.sizes), file.target);
        Map<String, Tree> fields = new LinkedHashMap<>();
        fields.put("name", Tree.of(file.name));
        fields.put("file", Tree.of(file.target.toString()));
        fields.put("sha256", Tree.of(FloatFile.sha256(file.target)));
        fields.put("type", Tree.of(type));
        fields.put("shape", Tree.of(Arrays.stream(file.sizes).mapToObj(Tree::of).toList()));
        trees.add(Tree.of(fields));
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

  /** One output on its way to a file. */
  private final class OutputFile {
    private final String name;
    private final Path target;
    private @Nullable WholeFile whole;
    private @Nullable NpyWriter writer;
    private @Nullable DataType type;
    private long[] sizes = {};

    OutputFile(String name, Path target) {
      this.name = name;
      this.target = target;
    }

    void append(int count, Tensor output) throws IOException {
      boolean counted = output.rank() > 0 && output.sizes()[0] == count;
      long[] own = counted ? Arrays.copyOfRange(output.sizes(), 1, output.rank()) : output.sizes();
      long[] stacked = LongStream.concat(LongStream.of(samples), LongStream.of(own)).toArray();
      if (writer == null) {
        requireSupported(name, output.dataType());
        type = output.dataType();
        sizes = stacked;
        whole = WholeFile.of(target);
        writer =
            new NpyWriter(
                new BufferedOutputStream(Files.newOutputStream(whole.partial())), type, stacked);
      }
      if (!counted && count != 1) {
        throw RunOutputErrors.NO_BATCH
            .error("output '" + name + "' does not count the " + count + " samples of a run")
            .build();
      }
      if (!Arrays.equals(sizes, stacked) || output.dataType() != type) {
        throw RunOutputErrors.OTHER_SHAPE
            .error("output '" + name + "' has another shape for another sample")
            .build();
      }
      writer.append(output);
    }

    void finish() throws IOException {
      if (writer != null) {
        writer.close();
      }
    }

    void commit() throws IOException {
      if (whole == null) {
        throw new IllegalStateException("there was no sample");
      }
      whole.commit();
    }

    void close() throws IOException {
      try {
        finish();
      } finally {
        if (whole != null) {
          whole.close();
        }
      }
    }
  }
}
