"""The session that the recording benchmarks use: four streams as two real cameras and a night camera would give them.

    python -m benchmarks.four_streams --seconds 2        what each stream weighs, raw and as PNG

Depth and infrared 512x424 of 16 bits at 30 frames/s (a Kinect v2), gray 640x480 of 8 bits at 30 (a night camera),
thermal 640x512 of 14 bits at 60 (an uncooled microbolometer): 74.6 MB of pixels a second.

The scene is the bundled session, freed of its noise, enlarged, with fine texture and a shaking mount. What makes such
streams hard to compress is their noise, so each sensor's is added anew in every pixel of every frame, white in space
and time (a camera's own smoothing would only make it easier):

- depth: axial noise of the Kinect v2 after Fankhauser et al., "Kinect v2 for mobile robot navigation" (ICAR 2015),
  1.5 - 0.5 z + 0.3 z^2 mm for z in metres, more on dark surfaces; whole millimetres; 0 at edges and without return.
- infrared: shot noise of variance equal to the signal in counts, and 10 counts of read noise.
- gray: 2 counts of read noise and a gain of 0.1 counts an electron, as a sensor turned up at night.
- thermal: 40 mK of noise (NETD) at 15 mK a count, and a fixed pattern of 15 mK a pixel and 10 mK a column.

The same call gives the same bytes, wherever it runs with the same NumPy and OpenCV.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, KelvinMap, StreamInfo, StreamKind
from recordings.reader import SessionReader
from recordings.samples import bundled_session

Image = NDArray[np.float32]

DEPTH: Final = StreamInfo("depth", StreamKind.DEPTH, 512, 424, "uint16", 30.0, unit_m=0.001)
INFRARED: Final = StreamInfo("infrared", StreamKind.INFRARED, 512, 424, "uint16", 30.0)
GRAY: Final = StreamInfo("gray", StreamKind.GRAY, 640, 480, "uint8", 30.0)
THERMAL: Final = StreamInfo("thermal", StreamKind.THERMAL, 640, 512, "uint16", 60.0, kelvin=KelvinMap(0.015, 230.0))
STREAMS: Final = (DEPTH, INFRARED, GRAY, THERMAL)

EPOCH_NS: Final = 1_790_000_000_000_000_000
_BASE_FPS: Final = 10.0
"""Of the bundled session; the noise and the shaking mount make every frame between its own."""


def megabytes(frames: list[Frame]) -> float:
    """Of pixels, 10^6 bytes."""
    return sum(f.pixels.nbytes for f in frames) / 1e6


def frames(seconds: float, streams: tuple[StreamInfo, ...] = STREAMS) -> list[Frame]:
    """All frames of that many seconds in the order of their host times."""
    made = [frame(info, n) for info in streams for n in range(round(seconds * info.fps))]
    return sorted(made, key=lambda f: f.host_ns)


def repeated(made: list[Frame], seconds: float) -> Iterator[Frame]:
    """``made`` over and over with rising numbers and times, for recordings too long to render (or to hold)."""
    spans = {f.stream: sum(g.stream == f.stream for g in made) for f in made}
    length = round(max(spans[f.stream] / f.info.fps for f in made) * 1e9)
    for turn in range(round(seconds * 1e9 / length)):
        for f in made:
            shift = turn * length
            number = f.number + turn * spans[f.stream]
            yield Frame(f.info, f.pixels, number, f.device_ns + shift, f.host_ns + shift, f.flags)


def frame(info: StreamInfo, number: int) -> Frame:
    """Frame ``number`` of one of :data:`STREAMS`, rendered."""
    second = number / info.fps
    rng = np.random.default_rng([STREAMS.index(info), number])
    render = {"depth": _depth, "infrared": _infrared, "gray": _gray, "thermal": _thermal}[info.name]
    device_ns = round((number + 1) * 1e9 / info.fps)
    return Frame(info, render(_base_number(second), _move(info, second), rng), number, device_ns, EPOCH_NS + device_ns)


def _depth(base: int, move: Image, rng: np.random.Generator) -> NDArray[np.uint16]:
    scene, reflects = _scene("depth", base), _scene("infrared", base)
    known = np.where(scene > 0, scene, cv2.dilate(scene, np.ones((3, 3))))
    near = _warp(scene, move, DEPTH, cv2.INTER_NEAREST)
    smooth = _warp(known, move, DEPTH, cv2.INTER_LINEAR)
    # between a face and what lies behind it the sensor gives one or the other, not their mean
    z = np.where(np.abs(smooth - near) < 40, smooth, near)
    metres = z / 1000
    dark = np.clip(60 / (_warp(reflects, move, DEPTH, cv2.INTER_LINEAR) + 5), 0.7, 4)
    sigma = (1.5 - 0.5 * metres + 0.3 * metres**2) * dark
    edge = cv2.morphologyEx(near, cv2.MORPH_GRADIENT, np.ones((3, 3))) > 60
    chance = rng.random(z.shape, np.float32)
    lost = (near == 0) | (edge & (chance < 0.4)) | (chance < np.clip((sigma - 6) * 0.05, 0, 0.5))
    noisy = z + sigma * _noise(rng, z.shape)
    return np.where(lost, 0, np.rint(noisy).clip(0, 8000)).astype(np.uint16)


def _infrared(base: int, move: Image, rng: np.random.Generator) -> NDArray[np.uint16]:
    scene = 60 + 40 * _warp(_scene("infrared", base), move, INFRARED, cv2.INTER_LINEAR)
    scene *= 1 + 0.08 * _warp(_texture(), move, INFRARED, cv2.INTER_LINEAR)
    noisy = scene + np.sqrt(scene + 10**2) * _noise(rng, scene.shape)
    return np.rint(noisy).clip(0, 65535).astype(np.uint16)


def _gray(base: int, move: Image, rng: np.random.Generator) -> NDArray[np.uint8]:
    scene = 8 + 0.8 * _warp(_scene("infrared", base), move, GRAY, cv2.INTER_LINEAR)
    scene *= 1 + 0.1 * _warp(_texture(), move, GRAY, cv2.INTER_LINEAR)
    noisy = scene + np.sqrt(2**2 + 0.1 * scene) * _noise(rng, scene.shape)
    return np.rint(noisy).clip(0, 255).astype(np.uint8)


def _thermal(base: int, move: Image, rng: np.random.Generator) -> NDArray[np.uint16]:
    given = next(s.kelvin for s in _session().streams if s.name == "thermal")
    assert given is not None
    kelvin = given.gain * _warp(_scene("thermal", base), move, THERMAL, cv2.INTER_CUBIC) + given.offset
    kelvin += 0.15 * _warp(_texture(), move, THERMAL, cv2.INTER_LINEAR)
    kelvin += 0.04 * _noise(rng, kelvin.shape) + _fixed_pattern()
    assert THERMAL.kelvin is not None
    counts = (kelvin - THERMAL.kelvin.offset) / THERMAL.kelvin.gain
    return np.rint(counts).clip(0, 16383).astype(np.uint16)


def _base_number(second: float) -> int:
    """There and back again, so that the scene never jumps."""
    count = _session().count("infrared")
    at = int(second * _BASE_FPS) % (2 * count - 2)
    return min(at, 2 * count - 2 - at)


@functools.cache
def _session() -> SessionReader:
    return SessionReader(bundled_session())


@functools.cache
def _scene(stream: str, base: int) -> Image:
    """A frame of the bundled session without its noise."""
    pixels = cv2.medianBlur(_session().frame(stream, base).pixels, 5 if stream == "infrared" else 3)
    scene = pixels.astype(np.float32)
    return scene if stream == "depth" else cv2.GaussianBlur(scene, (0, 0), 0.7)


@functools.cache
def _texture() -> Image:
    """Cloth, hair and dust that the bundled session is too coarse for: noise of many scales, 320x288, sigma 1."""
    rng = np.random.default_rng(99)
    out = np.zeros((288, 320), np.float32)
    for scale in (1, 2, 4, 8, 16):
        part = _noise(rng, (288 // scale, 320 // scale))
        out += cv2.resize(part, (320, 288), interpolation=cv2.INTER_CUBIC)
    return (out / out.std()).astype(np.float32)


@functools.cache
def _fixed_pattern() -> Image:
    rng = np.random.default_rng(98)
    return 0.015 * _noise(rng, THERMAL.shape) + 0.010 * _noise(rng, (1, THERMAL.width))


def _move(info: StreamInfo, second: float) -> Image:
    """How far the mount has shaken, in pixels of a 640 wide image, as a 2x3 matrix from a unit square's corners."""
    x = 2.5 * np.sin(2 * np.pi * 0.7 * second) + 0.8 * np.sin(2 * np.pi * 5.3 * second)
    y = 1.5 * np.sin(2 * np.pi * 1.1 * second) + 0.8 * np.sin(2 * np.pi * 4.1 * second)
    return np.array([x, y], np.float32) * info.width / 640


