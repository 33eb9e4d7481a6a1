"""The synthetic night street: three people before a depth camera with infrared, a thermal and a dim colour camera.

Seven seconds at 9 frames/s. One stands at 1.2 m, talks, turns his head away and back; one with a face mask walks by
at 2.2 m, before a third who comes closer from 3.7 m. Lamps, a lit shop and passing headlights; nobody else's faces.
Identities that no training run uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Intrinsics
from recordings.samples.truth import FrameTruth, MarksTruth
from training.faces.coat import Arms, coat, dressed, trousers
from training.faces.identity import UPRIGHT, HairStyle, Identity, draw_identity
from training.faces.light import Shaded, Visible, see, shade
from training.faces.materials import Patch
from training.faces.model import FaceModel
from training.faces.night import (
    NO_LIGHT,
    Action,
    Camera,
    Plane,
    marks_of,
    person_of,
    read_depth,
    read_infrared,
    read_thermal,
    shade_person,
)
from training.faces.scene import Figure, Rig
from training.faces.street import Backdrop, Lamp, backdrop, lighting_at, seen_from
from training.faces.street_people import ROLES, Role, act
from training.faces.street_scene import AIR_CELSIUS

FRAMES = 61
FRAME_RATE = 9.0
DEPTH_LIMIT_MM = 5200.0
"""Range of the time-of-flight camera."""
KELVIN_STEP = 0.02
"""What a count of the thermal camera is worth."""
NIR_GAIN = 640.0
"""Counts for one unit of light: fixed, since this camera brings its own light."""
EXPOSURE = 1.5
"""Of the colour camera: linear value for one unit of light."""


@dataclass(frozen=True, eq=False)
class StreetFrame:
    """One instant: what the cameras give, and the truth."""

    depth: NDArray[np.uint16]
    """(288, 384) mm along z, 0 = no reading."""
    infrared: NDArray[np.uint8]
    """(288, 384) on the grid of `depth`."""
    thermal: NDArray[np.uint16]
    """(192, 256) in steps of KELVIN_STEP."""
    color: NDArray[np.uint8]
    """(312, 416, 3) RGB."""
    truth: FrameTruth
    """Marks in "infrared", "thermal" and "color"."""


def cameras() -> dict[str, Camera]:
    """Return the cameras by stream: "depth" and "infrared" (one sensor), "thermal" and "color"."""
    depth = Camera.aside(Intrinsics.from_fov(384, 288, 46.0), 0.0)
    return {
        "depth": depth,
        "infrared": depth,
        "thermal": Camera.aside(Intrinsics.from_fov(256, 192, 42.0), 0.070, turn_deg=-1.0),
        "color": Camera.aside(Intrinsics.from_fov(416, 312, 48.0), -0.035),
    }


def frames(face_model: FaceModel, seed: int, count: int = FRAMES, every: int = 1) -> Iterator[StreetFrame]:
    """Render the street; the same model and seed give the same bytes.

    Args:
        count: number of frames; fewer stop early (the script is not squeezed).
        every: 1 renders every frame, 2 each second one, ...: a quick look.
    """
    rig = Rig(face_model)
    cast = [_Actor.of(role, rig, seed) for role in ROLES]
    lenses_of = cameras()
    behind = {name: backdrop(lenses_of[name], seed) for name in ("infrared", "thermal", "color")}
    for number in range(0, count, every):
        rng = np.random.default_rng([seed, 81, number])
        yield _photograph(rig, cast, lenses_of, behind, number, seed, rng)


# ---- the cast and the light ----


@dataclass(frozen=True, eq=False)
class _Actor:
    role: Role
    person: Identity
    clothes: list[Patch]

    @classmethod
    def of(cls, role: Role, rig: Rig, seed: int) -> _Actor:
        person = draw_identity(role.identity, len(rig.model.identity_modes))
        thickness = {HairStyle.SHORT: 1.5, HairStyle.MEDIUM: 2.0, HairStyle.BUZZ: 0.3}[role.hair]
        person = replace(person, hair_style=role.hair, hair_thickness_cm=thickness, build=UPRIGHT)
        clothes = coat(role.coat, AIR_CELSIUS, Arms.HANGING, seed + role.id) + trousers(role.trousers, AIR_CELSIUS)
        return cls(role, person, clothes)


def _headlights(time_s: float) -> tuple[Lamp, ...]:
    """A car that comes from the right, outside the picture, and turns off: its light sweeps over the street."""
    strength = float(np.exp(-(((time_s - 3.2) / 1.3) ** 2)))
    x = 7500.0 - 700.0 * time_s
    return (Lamp((x, 600.0, 5200.0), (14.0 * strength, 12.5 * strength, 10.0 * strength), 7.0 * strength),)


# ---- cameras ----


@dataclass(eq=False)
class _Picture:
    """What a camera sees, painted from far to near."""

    color: NDArray[np.float32]
    nir: Plane
    celsius: Plane
    cosine: Plane
    echo: Plane
    cover: Plane
    depth_mm: Plane
    glass: NDArray[np.bool_]

    @classmethod
    def of(cls, behind: Backdrop, moving: tuple[Lamp, ...]) -> _Picture:
        color, nir = behind.light(moving)
        return cls(
            color,
            nir,
            behind.celsius.copy(),
            behind.cosine.copy(),
            behind.echo.copy(),
            behind.cover.copy(),
            behind.seen.depth_mm.copy(),
            np.zeros(nir.shape, bool),
        )

    def put(self, person: Shaded, seen: Visible) -> None:
        """Somebody nearer than everything so far."""
        rest = 1 - person.cover
        self.color = person.color + self.color * rest[..., None]
        self.nir = person.nir + self.nir * rest
        self.celsius = person.celsius + self.celsius * rest
        self.cosine = person.cosine + self.cosine * rest
        self.echo = person.echo + self.echo * rest
        self.cover = person.cover + self.cover * rest
        here = seen.nearest >= 0
        self.depth_mm = np.where(here, seen.depth_mm, self.depth_mm)
        self.glass = np.where(here, seen.glass, self.glass)


def _photograph(
    rig: Rig,
    cast: list[_Actor],
    lenses_of: dict[str, Camera],
    behind: dict[str, Backdrop],
    number: int,
    seed: int,
    rng: np.random.Generator,
) -> StreetFrame:
    time_s = number / FRAME_RATE
    moving = _headlights(time_s)
    played = [(actor, act(actor.role, time_s)) for actor in cast]
    played.sort(key=lambda pair: -float(pair[1].center_mm[2]))  # far to near
    figures = [_figure(rig, actor, action, seed) for actor, action in played]
    pictures: dict[str, _Picture] = {}
    alone: dict[str, list[tuple[Figure, Visible]]] = {}
    for name, place in behind.items():
        camera = lenses_of[name]
        lamps = tuple(seen_from(lamp, camera) for lamp in moving)
        picture = pictures[name] = _Picture.of(place, lamps)
        alone[name] = []
        for (actor, action), figure in zip(played, figures, strict=True):
            own = camera.own(figure)
            seen = see(own, camera.pinhole(), *camera.size)
            if name == "thermal":
                shaded = shade(own, camera.pinhole(), *camera.size, NO_LIGHT, seed + actor.role.id)
            else:
                light = lighting_at(action.center_mm, moving)
                shaded = shade_person(own, camera, seen, light, seed + actor.role.id)
            picture.put(shaded, seen)
            alone[name].append((own, seen))

    near = pictures["infrared"]
    infrared = read_infrared(near.nir, rng, NIR_GAIN)
    echo = near.echo * np.maximum(near.cosine / np.maximum(near.cover, 1e-3), 0.02)
    depth = read_depth(near.depth_mm, echo, near.glass, rng, DEPTH_LIMIT_MM)
    warm = pictures["thermal"]
    thermal = read_thermal(warm.celsius, warm.cosine, warm.cover, rng, AIR_CELSIUS, seed, KELVIN_STEP)
    color = _read_color(pictures["color"].color, rng)

    people = []
    for index, (actor, action) in enumerate(played):
        marks: dict[str, MarksTruth] = {}
        for name, picture in pictures.items():
            own, seen = alone[name][index]
            marks[name] = marks_of(own, lenses_of[name], seen, picture.depth_mm)
        own, seen = alone["infrared"][index]
        outfit = actor.role.outfit
        people.append(
            person_of(
                actor.role.id,
                own,
                lenses_of["infrared"],
                seen,
                action.pose_deg,
                action.expression.gaze_deg,
                marks,
                masked=outfit.mask,
                glasses=outfit.glasses,
            )
        )
    people.sort(key=lambda person: person.id)
    return StreetFrame(depth, infrared, thermal, color, FrameTruth(number, time_s, tuple(people)))


def _figure(rig: Rig, actor: _Actor, action: Action, seed: int) -> Figure:
    role = actor.role
    figure = rig.pose_person(
        actor.person,
        action.expression,
        role.outfit,
        action.pose_deg,
        action.center_mm,
        AIR_CELSIUS,
        seed + role.id,
        body_turn=role.body_turn,
    )
    return dressed(rig, figure, action.pose_deg, role.body_turn, actor.clothes)


def _read_color(light: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.uint8]:
    """What a sensitive colour camera gives at night: a fixed exposure, noise, a soft shoulder, sRGB-like."""
    image: NDArray[np.float32] = np.asarray(cv2.GaussianBlur(light * np.float32(EXPOSURE), (0, 0), 0.5), np.float32)
    grain: NDArray[np.float32] = rng.standard_normal(image.shape, dtype=np.float32)
    noise = np.asarray(cv2.GaussianBlur(grain, (0, 0), 0.6), np.float32) * np.float32(1.7)
    image += noise * (np.float32(0.0015) + np.float32(0.010) * np.sqrt(np.clip(image, 0, 2)))
    np.clip(image, 0, None, out=image)
    image = np.asarray(image / (1 + 0.25 * image) * 1.15, np.float32)
    encoded: NDArray[np.uint8] = (255 * np.clip(image, 0, 1) ** np.float32(1 / 2.2)).astype(np.uint8)
    return np.ascontiguousarray(encoded)
