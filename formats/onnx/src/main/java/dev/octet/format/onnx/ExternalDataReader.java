package dev.octet.format.onnx;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.FileIdentity;
import dev.octet.api.file.FileRegion;
import dev.octet.api.file.MappedReading;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Tensor;
import dev.octet.format.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads tensor data from files beside the model.
 *
 * <p>A location is relative to the folder of the model and stays inside it, links followed. Data of
 * 64 KiB and more stays in its file, as a {@link FileRegion}; less is copied.
 */
final class ExternalDataReader {

  private final Source source;

  /** The files as they were when the first tensor was found in them. */
  private final Map<Path, FileIdentity> files = new HashMap<>();

  /**
   * A tensor whose data is in a file of its own.
   *
   * @param elements the tensor, without an origin
   * @param file the file that the data is in
   */
  record External(Tensor elements, FileIdentity file) {}

  ExternalDataReader(Source source) {
    this.source = source;
  }

  /** Returns the real path of the model's folder. */
  Path realFolder(String place) {
    Path folder = source.folder().orElseThrow(() -> noFolder(place));
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw unreadable(folder.toString(), place, e);
    }
  }

  /** Reads a tensor. */
  External read(TensorProto proto, DataType type, long[] sizes, long expected, String place) {
    Map<String, String> entries = new HashMap<>();
    for (StringStringEntryProto entry : proto.getExternalDataList()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    String location = entries.getOrDefault("location", "");
    Path file = locate(location, place);
    long offset = number(entries, "offset", 0, place);
    long length = number(entries, "length", expected, place);
    if (length != expected) {
      throw source
          .error(
              OnnxErrors.EXTERNAL_SIZE,
              "the tensor takes " + expected + " bytes, but its external data has " + length,
              place)
          .build();
    }
    try {
      FileIdentity identity = identity(file);
      requireInside(identity.size(), offset, length, location, place);
      FileRegion region = FileRegion.map(identity, offset, length);
      Tensor elements =
          length < OnnxFormat.LEFT_FROM
              ? Tensor.ofBytes(type, sizes, copy(region))
              : Tensor.ofRegion(type, sizes, region);
      return new External(elements, identity);
    } catch (IOException e) {
      throw unreadable(file.toString(), place, e);
    }
  }

  private FileIdentity identity(Path file) throws IOException {
    FileIdentity known = files.get(file);
    if (known == null) {
      known = FileIdentity.of(file);
      if (!known.file().equals(file)) {
        throw new IOException("it was replaced by a link meanwhile");
      }
      files.put(file, known);
    }
    return known;
  }

  private static ByteBuffer copy(FileRegion region) {
    ByteBuffer window = region.window(0, (int) region.length());
    return MappedReading.of(
        List.of(region.file()), () -> ByteBuffer.allocate(window.remaining()).put(window).flip());
  }

  private Path locate(String location, String place) {
    Path folder = realFolder(place);
    Path relative = parse(location, place);
    Path file = folder.resolve(relative).normalize();
    if (location.isEmpty() || relative.isAbsolute() || !file.startsWith(folder)) {
      throw outside(location, place);
    }
    try {
      Path real = file.toRealPath();
      if (!real.startsWith(folder)) {
        throw outside(location, place);
      }
      return real;
    } catch (IOException e) {
      throw unreadable(file.toString(), place, e);
    }
  }

  private Path parse(String location, String place) {
    try {
      return Path.of(location);
    } catch (InvalidPathException e) {
      throw outside(location, place);
    }
  }

  private long number(Map<String, String> entries, String key, long absent, String place) {
    String text = entries.get(key);
    if (text == null) {
      return absent;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // The error below covers both.
    }
    throw source
        .error(
            OnnxErrors.NO_SIZE, "the " + key + " '" + text + "' of external data is no size", place)
        .build();
  }

  private void requireInside(long size, long offset, long length, String location, String place) {
    if (offset > size || length > size - offset) {
      throw source
          .error(
              OnnxErrors.PAST_THE_END,
              "external data at offset "
                  + offset
                  + " of length "
                  + length
                  + " ends behind '"
                  + location
                  + "', which has "
                  + size
                  + " bytes",
              place)
          .build();
    }
  }

  private OctetException noFolder(String place) {
    return source
        .error(
            OnnxErrors.NO_FOLDER,
            "the tensor has external data, but the model has no folder",
            place)
        .build();
  }

  private OctetException outside(String location, String place) {
    return source
        .error(
            OnnxErrors.OUTSIDE_FOLDER,
            "the location '" + location + "' of external data is not inside the model's folder",
            place)
        .build();
  }

  private OctetException unreadable(String file, String place, IOException cause) {
    return source
        .error(
            OnnxErrors.EXTERNAL_UNREADABLE,
            "the external data '" + file + "' cannot be read: " + cause,
            place)
        .cause(cause)
        .build();
  }
}
