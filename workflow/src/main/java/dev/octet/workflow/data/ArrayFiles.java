package dev.octet.workflow.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.InputFile;
import dev.octet.api.graph.DataType;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Opens arrays in files: NumPy {@code .npy} of versions 1 to 3, members of {@code .npz}, and MNIST
 * idx; each but the archive may be in gzip. What a file is, is told by its first bytes.
 *
 * <p>A {@code .npy}, an idx file and a stored member are read from disk as they are needed; what is
 * compressed is decompressed once, as far as its header says and at most 1 GiB, and held in memory
 * in its stored element type.
 */
final class ArrayFiles {

  private static final byte[] NPY_MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_HEADER_BYTES = 1 << 20;

  /** The most bytes that are looked at before those of the elements. */
  private static final int MOST_START_BYTES = MOST_HEADER_BYTES + 12;

  /** The most bytes of compressed data that are held in memory, decompressed: 1 GiB. */
  static final int MOST_IN_MEMORY = 1 << 30;

  private static final Pattern DESCR =
      Pattern.compile("'descr'\\s*:\\s*'([<>|=])([biuf])([0-9]{1,2})'");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\sL]*)\\)");

  private final Path file;
  private final String name;

  private ArrayFiles(Path file, String name) {
    this.file = file;
    this.name = name;
  }

  /**
   * Opens an array.
   *
   * @param file the file, or the archive
   * @param key the member of the archive without {@code .npy}; empty for a plain file
   * @throws OctetException {@code OCT-DATA-028} if the file cannot be read, {@code OCT-DATA-002} if
   *     it is none of the known kinds or damaged, {@code OCT-DATA-003} for an element type that is
   *     not read, {@code OCT-DATA-004} if the archive has no such member, {@code OCT-DATA-048} if
   *     the memory has no room for what is decompressed
   */
  static Samples open(Path file, String key) {
    String name = key.isEmpty() ? file.toString() : file + ":" + key;
    try {
      return new ArrayFiles(file, name).open(key);
    } catch (IOException e) {
      throw DataErrors.unreadable(file, e);
    } catch (OutOfMemoryError e) {
      throw DataErrors.tooLarge("'" + name + "'").cause(e).build();
    }
  }

  /** Tells whether a file begins like an array or an archive. */
  static boolean isArray(Path file) {
    try (InputStream in = InputFile.open(file)) {
      byte[] start = in.readNBytes(NPY_MAGIC.length);
      boolean archive = isArchive(start) && file.toString().endsWith(".npz");
      boolean idx = start.length > 2 && start[0] == 0 && start[1] == 0;
      return Arrays.equals(start, NPY_MAGIC) || archive || idx || isGzip(start);
    } catch (IOException e) {
      throw DataErrors.unreadable(file, e);
    }
  }

  private static boolean isArchive(byte[] start) {
    return start.length >= 4 && start[0] == 'P' && start[1] == 'K';
  }

  private static boolean isGzip(byte[] start) {
    return start.length >= 2 && start[0] == 0x1f && start[1] == (byte) 0x8b;
  }

  /** Returns the names of the arrays of an archive, sorted; none of another file. */
  static List<String> keys(Path file) {
    if (!file.toString().endsWith(".npz")) {
      return List.of();
    }
    try (ZipFile archive = archive(file)) {
      return keys(archive);
    } catch (IOException e) {
      throw DataErrors.unreadable(file, e);
    }
  }

  private static ZipFile archive(Path file) throws IOException {
    InputFile.requireNoPipe(file);
    return new ZipFile(file.toFile());
  }

  private static List<String> keys(ZipFile archive) {
    try (Stream<? extends ZipEntry> entries = archive.stream()) {
      return entries.map(e -> e.getName().replaceFirst("\\.npy$", "")).sorted().toList();
    } catch (IllegalArgumentException e) {
      throw DataErrors.malformed(archive.getName(), "has an array whose name is no UTF-8");
    }
  }

  private Samples open(String key) throws IOException {
    byte[] start = firstBytes();
    if (isArchive(start)) {
      return member(key);
    }
    if (!key.isEmpty()) {
      throw DataErrors.malformed(file.toString(), "is no archive, so it has no '" + key + "'");
    }
    if (isGzip(start)) {
      try (InputStream in = new GZIPInputStream(new BufferedInputStream(InputFile.open(file)))) {
        return unpacked(in);
      }
    }
    return array(ByteSource.file(file));
  }

  private byte[] firstBytes() throws IOException {
    InputFile.requireRegular(file);
    // Not through a channel, which an interrupt of the caller closes: that is told of a
    // calibration.
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(4);
    }
  }

  private Samples member(String key) throws IOException {
    ZipFile archive = new ZipFile(file.toFile());
    ZipEntry entry = archive.getEntry(key + ".npy");
    if (entry != null && !key.isEmpty()) {
      return member(archive, entry);
    }
    try (archive) {
      String fact = key.isEmpty() ? "'" + file + "' needs a key" : "there is no '" + name + "'";
      throw DataErrors.NO_MEMBER.error(fact).candidates(keys(archive)).build();
    }
  }

  private Samples member(ZipFile archive, ZipEntry entry) throws IOException {
    if (entry.getMethod() == ZipEntry.STORED) {
      return array(new ByteSource.OfStoredMember(archive, entry));
    }
    try (archive;
        InputStream in = archive.getInputStream(entry)) {
      return unpacked(in);
    }
  }

  /** A few compressed bytes may be any number of others: no more are read than an array needs. */
  private Samples unpacked(InputStream in) throws IOException {
    byte[] start = in.readNBytes(MOST_START_BYTES);
    long needed = header(new ByteSource.OfMemory(start)).needed(name);
    if (needed > MOST_IN_MEMORY) {
      throw new IOException("more than 1 GiB of compressed data; store it uncompressed");
    }
    InputStream all = new SequenceInputStream(new ByteArrayInputStream(start), in);
    ByteSource bytes = new ByteSource.OfMemory(all.readNBytes((int) needed));
    // The end is read too: there the sum stands that the data is checked by.
    if (all.readNBytes(MOST_START_BYTES).length == MOST_START_BYTES) {
      throw DataErrors.malformed(name, "goes on behind the elements that its header counts");
    }
    return array(bytes);
  }

  private Samples array(ByteSource bytes) throws IOException {
    try {
      return StoredArray.of(file, name, header(bytes), bytes);
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  private ArrayHeader header(ByteSource bytes) throws IOException {
    byte[] start = new byte[(int) Math.min(12, bytes.size())];
    bytes.read(0, start);
    if (start.length >= 10 && Arrays.equals(start, 0, 6, NPY_MAGIC, 0, 6)) {
      return npy(bytes, start);
    }
    if (start.length >= 4 && start[0] == 0 && start[1] == 0) {
      return idx(bytes, start);
    }
    throw DataErrors.malformed(name, "is neither .npy nor idx");
  }

  private ArrayHeader npy(ByteSource bytes, byte[] start) throws IOException {
    int version = start[6];
    ByteBuffer numbers = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    if (version < 1 || version > 3 || (version > 1 && start.length < 12)) {
      throw DataErrors.malformed(name, "is .npy of version " + version);
    }
    int at = version == 1 ? 10 : 12;
    int length = version == 1 ? numbers.getShort(8) & 0xffff : numbers.getInt(8);
    if (length < 0 || length > MOST_HEADER_BYTES || at + length > bytes.size()) {
      throw DataErrors.malformed(name, "has a header of " + length + " bytes");
    }
    byte[] header = new byte[length];
    bytes.read(at, header);
    String text = new String(header, version == 3 ? UTF_8 : ISO_8859_1);
    Matcher descr = match(DESCR, text, "element type");
    DataType type = npyType(descr.group(2), Integer.parseInt(descr.group(3)), text);
    ByteOrder order = descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    boolean columnMajor = match(FORTRAN, text, "order").group(1).equals("True");
    return new ArrayHeader(type, order, columnMajor, shape(text), at + (long) length);
  }

  private long[] shape(String text) {
    try {
      return Stream.of(match(SHAPE, text, "shape").group(1).split(",", -1))
          .map(size -> size.replace("L", "").strip())
          .filter(size -> !size.isEmpty())
          .mapToLong(Long::parseLong)
          .toArray();
    } catch (NumberFormatException e) {
      throw DataErrors.malformed(name, "has no readable shape: " + text.strip());
    }
  }

  private Matcher match(Pattern pattern, String header, String what) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw what.equals("element type")
          ? unsupported(header.strip())
          : DataErrors.malformed(name, "has no readable " + what + ": " + header.strip());
    }
    return matcher;
  }

  private DataType npyType(String kind, int width, String header) {
    return switch (kind + width) {
      case "b1" -> DataType.BOOL;
      case "i1" -> DataType.INT8;
      case "i2" -> DataType.INT16;
      case "i4" -> DataType.INT32;
      case "i8" -> DataType.INT64;
      case "u1" -> DataType.UINT8;
      case "u2" -> DataType.UINT16;
      case "u4" -> DataType.UINT32;
      case "u8" -> DataType.UINT64;
      case "f2" -> DataType.FLOAT16;
      case "f4" -> DataType.FLOAT;
      case "f8" -> DataType.DOUBLE;
      default -> throw unsupported(header.strip());
    };
  }

  private ArrayHeader idx(ByteSource bytes, byte[] start) throws IOException {
    DataType type =
        switch (start[2]) {
          case 0x08 -> DataType.UINT8;
          case 0x09 -> DataType.INT8;
          case 0x0b -> DataType.INT16;
          case 0x0c -> DataType.INT32;
          case 0x0d -> DataType.FLOAT;
          case 0x0e -> DataType.DOUBLE;
          default -> throw DataErrors.malformed(name, "is neither .npy nor idx");
        };
    int rank = start[3] & 0xff;
    if (4L + 4L * rank > bytes.size()) {
      throw DataErrors.malformed(name, "ends inside its header");
    }
    byte[] header = new byte[4 * rank];
    bytes.read(4, header);
    long[] sizes = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      sizes[axis] = ByteBuffer.wrap(header).getInt(4 * axis) & 0xffffffffL;
    }
    return new ArrayHeader(type, ByteOrder.BIG_ENDIAN, false, sizes, 4 + 4L * rank);
  }

  private OctetException unsupported(String header) {
    return DataErrors.ELEMENT_TYPE
        .error("'" + name + "' has elements that are not read: " + header)
        .candidates(List.of("bool", "int8 to int64", "uint8 to uint64", "float16 to float64"))
        .build();
  }
}
