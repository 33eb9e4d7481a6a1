"""Draws training samples: who, how posed, under which light, before what, and read by which sensors."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.faces import accessories, sensors
from training.faces.background import draw_backdrop
from training.faces.expression import Expression, draw_expression
from training.faces.identity import HairStyle, Identity, draw_identity
from training.faces.light import Lighting, Shaded, Visible, see, shade
from training.faces.materials import COVERING, LABEL, Patch
from training.faces.rasterizer import project
from training.faces.readings import compose_light, mean_depth, read_depth, read_heat
from training.faces.sample import BACKGROUND, NO_MATERIAL, REGION_MM, SIZE, FaceSample, Tag
from training.faces.scene import Figure, Outfit, Rig, faceless_figure

TOWARD_DEG, AWAY_DEG = 65.0, 80.0
"""Up to TOWARD_DEG of yaw a head looks toward the camera; from AWAY_DEG on it does not."""
CLOSE_MM = 8.0
"""A landmark this far behind the visible surface still counts as visible (it lies on that surface)."""


@dataclass(frozen=True)
class Situation:
    """The light's circumstances: they decide brightness, noise and colors together."""

    name: str
    key: tuple[float, float]
    """Range of the strongest light's irradiance."""
    ambient: tuple[float, float]
    nir_share: tuple[float, float]
    """How much near infrared the lights have relative to visible light."""
    brightness: tuple[float, float]
    """Linear value that the color camera's exposure gives the face."""
    blur_chance: float


SITUATIONS = (
    (Situation("daylight", (0.5, 1.6), (0.25, 0.7), (0.3, 1.0), (0.035, 0.36), 0.08), 0.26),
    (Situation("lamps", (0.25, 0.9), (0.06, 0.3), (0.1, 0.8), (0.03, 0.30), 0.15), 0.26),
    (Situation("side light", (0.8, 2.2), (0.02, 0.10), (0.2, 0.9), (0.03, 0.28), 0.12), 0.18),
    (Situation("street at night", (0.02, 0.15), (0.004, 0.03), (0.02, 0.2), (0.03, 0.16), 0.35), 0.20),
    (Situation("dark", (0.0, 0.01), (0.001, 0.006), (0.0, 0.1), (0.015, 0.09), 0.40), 0.10),
)
BY_LIGHT = 3
"""So many of SITUATIONS, from the first on, are light enough for a portrait."""
FROM_ABOVE = 0.7
"""Share of rooms and days whose strongest light is high: eyes, upper lip and the nose's underside lie in shadow."""
AT_REST = 0.55
"""Share of portraits without any expression."""


@dataclass(frozen=True, eq=False)
class Shot:
    """A sample before anything is rendered: who stands where, the camera, the light, and the draws still to come."""

    figure: Figure
    rng: np.random.Generator
    seed: int
    identity: int
    pose_deg: tuple[float, float, float]
    gaze_deg: tuple[float, float]
    ambient_celsius: float
    tags: Tag
    toward: int
    intrinsics: NDArray[np.float32]
    surface_mm: float
    situation: Situation
    lighting: Lighting
    portrait: bool = False
    """Photographed by light and sharply."""


def draw_face(rig: Rig, seed: int, identity: int, portrait: bool = False) -> FaceSample:
    """Draw the sample `seed` of person `identity` (>= 0). The same arguments give the same bytes.

    Args:
        portrait: somebody who looks about ahead, by light, with nothing before the face, sharply: for what is learnt
            from such pictures alone, of which there is else one in thirteen.
    """
    return _photograph(stage_face(rig, seed, identity, portrait))


def draw_clutter(rig: Rig, seed: int, identity: int) -> FaceSample:
    """Draw a region without any head: clutter alone, or with clothes and hands before it.

    Args:
        identity: a negative number; like a person's it decides about training or validation.
    """
    return _photograph(stage_clutter(rig, seed, identity))


