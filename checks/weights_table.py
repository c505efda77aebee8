"""Measures what the backend `onnxruntime` makes of weights, and renews the table of docs/saturation.md with --write.

Each model is quantized for `cpu` and, with each value of the option `weights`, for `onnxruntime`, and run by ONNX Runtime on test samples. Signal to noise is
that of the logits against the float model. --emulator names a command that runs a program on a CPU without VNNI, such as `qemu-x86_64 -cpu Haswell`: there
the first samples run once more, with the kernels that add pairs of products in 16 bits. Times are medians of runs of one sample on one thread,
alternated in one process, against 7 bits. --model NAME=FLOAT.onnx,CALIBRATION.yaml,TEST.yaml adds a model to those of the corpora.
"""

import argparse
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import descriptions
import numpy
import onnxruntime
from command import ROOT, octet_output

PAGE = ROOT / "docs" / "saturation.md"
BEGIN = "<!-- measured by checks/weights_table.py -->\n"
END = "<!-- end of what is measured -->\n"

EMULATED_SAMPLES = 16
BATCH = 20
ROUNDS = 61
SEVEN_BITS = "`weights=int7`"
CHOICES = [
    ("`cpu`", ["--backend", "cpu"]),
    (SEVEN_BITS, ["--backend", "onnxruntime", "--option", "weights=int7"]),
    ("`weights=int8`", ["--backend", "onnxruntime"]),
    ("`weights=uint8`", ["--backend", "onnxruntime", "--option", "weights=uint8"]),
]
LABELLED = [
    ("ResNet-20, CIFAR-10", "cifar_resnet20/resnet20.onnx", "cifar10"),
    ("DS-CNN, keywords", "mlperf_kws/kws_ds_cnn.onnx", "kws"),
    ("CNN, MNIST", "mnist/opt-mnist.onnx", "mnist"),
]

# Without images of their own: those of CIFAR-10, each pixel repeated, at the scale that the model was trained with.
ENLARGED = [
    ("MobileNetV1 0.25, 96 x 96", "mlperf_vww/vww_mobilenetv1_025_96.onnx", 3, lambda pixels: pixels / 255),
    ("MobileNetV1 0.25, 128 x 128", "mobilenet_v1_0.25_128/mobilenet_v1_0.25_128_dequant.onnx", 4, lambda pixels: pixels / 128 - 1),
]


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def logits(path, inputs):
    runtime = session(path)
    batch = runtime.get_inputs()[0].shape[0]
    batch = batch if isinstance(batch, int) else BATCH
    count = len(next(iter(inputs.values())))
    parts = [runtime.run(None, {name: array[first : first + batch] for name, array in inputs.items()})[0] for first in range(0, count, batch)]
    return numpy.concatenate(parts).reshape(count, -1).astype(numpy.float64)


def first(inputs, count):
    return {name: array[:count] for name, array in inputs.items()}


def decibels(reference, actual):
    return 10 * numpy.log10((reference**2).sum() / ((reference - actual) ** 2).sum())


