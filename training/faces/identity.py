"""Who somebody is: shape, skin, hair, beard, brows, glasses and warmth, all drawn from one number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from training.faces.landmark_sites import brow_moves
from training.faces.materials import (
    ATTRIBUTES,
    BLUE,
    CELSIUS,
    NIR,
    RED,
    SPECULAR,
    TEXTURE_X,
    Material,
)
from training.faces.model import FaceModel
from training.faces.proportions import draw_drop, draw_lift
from training.faces.regions import Regions, polyline_distance, smooth_step

Rgb = NDArray[np.float32]


class HairStyle(Enum):
    """How the hair is worn."""

    BALD = "bald"
    BUZZ = "buzz"
    SHORT = "short"
    FRINGE = "fringe"
    MEDIUM = "medium"
    LONG = "long"


PALE, MEDIUM_SKIN, DARK = np.array([[0.74, 0.53, 0.43], [0.50, 0.32, 0.22], [0.16, 0.09, 0.06]])
"""Linear reflectance of skin from little to much melanin."""
HAIR_COLORS = np.array(
    [
        [0.025, 0.022, 0.02],
        [0.08, 0.05, 0.03],
        [0.18, 0.11, 0.06],
        [0.42, 0.31, 0.18],
        [0.42, 0.41, 0.40],
        [0.26, 0.10, 0.05],
    ]
)
IRIS_COLORS = np.array([[0.07, 0.035, 0.02], [0.20, 0.26, 0.30], [0.15, 0.17, 0.09], [0.13, 0.07, 0.03]])
IRIS_COS, PUPIL_COS = 0.915, 0.987
"""Cosine of the angle from the gaze, seen from the eye's center, at the rims of iris and pupil."""


@dataclass(frozen=True, eq=False)
class Warmth:
    """Skin temperature in degrees Celsius and what parts of the face differ by."""

    base: float
    nose: float
    cheeks: float
    forehead: float
    canthus: float
    neck: float
    ears: float
    lips: float
    variation: float
    hollows: float
    """How much warmer folds and sockets are than what stands out."""
    brows: float
    """Share of the way to the air's temperature under the eyebrows."""
    scalp: float
    """The same under the hair."""


@dataclass(frozen=True)
class Build:
    """How neck and shoulders stand to the head, cm.

    The 90 frontal pictures of rap3df_set2 have wider necks than the face model, and shoulders that lie higher and some
    25 mm farther behind the face.
    """

    neck: float = 5.9
    """Half of the neck's width."""
    back: float = 0.0
    """How far behind the model's the neck's foot and the shoulders lie: heads are carried forward."""
    up: float = 0.0
    """How much higher than the model's the shoulders lie."""


HOLLOWS = 2.0
"""Hollows are as dark as the share of the sky that they see to this power: skin takes some of the light each time, and
cameras add contrast. Chosen beside real faces (docs/training.md)."""

UPRIGHT = Build()
"""The build that the coats of the bundled sessions are cut for."""


@dataclass(frozen=True, eq=False)
class Identity:
    """A person. Colors are linear reflectances."""

    number: int
    coefficients: NDArray[np.float32]
    melanin: float
    skin: Rgb
    blush: float
    lip_color: float
    freckles: float
    age_lines: float
    texture_seed: int
    hair_style: HairStyle
    hair_color: Rgb
    hair_nir: float
    hair_thickness_cm: float
    hairline_shift_cm: float
    beard: float
    mustache: float
    brow_width_cm: float
    brow_density: float
    iris: Rgb
    owns_glasses: bool
    glasses_shape: tuple[float, float, float, float]
    """Half width, half height (cm), squareness (2 = ellipse), thickness of the rim (cm)."""
    glasses_color: Rgb
    warmth: Warmth
    brow_drop_cm: float
    """How much lower than the model's the brows lie; the model's are high."""
    brow_tilt_cm: float
    """How much lower still their end at the temple lies, and higher the one at the nose."""
    wide_eyes: float
    """Weight of the model's wide eyes in this person's neutral face."""
    mouth_lift_cm: float
    """How much higher than the model's the mouth lies, and the nose's end by four fifths of it (proportions.py)."""
    chin_drop_cm: float
    """How much lower than the model's the chin lies."""
    beard_length_cm: float = 0.0
    """How far a beard stands off the chin; 0: stubble."""
    hair_flare: float = 0.0
    """0: long hair hangs down straight; 1: it is as wide as the shoulders and covers the cheeks' sides."""
    hair_fade: float = 0.0
    """How much shorter the hair is at the sides than on top: a share of it."""
    build: Build = UPRIGHT