def stage_face(rig: Rig, seed: int, identity: int, portrait: bool = False) -> Shot:
    """What `draw_face` photographs."""
    rng = np.random.default_rng([seed, 3 if portrait else 1])
    person = draw_identity(identity, len(rig.model.identity_modes))
    pose = draw_portrait_pose(rng) if portrait else draw_pose(rng)
    expression = draw_expression(rng)
    if portrait and rng.random() < AT_REST:
        expression = Expression({}, expression.gaze_deg)
    outfit = _draw_outfit(person, rng)
    if portrait:
        outfit = Outfit(glasses=outfit.glasses, hat=outfit.hat and rng.random() < 0.2)
    ambient = float(rng.normal(22, 3.5))
    surface_mm = float(np.exp(rng.uniform(np.log(450), np.log(2200))))
    direction = np.array([np.tan(np.radians(rng.uniform(-22, 22))), np.tan(np.radians(rng.uniform(-16, 16))), 1.0])
    follow = rng.uniform(0.2, 0.5) if abs(pose[0]) < 70 else rng.uniform(0.5, 1.0)
    figure = rig.pose_person(
        person, expression, outfit, pose, direction * (surface_mm + 95.0), ambient, seed, body_turn=follow
    )
    tags = Tag(0)
    tags |= Tag.GLASSES if outfit.glasses else Tag(0)
    tags |= Tag.SUNGLASSES | Tag.GLASSES if outfit.sunglasses else Tag(0)
    tags |= Tag.HAT if outfit.hat else Tag(0)
    tags |= Tag.MASK if outfit.mask else Tag(0)
    tags |= Tag.HAND if outfit.hands else Tag(0)
    tags |= Tag.BEARD if person.beard > 0.3 else Tag(0)
    tags |= Tag.LONG_HAIR if person.hair_style in (HairStyle.LONG, HairStyle.MEDIUM) else Tag(0)
    tags |= Tag.BLINK if figure.openness.min() < 0.5 else Tag(0)
    tags |= Tag.AWAY if abs(pose[0]) >= AWAY_DEG else Tag(0)
    yaw = abs(pose[0])
    toward = 1 if yaw <= TOWARD_DEG else 0 if yaw >= AWAY_DEG else -1
    return _stage(figure, rng, seed, identity, pose, expression.gaze_deg, ambient, tags, toward, portrait)


def stage_clutter(rig: Rig, seed: int, identity: int) -> Shot:
    """What `draw_clutter` photographs."""
    rng = np.random.default_rng([seed, 2])
    ambient = float(rng.normal(22, 3.5))
    center = np.array([0.0, 0.0, np.exp(rng.uniform(np.log(450), np.log(2200)))])
    patches: list[Patch] = []
    kind = rng.random()
    skin = draw_identity(int(rng.integers(1 << 30)), 1).skin
    if kind < 0.3:  # a body whose head lies outside the region
        torso = accessories.torso(ambient, rng)
        lift = np.array([rng.uniform(-14, 14), rng.uniform(24, 40), 0.0], np.float32)
        patches.append(Patch(torso.vertices + lift, torso.triangles, torso.attributes, torso.material))
    if 0.2 < kind < 0.55:
        for _ in range(rng.integers(1, 3)):
            place = np.array([rng.uniform(-9, 9), rng.uniform(-9, 9), rng.uniform(0, 8)])
            patches += accessories.hand(skin, rng, place)
    if not patches:  # a sliver of cloth far outside keeps the drawing code to one path
        torso = accessories.torso(ambient, rng)
        away = np.array([0.0, -200.0, 0.0], np.float32)
        patches.append(Patch(torso.vertices + away, torso.triangles, torso.attributes, torso.material))
    turn = (rng.uniform(-70, 70), rng.uniform(-15, 15), rng.normal(0, 8))
    figure = faceless_figure(patches, turn, center)
    return _stage(figure, rng, seed, identity, (0.0, 0.0, 0.0), (0.0, 0.0), ambient, Tag.FACELESS, 0)


