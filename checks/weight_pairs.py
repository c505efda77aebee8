"""Finds out which weights ONNX Runtime multiplies in pairs, and holds that to docs/saturation.md. Run it on a CPU without VNNI, or on an emulated one:

    qemu-x86_64 -cpu Haswell python weight_pairs.py

Every two weights of an output channel become 100, all others 0, with activations of 255: where the sum of both products is 32767 and not 51000, the two are a
pair. The layers are such that each kernel is met: convolutions of 16 and of 5 output channels, of 1 to 8 input channels, in groups, depthwise, and matrices
times one row and many. On a CPU with VNNI there is no pair, and nothing is held.
"""

import itertools

import numpy
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

WEIGHT, ACTIVATION = 100, 255
EXACT, SATURATED = 2 * WEIGHT * ACTIVATION, 32767


def session(node, weight, sizes, scales):
    """Makes a model of one node on integers. The scale of the result is such that a sum of 51000 is 51 and one of 32767 is 33."""
    constants = [numpy_helper.from_array(weight, "w"), numpy_helper.from_array(numpy.zeros(scales, numpy.int8), "w_zero")]
    constants += [numpy_helper.from_array(numpy.ones(scales, numpy.float32), "w_scale")]
    constants += [numpy_helper.from_array(numpy.float32(value), name) for name, value in (("x_scale", 1), ("y_scale", 1000))]
    constants += [numpy_helper.from_array(numpy.uint8(0), name) for name in ("x_zero", "y_zero")]
    graph = helper.make_graph(
        [node],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, sizes)],
        [helper.make_tensor_value_info("y", TensorProto.UINT8, None)],
        constants,
    )
    opsets = [helper.make_opsetid("", 13), helper.make_opsetid("com.microsoft", 1)]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def saturates(node, weight, sizes, scales):
    results = session(node, weight, sizes, scales).run(None, {"x": numpy.full(sizes, ACTIVATION, numpy.uint8)})[0]
    largest = int(results.max())
    if largest not in (round(EXACT / 1000), round(SATURATED / 1000)):
        raise SystemExit(f"{node.op_type}: the sum is {1000 * largest}")
    return largest == round(SATURATED / 1000)


def convolution(outputs, inputs, kernel, group):
    """Returns name, node, sizes of the activation and of the weight, and in which order the weights of a channel come."""
    node = helper.make_node("QLinearConv", ["x", "x_scale", "x_zero", "w", "w_scale", "w_zero", "y_scale", "y_zero"], ["y"], group=group)
    order = [(channel, *position) for position in itertools.product(range(kernel), repeat=2) for channel in range(inputs)]
    depthwise = inputs == 1 and group == outputs
    name = f"Conv {outputs} x {inputs} x {kernel} x {kernel}, {group} groups"
    return name, node, [1, inputs * group, kernel + 1, kernel + 1], (outputs, inputs, kernel, kernel), [(0, *place) for place in order], depthwise


def product(name, rows, depth, columns, transposed=False):
    names = ["x", "x_scale", "x_zero", "w", "w_scale", "w_zero"]
    if name == "QGemm":
        node = helper.make_node(name, [*names, "", "y_scale", "y_zero"], ["y"], domain="com.microsoft", transB=int(transposed))
    else:
        node = helper.make_node(name, [*names, "y_scale", "y_zero"], ["y"])
    order = [(0, k) if transposed else (k, 0) for k in range(depth)]
    sizes = (columns, depth) if transposed else (depth, columns)
    return f"{name} {rows} x {depth} x {columns}{', transposed' if transposed else ''}", node, [rows, depth], sizes, order, False


LAYERS = [
    convolution(16, 4, 2, 1),
    convolution(16, 8, 1, 1),
    convolution(16, 3, 2, 1),
    convolution(5, 3, 2, 1),
    convolution(5, 1, 3, 1),
    convolution(6, 1, 3, 3),
    convolution(8, 4, 2, 2),
    convolution(16, 1, 3, 16),
    convolution(5, 1, 3, 5),
    product("QLinearMatMul", 1, 7, 5),
    product("QLinearMatMul", 4, 9, 40),
    product("QGemm", 1, 8, 16),
    product("QGemm", 3, 6, 3, True),
]


def pairs(layer):
    _, node, sizes, weights, order, _ = layer
    found = []
    for first, second in itertools.combinations(range(len(order)), 2):
        weight = numpy.zeros(weights, numpy.int8)
        weight[order[first]] = weight[order[second]] = WEIGHT
        scales = weights[0] if len(weights) > 2 or node.op_type == "QGemm" and weights[0] != sizes[1] else weights[-1]
        if saturates(node, weight, sizes, scales):
            found.append((first, second))
    return found


def main():
    print(f"ONNX Runtime {onnxruntime.__version__}")
    missed = met = 0
    for layer in LAYERS:
        name, _, _, _, order, depthwise = layer
        found = pairs(layer)
        expected = [] if depthwise else [(k, k + 1) for k in range(0, len(order) - 1, 2)]
        met += len(found)
        wrong = not set(found) <= set(expected)
        missed += wrong
        print(("MISSED  " if wrong else "ok      ") + f"{name}: {found or 'no pairs'}", flush=True)
    if not met:
        raise SystemExit("no product was added in 16 bits: this CPU has VNNI")
    raise SystemExit(f"{missed} layers pair other weights" if missed else 0)


if __name__ == "__main__":
    main()
