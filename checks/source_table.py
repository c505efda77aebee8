"""Measures every scheme of `octet source` on a decoder and a keyword spotter, and renews the table of docs/source-quantization.md with --write.

The decoder is stories260K, its mean negative log likelihood that of five stories. The keyword spotter is kwt1 with the four products of its audio front
end in float, its top-1 that of 500 clips, counted in ONNX Runtime. DATA of a scheme is the calibration data of the model. Where it runs is what was seen:
`yes` when the likelihood in ONNX Runtime is that of `cpu` within 0.005.
"""

import argparse
import json
import tempfile
from pathlib import Path

from command import ROOT, octet_output

PAGE = ROOT / "docs" / "source-quantization.md"
BEGIN = "<!-- measured by checks/source_table.py -->\n"
END = "<!-- end of what is measured -->\n"

# What is written after --scheme, and what it says of weights and activations.
SCHEMES = [
    ("int8dyn-int8", "int8, a scale for each output", "int8, for each token, symmetric"),
    ("int8dyn-int8 --mapping asymmetric", "int8, a scale for each output", "int8, for each token, asymmetric"),
    ("int8dyn-int4 --group-size 32 --padding", "int4, groups of 32", "int8, for each token, asymmetric"),
    ("int8dyn-int4 --group-size 32", "the same; layers that 32 does not divide stay float", "int8, for each token, asymmetric"),
    ("int8dyn-int4 --group-size 32 --padding --scale-algorithm hqq_scale_only", "the same; scales by half-quadratic search", "int8, for each token, asymmetric"),
    ("int8dyn-int4 --group-size 32 --padding --scale-algorithm squared_error", "the same; scales by squared error", "int8, for each token, asymmetric"),
    ("int8dyn-int4-gptq --group-size 32 --padding --data DATA", "the same; fitted to data", "int8, for each token, asymmetric"),
    ("int8dyn-int4-gptq --group-size 32 --padding --scale-algorithm squared_error --data DATA", "the same; scales by squared error, and fitted to data", "int8, for each token, asymmetric"),
    ("int8dyn-best --data DATA", "int4, asymmetric, groups of 16 or 32, scales of float16, fitted to data", "int8, for each token, asymmetric"),
    ("int8dyn-intx --group-size 4 --bits 4", "4 bits, groups of 4", "int8, for each token, asymmetric"),
    ("int8dyn-intx --group-size 4 --bits 3", "3 bits, groups of 4", "int8, for each token, asymmetric"),
    ("intx --bits 8", "8 bits, a scale for each output", "float"),
    ("intx --bits 6", "6 bits, a scale for each output", "float"),
    ("intx --bits 4", "4 bits, a scale for each output", "float"),
    ("int8", "int8, a scale for each output", "float"),
    ("int4 --group-size 32", "int4, groups of 32 with float zero points; layers that 32 does not divide stay float", "float"),
    ("int4 --group-size 32 --int4-algorithm hqq", "the same; zero points by half-quadratic search", "float"),
]
FRONT_END = ["MatMul_7", "MatMul_10", "MatMul_14", "MatMul_19"]
SAME_LIKELIHOOD = 0.005


def measured(*arguments):
    return json.loads(octet_output(*arguments, "--json"))


def weights(report):
    """Returns what the weights of quantized layers became, as a share."""
    layers = [layer for layer in report["layers"] if layer["quantized"]]
    return sum(layer["bytesAfter"] for layer in layers) / sum(layer["bytesBefore"] for layer in layers)


class Corpus:
    """A model with its data, and what a scheme makes of it."""

    def __init__(self, corpora, model, data, calibration, folder):
        self.model = corpora / "models" / model
        self.data = corpora / "descriptions" / data
        self.calibration = corpora / "descriptions" / calibration
        self.out = folder / "out.onnx"

    def source(self, scheme, *more):
        words = (self.calibration if word == "DATA" else word for word in scheme.split())
        return measured("source", self.model, "--scheme", *words, *more, "-o", self.out)

    def figure(self, field, runtime, model=None):
        return measured("evaluate", model or self.out, "--data", self.data, "--runtime", runtime)[field]


def row(scheme, weight, activation, decoder, spotter):
    report = decoder.source(scheme)
    on_cpu = decoder.figure("nll", "cpu")
    elsewhere = decoder.figure("nll", "onnxruntime")
    same = "yes" if abs(on_cpu - elsewhere) <= SAME_LIKELIHOOD else f"NLL {elsewhere:.4f}"
    spotter.source(scheme, *(word for name in FRONT_END for word in ("--filter", f"!{name}")))
    top1 = spotter.figure("top1", "onnxruntime")
    whole = report["bytesAfter"] / report["bytesBefore"]
    cells = [f"`{scheme}`", weight, activation, f"{100 * weights(report):.0f} %", f"{100 * whole:.0f} %"]
    return cells + [f"{on_cpu:.4f}", f"{top1:.3f}", "yes", same]


def table(corpora, folder):
    decoder = Corpus(corpora, "stories260K/stories260K_T256.onnx", "stories_test.yaml", "stories_calibration.yaml", folder)
    spotter = Corpus(corpora, "kwt1/kwt1.onnx", "kwt_all.yaml", "kwt_calibration.yaml", folder)
    rows = [
        ["`--scheme`", "weights", "activations", "bytes of weights", "bytes of the file", "NLL of the decoder", "top-1 of the spotter", "`cpu`", "`onnxruntime`"],
        ["---"] * 9,
        ["float", "", "", "", "", f"{decoder.figure('nll', 'cpu', decoder.model):.4f}", f"{spotter.figure('top1', 'onnxruntime', spotter.model):.3f}", "yes", "yes"],
    ]
    for scheme, weight, activation in SCHEMES:
        rows.append(row(scheme, weight, activation, decoder, spotter))
        print(" | ".join(rows[-1]), flush=True)
    return "".join("| " + " | ".join(cells) + " |\n" for cells in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="renew the page; without it the table is printed")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = table(arguments.corpora, Path(folder))
    if not arguments.write:
        print(text)
        return
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(before + BEGIN + text + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
