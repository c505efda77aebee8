package dev.octet.format.onnx;

import dev.octet.api.graph.Tensor;
import dev.octet.protobuf.CodedOutputStream;
import dev.octet.protobuf.Descriptors.FieldDescriptor;
import dev.octet.protobuf.Message;
import dev.octet.protobuf.UnknownFieldSet;
import dev.octet.protobuf.WireFormat;
import java.io.IOException;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Bytes of a message that is written, of which the largest never become part of a message object: a
 * message copies whatever is put into it.
 */
interface MessagePart {

  /**
   * Returns how many bytes it takes.
   *
   * @throws ArithmeticException if these are 2 GiB or more
   */
  int size();

  /** Writes the bytes. */
  void writeTo(CodedOutputStream out) throws IOException;

  /** Returns the packed bytes of a tensor as they are. */
  static MessagePart of(Tensor tensor) {
    return new MessagePart() {
      @Override
      public int size() {
        return Math.toIntExact(tensor.byteCount());
      }

      @Override
      public void writeTo(CodedOutputStream out) throws IOException {
        tensor.forEachWindow((offset, window) -> out.writeLazy(window));
      }
    };
  }

  /** Returns a whole message. */
  static MessagePart of(Message message) {
    return new MessagePart() {
      @Override
      public int size() {
        return message.getSerializedSize();
      }

      @Override
      public void writeTo(CodedOutputStream out) throws IOException {
        message.writeTo(out);
      }
    };
  }

  /**
   * Returns a message with the values of a field that stands apart from it, byte for byte as if the
   * message had them.
   *
   * @param message the message without the field
   * @param field the number of the field, one of bytes or messages
   * @param values the values in their order
   */
  static MessagePart of(Message message, int field, List<MessagePart> values) {
    UnknownFieldSet unknown = message.getUnknownFields();
    Message before = only(message, number -> number < field, UnknownFieldSet.getDefaultInstance());
    Message after = only(message, number -> number > field, unknown);
    return new MessagePart() {
      @Override
      public int size() {
        int size = Math.addExact(before.getSerializedSize(), after.getSerializedSize());
        for (MessagePart value : values) {
          int bytes = value.size();
          int head =
              CodedOutputStream.computeTagSize(field)
                  + CodedOutputStream.computeUInt32SizeNoTag(bytes);
          size = Math.addExact(size, Math.addExact(head, bytes));
        }
        return size;
      }

      @Override
      public void writeTo(CodedOutputStream out) throws IOException {
        before.writeTo(out);
        for (MessagePart value : values) {
          out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
          out.writeUInt32NoTag(value.size());
          value.writeTo(out);
        }
        after.writeTo(out);
      }
    };
  }

  private static Message only(Message message, IntPredicate numbers, UnknownFieldSet unknown) {
    Message.Builder part = message.newBuilderForType().setUnknownFields(unknown);
    message
        .getAllFields()
        .forEach(
            (FieldDescriptor field, Object value) -> {
              if (numbers.test(field.getNumber())) {
                part.setField(field, value);
              }
            });
    return part.build();
  }
}
