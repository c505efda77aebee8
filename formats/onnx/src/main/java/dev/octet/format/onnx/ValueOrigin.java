package dev.octet.format.onnx;

import dev.octet.api.graph.Origin;
import dev.octet.api.graph.ValueType;
import dev.octet.format.onnx.proto.OnnxMl.ValueInfoProto;

/**
 * What is kept of a value info.
 *
 * @param whole the value info
 * @param type its type as it was read
 */
record ValueOrigin(ValueInfoProto whole, ValueType type) implements Origin {}
