"""Holds models that Octet quantized against ONNX Runtime and the ONNX checker.

For each model of the corpora: quantizes it with ./octet, checks the file with the ONNX checker, compares float outputs, every quantized node and the
final logits with ONNX Runtime. Then every form of a few schemes of source quantization on a decoder: ONNX Runtime loads and runs it, and chooses the tokens that Octet chooses.
Prints one line for each finding; exits 1 when a bar is missed.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy
import onnx
import onnxruntime

import descriptions
from command import ROOT, Bars, octet_output

SAMPLES = 100
LARGEST_FLOAT_DIFFERENCE = 1e-4
LARGEST_LOSS_IN_POINTS = 1.0
# Top-1 of the float models on their test data, from the corpora's index.
FLOAT_TOP1 = {"resnet20": 0.8040, "kws": 0.9000}
MODELS = [
    ("resnet20", "models/cifar_resnet20/resnet20.onnx", "cifar10_calibration.yaml", "cifar10_test.yaml"),
    ("kws", "models/mlperf_kws/kws_ds_cnn.onnx", "kws_calibration.yaml", "kws_test.yaml"),
    ("mnist", "models/mnist/opt-mnist.onnx", "mnist_calibration.yaml", "mnist_test.yaml"),
    ("vww", "models/mlperf_vww/vww_mobilenetv1_025_96.onnx", None, None),
    ("mobilenet", "models/mobilenet_v1_0.25_128/mobilenet_v1_0.25_128_dequant.onnx", None, None),
]


def session(model, optimised):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count()
    if not optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    data = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def run(model, inputs, optimised=True):
    """Runs a model over all samples, in batches as its batch dimension allows; returns the outputs stacked by name."""
    runtime = session(model, optimised)
    batch = runtime.get_inputs()[0].shape[0]
    batch = batch if isinstance(batch, int) else 50
    count = len(next(iter(inputs.values())))
    names = [output.name for output in runtime.get_outputs()]
    parts = [
        runtime.run(names, {name: array[first : first + batch] for name, array in inputs.items()})
        for first in range(0, count, batch)
    ]
    return {name: stacked([part[i] for part in parts]) for i, name in enumerate(names)}


def stacked(parts):
    return numpy.stack(parts) if parts[0].ndim == 0 else numpy.concatenate(parts)


def seeded_inputs(path, count):
    generator = numpy.random.Generator(numpy.random.PCG64(20240607))
    inputs = {}
    constants = {initializer.name for initializer in onnx.load(path).graph.initializer}
    for value in onnx.load(path).graph.input:
        if value.name not in constants:
            sizes = [d.dim_value for d in value.type.tensor_type.shape.dim][1:]
            inputs[value.name] = generator.uniform(-1, 1, (count, *sizes)).astype(numpy.float32)
    return inputs


def octet_outputs(model, data, folder):
    folder.mkdir()
    octet_output("run", model, "--data", data, "-o", folder)
    return {path.stem: numpy.load(path) for path in sorted(folder.glob("*.npy"))}


def with_quantized_outputs(path):
    """Returns the model with the result of every QuantizeLinear as an output, and their names."""
    model = onnx.shape_inference.infer_shapes(onnx.load(path))
    types = {value.name: value for value in model.graph.value_info}
    quantized = [node.output[0] for node in model.graph.node if node.op_type == "QuantizeLinear"]
    model.graph.output.extend(types[name] for name in quantized)
    return model.SerializeToString(), quantized


def compare_nodes(bars, name, quantized_model, inputs, folder):
    """Gives each of Octet's integer nodes ONNX Runtime's own integers and compares what comes out."""
    exposed, quantized = with_quantized_outputs(quantized_model)
    for optimised in (False, True):
        arrays = folder / ("optimised" if optimised else "unoptimised")
        arrays.mkdir()
        outputs = run(exposed, inputs, optimised)
        index = {}
        for number, value in enumerate(quantized):
            index[value] = f"{number}.npy"
            numpy.save(arrays / index[value], outputs[value])
        (arrays / "index.json").write_text(json.dumps(index), encoding="utf-8")
        report = json.loads(compare_program(quantized_model, arrays))
        bars.hold(
            report["other"] == 0 or optimised,
            f"{name}: {report['nodes']} nodes, {report['elements']} integers, {report['equal']} equal, "
            f"{report['ties']} ties, {report['other']} other, graph optimisations {'on' if optimised else 'off'}",
        )
        bars.hold(report["nodes"] > 0, f"{name}: nodes were compared")


def compare_program(model, arrays):
    libraries = ROOT / "cli" / "target" / "octet" / "lib"
    classes = ROOT / "cli" / "target" / "test-classes"
    command = ["java", "-Xmx4g", "-cp", f"{classes}:{libraries}/*", "dev.octet.cli.interop.CompareNodes", str(model), str(arrays)]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if run.returncode != 0:
        sys.exit(f"the comparison of nodes ended with {run.returncode}:\n{run.stderr}")
    return run.stdout


def top1(logits, labels):
    return float(numpy.mean(logits.reshape(len(labels), -1).argmax(1) == labels))


def compare_end_to_end(bars, name, quantized_model, inputs, ours):
    optimised = next(iter(run(quantized_model, inputs).values()))
    unoptimised = next(iter(run(quantized_model, inputs, optimised=False).values()))
    count = len(ours)

    def shares(a, b):
        a, b = a.reshape(count, -1), b.reshape(count, -1)
        return f"{100 * numpy.mean(a == b):.1f} % equal logits, {100 * numpy.mean(a.argmax(1) == b.argmax(1)):.1f} % equal classes"

    print(f"        {name}: Octet and ONNX Runtime unoptimised: {shares(ours, unoptimised)}")
    print(f"        {name}: Octet and ONNX Runtime optimised: {shares(ours, optimised)}")
    print(f"        {name}: ONNX Runtime optimised and unoptimised: {shares(optimised, unoptimised)}", flush=True)
    bars.hold(numpy.isfinite(ours).all(), f"{name}: all logits of the int8 model are finite")


def check_model(bars, corpora, work, row):
    name, model, calibration, test = row
    model = corpora / model
    folder = work / name
    folder.mkdir()
    if test:
        inputs, _ = descriptions.read(corpora / "descriptions" / test, SAMPLES)
        calibration = corpora / "descriptions" / calibration
    else:
        inputs = seeded_inputs(model, SAMPLES)
    data = descriptions.write(folder, inputs)
    quantized_model = folder / "cpu.onnx"
    octet_output("quantize", model, "--backend", "cpu", "--data", calibration or data, "-o", quantized_model)
    onnx.checker.check_model(str(quantized_model), full_check=True)
    bars.hold(True, f"{name}: the ONNX checker accepts the int8 model")
    compare_float(bars, name, model, inputs, octet_outputs(model, data, folder / "float"))
    ours = next(iter(octet_outputs(quantized_model, data, folder / "int8").values()))
    compare_end_to_end(bars, name, quantized_model, inputs, ours)
    compare_nodes(bars, name, quantized_model, inputs, folder)


def compare_float(bars, name, model, inputs, ours):
    for output, reference in run(model, inputs).items():
        mine = next(iter(ours.values())) if len(ours) == 1 else ours[output]
        difference = numpy.abs(mine.reshape(reference.shape) - reference).max() / numpy.abs(reference).max()
        bars.hold(difference <= LARGEST_FLOAT_DIFFERENCE, f"{name}: float output '{output}' differs by {difference:.1e}")


def check_accuracy(bars, corpora, work, row):
    """A model made for ONNX Runtime keeps its accuracy at ONNX Runtime's defaults."""
    name, model, calibration, test = row
    quantized_model = work / name / "onnxruntime.onnx"
    calibration = corpora / "descriptions" / calibration
    octet_output("quantize", corpora / model, "--backend", "onnxruntime", "--data", calibration, "-o", quantized_model)
    onnx.checker.check_model(str(quantized_model), full_check=True)
    inputs, labels = descriptions.read(corpora / "descriptions" / test)
    accuracy = top1(next(iter(run(quantized_model, inputs).values())), labels)
    loss = 100 * (FLOAT_TOP1[name] - accuracy)
    bars.hold(loss <= LARGEST_LOSS_IN_POINTS, f"{name}: top-1 {accuracy:.4f} in ONNX Runtime at its defaults, float {FLOAT_TOP1[name]:.4f}")