def milliseconds(paths, inputs):
    """Returns the median time of a run of one sample, for each model; the models take turns."""
    sessions = [session(path) for path in paths]
    times = [[] for _ in paths]
    for _ in range(ROUNDS):
        for runtime, own in zip(sessions, times):
            start = time.perf_counter()
            runtime.run(None, inputs)
            own.append(1000 * (time.perf_counter() - start))
    return [statistics.median(own[ROUNDS // 10 :]) for own in times]


def emulated_logits(emulator, path, inputs, folder):
    given, got = folder / "inputs.npz", folder / "logits.npy"
    numpy.savez(given, **inputs)
    subprocess.run([*shlex.split(emulator), sys.executable, __file__, "--run", path, given, got], check=True, stderr=subprocess.DEVNULL)
    return numpy.load(got)


class Measured:
    """A model with its data: the rows of the table."""

    def __init__(self, name, model, calibration, test, folder):
        self.name, self.model, self.calibration, self.folder = name, model, calibration, folder
        self.inputs, self.labels = descriptions.read(test)
        self.reference = logits(model, self.inputs)

    def rows(self, emulator):
        paths = []
        for number, (_, words) in enumerate(CHOICES):
            paths.append(self.folder / f"{number}.onnx")
            octet_output("quantize", self.model, *words, "--as-planned", "--data", self.calibration, "-o", paths[-1])
        times = milliseconds(paths, first(self.inputs, 1))
        base = times[[choice for choice, _ in CHOICES].index(SEVEN_BITS)]
        yield [self.name, "float", "", "", f"{self.top1(self.reference):.4f}", ""]
        for (choice, _), path, own in zip(CHOICES, paths, times):
            actual = logits(path, self.inputs)
            elsewhere = emulated_logits(emulator, path, first(self.inputs, EMULATED_SAMPLES), self.folder) if emulator else None
            yield ["", choice, f"{decibels(self.reference, actual):.1f} dB", self.without_vnni(actual, elsewhere), f"{self.top1(actual):.4f}", f"{own / base:.2f}"]

    def top1(self, actual):
        return numpy.mean(actual.argmax(1) == (self.reference.argmax(1) if self.labels is None else self.labels))

    def without_vnni(self, actual, elsewhere):
        if elsewhere is None:
            return ""
        reference = self.reference[:EMULATED_SAMPLES]
        return f"{decibels(reference, elsewhere):.1f} dB ({decibels(reference, actual[:EMULATED_SAMPLES]):.1f})"


def enlarged(corpora, which, times, scale, folder):
    pixels = numpy.load(corpora / "data" / "cifar10_jpg" / f"{which}_images_u8_nhwc.npy")[:200].astype(numpy.float32)
    images = scale(pixels).transpose(0, 3, 1, 2).repeat(times, 2).repeat(times, 3).astype(numpy.float32)
    (folder / which).mkdir()
    return descriptions.write(folder / which, {"input": images})


def measured_models(arguments, folder):
    """Gives each model with its data, one at a time."""
    place = iter(range(1000))

    def own():
        made = folder / str(next(place))
        made.mkdir()
        return made

    for name, model, data in LABELLED:
        described = arguments.corpora / "descriptions"
        yield Measured(name, arguments.corpora / "models" / model, described / f"{data}_calibration.yaml", described / f"{data}_test.yaml", own())
    for name, model, times, scale in ENLARGED:
        place_of = own()
        data = [enlarged(arguments.corpora, which, times, scale, place_of) for which in ("calib", "test")]
        yield Measured(name, arguments.corpora / "models" / model, *data, place_of)
    for given in arguments.model:
        name, files = given.split("=")
        yield Measured(name, *map(Path, files.split(",")), own())


def table(arguments, folder):
    rows = [["model", "weights", "signal to noise", "without VNNI", "top-1, or agreement", "time"], ["---"] * 6]
    for model in measured_models(arguments, folder):
        for row in model.rows(arguments.emulator):
            rows.append(row)
            print(" | ".join(row), flush=True)
    return "".join("| " + " | ".join(cells) + " |\n" for cells in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path)
    parser.add_argument("--emulator", help="runs a program on a CPU without VNNI")
    parser.add_argument("--model", action="append", default=[], metavar="NAME=FLOAT,CALIBRATION,TEST")
    parser.add_argument("--write", action="store_true", help="renew the page; without it the table is printed")
    parser.add_argument("--run", nargs=3, metavar=("MODEL", "INPUTS", "LOGITS"), help="run a model and do nothing else")
    arguments = parser.parse_args()
    if arguments.run:
        numpy.save(arguments.run[2], logits(arguments.run[0], dict(numpy.load(arguments.run[1]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        text = table(arguments, Path(folder))
    if arguments.write:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        _, after = rest.split(END)
        PAGE.write_text(before + BEGIN + text + END + after, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
