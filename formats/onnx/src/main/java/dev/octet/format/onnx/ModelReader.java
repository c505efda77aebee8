package dev.octet.format.onnx;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.FileIdentity;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import dev.octet.format.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.octet.protobuf.CodedInputStream;
import dev.octet.protobuf.InvalidProtocolBufferException;
import dev.octet.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a model from the bytes of its file, or from the file. Not thread-safe. */
final class ModelReader {

  /** From this version of the file format on, a model states its operator sets. */
  private static final long FIRST_IR_WITH_OPSETS = 3;

  private final Source source;
  private final StoredTensors stored = new StoredTensors();

  /** Makes a reader of one model. */
  ModelReader(Source source) {
    this.source = source;
  }

  /** Reads a model; its tensors share the bytes, which must not change afterwards. */
  Model read(byte[] bytes) {
    if (bytes.length == 0) {
      throw source.error(OnnxErrors.EMPTY, "the model is empty").build();
    }
    return read(parse(bytes));
  }

  /**
   * Reads a model whose large tensors stay in its file.
   *
   * @param file a file of less than 2 GiB that is not empty
   * @param leftFrom how many bytes of data are left in the file, and more
   * @throws IOException if it cannot be read or mapped, or was changed meanwhile
   */
  Model read(FileIdentity file, int leftFrom) throws IOException {
    Model model = read(parse(file, leftFrom));
    if (!file.isCurrent()) {
      throw new IOException("it was changed while it was read");
    }
    return model;
  }

  private Model read(ModelProto stated) {
    if (stated.getIrVersion() < 1) {
      throw notOnnx("it states no ir_version of 1 or more", Optional.empty());
    }
    if (!stated.hasGraph()) {
      throw source.error(OnnxErrors.NO_GRAPH, "the model has no graph").build();
    }
    FunctionInlining.Inlined inlined = FunctionInlining.of(stated, source);
    ModelProto proto = inlined.model();
    SortedMap<String, Long> opsets = opsets(proto);
    NodeNames names = new NodeNames(proto.getGraph());
    Graph graph =
        new GraphReader(proto.getGraph(), source, new TensorReader(source, stored), names, null)
            .read();
    ModelProto rest = proto.toBuilder().clearGraph().build();
    Map<String, String> metadata = Metadata.read(proto.getMetadataPropsList());
    return new Model(
        graph,
        opsets,
        metadata,
        Optional.of(new ModelOrigin(rest, opsets, metadata, inlined.stays())));
  }

  private ModelProto parse(byte[] bytes) {
    try {
      CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      input.enableAliasing(true);
      ModelProto proto = ModelProto.parseFrom(input);
      input.checkLastTagWas(0);
      return proto;
    } catch (InvalidProtocolBufferException e) {
      throw unreadable(TopLevelFields.endsInside(bytes), bytes.length, e);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory cannot fail to be read", e);
    }
  }

  private ModelProto parse(FileIdentity file, int leftFrom) throws IOException {
    try {
      return StoredModel.read(file, leftFrom, stored);
    } catch (InvalidProtocolBufferException e) {
      throw unreadable(TopLevelFields.endsInside(file), file.size(), e);
    }
  }

  /** A file that is fine up to a field that is longer than the rest of the file was cut off. */
  private OctetException unreadable(
      boolean endsInside, long size, InvalidProtocolBufferException cause) {
    if (endsInside) {
      return source
          .error(OnnxErrors.CUT_OFF, "the model ends early, after " + size + " bytes")
          .cause(cause)
          .build();
    }
    return notOnnx(String.valueOf(cause.getMessage()), Optional.of(cause));
  }

  private OctetException notOnnx(String reason, Optional<Throwable> cause) {
    OctetException.Builder error =
        source.error(OnnxErrors.NO_MODEL, "this is no ONNX model: " + reason);
    cause.ifPresent(error::cause);
    return error.next("Pass an .onnx file, as onnx.save writes it.");
  }

  private SortedMap<String, Long> opsets(ModelProto proto) {
    SortedMap<String, Long> opsets = new TreeMap<>();
    for (OperatorSetIdProto opset : proto.getOpsetImportList()) {
      String domain = Opsets.domain(opset);
      Long before = opsets.put(domain, opset.getVersion());
      if (before != null && before != opset.getVersion()) {
        throw source
            .error(
                OnnxErrors.TWO_OPSETS,
                "operator set '"
                    + domain
                    + "' is imported in versions "
                    + before
                    + " and "
                    + opset.getVersion())
            .build();
      }
    }
    if (proto.getOpsetImportCount() == 0 && proto.getIrVersion() < FIRST_IR_WITH_OPSETS) {
      opsets.put("", 1L);
    }
    return opsets;
  }
}