def draw_pose(rng: np.random.Generator) -> tuple[float, float, float]:
    """Draw yaw, pitch, roll in degrees: 75 % toward the camera, 10 % near the profile, 15 % turned away."""
    kind = rng.random()
    if kind < 0.75:
        yaw = rng.normal(0, 27)
        while abs(yaw) > TOWARD_DEG:
            yaw = rng.normal(0, 27)
    elif kind < 0.85:
        yaw = rng.choice([-1, 1]) * rng.uniform(TOWARD_DEG, AWAY_DEG)
    else:
        yaw = rng.choice([-1, 1]) * rng.uniform(AWAY_DEG, 180)
    pitch, roll = np.clip(rng.normal(-2, 13), -38, 38), np.clip(rng.normal(0, 10), -38, 38)
    return float(yaw), float(pitch), float(roll)


def draw_portrait_pose(rng: np.random.Generator) -> tuple[float, float, float]:
    """Draw yaw, pitch, roll in degrees of somebody who looks about into the camera."""
    yaw, pitch, roll = np.clip(rng.normal((0, -2, 0), (8, 6, 4)), -16, 16)
    return float(yaw), float(pitch), float(roll)


def _draw_outfit(person: Identity, rng: np.random.Generator) -> Outfit:
    wears = rng.random() < (0.75 if person.owns_glasses else 0.08)
    dark = wears and rng.random() < 0.14
    return Outfit(
        glasses=wears and not dark,
        sunglasses=dark,
        hat=bool(rng.random() < 0.13),
        mask=bool(rng.random() < 0.09),
        hands=int(rng.random() < 0.09),
    )


def draw_lighting(rng: np.random.Generator, situation: Situation, distance_mm: float) -> Lighting:
    """Draw lights for a situation; the ring light is strong enough to show a subject at `distance_mm`."""
    count = int(rng.integers(1, 4))
    azimuth = rng.uniform(-1.7, 1.7, count)
    elevation = rng.uniform(-0.25, 1.25, count)
    if situation.name == "side light":
        azimuth[0] = rng.choice([-1, 1]) * rng.uniform(0.9, 1.9)
        elevation[0] = rng.uniform(-0.2, 0.6)
    elif situation.name in ("daylight", "lamps") and rng.random() < FROM_ABOVE:
        elevation[0] = rng.uniform(0.6, 1.35)
    directions = np.stack(
        [
            np.sin(azimuth) * np.cos(elevation),
            -np.sin(elevation),
            -np.cos(azimuth) * np.cos(elevation),
        ],
        axis=1,
    ).astype(np.float32)
    strength = rng.uniform(*situation.key) * np.where(np.arange(count) == 0, 1.0, rng.uniform(0.1, 0.6, count))
    warm = rng.normal(0.05, 0.12, count)
    tint = 1 + warm[:, None] * np.array([1.0, 0.1, -1.3])
    if situation.name in ("street at night", "dark") and rng.random() < 0.6:
        tint[0] = np.array([[1.0, 0.6, 0.2], [1.0, 0.25, 0.2], [0.4, 0.6, 1.0], [0.3, 1.0, 0.5]])[rng.integers(4)]
    colors = (strength[:, None] * np.clip(tint, 0.05, 2)).astype(np.float32)
    ambient = rng.uniform(*situation.ambient)
    hue = 1 + 0.1 * rng.normal(size=3)
    nir_share = rng.uniform(*situation.nir_share)
    sunlit = situation.name in ("daylight", "side light") and rng.random() < 0.45
    # With no filter, or in the sun, the surroundings' light outshines the camera's own.
    ring = 1.0 * (distance_mm / 1000) ** 2 * (rng.uniform(0.0, 0.5) if sunlit else rng.uniform(0.6, 1.6))
    if not sunlit:
        nir_share *= rng.choice([0.02, 0.3, 1.0])
    return Lighting(
        directions=directions,
        colors=colors,
        nir=(strength * nir_share).astype(np.float32),
        sky=(ambient * hue * rng.uniform(1.0, 1.6)).astype(np.float32),
        ground=(ambient * hue * rng.uniform(0.4, 0.9)).astype(np.float32),
        ambient_nir=float(ambient * nir_share),
        ring=float(ring),
    )


