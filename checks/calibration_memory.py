"""Finds the smallest Java heap with which calibration finishes for 200 samples, and asks whether a tenth more suffices for 10 000 (the data repeated):
memory does not grow with the number of samples. Exits 1 when it does not.
"""

import argparse
import tempfile
from pathlib import Path

import numpy

import descriptions
from command import Bars, octet, octet_output

STEP = 4
LARGEST = 512
GROWTH = 0.10


def finishes(megabytes, model, plan, data, out):
    # One collector for every size: Java chooses it by the machine otherwise.
    options = f"-Xmx{megabytes}m -XX:+UseSerialGC"
    return octet("calibrate", model, "--plan", plan, "--data", data, "--threads", 1, "-o", out, options=options).returncode == 0


def smallest_heap(model, plan, data, out):
    """Returns the smallest multiple of four MiB that suffices, by bisection."""
    fails, suffices = 0, LARGEST
    if not finishes(suffices, model, plan, data, out):
        raise SystemExit(f"{suffices} MiB do not suffice")
    while suffices - fails > STEP:
        middle = (fails + suffices) // 2 // STEP * STEP
        if finishes(middle, model, plan, data, out):
            suffices = middle
        else:
            fails = middle
    return suffices


def repeated(inputs, count, folder):
    """Writes the data, repeated to a number of samples; returns its description."""
    samples = folder / str(count)
    samples.mkdir()
    return descriptions.write(samples, {key: array[numpy.arange(count) % len(array)] for key, array in inputs.items()})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="a data description")
    arguments = parser.parse_args()
    inputs, _ = descriptions.read(arguments.data)
    bars = Bars()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = folder / "plan.json"
        octet_output("plan", arguments.model, "--backend", "cpu", "-o", plan)
        few, many = (repeated(inputs, count, folder) for count in (200, 10_000))
        out = folder / "x.calib"
        heap = smallest_heap(arguments.model, plan, few, out)
        more = int(heap * (1 + GROWTH))
        holds = finishes(more, arguments.model, plan, many, out)
        bars.hold(holds, f"calibration finishes with {heap} MiB for 200 samples, and with {more} MiB for 10 000")
    bars.end()


if __name__ == "__main__":
    main()
