package dev.octet.kernels.execute;

import dev.octet.kernels.registry.TensorArray;
import java.util.List;
import java.util.Map;

/**
 * A graph made ready for inputs of known types.
 *
 * @param inputs arrays that inputs are copied to, by name
 * @param steps the nodes in order
 * @param outputs where the outputs stand after the last step, by name in the order of the graph
 * @param bytes bytes of the arrays that runs share
 */
record Plan(
    Map<String, TensorArray> inputs,
    List<Step> steps,
    Map<String, TensorArray> outputs,
    long bytes) {}
