package dev.octet.format.onnx;

import dev.octet.api.format.FormatOrigin;
import dev.octet.api.format.ModelFormat;
import dev.octet.format.onnx.proto.OnnxMl.ModelProto;
import java.util.Map;
import java.util.SortedMap;

/**
 * What is kept of a model.
 *
 * @param rest the model without its graph; imports and metadata are as in the file
 * @param opsets the imports as they were read
 * @param metadata the metadata as it was read
 */
record ModelOrigin(ModelProto rest, SortedMap<String, Long> opsets, Map<String, String> metadata)
    implements FormatOrigin {

  @Override
  public ModelFormat format() {
    return new OnnxFormat();
  }
}
