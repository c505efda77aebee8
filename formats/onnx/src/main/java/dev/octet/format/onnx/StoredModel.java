package dev.octet.format.onnx;

import dev.octet.api.file.FileIdentity;
import dev.octet.api.file.FileRegion;
import dev.octet.api.graph.DataType;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;
import dev.octet.format.onnx.proto.OnnxMl.GraphProto;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.format.onnx.proto.OnnxMl.NodeProto;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import dev.octet.protobuf.ByteString;
import dev.octet.protobuf.CodedInputStream;
import dev.octet.protobuf.CodedOutputStream;
import dev.octet.protobuf.InvalidProtocolBufferException;
import dev.octet.protobuf.Message;
import dev.octet.protobuf.UnknownFieldSet;
import dev.octet.protobuf.WireFormat;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Map;

/**
 * Reads the message of a model from its file, and leaves the {@code raw_data} of large tensors
 * there: of constants of the graph and its subgraphs, and of tensors that are attributes. What is
 * kept as the message that it is has all its data: functions, sparse tensors, training, and
 * attributes that are no plain value. The message itself is not read from a mapping, so that a file
 * that is cut off meanwhile ends as one that was short before. Not thread-safe.
 */
final class StoredModel {

  /** As deep as protobuf lets messages nest. */
  private static final int DEEPEST = 100;

  private static final int BUFFER = 1 << 16;

  private final FileIdentity file;
  private final CodedInputStream input;
  private final int leftFrom;
  private final StoredTensors stored;
  private int depth;

  private StoredModel(FileIdentity file, InputStream in, int leftFrom, StoredTensors stored) {
    this.file = file;
    this.leftFrom = leftFrom;
    this.stored = stored;
    this.input = CodedInputStream.newInstance(in, BUFFER);
  }

  /** Reads one field, whose tag was read, into the message that it is of. */
  private interface Part {
    void read() throws IOException;
  }

  /** Reads the fields of a message up to its end. */
  private interface Reading<T> {
    T read() throws IOException;
  }

  /**
   * Reads a model.
   *
   * @param file a file of less than 2 GiB
   * @param leftFrom the fewest bytes that are left there, at least 1
   * @param stored receives the tensors whose data is left in the file
   * @throws InvalidProtocolBufferException if the file is no message of a model
   * @throws IOException if it cannot be read or mapped
   */
  static ModelProto read(FileIdentity file, int leftFrom, StoredTensors stored) throws IOException {
    try (InputStream in = Files.newInputStream(file.file())) {
      StoredModel reader = new StoredModel(file, in, leftFrom, stored);
      reader.input.setSizeLimit(Integer.MAX_VALUE);
      reader.input.pushLimit((int) Math.min(file.size(), Integer.MAX_VALUE));
      return reader.model();
    }
  }

  private ModelProto model() throws IOException {
    ModelProto.Builder model = ModelProto.newBuilder();
    fields(
        model, Map.of(ModelProto.GRAPH_FIELD_NUMBER, () -> model.mergeGraph(nested(this::graph))));
    return model.build();
  }

