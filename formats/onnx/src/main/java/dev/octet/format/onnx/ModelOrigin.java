package dev.octet.format.onnx;

import dev.octet.api.format.FormatOrigin;
import dev.octet.api.format.ModelFormat;
import java.util.SortedMap;
import onnx.OnnxMl.ModelProto;

/**
 * What is kept of a model.
 *
 * @param rest the model without its graph; the imports are as in the file
 * @param opsets the imports as they were read
 */
record ModelOrigin(ModelProto rest, SortedMap<String, Long> opsets) implements FormatOrigin {

  @Override
  public ModelFormat format() {
    return new OnnxFormat();
  }
}
