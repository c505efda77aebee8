"""Draws the images of the shapes sample: ten kinds of shape, 24 x 24 pixels, uint8, NHWC (RGB).

Every random choice is an integer drawn from numpy's Generator(PCG64(seed)), and every coordinate is fixed-point
integer arithmetic, so a seed gives the same images on every machine.

    python generate.py            writes shapes.npz: 200 calibration images and 1000 labelled test images
"""

import argparse
import math
from pathlib import Path

import numpy as np

CLASSES = ("disc", "ring", "half-disc", "crescent", "triangle", "square", "pentagon", "star", "cross", "arrow")
SIZE = 24

# The seeds of the committed sets; train.py draws from other seeds.
TEST_SEED, TEST_COUNT = 1, 1000
CALIBRATION_SEED, CALIBRATION_COUNT = 2, 200

PIXEL = 48  # length units per pixel
SAMPLES = 3  # samples per pixel and axis, for soft edges
UNIT = 1024  # circumradius of a shape in its own coordinates
TURN = 360  # a full turn, in degrees
TRIG = 4096  # scale of the sine and cosine table

# Rounded to 1/4096, so that the last bit of the platform's sine cannot show.
COSINE = [round(TRIG * math.cos(math.radians(angle))) for angle in range(TURN)]
SINE = [round(TRIG * math.sin(math.radians(angle))) for angle in range(TURN)]


def sample_grid():
    """The x and y coordinates, in length units, of all samples of the image: two [72, 72] arrays."""
    step = PIXEL // SAMPLES
    axis = np.arange(SIZE * SAMPLES, dtype=np.int64) * step + step // 2
    return np.meshgrid(axis, axis)


GRID_X, GRID_Y = sample_grid()


def edges_containing(u, v, sides, apothem):
    """For each point, how many of a regular polygon's edges have it on their inner side."""
    count = np.zeros(u.shape, dtype=np.int64)
    for side in range(sides):
        angle = side * TURN // sides
        count += u * COSINE[angle] + v * SINE[angle] <= apothem * TRIG
    return count