def _warp(image: Any, move: Image, info: StreamInfo, how: int) -> Image:
    """Enlarged to a stream's size and shifted."""
    height, width = image.shape
    fx, fy = info.width / width, info.height / height
    matrix = np.array([[fx, 0, (fx - 1) / 2 + move[0]], [0, fy, (fy - 1) / 2 + move[1]]], np.float32)
    out = cv2.warpAffine(image, matrix, (info.width, info.height), flags=how, borderMode=cv2.BORDER_REPLICATE)
    return out.astype(np.float32, copy=False)


def _noise(rng: np.random.Generator, shape: tuple[int, ...]) -> Image:
    return rng.standard_normal(shape, np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--sheet", type=Path, help="write a picture of the four streams here")
    arguments = parser.parse_args()
    made = frames(arguments.seconds)
    print(f"{megabytes(made) / arguments.seconds:.1f} MB a second")
    raw = png = 0
    for info in STREAMS:
        mine = [f for f in made if f.info is info]
        packed = sum(len(cv2.imencode(".png", f.pixels)[1]) for f in mine)
        size = sum(f.pixels.nbytes for f in mine)
        raw, png = raw + size, png + packed
        print(f"{info.name:10} {size / 1e6 / arguments.seconds:5.1f} MB/s raw, PNG {packed / size:.3f} of it")
    print(f"all: PNG {png / raw:.3f} of raw")
    if arguments.sheet is not None:
        cv2.imwrite(str(arguments.sheet), sheet(made))


def sheet(made: list[Frame]) -> NDArray[np.uint8]:
    """The last frame of each stream side by side, each from its 1st to its 99th percentile."""
    tiles = []
    for info in STREAMS:
        pixels = next(f for f in reversed(made) if f.info is info).pixels.astype(np.float32)
        low, high = np.percentile(pixels, [1, 99])
        tile = ((pixels - low) / max(high - low, 1) * 255).clip(0, 255).astype(np.uint8)
        tiles.append(cv2.resize(tile, (640, 512), interpolation=cv2.INTER_NEAREST))
    return np.vstack([np.hstack(tiles[:2]), np.hstack(tiles[2:])])


if __name__ == "__main__":
    main()
