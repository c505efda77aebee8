package dev.octet.workflow.calibrate;

import dev.octet.api.error.FileErrors;
import dev.octet.api.error.OctetException;
import dev.octet.api.file.WholeFile;
import dev.octet.protobuf.ByteString;
import dev.octet.protobuf.InvalidProtocolBufferException;
import dev.octet.workflow.calibrate.proto.CalibrationProto;
import dev.octet.workflow.digest.ContentHash;
import dev.octet.workflow.provenance.OctetBuild;
import dev.octet.workflow.text.SourceText;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Reads and writes calibration files. */
final class CalibrationFile {

  private static final String FORMAT = "octet-calibration";
  private static final int VERSION = 5;
  private static final int OLDEST = 3;
  private static final int FIRST_IN_JSON = 4;
  private static final int FIRST_OF_TENSORS = 5;

  private CalibrationFile() {}

  static String contentHash(Calibration calibration) {
    return ContentHash.digits(
        ContentHash.of(CalibrationMessages.toBody(calibration).toByteArray()));
  }

  static String groupsHash(Calibration calibration) {
    return ContentHash.digits(
        ContentHash.of(CalibrationMessages.toGroups(calibration).toByteArray()));
  }

  static byte[] toBytes(Calibration calibration) {
    ByteString body = CalibrationMessages.toBody(calibration).toByteString();
    ByteString makers = ByteString.copyFrom(CalibrationMakers.toBytes(calibration));
    return CalibrationProto.File.newBuilder()
        .setFormat(FORMAT)
        .setVersion(VERSION)
        .setBody(body)
        .setSha256(hash(body))
        .setMakers(makers)
        .setMakersSha256(hash(makers))
        .build()
        .toByteArray();
  }

  private static ByteString hash(ByteString content) {
    return ByteString.copyFrom(ContentHash.of(content.toByteArray()));
  }

  static void write(Calibration calibration, Path file) {
    try {
      WholeFile.write(file, toBytes(calibration));
    } catch (IOException e) {
      throw CalibrationErrors.UNWRITABLE
          .error("The calibration cannot be written: " + e)
          .at(file.toString())
          .cause(e)
          .build();
    }
  }

  static Calibration read(Path file, Observers observers) {
    try {
      return fromBytes(SourceText.bytes(file), observers, file.toString());
    } catch (NoSuchFileException e) {
      throw FileErrors.missing(file, e);
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
  }

  static Calibration fromBytes(byte[] bytes, Observers observers, String place) {
    CalibrationProto.File file = parse(bytes, place);
    if (!file.getFormat().equals(FORMAT)) {
      throw CalibrationErrors.NO_CALIBRATION.error("This is no calibration file").at(place).build();
    }
    if (file.getVersion() == 0) {
      throw damaged("The calibration file has no version", place).build();
    }
    if (file.getVersion() < OLDEST) {
      throw CalibrationErrors.BEFORE
          .error(
              "The calibration file has version "
                  + file.getVersion()
                  + ", from before "
                  + OctetBuild.FILES_SINCE)
          .at(place)
          .build();
    }
    if (file.getVersion() > VERSION) {
      throw CalibrationErrors.OTHER_VERSION
          .error("The calibration file has version " + file.getVersion())
          .at(place)
          .next(
              "Read it with the version of Octet that wrote it; this one reads "
                  + OLDEST
                  + " to "
                  + VERSION
                  + ".");
    }
    requireIntact(file, bytes, place);
    try {
      CalibrationProto.Body body = CalibrationProto.Body.parseFrom(file.getBody());
      Calibration read =
          file.getVersion() < FIRST_OF_TENSORS
              ? CalibrationMessages.fromGroups(body, observers, place)
              : CalibrationMessages.fromBody(body, observers, place);
      return file.getVersion() < FIRST_IN_JSON
          ? read.madeBy(
              CalibrationMessages.fromMakers(CalibrationProto.Makers.parseFrom(file.getMakers())))
          : CalibrationMakers.add(read, file.getMakers().toStringUtf8(), place);
    } catch (OctetException e) {
      throw e.inFile(place);
    } catch (InvalidProtocolBufferException | IllegalArgumentException | ArithmeticException e) {
      throw damaged("The calibration contradicts itself: " + e, place).cause(e).build();
    }
  }

  private static OctetException.Builder damaged(String fact, String place) {
    return CalibrationErrors.DAMAGED.error(fact).at(place);
  }

  private static CalibrationProto.File parse(byte[] bytes, String place) {
    try {
      return CalibrationProto.File.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw damaged("The file is truncated, changed, or no calibration file", place)
          .cause(e)
          .build();
    }
  }

  private static void requireIntact(CalibrationProto.File file, byte[] bytes, String place) {
    boolean hashed =
        hash(file.getBody()).equals(file.getSha256())
            && hash(file.getMakers()).equals(file.getMakersSha256());
    // Files put one after the other parse as one message, with the fields of the last.
    if (!hashed || !MessageDigest.isEqual(file.toByteArray(), bytes)) {
      throw damaged(
              "The calibration file is truncated or changed: its content hash does not fit", place)
          .build();
    }
  }
}