def _stage(
    figure: Figure,
    rng: np.random.Generator,
    seed: int,
    identity: int,
    pose: tuple[float, float, float],
    gaze: tuple[float, float],
    ambient_celsius: float,
    tags: Tag,
    toward: int,
    portrait: bool = False,
) -> Shot:
    intrinsics, surface_mm = _aim(figure, rng)
    choice = SITUATIONS[:BY_LIGHT] if portrait else SITUATIONS
    weights = np.array([weight for _, weight in choice])
    situation = choice[rng.choice(len(choice), p=weights / weights.sum())][0]
    lighting = draw_lighting(rng, situation, surface_mm)
    return Shot(
        figure,
        rng,
        seed,
        identity,
        pose,
        gaze,
        ambient_celsius,
        tags,
        toward,
        intrinsics,
        surface_mm,
        situation,
        lighting,
        portrait,
    )


def _photograph(shot: Shot) -> FaceSample:
    seen = see(shot.figure, shot.intrinsics, SIZE, SIZE)
    return develop(shot, seen, shade(shot.figure, shot.intrinsics, SIZE, SIZE, shot.lighting, shot.seed))


def develop(shot: Shot, seen: Visible, shaded: Shaded) -> FaceSample:
    """Read a rendered shot with every sensor; once only, since it goes on with the shot's draws."""
    figure, rng, tags = shot.figure, shot.rng, shot.tags
    intrinsics, surface_mm, ambient_celsius = shot.intrinsics, shot.surface_mm, shot.ambient_celsius
    situation, lighting = shot.situation, shot.lighting
    nearest_mm = surface_mm * rng.uniform(0.9, 1.05) if tags & Tag.FACELESS else surface_mm + rng.uniform(120, 400)
    backdrop = draw_backdrop(rng, SIZE, SIZE, nearest_mm, ambient_celsius)

    behind = np.where(backdrop.depth_mm < 5900, backdrop.depth_mm, np.inf)
    depth = np.where(seen.nearest >= 0, seen.depth_mm, behind).astype(np.float32)
    foreground = _labels(figure, seen)
    subject = foreground > BACKGROUND
    if tags & Tag.FACELESS or not subject.any():
        subject = np.ones_like(subject)
    linear, infrared = compose_light(shaded, backdrop, lighting, rng)

    if situation.name in ("street at night", "dark"):
        tags |= Tag.NIGHT
    native_color = SIZE
    if rng.random() < 0.35 and not shot.portrait:
        native_color = int(rng.uniform(32, 100))
        tags |= Tag.LOW_RESOLUTION
    blur = (0.0, 0.0)
    if rng.random() < situation.blur_chance and not shot.portrait:
        angle, length = rng.uniform(0, np.pi), rng.uniform(1.5, 7.0)
        blur = (length * np.cos(angle), length * np.sin(angle))
        tags |= Tag.MOTION_BLUR
    quality = int(rng.integers(25, 90)) if rng.random() < 0.4 else None
    color = sensors.color_camera(
        linear,
        subject,
        rng,
        brightness=float(np.exp(rng.uniform(*np.log(situation.brightness)))),
        native=native_color,
        blur_px=blur,
        jpeg_quality=quality,
    )

    structured = rng.random() < 0.5
    tags |= Tag.STRUCTURED_LIGHT if structured else Tag(0)
    sensor_focal = float(rng.choice([525.0, 420.0, 580.0, 640.0] if structured else [365.0, 365.0, 228.0, 300.0]))
    native_depth = int(np.clip(sensor_focal * REGION_MM / surface_mm, 40, SIZE))
    depth_sensor = read_depth(shaded, seen, depth, backdrop, rng, structured, native_depth, surface_mm)
    native_nir = native_depth if not structured and rng.random() < 0.7 else int(rng.uniform(56, SIZE + 1))
    level = float(rng.uniform(55, 215))
    nir = sensors.nir_camera(
        infrared, subject, rng, level=level, native=native_nir, gamma=float(rng.choice([1.0, 1.0, 0.6]))
    )
    if rng.random() < 0.25:
        nir = sensors.jpeg(nir, int(rng.integers(30, 90)))
    thermal = read_heat(shaded, backdrop, rng, ambient_celsius, int(np.exp(rng.uniform(np.log(20), np.log(140)))))

    center = project(figure.head_center_mm[None], intrinsics)[0]
    depth_clean = np.where(np.isfinite(depth), np.round(depth), 0).astype(np.uint16)
    marks, visible = _landmarks(figure, intrinsics, seen)
    return FaceSample(
        color=color,
        nir=nir,
        depth_clean=depth_clean,
        depth_sensor=depth_sensor,
        thermal=thermal,
        foreground=foreground,
        material=_materials(figure, seen),
        landmarks=marks,
        visible=visible,
        pose_deg=np.array(shot.pose_deg, np.float32),
        openness=figure.openness.astype(np.float32),
        gaze_deg=np.array(shot.gaze_deg, np.float32),
        head_center_mm=figure.head_center_mm.astype(np.float32),
        distance_mm=np.float32(mean_depth(depth_clean, center[0], center[1])),
        intrinsics=intrinsics,
        identity=np.int32(shot.identity),
        seed=np.int64(shot.seed),
        tags=np.uint32(int(tags)),
        toward_camera=np.int8(shot.toward),
    )