# Scores of a whole model differ where the order of float additions moves an activation to the neighbouring integer.
LEAST_EQUAL_TOKENS = 0.97
LARGEST_LIKELIHOOD_DIFFERENCE = 0.005
DECODER = "models/stories260K/stories260K_T256.onnx"
SCHEMES = [
    "int8dyn-int4 --group-size 32 --padding",
    "int8dyn-int4 --group-size 32 --padding --tie",
    "int8dyn-int8",
    "intx --bits 4 --group-size 32",
    "int8",
    "int4 --group-size 32",
    "int8dyn-best --data DATA",
]


def likelihood(scores, tokens, scored):
    """Returns the mean negative log likelihood of each token that follows a scored one."""
    wide = scores[:, :-1].astype(numpy.float64)
    wide -= wide.max(2, keepdims=True)
    logs = wide - numpy.log(numpy.exp(wide).sum(2, keepdims=True))
    chosen = numpy.take_along_axis(logs, tokens[:, 1:, None], 2)[:, :, 0]
    return -float(chosen[scored[:, 1:]].mean())


def check_forms(bars, corpora, work):
    """Runs each scheme in each form in Octet and in ONNX Runtime on the stories."""
    folder = work / "decoder"
    folder.mkdir()
    data = corpora / "descriptions" / "stories_test.yaml"
    calibration = corpora / "descriptions" / "stories_calibration.yaml"
    stories = json.loads((corpora / "data/tinystories/tinystories_sample.tok512.json").read_text(encoding="utf-8"))
    tokens = numpy.zeros((len(stories), 256), numpy.int64)
    scored = numpy.zeros(tokens.shape, bool)
    for row, story in enumerate(stories):
        count = min(256, len(story))
        tokens[row, :count] = story[:count]
        scored[row, :count] = True
    for number, scheme in enumerate(SCHEMES):
        for form in ("qdq", "matmulnbits"):
            name = f"{scheme} as {form}"
            model = folder / f"{number}.{form}.onnx"
            words = [calibration if word == "DATA" else word for word in scheme.split()]
            octet_output("source", corpora / DECODER, "--scheme", *words, "--form", form, "-o", model)
            onnx.checker.check_model(str(model))
            ours = next(iter(octet_outputs(model, data, folder / f"{number}.{form}").values()))
            theirs = next(iter(run(model, {"input_ids": tokens}).values()))
            equal = float(numpy.mean((ours.argmax(2) == theirs.argmax(2))[scored]))
            difference = float(numpy.abs(ours - theirs)[scored].max())
            likelihoods = [likelihood(scores, tokens, scored) for scores in (ours, theirs)]
            bars.hold(
                equal >= LEAST_EQUAL_TOKENS and abs(likelihoods[0] - likelihoods[1]) <= LARGEST_LIKELIHOOD_DIFFERENCE,
                f"{name}: {model.stat().st_size} bytes, {100 * equal:.1f} % equal tokens, scores differ by at most {difference:.2e}, NLL {likelihoods[0]:.4f} and {likelihoods[1]:.4f}",
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="folder of models and data")
    parser.add_argument("--work", type=Path, required=True, help="an empty folder for intermediate files")
    parser.add_argument("--only", help="name of one model, or decoder")
    arguments = parser.parse_args()
    bars = Bars()
    for row in MODELS:
        if arguments.only in (None, row[0]):
            check_model(bars, arguments.corpora, arguments.work, row)
            if row[0] in FLOAT_TOP1:
                check_accuracy(bars, arguments.corpora, arguments.work, row)
    if arguments.only in (None, "decoder"):
        check_forms(bars, arguments.corpora, arguments.work)
    bars.end()


if __name__ == "__main__":
    main()
