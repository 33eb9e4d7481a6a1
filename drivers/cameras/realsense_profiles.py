"""Which of a RealSense's profiles are opened, and what their streams are in our words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from drivers import distortion
from drivers.cameras.realsense_words import ANY_SIZE, FAMILY, STREAMS, Asked
from drivers.errors import CalibrationError, UnsupportedFeatureError, UnusableSourceError
from drivers.frame import Extrinsics, Intrinsics, StreamInfo, StreamKind
from drivers.source_words import StreamSize

FORMATS: Final[dict[StreamKind, tuple[str, ...]]] = {
    StreamKind.DEPTH: ("z16",),
    StreamKind.INFRARED: ("y8", "y16"),
    StreamKind.COLOR: ("rgb8", "bgr8", "rgba8", "bgra8", "yuyv", "uyvy"),
    StreamKind.GRAY: ("y8", "raw8"),
}
"""The SDK's formats that become each kind, the best first."""

_KINDS: Final = {
    "depth": StreamKind.DEPTH,
    "infrared": StreamKind.INFRARED,
    "color": StreamKind.COLOR,
    "fisheye": StreamKind.GRAY,
}
_USUAL: Final = ("depth", "infrared", "color")
_USUAL_FPS: Final = 30
_USUAL_SIZE: Final = (640, 480)
_SAME_LENS_PX: Final = 0.05
_UNIT_M: Final = 0.001
"""Of a camera that does not say; each depth frame says it again."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One profile that can be opened.

    Attributes:
        name: our name of its stream.
        sensor: which of the device's sensors has it.
        profile: the SDK's.
    """

    name: str
    kind: StreamKind
    width: int
    height: int
    fps: int
    format: str
    default: bool
    sensor: int
    profile: Any

    @property
    def key(self) -> str:
        """The stream in the SDK's words: ``infrared_1``."""
        return stream_key(self.profile)

    @property
    def size(self) -> str:
        return f"{self.width}x{self.height}@{self.fps}"


def stream_key(profile: Any) -> str:
    """``infrared_1``."""
    return f"{profile.stream_type().name}_{profile.stream_index()}"


def offers(sensors: Sequence[Any]) -> list[Offer]:
    """Every profile of images that becomes a stream of ours."""
    out = []
    for number, sensor in enumerate(sensors):
        for profile in sensor.get_stream_profiles():
            word = profile.stream_type().name
            kind = _KINDS.get(word)
            if kind is None or not profile.is_video_stream_profile():
                continue
            video = profile.as_video_stream_profile()
            name = word + ("2" if profile.stream_index() == 2 else "")
            form, default = profile.format().name, profile.is_default()
            if form in FORMATS[kind] and name in STREAMS:
                out.append(
                    Offer(name, kind, video.width(), video.height(), profile.fps(), form, default, number, profile)
                )
    return out


def choose(every: Sequence[Offer], asked: Asked, source: str) -> list[Offer]:
    """One offer for each stream that is wanted, in the order of :data:`STREAMS`.

    Raises:
        UnsupportedFeatureError: the camera has no such stream or size; the message lists what there is.
        UnusableSourceError: it has no stream of images at all.
    """
    there = [name for name in STREAMS if any(o.name == name for o in every)]
    if not there:
        raise UnusableSourceError(f"{source} has no stream of depth, infrared or colour images that can be read")
    if asked.streams is not None:
        wanted = [name for name in STREAMS if name in asked.streams]
    else:
        usual = there if asked.path is not None else [n for n in there if n in _USUAL] or there[:1]
        wanted = [name for name in STREAMS if (name in usual or name in asked.sizes) and name not in asked.off]
    chosen: list[Offer] = []
    # Those whose size is asked for come first: the others of their sensor follow.
    for name in sorted(wanted, key=lambda n: asked.sizes.get(n, ANY_SIZE) is ANY_SIZE):
        mine = [o for o in every if o.name == name]
        if not mine:
            raise UnsupportedFeatureError(f"{source} has no stream {name}; it has {_list(every, there)}")
        chosen.append(_best(mine, asked.sizes.get(name, ANY_SIZE), chosen, source))
    if not chosen:
        raise UnsupportedFeatureError(f"{source}: every stream is off; it has {_list(every, there)}")
    return sorted(chosen, key=lambda o: STREAMS.index(o.name))


def _best(mine: Sequence[Offer], size: StreamSize, chosen: Sequence[Offer], source: str) -> Offer:
    fits = [
        o
        for o in mine
        if size is ANY_SIZE
        or ((o.width, o.height) == (size.width, size.height) and (size.fps is None or o.fps == size.fps))
    ]
    if not fits:
        raise UnsupportedFeatureError(f"{source} has no {mine[0].name} of {size}; it has {_sizes(mine)}")
    # One sensor streams one size: what shares depth's sensor goes along with depth.
    mates = {(o.width, o.height, o.fps) for o in chosen if o.sensor == mine[0].sensor}

    def cost(o: Offer) -> tuple[int, ...]:
        return (
            int(size is ANY_SIZE and bool(mates) and (o.width, o.height, o.fps) not in mates),
            int(size is ANY_SIZE and not o.default),
            abs(o.fps - _USUAL_FPS),
            abs(o.width - _USUAL_SIZE[0]) + abs(o.height - _USUAL_SIZE[1]),
            FORMATS[o.kind].index(o.format),
        )

    return min(fits, key=cost)


def _list(every: Sequence[Offer], names: Sequence[str]) -> str:
    return "; ".join(f"{name}: {_sizes([o for o in every if o.name == name])}" for name in names)


