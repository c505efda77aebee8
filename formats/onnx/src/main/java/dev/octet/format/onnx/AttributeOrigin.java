package dev.octet.format.onnx;

import dev.octet.api.graph.Attribute;
import dev.octet.api.graph.Origin;
import dev.octet.format.onnx.proto.OnnxMl.AttributeProto;

/**
 * What is kept of an attribute.
 *
 * @param rest the attribute without the tensor or the graphs that are its value
 * @param value the value as it was read
 */
record AttributeOrigin(AttributeProto rest, Attribute.Value value) implements Origin {}
