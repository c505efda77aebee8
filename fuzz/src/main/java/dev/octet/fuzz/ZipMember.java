package dev.octet.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A member of an archive as it is written, whatever is true of it.
 *
 * @param name its name
 * @param content what it holds
 * @param stored the bytes that the archive has of it
 * @param method how they are said to be stored: 0 as they are, 8 deflated
 * @param said the size that the archive says
 * @param checksum the checksum that the archive says
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ZipMember(String name, byte[] content, byte[] stored, int method, long said, int checksum) {

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int DEFLATED = 8;
  private static final int MOST_NAME = 0xffff;

  /** What a bomb says again and again, and how often: 2 GiB of zeros in 2 MiB. */
  private static final int BOMB_PART = 1 << 20;

  private static final int BOMB_PARTS = 1 << 11;

  /** Returns a member that is stored as it is. */
  static ZipMember of(String name, byte[] content) {
    return new ZipMember(name, content, content, 0, content.length, checksumOf(content));
  }

  private static int checksumOf(byte[] content) {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    return (int) checksum.getValue();
  }

  ZipMember named(String other) {
    return new ZipMember(other, content, stored, method, said, checksum);
  }

  ZipMember withMethod(int other) {
    return new ZipMember(name, content, stored, other, said, checksum);
  }

  ZipMember withSaidSize(long other) {
    return new ZipMember(name, content, stored, method, other, checksum);
  }

  ZipMember withSaidChecksum(int other) {
    return new ZipMember(name, content, stored, method, said, other);
  }

  ZipMember withContent(byte[] other) {
    return of(name, other);
  }

  ZipMember deflated() {
    byte[] packed = deflate(content, Deflater.NO_FLUSH, true);
    return new ZipMember(name, content, packed, DEFLATED, said, checksum);
  }

  /** Returns this member with far more behind its content than the archive has bytes. */
  ZipMember asBomb() {
    byte[] start = deflate(content, Deflater.FULL_FLUSH, false);
    byte[] zeros = deflate(new byte[BOMB_PART], Deflater.FULL_FLUSH, false);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(start);
    for (int i = 0; i < BOMB_PARTS; i++) {
      out.writeBytes(zeros);
    }
    out.writeBytes(deflate(new byte[0], Deflater.NO_FLUSH, true));
    return new ZipMember(name, content, out.toByteArray(), DEFLATED, said, checksum);
  }

  private static byte[] deflate(byte[] plain, int flush, boolean last) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(plain);
    if (last) {
      deflater.finish();
    }
    byte[] packed = new byte[2 * plain.length + 64];
    int length = deflater.deflate(packed, 0, packed.length, flush);
    deflater.end();
    return Arrays.copyOf(packed, length);
  }

  /** Writes an archive. */
  static byte[] archive(List<ZipMember> members) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream directory = new ByteArrayOutputStream();
    for (ZipMember member : members) {
      directory.writeBytes(member.header(CENTRAL, out.size()));
      out.writeBytes(member.header(LOCAL, 0));
      out.writeBytes(member.stored);
    }
    int start = out.size();
    out.writeBytes(directory.toByteArray());
    out.writeBytes(end(members.size(), start, directory.size()));
    return out.toByteArray();
  }

  private byte[] header(int kind, int offset) {
    byte[] bytes = name.getBytes(UTF_8);
    byte[] shown = Arrays.copyOf(bytes, Math.min(MOST_NAME, bytes.length));
    ByteBuffer header =
        ByteBuffer.allocate(46 + shown.length).order(ByteOrder.LITTLE_ENDIAN).putInt(kind);
    if (kind == CENTRAL) {
      header.putShort((short) 20);
    }
    // Version 2.0, names in UTF-8, no time.
    header.putShort((short) 20).putShort((short) 0x800).putShort((short) method).putInt(0);
    header.putInt(checksum).putInt(stored.length).putInt((int) said);
    header.putShort((short) shown.length).putShort((short) 0);
    if (kind == CENTRAL) {
      header.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0).putInt(offset);
    }
    header.put(shown);
    return Arrays.copyOf(header.array(), header.position());
  }

  private static byte[] end(int count, int start, int length) {
    ByteBuffer end = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
    end.putInt(END).putInt(0);
    end.putShort((short) count).putShort((short) count).putInt(length).putInt(start);
    return end.array();
  }
}