def _aim(figure: Figure, rng: np.random.Generator) -> tuple[NDArray[np.float32], float]:
    """Choose intrinsics so that REGION_MM at the surface before the head center fill the picture."""
    center = figure.head_center_mm
    on_axis = figure.points[:, :2] / figure.points[:, 2:] - center[:2] / center[2]
    near_axis = (np.abs(on_axis) * center[2] < 14.0).all(axis=1)
    ahead = figure.points[near_axis, 2]
    # Things held before the face do not move the face's surface.
    surface = float(ahead[ahead > center[2] - 150].min()) if (ahead > center[2] - 150).any() else float(center[2])
    focal = SIZE * REGION_MM**-1 * surface
    jitter = rng.normal(0, 2.0, 2)
    middle = (SIZE - 1) / 2 + jitter - focal * center[:2] / center[2]
    return np.array([focal, focal, middle[0], middle[1]], np.float32), surface


def _labels(figure: Figure, seen: Visible) -> NDArray[np.uint8]:
    material = figure.material[np.maximum(seen.nearest, 0)]
    return np.where(seen.nearest >= 0, LABEL[material], BACKGROUND).astype(np.uint8)


def _materials(figure: Figure, seen: Visible) -> NDArray[np.uint8]:
    return np.where(seen.nearest >= 0, figure.material[np.maximum(seen.nearest, 0)], NO_MATERIAL).astype(np.uint8)


def _landmarks(
    figure: Figure, intrinsics: NDArray[np.float32], seen: Visible
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Project the landmarks and say which nothing hides."""
    if not len(figure.landmarks_mm):
        return np.full((68, 2), -1, np.float32), np.zeros(68, bool)
    return visible_landmarks(figure, intrinsics, seen)


def visible_landmarks(
    figure: Figure, intrinsics: NDArray[np.float32], seen: Visible
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the 68 landmarks in pixels (68, 2) and whether each is seen (68,).

    Hidden: outside the picture, on a side turned away, behind another surface, or under hair, cloth, mask or hand.
    """
    height, width = seen.nearest.shape
    flat = project(figure.landmarks_mm, intrinsics)
    column, row = np.round(flat[:, 0]).astype(int), np.round(flat[:, 1]).astype(int)
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    column, row = np.clip(column, 0, width - 1), np.clip(row, 0, height - 1)
    surface = seen.depth_mm[row, column]
    sight = -figure.landmarks_mm / np.linalg.norm(figure.landmarks_mm, axis=1, keepdims=True)
    facing = (figure.landmark_normals * sight).sum(axis=1) > -0.2  # the rims of eyes and jaw are seen edge-on
    covers = COVERING[figure.material[np.maximum(seen.nearest, 0)]] & (seen.nearest >= 0)
    covered = covers[row, column]
    # On a slope the pixel's depth says little: what is covered all around is covered.
    deep = cv2.erode(covers.astype(np.uint8), np.ones((3, 3), np.uint8))[row, column] > 0
    behind = flat[:, 2] - surface
    hidden = (behind > CLOSE_MM) | (covered & (behind > 1.0)) | deep
    return flat[:, :2].copy(), inside & facing & ~hidden
