package dev.octet.format.onnx;

import dev.octet.api.format.FormatOrigin;
import dev.octet.api.format.ModelFormat;
import dev.octet.api.graph.OpType;
import dev.octet.format.onnx.proto.OnnxMl.FunctionProto;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * What is kept of a model.
 *
 * @param rest the model without its graph; imports and metadata are as in the file
 * @param opsets the imports as they were read
 * @param metadata the metadata as it was read
 * @param stays why functions that the model calls were not put in the place of their calls
 */
record ModelOrigin(
    ModelProto rest, SortedMap<String, Long> opsets, Map<String, String> metadata, String stays)
    implements FormatOrigin {

  @Override
  public Map<OpType, String> functions() {
    Map<OpType, String> functions = new HashMap<>();
    for (FunctionProto function : rest.getFunctionsList()) {
      functions.put(new OpType(function.getDomain(), function.getName()), stays);
    }
    return functions;
  }

  @Override
  public ModelFormat format() {
    return new OnnxFormat();
  }
}
