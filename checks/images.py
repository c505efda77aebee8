"""Holds images as data against Pillow: what is read of files of many kinds, and what the steps for images make of them."""

import argparse
import random
import tempfile
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper
from PIL import Image, ImageCms, ImageOps

from command import Bars, octet_output

SEED = 7
EXIF_ORIENTATION = 0x0112
TURNS = range(1, 9)


def picture(rng, height, width, smooth=True):
    """Returns an image with edges and, if it is not smooth, noise: RGB, uint8."""
    rows, columns = numpy.mgrid[0:height, 0:width]
    waves = [128 + 127 * numpy.sin(rows / (3 + c) + columns / (5 - c) + c) for c in range(3)]
    levels = numpy.stack(waves, axis=-1)
    levels[height // 3 : height // 2, width // 4 : width // 2] = (250, 5, 90)
    if not smooth:
        levels = levels + rng.normal(0, 40, levels.shape)
    return Image.fromarray(numpy.clip(levels, 0, 255).astype(numpy.uint8))


def identity(path):
    """Writes a model that hands on what it is given."""
    sizes = ["N", "H", "W", "C"]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, sizes)
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, sizes)
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "identity", [x], [y])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)


def read(folder, images, steps):
    """Returns what Octet makes of a folder of images, in the order of their names."""
    lines = ["inputs:", "  x:", f"    file: {images.name}"]
    if steps:
        lines += ["    steps:"] + [f"      - {step}" for step in steps]
    (folder / "d.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    octet_output("run", folder / "identity.onnx", "--data", folder / "d.yaml", "-o", folder / "out")
    return numpy.load(folder / "out" / "y.npy")


def files(folder, rng):
    """Writes one image in every kind of file, and returns the largest difference that is allowed of each."""
    folder.mkdir()
    colour = picture(rng, 21, 34)
    grey = colour.convert("L")
    alpha = colour.copy()
    alpha.putalpha(Image.fromarray(rng.integers(0, 256, (21, 34), dtype=numpy.uint8)))
    deep = Image.fromarray(rng.integers(0, 65536, (21, 34), dtype=numpy.uint16))
    exact = {
        "rgb.png": colour,
        "grey.png": grey,
        "grey-1-bit.png": grey.convert("1"),
        "grey-16-bits.png": deep,
        "grey-alpha.png": alpha.convert("LA"),
        "alpha.png": alpha,
        "palette.png": colour.quantize(37),
        "first.gif": colour.quantize(200),
        "rgb.bmp": colour,
        "palette.bmp": colour.quantize(60),
        "übung-写真.png": colour,
    }
    for name, image in exact.items():
        image.save(folder / name)
    colour.save(folder / "interlaced.jpg", quality=90, subsampling=0)
    colour.save(folder / "half.jpg", quality=80, subsampling=2)
    colour.save(folder / "wide.jpg", quality=80, subsampling=1)
    colour.save(folder / "progressive.jpg", quality=85, progressive=True)
    grey.save(folder / "grey.jpg", quality=85)
    colour.convert("CMYK").save(folder / "cmyk.jpg", quality=95)
    colour.save(folder / "lossless.webp", lossless=True)
    alpha.save(folder / "alpha.webp", lossless=True, exact=True)
    grey.convert("RGB").save(folder / "lossy.webp", quality=90)  # colours are spread otherwise, see docs/data.md
    frames = [colour.quantize(50), picture(rng, 21, 34, False).quantize(50)]
    frames[0].save(folder / "frames.gif", save_all=True, append_images=frames[1:], duration=100)
    colour.save(folder / "frames.webp", save_all=True, append_images=[grey.convert("RGB")], lossless=True)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    for ending in ("jpg", "png", "webp"):
        settings = {"lossless": True} if ending == "webp" else {}
        colour.save(folder / f"profile.{ending}", icc_profile=swapped, **settings)
    colour.save(folder / "components-rgb.jpg", keep_rgb=True)
    colour.convert("CMYK").save(folder / "cmyk-progressive.jpg", progressive=True)
    colour.save(folder / "transparent.png", transparency=(250, 5, 90))
    colour.quantize(11).save(folder / "palette-4-bits.png", bits=4)
    colour.quantize(30).save(folder / "transparent.gif", transparency=2)
    for turn in TURNS:
        exif = Image.Exif()
        exif[EXIF_ORIENTATION] = turn
        stored = colour if turn < 5 else picture(rng, 34, 21)
        stored.save(folder / f"turned-{turn}.jpg", quality=90, exif=exif)
        stored.save(folder / f"turned-{turn}.png", exif=exif)
        stored.save(folder / f"turned-{turn}.webp", lossless=True, exif=exif)
    return {"lossy.webp": 3}


def seen(path):
    """Returns an image as Pillow shows it, of 16 bits the upper 8."""
    image = ImageOps.exif_transpose(Image.open(path))
    if image.mode.startswith("I"):
        upper = (numpy.asarray(image).astype(numpy.int64) >> 8).astype(numpy.uint8)
        image = Image.fromarray(upper)
    return image.convert("RGB")


def middle(image, height, width):
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def shorter(image, length, filter_):
    if image.height <= image.width:
        return image.resize((length * image.width // image.height, length), filter_)
    return image.resize((length, length * image.height // image.width), filter_)


def letterboxed(image, height, width, fill, filter_):
    if image.height * width <= image.width * height:
        inner = (width, max(1, round(image.height * width / image.width)))
    else:
        inner = (max(1, round(image.width * height / image.height)), height)
    whole = Image.new("RGB", (width, height), (fill, fill, fill))
    place = ((width - inner[0]) // 2, (height - inner[1]) // 2)
    whole.paste(image.resize(inner, filter_), place)
    return whole


def step_cases():
    """Returns steps beside what does the same with Pillow."""
    linear, cubic = Image.Resampling.BILINEAR, Image.Resampling.BICUBIC
    return {
        ("resize: [32, 48]",): lambda i: i.resize((48, 32), linear),
        ("resize: {size: [32, 48], filter: bicubic}",): lambda i: i.resize((48, 32), cubic),
        ("resize: {size: [300, 7], filter: bicubic}",): lambda i: i.resize((7, 300), cubic),
        ("resize: [1, 1]",): lambda i: i.resize((1, 1), linear),
        ("resize: 40", "center-crop: 32"): lambda i: middle(shorter(i, 40, linear), 32, 32),
        ("resize: {size: 40, filter: bicubic}", "center-crop: [31, 33]"): lambda i: middle(shorter(i, 40, cubic), 31, 33),
        ("letterbox: [64, 48]",): lambda i: letterboxed(i, 64, 48, 114, linear),
        ("letterbox: {size: 57, fill: 0, filter: bicubic}",): lambda i: letterboxed(i, 57, 57, 0, cubic),
        ("channels: grey", "resize: [20, 20]"): lambda i: i.convert("L").resize((20, 20), linear),
    }


def write_goldens(folder):
    """Writes small files of many kinds, and levels.txt with the levels that Pillow reads of each: the test data of ImageFileTest."""
    rows, columns, channels = numpy.mgrid[0:4, 0:6, 0:3]
    colour = Image.fromarray(((rows * 40 + columns * 20 + channels * 30) % 256).astype(numpy.uint8))
    alpha = colour.copy()
    alpha.putalpha(Image.fromarray((numpy.arange(24) * 10).reshape(4, 6).astype(numpy.uint8)))
    turned = Image.Exif()
    turned[EXIF_ORIENTATION] = 6
    deep = Image.fromarray(numpy.arange(6, dtype=numpy.uint16).reshape(2, 3) * 13107)
    colour.save(folder / "lossless.webp", lossless=True)
    alpha.save(folder / "alpha.webp", lossless=True, exact=True)
    colour.convert("L").convert("RGB").save(folder / "lossy.webp", quality=90)
    colour.save(folder / "turned.webp", lossless=True, exif=turned)
    colour.save(folder / "frames.webp", lossless=True, save_all=True, append_images=[colour.rotate(180)])
    colour.convert("CMYK").save(folder / "cmyk.jpg", quality=90)
    colour.save(folder / "progressive.jpg", quality=90, progressive=True)
    colour.save(folder / "half.jpg", quality=90, subsampling=2)
    colour.save(folder / "turned.jpg", quality=90, exif=turned)
    colour.save(folder / "turned.png", exif=turned)
    colour.quantize(8).save(folder / "palette.png")
    alpha.convert("LA").save(folder / "grey-alpha.png")
    colour.convert("1").save(folder / "1-bit.png")
    deep.save(folder / "deep.png")
    colour.quantize(16).save(folder / "frames.gif", save_all=True, append_images=[colour.rotate(180).quantize(16)])
    lines = []
    for path in sorted(folder.glob("*.*")):
        if path.suffix != ".txt":
            image = seen(path)
            lines.append(" ".join(map(str, [path.name, image.height, image.width, *numpy.asarray(image).ravel()])))
    (folder / "levels.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def largest_difference(read_, shown):
    expected = numpy.asarray(shown).astype(numpy.int64).reshape(read_.shape)
    return int(numpy.abs(read_.astype(numpy.int64) - expected).max())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--goldens", type=Path, help="only write the test data of ImageFileTest into this folder")
    goldens = parser.parse_args().goldens
    if goldens:
        write_goldens(goldens)
    else:
        compare()


def compare():
    rng = numpy.random.default_rng(SEED)
    sizes = random.Random(SEED)
    bars = Bars()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        identity(folder / "identity.onnx")
        allowed = files(folder / "kinds", rng)
        paths = sorted((folder / "kinds").iterdir(), key=lambda p: p.name)
        for path, image in zip(paths, read(folder, folder / "kinds", []), strict=True):
            largest = largest_difference(image, seen(path))
            bars.hold(largest <= allowed.get(path.name, 1), f"{path.name}: {largest} levels from Pillow")
        (folder / "sizes").mkdir()
        extents = [(1, 1), (1, 50), (50, 1), (2, 3)] + [(sizes.randint(3, 400), sizes.randint(3, 400)) for _ in range(8)]
        for i, (height, width) in enumerate(extents):
            picture(rng, height, width, i % 2 == 0).save(folder / "sizes" / f"{i:02}.png")
        paths = sorted((folder / "sizes").iterdir())
        for steps, pillow in step_cases().items():
            images = read(folder, folder / "sizes", steps)
            differences = [largest_difference(i, pillow(seen(p))) for p, i in zip(paths, images, strict=True)]
            bars.hold(max(differences) <= 1, f"{', '.join(steps)}: {max(differences)} levels from Pillow, {len(paths)} images")
    bars.end()


if __name__ == "__main__":
    main()