def draw_identity(number: int, modes: int) -> Identity:
    """Draw the person `number` (>= 0) for a model with `modes` identity modes; the same number, the same person."""
    rng = np.random.default_rng([7001, number])
    strength = np.where(np.arange(modes) < 60, 1.0, 0.8) * rng.uniform(0.8, 1.25)
    coefficients = (np.clip(rng.normal(size=modes), -2.4, 2.4) * strength).astype(np.float32)
    melanin = float(rng.beta(1.1, 1.5))
    if melanin < 0.5:
        skin = PALE + (MEDIUM_SKIN - PALE) * melanin * 2
    else:
        skin = MEDIUM_SKIN + (DARK - MEDIUM_SKIN) * (melanin - 0.5) * 2
    skin = np.clip(skin * rng.uniform(0.9, 1.1) * (1 + 0.03 * rng.normal(size=3)), 0.03, 0.9)
    weights = [0.34, 0.24, 0.16, 0.10, 0.10, 0.06] if melanin < 0.45 else [0.66, 0.18, 0.04, 0.01, 0.10, 0.01]
    hair_color = HAIR_COLORS[rng.choice(6, p=weights)] * rng.uniform(0.7, 1.3)
    style = HairStyle(
        rng.choice(["bald", "buzz", "short", "fringe", "medium", "long"], p=[0.08, 0.15, 0.33, 0.13, 0.13, 0.18])
    )
    thickness = {
        HairStyle.BALD: 0.0,
        HairStyle.BUZZ: 0.3,
        HairStyle.SHORT: rng.uniform(0.7, 2.4),
        HairStyle.FRINGE: rng.uniform(0.9, 2.0),
        HairStyle.MEDIUM: rng.uniform(1.2, 3.2),
        HairStyle.LONG: rng.uniform(0.9, 2.4),
    }[style]
    bearded = style is not HairStyle.LONG and rng.random() < 0.42
    body = np.random.default_rng([7002, number])  # of its own: who somebody is stays what it was
    fade = body.uniform(0.3, 0.92) if style in (HairStyle.SHORT, HairStyle.FRINGE) else body.uniform(0.0, 0.6)
    if style in (HairStyle.SHORT, HairStyle.MEDIUM) and body.random() < 0.12:
        thickness *= body.uniform(1.6, 2.6)  # curls that stand off on all sides
        fade = 0.0
    beard = float(rng.uniform(0.2, 1.0)) if bearded else 0.0
    return Identity(
        number=number,
        coefficients=coefficients,
        melanin=melanin,
        skin=skin.astype(np.float32),
        blush=float(rng.uniform(0.0, 0.6)),
        lip_color=float(rng.uniform(0.45, 1.0)),
        freckles=float(rng.beta(1.0, 3.0)),
        age_lines=float(rng.beta(1.2, 2.0)),
        texture_seed=int(rng.integers(1 << 31)),
        hair_style=style,
        hair_color=hair_color.astype(np.float32),
        # Melanin absorbs little beyond 800 nm: even black hair is gray in near infrared.
        hair_nir=float(np.clip(0.13 + 0.5 * hair_color.mean() + rng.normal() * 0.04, 0.06, 0.55)),
        hair_thickness_cm=float(thickness),
        hairline_shift_cm=float(rng.normal(0, 0.45) + (rng.random() < 0.2) * rng.uniform(0.5, 2.2)),
        beard=beard,
        mustache=beard * float(rng.random() < 0.9),
        brow_width_cm=float(rng.uniform(0.26, 0.5)),
        brow_density=float(rng.uniform(0.6, 1.0)),
        iris=(IRIS_COLORS[rng.choice(4, p=[0.5, 0.18, 0.14, 0.18])] * rng.uniform(0.8, 1.2)).astype(np.float32),
        owns_glasses=bool(rng.random() < 0.25),
        glasses_shape=(
            float(rng.uniform(2.2, 2.9)),
            float(rng.uniform(1.5, 2.3)),
            float(rng.uniform(2.0, 6.0)),
            float(rng.uniform(0.14, 0.30)),
        ),
        glasses_color=(rng.choice([0.02, 0.05, 0.35]) * np.array([1, rng.uniform(0.8, 1), rng.uniform(0.6, 1)])).astype(
            np.float32
        ),
        warmth=Warmth(
            base=float(rng.normal(34.2, 0.5)),
            nose=float(rng.uniform(-3.8, 0.4)),
            cheeks=float(rng.uniform(-1.6, 0.2)),
            forehead=float(rng.uniform(0.0, 0.6)),
            canthus=float(rng.uniform(0.6, 1.6)),
            neck=float(rng.uniform(0.2, 1.0)),
            ears=float(rng.uniform(-3.0, 0.4)),
            lips=float(rng.uniform(-0.3, 0.7)),
            variation=float(rng.uniform(0.05, 0.35)),
            hollows=float(rng.uniform(0.4, 1.8)),
            brows=float(rng.uniform(0.06, 0.22)),
            scalp=float(rng.uniform(0.25, 0.6)),
        ),
        brow_drop_cm=float(rng.uniform(-0.15, 0.85)),
        brow_tilt_cm=float(np.clip(rng.normal(0, 0.12), -0.3, 0.3)),
        wide_eyes=float(rng.uniform(0.0, 0.8)),
        mouth_lift_cm=draw_lift(rng),
        chin_drop_cm=draw_drop(rng),
        beard_length_cm=float(body.gamma(1.6, 0.55)) if beard > 0.4 and body.random() < 0.75 else 0.0,
        hair_flare=float(body.uniform(0.0, 1.0)),
        hair_fade=float(fade),
        build=Build(
            neck=float(np.clip(body.normal(6.4, 0.6), 5.2, 7.8)),
            back=float(np.clip(body.normal(1.9, 1.1), -0.5, 4.0)),
            up=float(np.clip(body.normal(1.1, 1.0), -1.0, 3.2)),
        ),
    )


