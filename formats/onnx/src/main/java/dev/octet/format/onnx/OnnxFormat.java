package dev.octet.format.onnx;

import com.google.auto.service.AutoService;
import dev.octet.api.error.OctetException;
import dev.octet.api.file.FileIdentity;
import dev.octet.api.file.InputFile;
import dev.octet.api.file.ReplacedFileException;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.format.RaisedModel;
import dev.octet.api.format.StoredForm;
import dev.octet.api.format.TestData;
import dev.octet.api.graph.Model;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import dev.octet.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads ONNX models into {@link Model}, and writes them.
 *
 * <p><b>Lossless.</b> A model of any operator set and domain that is read and written is the same
 * message again, and one that is edited between differs in what was edited only; but nodes that
 * call functions of the model are read as the nodes of the function, and written so. What the graph
 * has no word for (training, functions, sparse and other opaque values, doc strings, metadata,
 * annotations, fields of later ONNX versions, how a tensor is stored) is kept as origin of the item
 * it belongs to. Nodes without a name of their own get one such as {@code Conv_12}, after the
 * operator and the index in the file; they are written under the name of the file. A graph input
 * that has an initializer is a constant: it is not among {@link
 * dev.octet.api.graph.Graph#inputs()}, and is written as an input again. Nodes that stand before
 * those they read are put in order.
 *
 * <p><b>Data in files.</b> A tensor of 64 KiB and more in external data, or in the {@code raw_data}
 * of a model file of 1 MiB and more, is a region of that file ({@link
 * dev.octet.api.file.FileRegion}), of any size; all else is read into memory.
 *
 * <p><b>Data outside the model.</b> External data is read from the model's folder. When a model is
 * written, a tensor that was not edited goes on referring to its file if the model is written to
 * the folder it came from and the file is as it was. All other data stands in the model, as long as
 * that is at most 1.5 GB; else every tensor of 1 KiB or more goes to the file {@code <model
 * file>.data} beside the model ({@code <model file>.1.data} if a kept tensor refers to that).
 * {@link #toBytes} puts all data into the model.
 *
 * <p><b>Versions.</b> The file format version is raised when the operator set was raised, or when a
 * constant was added that an older version has no room for.
 *
 * <p><b>Raising.</b> Operator sets {@value OpsetRaising#OLDEST} to {@value OpsetRaising#NEWEST} are
 * understood. A model has room for 8-bit tensors with one scale from operator set 11 on, per
 * channel from 13, for 4 and 16 bits, groups along one axis and one scale for each row from 21, for
 * 2 bits from 25.
 *
 * <p>Thread-safe. What is wrong with a file is an {@link OctetException} of kind INPUT:
 * OCT-ONNX-001 cannot be read, 002 empty, 003 cut off, 004 no ONNX model, 005 no graph, 006
 * contradicting operator sets, 007 larger than 2 GiB, 011 unsupported tensor, 012 sizes of a
 * tensor, 013 size of its data, 014 value without name, 015 value defined twice, 016 value never
 * defined, 017 circle of nodes, 018 node without operator, 019 attribute twice, 020 to 024 external
 * data, 030 cannot be written, 031 too large for bytes, 050 no test data, 051 a file of it is no
 * tensor, 052 a tensor of it fits no input or output.
 */
@AutoService(ModelFormat.class)
@BuiltFor(ApiVersion.CURRENT)
public final class OnnxFormat implements ModelFormat {

  /** Tensor data that a model file holds at most: a message ends at 2^31 - 1 bytes. */
  private static final long LARGEST_INSIDE = 1_500_000_000L;

  /** In a file of so many bytes and more, the data of large tensors is left. */
  private static final long READ_IN_PARTS_FROM = 1 << 20;

  /** Data of so many bytes and more is left in its file. */
  static final int LEFT_FROM = 1 << 16;

  /** Message fields of a model have tags of one byte; the first is {@code ir_version}. */
  private static final int IR_VERSION = 0x08;

  private static final int MOST_IR_VERSIONS = 0x7F;

  /** How often a model is read that somebody replaces each time. */
  private static final int MOST_TIMES = 20;

  /** Makes the format; it has no state. */
  public OnnxFormat() {}

  @Override
  public String name() {
    return "onnx";
  }

  @Override
  public List<String> extensions() {
    return List.of("onnx");
  }

  /**
   * Tells whether the file's name ends in {@code .onnx}, or it starts as exporters write models.
   */
  @Override
  public boolean recognises(Path file, byte[] start) {
    boolean named = file.toString().toLowerCase(Locale.ROOT).endsWith(".onnx");
    boolean starts =
        start.length > 2
            && start[0] == IR_VERSION
            && start[1] > 0
            && start[1] < MOST_IR_VERSIONS
            && isModelField(start[2]);
    return named || starts;
  }

  /** A number of the schema of ModelProto with its wire type: a text or message, or a number. */
  private static boolean isModelField(int tag) {
    int wireType = tag & 7;
    int number = tag >> 3;
    return switch (number) {
      case 2, 3, 4, 6, 7, 8, 14 -> wireType == 2;
      case 5 -> wireType == 0;
      default -> false;
    };
  }

  /** Reads a model. One that is replaced while it is read, or whose data is, is read anew. */
  @Override
  public Model read(Path file) {
    for (int times = 1; ; times++) {
      Optional<FileIdentity> before = identity(file);
      try {
        return readOnce(file);
      } catch (OctetException e) {
        if (times == MOST_TIMES || !wasReplaced(before, e)) {
          throw e;
        }
      }
    }
  }

  /** Tells whether the model, or a file of its data, was replaced while the model was read. */
  private static boolean wasReplaced(Optional<FileIdentity> before, OctetException e) {
    return e.getCause() instanceof ReplacedFileException
        || !before.map(FileIdentity::isCurrent).orElse(true);
  }

  private static Optional<FileIdentity> identity(Path file) {
    try {
      return Optional.of(FileIdentity.of(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Model readOnce(Path file) {
    Source source =
        new Source(file.toString(), Optional.ofNullable(file.toAbsolutePath().getParent()));
    ModelReader reader = new ModelReader(source);
    try {
      InputFile.requireNoPipe(file);
      if (Files.size(file) > Integer.MAX_VALUE - 8) {
        throw source.error(OnnxErrors.LARGE_FILE, "the model is larger than 2 GiB").build();
      }
      return leavesData(file)
          ? reader.read(FileIdentity.of(file), LEFT_FROM)
          : reader.read(Files.readAllBytes(file));
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  /** Not every file system can map files. */
  private static boolean leavesData(Path file) throws IOException {
    return file.getFileSystem().equals(FileSystems.getDefault())
        && Files.isRegularFile(file)
        && Files.size(file) >= READ_IN_PARTS_FROM;
  }

  /**
   * Reads a model without external data from the bytes of its file.
   *
   * @param bytes the file's content, copied
   * @param name what messages call the model
   * @throws OctetException of kind INPUT, see above
   */
  public Model read(byte[] bytes, String name) {
    return new ModelReader(new Source(name, Optional.empty())).read(bytes.clone());
  }

  /**
   * Reads a model without external data from a stream, to its end; the stream stays open.
   *
   * @param name what messages call the model
   * @throws OctetException of kind INPUT, see above
   */
  public Model read(InputStream stream, String name) {
    Source source = new Source(name, Optional.empty());
    try {
      return new ModelReader(source).read(stream.readAllBytes());
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  @Override
  public List<Path> dataFiles(Model model) {
    return ExternalFiles.of(model.graph());
  }

  /**
   * Returns the bytes of a model's file with all data inside; equal models give equal bytes.
   *
   * @throws OctetException of kind INPUT, OCT-ONNX-031, if that takes 2 GiB or more
   */
  public byte[] toBytes(Model model) {
    // Asked before data is copied into messages of subgraphs.
    if (ModelFile.dataBytes(model) > Integer.MAX_VALUE) {
      throw tooLarge();
    }
    MessagePart message = ModelWriter.write(model, DataPlacement.inside());
    try {
      byte[] bytes = new byte[message.size()];
      message.writeTo(CodedOutputStream.newInstance(bytes));
      return bytes;
    } catch (ArithmeticException e) {
      throw tooLarge();
    } catch (IOException e) {
      throw new IllegalStateException("an array takes no more bytes", e);
    }
  }

  private static OctetException tooLarge() {
    return OnnxErrors.LARGE_BYTES.error("the model takes 2 GiB or more").build();
  }

  @Override
  public void write(Model model, Path file) {
    write(model, file, LARGEST_INSIDE);
  }

  /** As {@link #write(Model, Path)} with another limit of the data inside the model. */
  void write(Model model, Path file, long largestInside) {
    ModelFile.write(model, file, largestInside);
  }

  /**
   * Raises a model to the first version of the default operator set that has room for all forms.
   *
   * @throws OctetException of kind QUANTIZATION: OCT-ONNX-040 if the model's operator set is not
   *     understood, OCT-ONNX-041 that names every node that cannot be raised and why
   */
  @Override
  public RaisedModel raise(Model model, Collection<StoredForm> forms) {
    long needed = 0;
    for (StoredForm form : forms) {
      needed = Math.max(needed, OpsetRaising.neededFor(form).orElse(0));
    }
    return needed <= model.opset()
        ? new RaisedModel(model, List.of())
        : OpsetRaising.raise(model, needed);
  }

  @Override
  public Optional<TestData> testData(Path folder, Model model) {
    return Optional.of(TestDataReader.read(folder, model));
  }

  private static OctetException unreadable(Source source, IOException cause) {
    return source
        .error(OnnxErrors.UNREADABLE, "the model cannot be read: " + cause)
        .cause(cause)
        .build();
  }
}
