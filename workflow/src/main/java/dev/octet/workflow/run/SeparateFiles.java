package dev.octet.workflow.run;

import dev.octet.api.file.WholeFile;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.workflow.data.NpyWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/**
 * Writes an output of a model to a file for each sample, as the model gave it for a run of that
 * sample alone. Not thread-safe.
 */
final class SeparateFiles {

  /**
   * One file.
   *
   * @param whole the file, which gets its name when it is committed
   * @param shape that of its array
   */
  record SampleFile(WholeFile whole, Shape shape) {}

  private final UnaryOperator<String> name;
  private final NewFile files;
  private final List<SampleFile> written = new ArrayList<>();

  /** Makes a new file in the folder of all outputs. */
  @FunctionalInterface
  interface NewFile {

    /** Returns a file that does not have its name yet. */
    WholeFile of(String name) throws IOException;
  }

  /**
   * Prepares.
   *
   * @param stacked the name of the file that would hold all samples, which ends in {@code .npy}
   * @param samples number of samples there will be
   */
  SeparateFiles(String stacked, int samples, NewFile files) {
    String base = stacked.substring(0, stacked.length() - ".npy".length());
    int digits = Integer.toString(samples - 1).length();
    this.name = number -> base + "." + "0".repeat(digits - number.length()) + number + ".npy";
    this.files = files;
  }

  /** Returns the name of the file of a sample. */
  String name(int sample) {
    return name.apply(Integer.toString(sample));
  }

  /** Returns the files, one for each sample. */
  List<SampleFile> written() {
    return written;
  }

  /** Appends what a run gave for one sample, or one after the other those that its axis counts. */
  void append(int count, Tensor output) throws IOException {
    if (count == 1) {
      write(output);
      return;
    }
    long[] sizes = one(Arrays.copyOfRange(output.sizes(), 1, output.rank()));
    ByteBuffer bytes = output.data();
    int each = bytes.remaining() / count;
    for (int i = 0; i < count; i++) {
      write(Tensor.ofBytes(output.dataType(), sizes, bytes.slice(i * each, each)));
    }
  }

  /**
   * Appends the samples that a file holds at its end.
   *
   * @param count how many
   * @param sizes the sizes of one
   */
  void appendStacked(Path file, DataType type, int count, long[] sizes) throws IOException {
    long elements = Shape.count(sizes);
    int each = Math.toIntExact(elements * type.bits() / Byte.SIZE);
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(Files.size(file) - (long) each * count);
      for (int i = 0; i < count; i++) {
        write(Tensor.ofBytes(type, sizes, ByteBuffer.wrap(in.readNBytes(each))));
      }
    }
  }

  /** Returns sizes with an axis of one sample before them. */
  static long[] one(long[] sizes) {
    return LongStream.concat(LongStream.of(1), LongStream.of(sizes)).toArray();
  }

  private void write(Tensor output) throws IOException {
    WholeFile whole = files.of(name(written.size()));
    written.add(new SampleFile(whole, Shape.of(output.sizes())));
    try (NpyWriter writer =
        new NpyWriter(new BufferedOutputStream(whole.open()), output.dataType(), output.sizes())) {
      writer.append(output);
    }
  }

  void commit() throws IOException {
    for (SampleFile file : written) {
      file.whole().commit();
    }
  }

  void close() throws IOException {
    for (SampleFile file : written) {
      file.whole().close();
    }
  }
}