def with_hair(person: Identity, style: HairStyle, thickness_cm: float) -> Identity:
    """Return the same person with other hair."""
    return replace(person, hair_style=style, hair_thickness_cm=thickness_cm)


def hair_height(person: Identity, regions: Regions) -> NDArray[np.float32]:
    """Return (N,) the signed height over this person's hairline in cm; > 0 is hair."""
    rng = np.random.default_rng([person.texture_seed, 1])
    ragged = 0.35 * (regions.noise[14:22].T @ rng.normal(size=8)) / np.sqrt(8)
    shift = -person.hairline_shift_cm * (regions.azimuth < 1.2)
    if person.hair_style is HairStyle.FRINGE:
        shift = shift + rng.uniform(2.4, 3.9) * (1 - smooth_step(regions.azimuth, 0.35, 0.75))
    return np.where(regions.hairline > -8.5, regions.hairline + shift + ragged, -9.0).astype(np.float32)


def paint_head(
    person: Identity,
    model: FaceModel,
    regions: Regions,
    ambient_celsius: float,
    gaze: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return the attributes (N, ATTRIBUTES) of the head's vertices.

    Args:
        gaze: (2, 3) unit vectors of the right and left eye's gaze in model axes; they say where the iris is.
    """
    rng = np.random.default_rng([person.texture_seed, 0])
    count = len(model.vertices)
    attributes = np.zeros((count, ATTRIBUTES), np.float32)
    coarse = (rng.normal(size=8) @ regions.noise[:8] / np.sqrt(8)).astype(np.float32)
    fine = (rng.normal(size=8) @ regions.noise[16:] / np.sqrt(8)).astype(np.float32)

    color = np.broadcast_to(person.skin, (count, 3)).astype(np.float32)
    red = np.clip(
        person.blush * (0.8 * regions.cheeks + 0.7 * regions.nose + 0.8 * regions.ears) + 0.15 * regions.orbit, 0, 1
    )
    color *= 1 + red[:, None] * np.array([0.12, -0.22, -0.28], np.float32)
    speckle = smooth_step(rng.permutation(regions.grain[1]), 1.7, 2.1) * (0.4 + 0.6 * regions.cheeks)
    shade = 1 + 0.06 * coarse + 0.05 * fine - 0.35 * person.freckles * speckle
    shade *= 1 - 0.16 * regions.orbit * (0.5 + person.age_lines)
    color *= shade[:, None]
    rim = np.exp(-((regions.lid_distance / 0.17) ** 2))
    color *= (1 - 0.75 * rim)[:, None]
    lip_color = person.skin * np.array([0.72, 0.36, 0.40], np.float32) * (0.72 + 0.3 * (1 - person.melanin))
    lips = (regions.lips * person.lip_color)[:, None]
    color = color * (1 - lips) + lip_color * lips
    color *= (1 - 0.7 * regions.mouth_line)[:, None] * (1 - 0.85 * regions.nostrils)[:, None]

    fuzz = 1 + 0.25 * regions.grain[0]
    brows = np.clip(person.brow_density * _brow_cover(person, regions, count) * fuzz, 0, 1)
    beard = person.beard * regions.beard * fuzz
    beard = np.maximum(beard, person.mustache * regions.mustache * (1 - regions.lips) * fuzz)
    scalp = np.zeros(count, np.float32)
    if person.hair_style is not HairStyle.BALD:
        scalp = smooth_step(hair_height(person, regions), -0.7, 0.8) * 0.85 * np.clip(fuzz, 0.5, 1.2)
    hair = np.clip(np.maximum(np.maximum(brows, beard), scalp), 0, 1)
    brow_color = np.minimum(person.hair_color, 0.25) * 0.8
    color = color * (1 - hair[:, None]) + hair[:, None] * brow_color
    attributes[:, RED : BLUE + 1] = color * (0.25 + 0.75 * regions.occlusion[:, None]) ** HOLLOWS

    # Skin scatters near infrared deep: neither its spots nor its hollows show much (docs/results.md, "Sensor noise").
    nir = (0.60 - 0.16 * person.melanin) * (1 + 0.02 * coarse + 0.012 * fine)
    nir = nir * (1 - 0.05 * regions.lips - 0.25 * regions.mouth_line - 0.35 * regions.nostrils - 0.5 * rim)
    nir = nir * (1 - hair) + hair * np.minimum(person.hair_nir, 0.3)
    attributes[:, NIR] = nir * (0.8 + 0.2 * regions.occlusion)

    heat = person.warmth
    celsius = (
        heat.base
        + heat.nose * regions.nose
        + heat.cheeks * regions.cheeks
        + heat.forehead * regions.forehead
        + heat.canthus * regions.canthus
        + heat.neck * regions.neck
        + heat.ears * regions.ears
        + heat.lips * regions.lips
        + heat.variation * (coarse + 0.4 * fine)
        + heat.hollows * (0.75 - regions.occlusion)
        + 0.06 * (ambient_celsius - 22.0)
    )
    insulated = hair * np.where(brows > beard, heat.brows, np.where(beard > scalp, 0.8 * heat.brows, heat.scalp))
    attributes[:, CELSIUS] = celsius - insulated * (celsius - ambient_celsius)
    oily = 0.05 * (1 + 0.8 * regions.nose + 0.6 * regions.forehead + 1.5 * regions.lips)
    attributes[:, SPECULAR] = oily * (1 - hair) + 0.01
    attributes[:, TEXTURE_X:] = model.vertices * 3.1

    _paint_eyes(attributes, person, model, gaze)
    teeth = model.in_part("teeth", "gums")
    attributes[teeth, RED : SPECULAR + 1] = [0.62, 0.57, 0.48, 0.5, heat.base - 1.0, 0.25]
    attributes[teeth, RED : NIR + 1] *= (0.3 + 0.7 * regions.occlusion[teeth])[:, None] ** 0.5
    socket = model.in_part("mouthsocket")
    attributes[socket, RED : SPECULAR + 1] = [0.12, 0.03, 0.025, 0.16, heat.base + 1.3, 0.05]
    orbits = model.in_part("eyesockL", "eyesockR")
    attributes[orbits, RED : BLUE + 1] = person.skin * 0.45
    attributes[orbits, NIR : SPECULAR + 1] = [0.3, heat.base + 0.3, 0.05]
    return attributes


def _brow_cover(person: Identity, regions: Regions, count: int) -> NDArray[np.float32]:
    """(N,) 0..1: how much of the skin the eyebrows cover, before their density."""
    cover = np.zeros(count, np.float32)
    x, y = regions.brow_place.T
    moves = brow_moves(person.brow_drop_cm, person.brow_tilt_cm).reshape(2, 5, 2)
    distance = np.minimum(*(polyline_distance(x, y, line) for line in regions.brow_lines + moves))
    cover[regions.brow_skin] = np.exp(-((distance / person.brow_width_cm) ** 4))
    return cover


def _paint_eyes(attributes: NDArray[np.float32], person: Identity, model: FaceModel, gaze: NDArray[np.float32]) -> None:
    for name, direction in zip(("eyeR", "eyeL"), gaze, strict=True):
        eye = model.in_part(name)
        if not eye.any():
            continue
        points = model.vertices[eye]
        offset = points - (points.min(axis=0) + points.max(axis=0)) / 2
        cosine = offset @ direction / (np.linalg.norm(offset, axis=1) + 1e-9)
        iris = smooth_step(cosine, IRIS_COS - 0.012, IRIS_COS + 0.012)[:, None]
        pupil = smooth_step(cosine, PUPIL_COS - 0.004, PUPIL_COS + 0.004)[:, None]
        limbus = np.exp(-(((cosine - IRIS_COS) / 0.02) ** 2))[:, None]
        white = np.array([0.27, 0.24, 0.23, 0.52], np.float32)  # the lids' shadow keeps it from being white
        inner = np.append(person.iris, 0.22 + 0.4 * person.iris.mean()).astype(np.float32)
        painted = white * (1 - iris) + inner * iris
        painted = painted * (1 - 0.45 * limbus) * (1 - pupil) + 0.012 * pupil
        rows = np.flatnonzero(eye)
        attributes[rows, RED : NIR + 1] = painted
        attributes[rows, CELSIUS] = person.warmth.base - 0.2 - 0.4 * person.warmth.hollows
        attributes[rows, SPECULAR] = 0.5


def head_materials(model: FaceModel) -> NDArray[np.uint8]:
    """Return the Material of every triangle of the head (M,)."""
    first = model.part[model.triangles[:, 0]]
    material = np.full(len(first), Material.SKIN, np.uint8)
    for names, kind in ((("eyeL", "eyeR"), Material.EYE), (("mouthsocket", "teeth", "gums"), Material.MOUTH)):
        codes = [i for i, name in enumerate(model.part_names) if name in names]
        material[np.isin(first, codes)] = kind
    return material
