package dev.octet.format.onnx;

import dev.octet.api.error.OctetException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import onnx.OnnxMl.StringStringEntryProto;
import onnx.OnnxMl.TensorProto;

/**
 * Reads tensor data from files beside the model.
 *
 * <p>A location is relative to the folder of the model and stays inside it, links followed. Data of
 * 64 KiB and more is mapped instead of copied; the file must not be changed in place while the
 * model is in use.
 */
final class ExternalDataReader {

  private static final int MAPPED_FROM = 1 << 16;

  private final Source source;

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

  /** Reads exactly {@code expected} bytes. */
  ByteBuffer read(TensorProto proto, long expected, String place) {
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
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      requireInside(channel.size(), offset, length, location, place);
      return read(channel, offset, length);
    } catch (IOException e) {
      throw unreadable(file.toString(), place, e);
    }
  }

  private static ByteBuffer read(FileChannel channel, long offset, long length) throws IOException {
    if (length >= MAPPED_FROM) {
      return channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
    }
    ByteBuffer data = ByteBuffer.allocate((int) length);
    while (data.hasRemaining()) {
      if (channel.read(data, offset + data.position()) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    return data.flip();
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
      if (!Files.isRegularFile(real)) {
        throw new IOException("not a regular file");
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
