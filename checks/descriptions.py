"""Reads data descriptions: how stored arrays become a model's inputs. An independent second reading of the format."""

import gzip
from pathlib import Path

import numpy
import yaml


def read_array(folder, reference):
    """Returns the array that a description names: .npy, archive.npz:key, or MNIST idx, also gzipped."""
    name, _, key = reference.partition(".npz:")
    if key:
        return numpy.load(folder / (name + ".npz"))[key]
    path = folder / reference
    if path.suffix == ".npy":
        return numpy.load(path)
    raw = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
    sizes = numpy.frombuffer(raw, ">u4", raw[3], 4)
    return numpy.frombuffer(raw, "u1", offset=4 + 4 * raw[3]).reshape(sizes)


def apply_step(array, name, argument):
    """Applies one step in float32, each operation rounded once."""
    if name == "transpose":
        before, after = (text.strip() for text in argument.split("->"))
        return array.transpose([before.index(axis) for axis in after])
    if name == "reshape":
        return array.reshape((array.shape[0], *argument))
    if name == "cast":
        return array.astype(argument)
    value = numpy.float32(argument)
    if value.ndim == 1:
        value = value.reshape((1, -1) + (1,) * (array.ndim - 2))
    operation = {"multiply": numpy.multiply, "divide": numpy.divide, "add": numpy.add, "subtract": numpy.subtract}
    return operation[name](array.astype(numpy.float32), value, dtype=numpy.float32)


def read(path, count=None):
    """Returns the inputs by name and the labels (None without), at most `count` samples."""
    path = Path(path)
    description = yaml.safe_load(path.read_text(encoding="utf-8"))
    first = description.get("skip", 0)
    last = first + description["take"] if "take" in description else None
    inputs = {}
    for name, entry in description["inputs"].items():
        array = read_array(path.parent, entry["file"])[first:last][:count]
        for step in entry.get("steps") or []:
            ((step_name, argument),) = step.items()
            array = apply_step(array, step_name, argument)
        inputs[name] = array if array.dtype.kind == "f" or array.dtype == "int64" else array.astype(numpy.float32)
    labels = read_array(path.parent, description["labels"])[first:last][:count] if "labels" in description else None
    return inputs, labels


def write(folder, inputs):
    """Writes arrays beside a description of them and returns the description's path."""
    lines = ["inputs:"]
    for name, array in inputs.items():
        numpy.save(folder / f"{name}.npy", array)
        lines += [f"  {name}:", f"    file: {name}.npy"]
    path = folder / "data.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