  private GraphProto graph() throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder();
    fields(
        graph,
        Map.of(
            GraphProto.NODE_FIELD_NUMBER, () -> graph.addNode(nested(this::node)),
            GraphProto.INITIALIZER_FIELD_NUMBER, () -> graph.addInitializer(nested(this::tensor))));
    return graph.build();
  }

  private NodeProto node() throws IOException {
    NodeProto.Builder node = NodeProto.newBuilder();
    fields(
        node,
        Map.of(NodeProto.ATTRIBUTE_FIELD_NUMBER, () -> node.addAttribute(nested(this::attribute))));
    return node.build();
  }

  private AttributeProto attribute() throws IOException {
    int start = input.getTotalBytesRead();
    int before = stored.count();
    AttributeProto.Builder attribute = AttributeProto.newBuilder();
    fields(
        attribute,
        Map.of(
            AttributeProto.T_FIELD_NUMBER, () -> attribute.mergeT(nested(this::tensor)),
            AttributeProto.G_FIELD_NUMBER, () -> attribute.mergeG(nested(this::graph)),
            AttributeProto.GRAPHS_FIELD_NUMBER, () -> attribute.addGraphs(nested(this::graph))));
    AttributeProto proto = attribute.build();
    return stored.count() == before || isPlain(proto)
        ? proto
        : AttributeProto.parseFrom(bytesFrom(start));
  }

  /** Tells whether an attribute is read as the tensor or the graphs that it has, and no more. */
  private boolean isPlain(AttributeProto proto) {
    return proto.getRefAttrName().isEmpty()
        && switch (proto.getType()) {
          case TENSOR ->
              stored.region(proto.getT()).isPresent()
                  && !proto.hasG()
                  && proto.getGraphsCount() == 0;
          case GRAPH -> !proto.hasT() && proto.getGraphsCount() == 0;
          case GRAPHS -> !proto.hasT() && !proto.hasG();
          case FLOAT, INT, STRING, SPARSE_TENSOR, TYPE_PROTO, FLOATS, INTS, STRINGS -> false;
          case TENSORS, SPARSE_TENSORS, TYPE_PROTOS, UNDEFINED -> false;
        };
  }

  private TensorProto tensor() throws IOException {
    int start = input.getTotalBytesRead();
    TensorProto.Builder tensor = TensorProto.newBuilder();
    RawData data = new RawData(tensor);
    fields(tensor, Map.of(TensorProto.RAW_DATA_FIELD_NUMBER, data));
    TensorProto proto = tensor.build();
    if (!data.isLeft()) {
      return proto;
    }
    if (!isReadAsStored(proto)) {
      return TensorProto.parseFrom(bytesFrom(start));
    }
    stored.add(proto, FileRegion.map(file, data.offset, data.length));
    return proto;
  }

  /** The raw data of one tensor; what stands last in a message counts. */
  private final class RawData implements Part {

    private final TensorProto.Builder tensor;
    private int offset;
    private int length;

    RawData(TensorProto.Builder tensor) {
      this.tensor = tensor;
    }

    boolean isLeft() {
      return length >= leftFrom;
    }

    @Override
    public void read() throws IOException {
      length = input.readRawVarint32();
      offset = input.getTotalBytesRead();
      if (isLeft()) {
        tensor.clearRawData();
        input.skipRawBytes(length);
      } else {
        tensor.setRawData(ByteString.copyFrom(input.readRawBytes(length)));
      }
    }
  }

  /** Tells whether the elements of a tensor that has raw data are its raw data. */
  private static boolean isReadAsStored(TensorProto proto) {
    return proto.getDataLocation() != TensorProto.DataLocation.EXTERNAL
        && DataType.ofOnnxNumber(proto.getDataType())
            .filter(type -> type != DataType.STRING)
            .isPresent();
  }

  private <T> T nested(Reading<T> message) throws IOException {
    if (++depth > DEEPEST) {
      throw new InvalidProtocolBufferException("its messages nest too deep");
    }
    int outer = input.pushLimit(input.readRawVarint32());
    T read = message.read();
    input.popLimit(outer);
    depth--;
    return read;
  }

  /** Reads fields up to the end of a message: parts by themselves, and all others together. */
  private void fields(Message.Builder message, Map<Integer, Part> parts) throws IOException {
    ByteString.Output rest = ByteString.newOutput();
    CodedOutputStream others = CodedOutputStream.newInstance(rest);
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      Part part = parts.get(WireFormat.getTagFieldNumber(tag));
      if (part != null && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        part.read();
      } else {
        copy(tag, others);
      }
    }
    others.flush();
    message.mergeFrom(rest.toByteString());
  }

  /** One field by itself, so that those of one number keep their order. */
  private void copy(int tag, CodedOutputStream out) throws IOException {
    UnknownFieldSet.Builder field = UnknownFieldSet.newBuilder();
    if (!field.mergeFieldFrom(tag, input)) {
      throw new InvalidProtocolBufferException("a group ends that did not begin");
    }
    field.build().writeTo(out);
  }

  /** Returns what was read since, anew and whole. */
  private byte[] bytesFrom(int start) throws IOException {
    int count = input.getTotalBytesRead() - start;
    try (InputStream again = Files.newInputStream(file.file())) {
      again.skipNBytes(start);
      byte[] bytes = again.readNBytes(count);
      if (bytes.length < count) {
        throw new EOFException("it was cut off while it was read");
      }
      return bytes;
    }
  }
}
