"""Checks that a model, a plan and a calibration give the same bytes on every JDK and with any number of threads, and that calibrations of parts of the
data add up to the calibration of the whole. Uses the sample. Prints one line for each comparison; exits 1 when one differs.
"""

import argparse
import hashlib
import itertools
import tempfile
from pathlib import Path

from command import ROOT, Bars, octet_output

SAMPLE = ROOT / "examples" / "sample"
MODEL = SAMPLE / "shapes.onnx"
METHODS = ["min-max", "percentile", "entropy", "squared-error"]
# One for each kind of statistics: the last three methods read the same histogram.
STATISTICS = ["min-max", "entropy"]
SAMPLES = 200

# For commands that are started often and run for a second: what the compiler makes of them, the models above show.
SHORT = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def part(folder, first, count):
    """Writes the description of a part of the calibration data."""
    whole = (SAMPLE / "calibration.yaml").read_text(encoding="utf-8").replace("shapes.npz", str(SAMPLE / "shapes.npz"))
    path = folder / f"part_{first}_{count}.yaml"
    path.write_text(f"{whole}\nskip: {first}\ntake: {count}\n", encoding="utf-8")
    return path


def check_models(bars, folder, homes):
    for method in METHODS:
        hashes = {}
        for home, threads in itertools.product(homes, (1, 2, 7)):
            out = folder / f"{method}.onnx"
            octet_output(
                "quantize", MODEL, "--backend", "cpu", "--option", f"observer={method}", "--data", SAMPLE / "calibration.yaml",
                "--threads", threads, "-o", out, java_home=home,
            )
            hashes[sha256(out)] = f"{home} with {threads} threads"
        text = f"{method}: {len(homes)} JDKs x 1, 2 and 7 threads give {len(hashes)} file: {next(iter(hashes))}"
        bars.hold(len(hashes) == 1, text)


def check_parts(bars, folder):
    for method in STATISTICS:
        plan = folder / f"{method}.json"
        octet_output("plan", MODEL, "--backend", "cpu", "--option", f"observer={method}", "-o", plan, options=SHORT)
        hashes = {calibrate(folder, plan, 0, SAMPLES)[1]}
        for parts in (2, 3, 7):
            edges = [SAMPLES * i // parts for i in range(parts + 1)]
            files = [calibrate(folder, plan, a, b - a)[0] for a, b in zip(edges, edges[1:])]
            for order in (files, files[::-1], files[1:] + files[:1]):
                merged = folder / "merged.calib"
                octet_output("merge", *order, "-o", merged, options=SHORT)
                hashes.add(sha256(merged))
        bars.hold(len(hashes) == 1, f"{method}: one pass and 2, 3 and 7 parts in three orders give {len(hashes)} calibration")


def calibrate(folder, plan, first, count):
    out = folder / f"{first}_{count}.calib"
    octet_output("calibrate", MODEL, "--plan", plan, "--data", part(folder, first, count), "-o", out, options=SHORT)
    return out, sha256(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java-home", type=Path, action="append", required=True, help="a JDK; repeat it for each")
    homes = parser.parse_args().java_home
    bars = Bars()
    with tempfile.TemporaryDirectory() as folder:
        check_models(bars, Path(folder), homes)
        check_parts(bars, Path(folder))
    bars.end()


if __name__ == "__main__":
    main()
