"""Checks that a model, a plan and a calibration give the same bytes on every JDK, with any number of threads, in every locale and from files of any
name, and that calibrations of parts of the data add up to the calibration of the whole. Uses the sample. Prints one line for each comparison; exits 1 when one differs.
"""

import argparse
import hashlib
import itertools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from command import ROOT, Bars, octet_output

SAMPLE = ROOT / "examples" / "sample"
MODEL = SAMPLE / "shapes.onnx"
METHODS = ["min-max", "percentile", "entropy", "squared-error"]
# One for each kind of statistics: the last three methods read the same histogram.
STATISTICS = ["min-max", "entropy"]
SAMPLES = 200

# What the system and the JVM take for the language and the letters of the user: digits, case and file names depend on it.
LOCALES = {
    "C": "",
    "POSIX": "-Dfile.encoding=ISO-8859-1",
    "tr_TR.UTF-8": "-Duser.language=tr -Duser.country=TR",
    "ar_EG.UTF-8": "-Duser.language=ar -Duser.country=EG -Dfile.encoding=UTF-16",
}
NAME = "größe ş 模型"

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


def made_locales(folder):
    """Makes the locales that a small system lacks, where it has what they are made of; returns their folder."""
    place = folder / "locales"
    place.mkdir()
    for name in LOCALES:
        language, _, charmap = name.partition(".")
        if charmap:
            subprocess.run(["localedef", "-i", language, "-f", charmap, place / name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return place


def check_locales(bars, folder, homes):
    place = folder / f"{NAME} 1"
    place.mkdir()
    model = shutil.copy(MODEL, place / f"{NAME}.onnx")
    shutil.copy(SAMPLE / "shapes.npz", place / f"{NAME}.npz")
    data = place / f"{NAME}.yaml"
    text = (SAMPLE / "calibration.yaml").read_text(encoding="utf-8")
    data.write_text(text.replace("shapes.npz", f"{NAME}.npz") + "\ntake: 20\n", encoding="utf-8")
    locales = made_locales(folder) if shutil.which("localedef") else folder
    hashes = {}
    for home, (locale, options) in itertools.product(homes, LOCALES.items()):
        out = place / f"{NAME} {locale}.onnx"
        octet_output(
            "quantize", model, "--backend", "cpu", "--data", data, "--as-planned", "-o", out,
            java_home=home, options=f"{SHORT} {options}", variables={"LC_ALL": locale, "LOCPATH": str(locales)},
        )
        hashes[sha256(out)] = f"{home} in {locale}"
    bars.hold(len(hashes) == 1, f"{len(homes)} JDKs x {', '.join(LOCALES)} give {len(hashes)} file from files named '{NAME}'")


def check_refusal(bars, home):
    """Without the launcher, which would set another locale, the JVM cannot have such a name."""
    command = [home / "bin" / "java", "-cp", ROOT / "cli" / "target" / "octet" / "lib" / "*", "dev.octet.cli.Main", "plan", f"{NAME}.onnx"]
    environment = dict(os.environ, LC_ALL="C")
    finished = subprocess.run([*map(str, command), "--backend", "cpu", "-o", "-"], env=environment, capture_output=True, text=True, check=False)
    # A JVM may warn of other things first.
    refused = finished.returncode == 3 and any(line.startswith("octet: OCT-FILE-004: ") for line in finished.stderr.splitlines())
    bars.hold(refused, f"{home} in C without the launcher refuses a file named '{NAME}'")


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
        check_locales(bars, Path(folder), homes)
        for home in homes:
            check_refusal(bars, home)
    bars.end()


if __name__ == "__main__":
    main()