def inside(kind, u, v):
    """Which points (u, v), in units of 1/1024 of the circumradius, belong to the shape `kind`."""
    square_radius = u * u + v * v
    disc = square_radius <= UNIT * UNIT
    if kind == "disc":
        return disc
    if kind == "ring":
        return disc & (square_radius > (UNIT * 5 // 9) ** 2)
    if kind == "half-disc":
        return disc & (u >= -UNIT // 8)
    if kind == "crescent":
        return disc & ((u - UNIT // 2) ** 2 + v * v > (UNIT * 4 // 5) ** 2)
    if kind == "triangle":
        return edges_containing(u, v, 3, UNIT // 2) == 3
    if kind == "square":
        return edges_containing(u, v, 4, UNIT * 181 // 256) == 4
    if kind == "pentagon":
        return edges_containing(u, v, 5, UNIT * 207 // 256) == 5
    if kind == "star":  # a pentagram lies on the inner side of at least four of its five lines
        return edges_containing(u, v, 5, UNIT * 92 // 256) >= 4
    if kind == "cross":
        narrow, long = UNIT * 5 // 16, UNIT * 15 // 16
        along, across = np.abs(u), np.abs(v)
        return ((along <= long) & (across <= narrow)) | ((along <= narrow) & (across <= long))
    if kind == "arrow":
        shaft = (u >= -UNIT) & (u <= 0) & (np.abs(v) <= UNIT // 4)
        head = (u >= -UNIT // 16) & (np.abs(v) <= (UNIT - u) * 3 // 4)
        return shaft | (head & (u <= UNIT))
    raise ValueError(f"unknown kind of shape: {kind}")


def coverage(mask):
    """The share of each pixel that a mask over the samples covers: [24, 24, 1], from 0 to 9."""
    blocks = mask.reshape(SIZE, SAMPLES, SIZE, SAMPLES)
    return blocks.sum(axis=(1, 3), dtype=np.int64)[:, :, np.newaxis]


def paint(image, mask, colour):
    """Blends a colour over the image where the mask covers it."""
    full = SAMPLES * SAMPLES
    share = coverage(mask)
    return (image * (full - share) + colour * share + full // 2) // full


def random_colour(rng):
    return rng.integers(0, 8, size=3) * 32 + 16


def contrasting_colour(rng, other):
    """A colour whose channels differ from the other's by at least 192 in all."""
    while True:
        colour = random_colour(rng)
        if np.abs(colour - other).sum() >= 192:
            return colour


def random_line(rng, thickness):
    """A straight line right across the image."""
    angle = rng.integers(0, TURN)
    through_x, through_y = rng.integers(0, SIZE * PIXEL, size=2)
    distance = (GRID_X - through_x) * COSINE[angle] + (GRID_Y - through_y) * SINE[angle]
    return np.abs(distance) <= thickness * TRIG // 2


def random_blot(rng):
    """A small disc anywhere in the image."""
    x, y = rng.integers(0, SIZE * PIXEL, size=2)
    radius = rng.integers(PIXEL, 3 * PIXEL)
    return (GRID_X - x) ** 2 + (GRID_Y - y) ** 2 <= radius * radius


def background(rng, colour):
    """The colour, shaded in steps along a random direction."""
    angle = rng.integers(0, TURN)
    slope = rng.integers(0, 5)
    middle = SIZE // 2
    column, row = np.meshgrid(np.arange(SIZE) - middle, np.arange(SIZE) - middle)
    steps = slope * (column * COSINE[angle] + row * SINE[angle]) // (middle * TRIG)
    return colour + 8 * steps[:, :, np.newaxis]


def random_shape(rng, kind):
    """The shape somewhere in the image, at any angle, 11 to 18 pixels across, a little flattened."""
    radius = rng.integers(11 * PIXEL // 2, 18 * PIXEL // 2)
    reach = SIZE * PIXEL - 2 * radius + 2 * PIXEL  # up to one pixel may lie outside the image
    x, y = rng.integers(0, reach, size=2) + radius - PIXEL
    angle = rng.integers(0, TURN)
    flattening = rng.integers(80, 101)  # per cent
    cosine, sine = COSINE[angle], SINE[angle]
    u = ((GRID_X - x) * cosine + (GRID_Y - y) * sine) * UNIT // (TRIG * radius)
    v = ((GRID_Y - y) * cosine - (GRID_X - x) * sine) * UNIT * 100 // (TRIG * radius * flattening)
    return inside(kind, u, v)


def add_speckle(rng, image):
    """Makes one pixel in eight brighter or darker."""
    draw = rng.integers(0, 16, size=(SIZE, SIZE, 1))
    return image + np.where(draw == 0, 48, 0) - np.where(draw == 1, 48, 0)


def draw(rng, kind):
    """One image: a shaded background, clutter, the shape, now and then a line in front of it, and speckle."""
    ground = random_colour(rng)
    image = background(rng, ground)
    for _ in range(rng.integers(0, 3)):
        image = paint(image, random_blot(rng), random_colour(rng))
    for _ in range(rng.integers(0, 2)):
        image = paint(image, random_line(rng, 2 * PIXEL), random_colour(rng))
    image = paint(image, random_shape(rng, kind), contrasting_colour(rng, ground))
    if rng.integers(0, 4) == 0:
        image = paint(image, random_line(rng, PIXEL), random_colour(rng))
    return np.clip(add_speckle(rng, image), 0, 255).astype(np.uint8)


def dataset(seed, count):
    """`count` images, uint8 [count, 24, 24, 3], and their labels, int32 [count]; classes as even as count allows."""
    rng = np.random.Generator(np.random.PCG64(seed))
    labels = rng.permutation(np.arange(count) % len(CLASSES)).astype(np.int32)
    images = np.stack([draw(rng, CLASSES[label]) for label in labels])
    return images, labels


def main():
    parser = argparse.ArgumentParser(description="Writes shapes.npz, the calibration and test data of the sample.")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("shapes.npz"))
    output = parser.parse_args().output
    calibration_images, calibration_labels = dataset(CALIBRATION_SEED, CALIBRATION_COUNT)
    test_images, test_labels = dataset(TEST_SEED, TEST_COUNT)
    np.savez_compressed(
        output,
        calibration_images=calibration_images,
        calibration_labels=calibration_labels,
        test_images=test_images,
        test_labels=test_labels,
    )
    print(f"{output}: {output.stat().st_size} bytes")


if __name__ == "__main__":
    main()
