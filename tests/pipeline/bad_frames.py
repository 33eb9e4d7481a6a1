"""Input that no camera should give, made of one good FrameSet: the face is cut, blinded, moved, or only a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameSet, Intrinsics, KelvinMap, StreamInfo, StreamKind
from engines.loading import Models
from pipeline.process import Process
from recordings.observation import Box, Face, Observation

FRAME_NS = 66_666_667
Pixels = NDArray[Any]


def with_pixels(frame_set: FrameSet, **streams: Pixels | None) -> FrameSet:
    """The FrameSet with other pixels in the named streams; None takes the stream away."""
    frames = {}
    for name, frame in frame_set.frames.items():
        pixels = streams.get(name, np.asarray(frame.pixels))
        if pixels is not None:
            frames[name] = replace(frame, pixels=pixels)
    return replace(frame_set, frames=frames)


def repeated(frame_set: FrameSet, times: int) -> Iterator[FrameSet]:
    """The same FrameSet at ``times`` instants, as a camera before a scene that stands still."""
    for k in range(times):
        at = frame_set.device_ns + k * FRAME_NS
        frames = {
            name: replace(
                f, number=f.number + k, device_ns=f.device_ns + k * FRAME_NS, host_ns=f.host_ns + k * FRAME_NS
            )
            for name, f in frame_set.frames.items()
        }
        yield replace(frame_set, number=frame_set.number + k, device_ns=at, frames=frames)


def shown(frame_set: FrameSet, models: Models, times: int = 8, first: FrameSet | None = None) -> list[Observation]:
    """What the pipeline says of a still scene; ``first`` is shown as often before it, from the same cameras."""
    process = Process([f.info for f in frame_set.frames.values()], models)
    before = [] if first is None else list(repeated(first, times))
    after = list(repeated(replace(frame_set, number=frame_set.number + len(before)), times))
    return [process(fs) for fs in (*before, *after)][len(before) :]


def nearest(observation: Observation, point: tuple[float, float], within: float = np.inf) -> Face | None:
    """The face whose box is centred nearest to a point."""

    def far(face: Face) -> float:
        return float(np.hypot(face.box.center[0] - point[0], face.box.center[1] - point[1]))

    face = min(observation.faces, key=far, default=None)
    return face if face is not None and far(face) <= within else None


def shifted(frame_set: FrameSet, dx: int, dy: int, streams: Sequence[str] = ("infrared", "depth")) -> FrameSet:
    """The pictures moved by whole pixels; what comes in is empty."""

    def move(pixels: Pixels) -> Pixels:
        out = np.zeros_like(pixels)
        h, w = pixels.shape[:2]
        out[max(dy, 0) : h + min(dy, 0), max(dx, 0) : w + min(dx, 0)] = pixels[
            max(-dy, 0) : h + min(-dy, 0), max(-dx, 0) : w + min(-dx, 0)
        ]
        return out

    return with_pixels(frame_set, **{s: move(np.asarray(frame_set.frames[s].pixels)) for s in streams})


def box_slices(box: Box, shape: tuple[int, ...], grow: float = 0.0) -> tuple[slice, slice]:
    """Rows and columns of a box, larger by ``grow`` of its size on every side."""
    x0, y0 = int(box.x - grow * box.w), int(box.y - grow * box.h)
    x1, y1 = int(box.x + (1 + grow) * box.w) + 1, int(box.y + (1 + grow) * box.h) + 1
    return slice(max(y0, 0), min(y1, shape[0])), slice(max(x0, 0), min(x1, shape[1]))


def holed(frame_set: FrameSet, box: Box, grow: float = 0.5) -> FrameSet:
    """No depth reading in and round the box."""
    depth = np.array(frame_set.frames["depth"].pixels)
    depth[box_slices(box, depth.shape, grow)] = 0
    return with_pixels(frame_set, depth=depth)


def gained(frame_set: FrameSet, gain: float) -> FrameSet:
    """The infrared as a sensor with ``gain`` times the exposure gives it."""
    pixels = frame_set.frames["infrared"].pixels.astype(np.float32) * np.float32(gain)
    return with_pixels(frame_set, infrared=np.clip(np.rint(pixels), 0, 255).astype(np.uint8))


def moved_to(frame_set: FrameSet, distance_mm: float, face_mm: float) -> FrameSet:
    """The whole scene farther away: pictures shrink about the middle, depths grow, beyond it there is nothing."""
    ratio = face_mm / distance_mm
    infrared, depth = (np.asarray(frame_set.frames[s].pixels) for s in ("infrared", "depth"))
    h, w = depth.shape
    size = (max(round(w * ratio), 2), max(round(h * ratio), 2))
    x, y = (w - size[0]) // 2, (h - size[1]) // 2
    small = cv2.resize(infrared, size, interpolation=cv2.INTER_AREA)
    near = cv2.resize(depth, size, interpolation=cv2.INTER_NEAREST).astype(np.int64)
    near = np.where(near > 0, near + round(distance_mm - face_mm), 0)
    out_infrared = np.full_like(infrared, int(np.median(infrared)))
    out_depth = np.zeros_like(depth)
    out_infrared[y : y + size[1], x : x + size[0]] = small
    out_depth[y : y + size[1], x : x + size[0]] = np.where(near < 60_000, near, 0)
    return with_pixels(frame_set, infrared=out_infrared, depth=out_depth)


def held_picture(
    frame_set: FrameSet,
    face: Box,
    face_width_mm: float,
    at: tuple[float, float] = (58.0, 105.0),
    distance_mm: float = 600.0,
    tilt: tuple[float, float] = (0.1, -0.15),
    bend_mm: float = 0.0,
    noise_mm: float = 2.0,
    only_depth_flat: bool = False,
) -> tuple[FrameSet, tuple[float, float]]:
    """A picture of the face held into the scene on a flat thing, and the px where its face is.

    Args:
        face: of the face in the infrared picture.
        face_width_mm: of the face in the picture: about 55 on a phone, 150 is life size.
        at: px of the picture's middle.
        distance_mm: of the picture.
        tilt: mm of depth a mm across and down.
        bend_mm: how far a bent sheet's sides lie behind its middle.
        noise_mm: standard deviation of the depth camera there.
    """
    infrared, depth = (np.array(frame_set.frames[s].pixels) for s in ("infrared", "depth"))
    camera = frame_set.frames["depth"].info.intrinsics
    assert camera is not None
    px_mm = camera.fx / distance_mm
    zoom = face_width_mm * px_mm / face.w
    rows, columns = box_slices(face, infrared.shape, 0.2)
    picture = infrared[rows, columns]
    size = (max(round(picture.shape[1] * zoom), 4), max(round(picture.shape[0] * zoom), 4))
    picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC)
    x, y = round(at[0] - size[0] / 2), round(at[1] - size[1] / 2)
    v, u = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float64)
    across, down = (u - size[0] / 2) / px_mm, (v - size[1] / 2) / px_mm
    surface = distance_mm + tilt[0] * across + tilt[1] * down + bend_mm * (2 * u / size[0] - 1) ** 2
    surface += np.random.default_rng(3).normal(0.0, noise_mm, surface.shape)
    where = (slice(y, y + size[1]), slice(x, x + size[0]))
    infrared[where] = picture
    depth[where] = np.rint(surface).astype(np.uint16)
    return with_pixels(frame_set, infrared=infrared, depth=depth), at


def thermal_alone(frame_set: FrameSet, change: Callable[[Pixels], Pixels] | None = None, **info: object) -> FrameSet:
    """The thermal stream by itself, its pixels changed, its description too."""
    frame = frame_set.frames["thermal"]
    told = replace(frame.info, registered_to=None, **info)  # type: ignore[arg-type]  # a test's keyword table
    pixels = np.asarray(frame.pixels)
    made = replace(frame, info=told, pixels=pixels if change is None else change(pixels))
    return replace(frame_set, frames={told.name: made})


PALETTES = {"iron": cv2.COLORMAP_INFERNO, "rainbow": cv2.COLORMAP_RAINBOW, "white hot": None}


def palette_rgb(counts: Pixels, palette: str) -> NDArray[np.uint8]:
    """What a thermal camera shows on its video output: uint8 (H, W, 3) RGB."""
    low, high = np.percentile(counts, (1, 99.5))
    level = np.clip((counts - low) / max(high - low, 1) * 255, 0, 255).astype(np.uint8)
    code = PALETTES[palette]
    if code is None:
        return np.repeat(level[..., None], 3, axis=2)
    return np.ascontiguousarray(cv2.applyColorMap(level, code)[..., ::-1])


def palette_luma(counts: Pixels, palette: str) -> Pixels:
    """The same in counts: a driver that took the picture's luma for what the sensor measured."""
    return np.asarray(cv2.cvtColor(palette_rgb(counts, palette), cv2.COLOR_RGB2GRAY)).astype(np.uint16)


def palette_camera(frame_set: FrameSet, palette: str) -> FrameSet:
    """A colour camera that is a thermal camera's video output."""
    frame = frame_set.frames["thermal"]
    k = frame.info.intrinsics
    assert k is not None
    info = StreamInfo(
        "video", StreamKind.COLOR, 4 * k.width, 4 * k.height, "uint8", 15.0,
        intrinsics=Intrinsics(4 * k.width, 4 * k.height, 4 * k.fx, 4 * k.fy, 4 * k.cx + 1.5, 4 * k.cy + 1.5),
    )  # fmt: skip
    rgb = cv2.resize(palette_rgb(frame.pixels, palette), (info.width, info.height), interpolation=cv2.INTER_LINEAR)
    made = Frame(info, rgb, frame.number, frame.device_ns, frame.host_ns)
    return replace(frame_set, frames={"video": made})


def without_kelvin() -> dict[str, KelvinMap | None]:
    """For :func:`thermal_alone`: a camera that never said what its counts mean."""
    return {"kelvin": None}