def _sizes(mine: Sequence[Offer]) -> str:
    every = sorted({(o.width, o.height, o.fps) for o in mine}, reverse=True)
    return ", ".join(f"{w}x{h}@{fps}" for w, h, fps in every)


def describe_streams(
    rs: Any, chosen: Sequence[Offer], sensors: Sequence[Any], source: str, clock: str
) -> tuple[list[StreamInfo], dict[str, str]]:
    """The streams as the rest of the program knows them, and notes (stream -> what is odd about it).

    The axes are those of depth, or of the first stream where there is no depth.

    Raises:
        CalibrationError: what the device says of itself is impossible.
    """
    notes: dict[str, str] = {}
    out = []
    for offer in chosen:
        out.append(
            StreamInfo(
                offer.name,
                offer.kind,
                offer.width,
                offer.height,
                "uint16" if offer.format in ("z16", "y16") else "uint8",
                float(offer.fps),
                unit_m=unit_m(rs, sensors[offer.sensor]) if offer.kind is StreamKind.DEPTH else None,
                intrinsics=_intrinsics(rs, offer, notes),
                extrinsics=_extrinsics(offer, chosen[0], notes),
                camera=source,
                clock=clock,
            )
        )
    return _registered(out), notes


def unit_m(rs: Any, sensor: Any) -> float:
    """Metres a depth count."""
    try:
        if sensor.supports(rs.option.depth_units):
            return shorter(sensor.get_option(rs.option.depth_units))
    except RuntimeError:  # an option without a value
        pass
    return _UNIT_M


def shorter(value: float) -> float:
    """A number of 32 bits as it was meant: 0.001 for 0.0010000000474974513."""
    return float(f"{value:.6g}")


def intrinsics_of(rs: Any, k: Any) -> tuple[Intrinsics, str]:
    """The SDK's intrinsics in our words, and a note where a lens has no place in them.

    The SDK has several names for distortion and does not always do what they say (``inverse_brown_conrady`` of a D400
    is projected as plain Brown-Conrady), so the model is the one of ours that projects as the SDK itself does.

    Raises:
        CalibrationError: impossible numbers.
    """
    plain = Intrinsics(k.width, k.height, k.fx, k.fy, k.ppx, k.ppy)
    coefficients = tuple(float(c) for c in k.coeffs)
    if k.model == rs.distortion.none or (not any(coefficients) and k.model != rs.distortion.kannala_brandt4):
        return plain, ""
    tried = [
        replace(plain, distortion=coefficients, model=m)
        for m in (distortion.BROWN_CONRADY, distortion.MODIFIED_BROWN_CONRADY, distortion.INVERSE_BROWN_CONRADY)
    ]
    tried.append(replace(plain, distortion=coefficients[:4], model=distortion.FISHEYE))
    points = _looks(plain)
    wanted = np.array([rs.rs2_project_point_to_pixel(k, [float(c) for c in p]) for p in points])
    for lens in tried:
        off = np.abs(lens.project(points, distort=True) - wanted)
        if bool((off < _SAME_LENS_PX).all()):
            return lens, ""
    listed = ", ".join(f"{c:g}" for c in coefficients)
    return plain, f"distortion {k.model.name} ({listed}) has no place here; taken as a pinhole without it"


def _looks(lens: Intrinsics) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Points at one metre, seen all over the picture."""
    v, u = np.mgrid[0 : lens.height - 1 : 5j, 0 : lens.width - 1 : 7j]
    return lens.back_project(np.stack([u.ravel(), v.ravel()], axis=1), 1.0)


def _intrinsics(rs: Any, offer: Offer, notes: dict[str, str]) -> Intrinsics | None:
    try:
        k = offer.profile.as_video_stream_profile().get_intrinsics()
    except RuntimeError:  # the SDK's word for "unknown"
        k = None
    if k is None or not (k.fx > 0 and k.fy > 0 and (k.width, k.height) == (offer.width, offer.height)):
        notes[offer.name] = "no intrinsics"
        return None
    lens, note = intrinsics_of(rs, k)
    if note:
        notes[offer.name] = note
    return lens


def _extrinsics(offer: Offer, origin: Offer, notes: dict[str, str]) -> Extrinsics:
    if offer is origin:
        return Extrinsics()
    try:
        found = offer.profile.get_extrinsics_to(origin.profile)
    except RuntimeError:  # the SDK's word for "unknown"
        notes[offer.name] = f"where it stands is not known; taken as where {origin.name} is"
        return Extrinsics()
    rotation = np.array(found.rotation, np.float64).reshape(3, 3).T  # the SDK goes column by column
    u, _, vt = np.linalg.svd(rotation)
    nearest = u @ vt  # the rounding of 32 bits away
    if not np.allclose(nearest, rotation, atol=1e-4):
        raise CalibrationError(
            f"{FAMILY}: the rotation of {offer.name} is none ({np.round(rotation, 4).tolist()}); recalibrate the camera"
        )
    if np.allclose(rotation, np.eye(3), atol=1e-9):
        nearest = np.eye(3)
    return Extrinsics.from_arrays(nearest, [float(t) for t in found.translation])


def _registered(streams: Sequence[StreamInfo]) -> list[StreamInfo]:
    """Depth that shares the pixel grid of colour or infrared says so."""
    out = list(streams)
    for at, info in enumerate(streams):
        if info.kind is not StreamKind.DEPTH or info.intrinsics is None:
            continue
        for kind in (StreamKind.COLOR, StreamKind.INFRARED):
            same = [
                o.name
                for o in streams
                if o.kind is kind and o.intrinsics == info.intrinsics and o.extrinsics.is_identity()
            ]
            if same:
                out[at] = replace(info, registered_to=same[0])
                break
    return out
