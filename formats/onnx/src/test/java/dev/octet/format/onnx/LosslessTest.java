package dev.octet.format.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.format.onnx.proto.OnnxMl;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.protobuf.ByteString;
import dev.octet.protobuf.Descriptors.FieldDescriptor;
import dev.octet.protobuf.Message;
import dev.octet.protobuf.UnknownFieldSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Varies every message of a rich model and compares what is written with what was read. */
class LosslessTest {

  private static final UnknownFieldSet UNKNOWN =
      UnknownFieldSet.newBuilder()
          .addField(900, UnknownFieldSet.Field.newBuilder().addVarint(7).addVarint(8).build())
          .addField(
              901,
              UnknownFieldSet.Field.newBuilder()
                  .addLengthDelimited(ByteString.copyFromUtf8("later"))
                  .addFixed32(5)
                  .build())
          .build();

  /** What a missing or repeated field may make of a model. */
  private static final Set<String> WRONG_MODEL =
      Set.of(
          "OCT-ONNX-004",
          "OCT-ONNX-005",
          "OCT-ONNX-006",
          "OCT-ONNX-011",
          "OCT-ONNX-012",
          "OCT-ONNX-013",
          "OCT-ONNX-014",
          "OCT-ONNX-015",
          "OCT-ONNX-016",
          "OCT-ONNX-018",
          "OCT-ONNX-019",
          "OCT-ONNX-020",
          "OCT-ONNX-025",
          "OCT-ONNX-026",
          "OCT-ONNX-028");

  private static final ModelProto RICH = RichModel.build();

  @Test
  void writesARichModelAsItWasRead() {
    assertEquals(RICH, roundTrip(RICH));
  }

  @Test
  void theRichModelHasEveryMessageOfTheSchema() {
    Set<String> missing = new TreeSet<>();
    OnnxMl.getDescriptor().getMessageTypes().forEach(type -> addTypes(type, missing));
    walk(RICH.toBuilder(), b -> missing.remove(b.getDescriptorForType().getFullName()));
    assertEquals(Set.of(), missing);
  }

  @Test
  void keepsUnknownFieldsOfEveryMessage() {
    int messages = count(RICH);
    for (int i = 0; i < messages; i++) {
      ModelProto varied = vary(i, b -> b.setUnknownFields(UNKNOWN));
      assertEquals(varied, roundTrip(varied), "message " + i);
    }
    assertTrue(messages > 200, "only " + messages + " messages");
  }

  @Test
  void keepsThePresenceOfEveryField() {
    Set<String> refusals = new TreeSet<>();
    int compared = 0;
    for (int i : firstOfEachKind()) {
      for (FieldDescriptor field : fields(i)) {
        for (Consumer<Message.Builder> change : changes(field)) {
          compared += compare(vary(i, change), refusals) ? 1 : 0;
        }
      }
    }
    assertTrue(compared > 1000, "only " + compared + " variations are models");
    refusals.removeAll(WRONG_MODEL);
    assertEquals(Set.of(), refusals);
  }

  /** Returns the first message of each type whose fields are set alike. */
  static List<Integer> firstOfEachKind() {
    Set<String> seen = new TreeSet<>();
    List<Integer> first = new ArrayList<>();
    int[] index = {0};
    walk(
        RICH.toBuilder(),
        b -> {
          if (seen.add(b.getDescriptorForType().getFullName() + b.getAllFields().keySet())) {
            first.add(index[0]);
          }
          index[0]++;
        });
    return first;
  }

  static List<Consumer<Message.Builder>> changes(FieldDescriptor field) {
    List<Consumer<Message.Builder>> changes = new ArrayList<>();
    changes.add(b -> b.clearField(field));
    boolean nested = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    if (field.isRepeated()) {
      changes.add(b -> b.addRepeatedField(field, b.getRepeatedField(field, 0)));
    } else if (!nested) {
      changes.add(b -> b.setField(field, field.getDefaultValue()));
      changes.add(b -> b.setField(field, RichModel.scalar(field)));
    } else {
      changes.add(b -> b.setField(field, b.newBuilderForField(field).build()));
    }
    return changes;
  }

  private static boolean compare(ModelProto varied, Set<String> refusals) {
    try {
      assertEquals(varied, roundTrip(varied));
      return true;
    } catch (OctetException e) {
      refusals.add(e.id());
      return false;
    }
  }

  private static ModelProto roundTrip(ModelProto model) {
    Model read = new OnnxFormat().read(model.toByteArray(), "test.onnx");
    return Protos.write(read);
  }

  static ModelProto vary(int index, Consumer<Message.Builder> change) {
    ModelProto.Builder model = RICH.toBuilder();
    int[] left = {index};
    walk(
        model,
        b -> {
          if (left[0]-- == 0) {
            change.accept(b);
          }
        });
    return model.build();
  }

  static List<FieldDescriptor> fields(int index) {
    List<FieldDescriptor> fields = new ArrayList<>();
    vary(
        index,
        b -> {
          for (FieldDescriptor field : b.getDescriptorForType().getFields()) {
            boolean present =
                field.isRepeated() ? b.getRepeatedFieldCount(field) > 0 : b.hasField(field);
            boolean settable = !field.isRepeated() && field.getContainingOneof() == null;
            if (present || settable) {
              fields.add(field);
            }
          }
        });
    return fields;
  }

  private static int count(ModelProto model) {
    int[] count = {0};
    walk(model.toBuilder(), b -> count[0]++);
    return count[0];
  }

  /** Visits a message after the messages in it. */
  private static void walk(Message.Builder builder, Consumer<Message.Builder> visitor) {
    for (Map.Entry<FieldDescriptor, Object> field : builder.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      if (field.getKey().isRepeated()) {
        for (int i = 0; i < builder.getRepeatedFieldCount(field.getKey()); i++) {
          walk(builder.getRepeatedFieldBuilder(field.getKey(), i), visitor);
        }
      } else {
        walk(builder.getFieldBuilder(field.getKey()), visitor);
      }
    }
    visitor.accept(builder);
  }

  private static void addTypes(dev.octet.protobuf.Descriptors.Descriptor type, Set<String> types) {
    types.add(type.getFullName());
    type.getNestedTypes().forEach(nested -> addTypes(nested, types));
  }
}
