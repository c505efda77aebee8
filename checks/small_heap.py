"""Quantizes float models whose weights take more than the Java heap, statically and weight-only, with the weights inside of the model's file and beside
it: the files are those that a large heap gives. Prints the time and the peak memory of each run; exits 1 when one fails or differs.
"""

import argparse
import hashlib
import itertools
import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

from command import ROOT, Bars

WIDTH = 1024
PAIRS = 6
WEIGHTS = 2 * PAIRS * WIDTH * WIDTH * 4
SMALL = 44
LARGE = 2048

# One compiler and one collector: Java chooses both by the machine otherwise.
OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"

FORMS = {"inside": "inside of", "beside": "beside"}

WAYS = {
    "static": ("quantize", "--backend", "cpu", "--as-planned"),
    "weight-only": ("source", "--scheme", "int8"),
}


def model():
    """Returns convolutions and products in turn; the weights of all differ."""
    random = numpy.random.default_rng(1)
    nodes, constants, value = [], [], "x"
    shapes = {"image": [-1, WIDTH, 1, 1], "row": [-1, WIDTH]}
    constants.extend(numpy_helper.from_array(numpy.array(sizes, numpy.int64), name) for name, sizes in shapes.items())

    def add(op, second, result):
        nonlocal value
        nodes.append(helper.make_node(op, [value, second] if second else [value], [result], name=result))
        value = result

    for i in range(PAIRS):
        for op, sizes, shape in (("Conv", (WIDTH, WIDTH, 1, 1), "image"), ("MatMul", (WIDTH, WIDTH), "row")):
            weight = random.standard_normal(sizes, dtype=numpy.float32) / numpy.float32(WIDTH**0.5)
            constants.append(numpy_helper.from_array(weight, f"{op}{i}_weight"))
            add("Reshape", shape, f"{shape}{i}")
            add(op, f"{op}{i}_weight", f"{op}{i}")
        add("Relu", None, f"Relu{i}")
    row = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", WIDTH])
    end = helper.make_tensor_value_info(value, TensorProto.FLOAT, ["N", WIDTH])
    graph = helper.make_graph(nodes, "layers", [row], [end], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def peak(process):
    """Waits for a process; returns the most anonymous memory that was seen of it, and the most memory, in MiB."""
    anonymous = most = 0
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        try:
            lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        except OSError:
            lines = {}
        anonymous = max(anonymous, int(lines.get("RssAnon", "0 kB").split()[0]))
        most = max(most, int(lines.get("VmHWM", "0 kB").split()[0]))
        time.sleep(0.05)
    return anonymous // 1024, most // 1024


def run(name, heap, way, source, data, out):
    """Runs octet in a heap of so many MiB; returns the hash of what it writes, or why it writes nothing."""
    environment = dict(os.environ, OCTET_OPTS=f"-Xmx{heap}m {OPTIONS}")
    command = [ROOT / "octet", *WAYS[way], source, "-q", "-o", out, *(["--data", data] if way == "static" else [])]
    begin = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([*map(str, command)], env=environment, stdout=said, stderr=said)
        anonymous, most = peak(process)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    written = hashlib.sha256(out.read_bytes()).hexdigest()[:16] if process.returncode == 0 else text.strip()
    print(f"{way:12} {name:8} -Xmx{heap}m {time.monotonic() - begin:6.1f} s  RssAnon {anonymous:5} MiB  VmHWM {most:5} MiB  {written}", flush=True)
    out.unlink(missing_ok=True)
    return written


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    bars = Bars()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = model()
        onnx.save(made, folder / "inside.onnx")
        onnx.save(made, folder / "beside.onnx", save_as_external_data=True, location="beside.data", size_threshold=1024)
        data = folder / "x.npy"
        numpy.save(data, numpy.random.default_rng(2).standard_normal((2, WIDTH), dtype=numpy.float32))
        bars.hold(SMALL << 20 < WEIGHTS, f"{WEIGHTS >> 20} MiB of weights take more than {SMALL} MiB of heap")
        for way, form in itertools.product(WAYS, FORMS):
            wanted, found = (run(form, heap, way, folder / f"{form}.onnx", data, folder / "out.onnx") for heap in (LARGE, SMALL))
            bars.hold(found == wanted, f"{way}, weights {FORMS[form]} the model's file: -Xmx{SMALL}m gives what -Xmx{LARGE}m gives")
    bars.end()


if __name__ == "__main__":
    main()
