"""A person put together: head, hair, what is worn and the body, posed before a camera."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from training.faces import accessories
from training.faces.accessories import Lenses
from training.faces.expression import Expression, both, eye_openness
from training.faces.hair import beard_patches, hair_patches
from training.faces.identity import UPRIGHT, Build, Identity, head_materials, paint_head
from training.faces.landmark_sites import LandmarkFinder
from training.faces.lids import Lids
from training.faces.materials import Patch
from training.faces.model import FaceModel
from training.faces.pose import MODEL_TO_HEAD_MM, rotation_from_pose
from training.faces.proportions import in_proportion
from training.faces.rasterizer import vertex_normals
from training.faces.regions import Regions, build_regions, smooth_step

NECK_CM = np.array([0.0, -9.0, 1.0], np.float32)
"""About which point the head turns against the body, in model coordinates."""
NECK_AXIS = np.array([0.0, -0.4], np.float32)
"""x and z of the middle of the neck, in model coordinates."""
HOLDING_TURN = 0.45
"""Turn (radians, in the frontal plane) of a hand that holds something at the own right temple, the forearm below."""


@dataclass(frozen=True)
class Outfit:
    """What somebody wears or holds before the face."""

    glasses: bool = False
    sunglasses: bool = False
    hat: bool = False
    mask: bool = False
    hands: int = 0
    glasses_offset_cm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """How far from their place the glasses are (while somebody puts them on), in model axes."""
    hand_at_cm: tuple[float, float, float] | None = None
    """A further hand with its palm here, in model axes."""
    at_the_wheel: bool = False
    """Dressed in plain cloth, with arms, and a seat belt from the own left shoulder."""


@dataclass(frozen=True, eq=False)
class Figure:
    """Surfaces in camera axes (mm) with their ground truth."""

    points: NDArray[np.float32]
    """(N, 3) vertices."""
    normals: NDArray[np.float32]
    """(N, 3) unit normals."""
    triangles: NDArray[np.int32]
    """(M, 3)."""
    attributes: NDArray[np.float32]
    """(N, ATTRIBUTES)."""
    material: NDArray[np.uint8]
    """(M,) Material of every triangle."""
    lenses: Lenses | None
    """Glass before the eyes, its vertices in camera axes (mm)."""
    landmarks_mm: NDArray[np.float32]
    """(68, 3); empty (0, 3) without a head."""
    landmark_normals: NDArray[np.float32]
    """(68, 3)."""
    head_center_mm: NDArray[np.float32]
    """(3,) inside the head, see head_center."""
    openness: NDArray[np.float32]
    """(2,) right and left eye."""
    shoulders_cm: NDArray[np.float32] = field(default_factory=lambda: np.zeros(3, np.float32))
    """(3,) how far the body stands from where the model has it, in model axes."""


class Rig:
    """The face model with everything that is computed once: masks and materials."""

    def __init__(self, model: FaceModel) -> None:
        self.model = model
        self.regions: Regions = build_regions(model)
        self.head_material = head_materials(model)
        self.landmarks = LandmarkFinder(model)
        self.lids = Lids(model)
        x, y, _ = model.vertices.T
        self._shoulders = np.flatnonzero((y < -9.5) | ((y < -7.2) & (np.abs(x) > 6.3)))

    def _tuck_shoulders(self, vertices: NDArray[np.float32], build: Build) -> NDArray[np.float32]:
        """Make a column of what lies below the throat, so that the model's bare shoulders stay under the clothes.

        The column is as wide as the neck and leans back to where the shoulders are.
        """
        tucked = vertices.copy()
        out = vertices[self._shoulders][:, [0, 2]] - NECK_AXIS
        reach = np.hypot(out[:, 0], out[:, 1])[:, None]
        # Under the jaw the throat is the model's own; a wide neck is wide from below the chin on.
        foot = smooth_step(-vertices[self._shoulders, 1], 9.5, 11.5)[:, None]
        scale = (UPRIGHT.neck + (build.neck - UPRIGHT.neck) * foot) / np.maximum(reach, 1e-6)
        wider = 1.0 + (np.clip(scale, 1.0, 1.25) - 1.0) * foot * (build.neck > UPRIGHT.neck)
        tucked[self._shoulders[:, None], [0, 2]] = NECK_AXIS + out * np.where(scale < 1.0, scale, wider)
        tucked[:, 2] -= build.back * smooth_step(-self.model.vertices[:, 1], 8.6, 14.0)  # chins stay where they are
        return tucked

    def pose_person(
        self,
        person: Identity,
        expression: Expression,
        outfit: Outfit,
        pose_deg: tuple[float, float, float],
        center_mm: NDArray,
        ambient_celsius: float,
        seed: int,
        body_turn: float = 0.35,
    ) -> Figure:
        """Return `person` with the head center at `center_mm` in camera axes.

        Args:
            pose_deg: yaw, pitch, roll as pose.py defines them.
            seed: decides what the outfit and clothes look like; the same seed dresses the same.
            body_turn: share of the head's yaw that the shoulders follow.
        """
        model = self.model
        neutral = both("eyeWide", person.wide_eyes)
        shape = self.lids.over(model.shape(person.coefficients, expression.on_top_of(neutral)))
        shape = in_proportion(shape, model.vertices, person.mouth_lift_cm, person.chin_drop_cm)
        vertices = self._tuck_shoulders(shape, person.build)
        normals = vertex_normals(vertices, model.triangles)
        marks = vertices[model.landmarks]
        center_cm = head_center(marks)
        attributes = paint_head(person, model, self.regions, ambient_celsius, expression.gaze())
        rng = np.random.default_rng([seed, 11])
        worn: list[Patch] = hair_patches(
            person, model, self.regions, vertices, normals, ambient_celsius, flattened=outfit.hat
        )
        if not outfit.mask:
            worn += beard_patches(person, model, self.regions, vertices, normals, ambient_celsius)
        if outfit.hat:
            worn += accessories.hat(
                model, self.regions, vertices, normals, ambient_celsius, np.random.default_rng([seed, 12])
            )
        lenses = None
        if outfit.glasses or outfit.sunglasses:
            frame, lenses = accessories.glasses(
                person, marks, ambient_celsius, np.random.default_rng([person.texture_seed, 3]), outfit.sunglasses
            )
            shift = np.array(outfit.glasses_offset_cm, np.float32)
            worn += [Patch(p.vertices + shift, p.triangles, p.attributes, p.material) for p in frame]
            lenses = replace(lenses, vertices=lenses.vertices + shift)
        if outfit.mask:
            worn.append(accessories.face_mask(model, vertices, ambient_celsius, np.random.default_rng([seed, 13])))
        for _ in range(outfit.hands):
            worn += accessories.hand(person.skin, rng)
        if outfit.hand_at_cm is not None:
            worn += accessories.hand(
                person.skin, np.random.default_rng([seed, 15]), np.array(outfit.hand_at_cm), HOLDING_TURN
            )
        tailor = np.random.default_rng([seed, 14])
        plain = 0.3 if outfit.at_the_wheel else None
        opening = float(np.random.default_rng([seed, 16]).uniform(0.0, 2.2))
        body = [accessories.torso(ambient_celsius, tailor, plain, person.build.neck, opening)]
        if outfit.at_the_wheel:
            body += accessories.sleeves(body[0], ambient_celsius, tailor)
            body.append(accessories.seat_belt(body[0], ambient_celsius))

        yaw, pitch, roll = pose_deg
        rotation = rotation_from_pose(yaw, pitch, roll)
        body_rotation = rotation_from_pose(yaw * body_turn, pitch * 0.15, roll * 0.2)
        center_mm = np.asarray(center_mm, np.float32)

        def with_head(points_cm: NDArray) -> NDArray[np.float32]:
            return ((points_cm - center_cm) * MODEL_TO_HEAD_MM) @ rotation.T + center_mm

        neck_mm = with_head(NECK_CM[None])[0]

        def with_body(points_cm: NDArray) -> NDArray[np.float32]:
            return ((points_cm - NECK_CM) * MODEL_TO_HEAD_MM) @ body_rotation.T + neck_mm

        shoulders = np.array([0.0, person.build.up, -person.build.back], np.float32)

        head_mm = with_head(vertices)
        # The throat bends from the head's rotation to the body's.
        share = smooth_step(-model.vertices[:, 1], 9, 17)[:, None]
        head_mm = head_mm * (1 - share) + with_body(vertices) * share
        head = Patch(head_mm, model.triangles, attributes, self.head_material)
        parts = [head]
        parts += [Patch(with_head(p.vertices), p.triangles, p.attributes, p.material) for p in worn]
        parts += [Patch(with_body(p.vertices + shoulders), p.triangles, p.attributes, p.material) for p in body]
        if lenses is not None:
            lenses = replace(lenses, vertices=with_head(lenses.vertices).astype(np.float32))
        merged = merge(parts)
        head_normals = vertex_normals(head_mm.astype(np.float32), model.triangles)
        sites = self.landmarks.sites(person.brow_drop_cm, person.brow_tilt_cm)
        return Figure(
            *merged,
            lenses=lenses,
            landmarks_mm=sites.of(head_mm),
            landmark_normals=sites.of(head_normals),
            head_center_mm=center_mm,
            openness=eye_openness(model, person.coefficients, vertices, neutral),
            shoulders_cm=shoulders,
        )


def head_center(marks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (3,) the head center in model coordinates (cm) from the landmarks (68, 3).

    Inside the head a little before the ears, at the height of the middle of the nose's ridge: about where a body
    tracker puts its head joint, and so that its projection lies in the middle of a frontal face.
    """
    ears = (marks[0] + marks[16]) / 2
    return np.array([ears[0], marks[27:31, 1].mean(), ears[2] - 0.6], np.float32)


def with_surroundings(figure: Figure, patches: list[Patch]) -> Figure:
    """Return the figure with further surfaces (camera axes, mm) around it; the ground truth stays the person's."""
    own = Patch(figure.points, figure.triangles, figure.attributes, figure.material)
    points, _, triangles, attributes, material = merge([own, *patches])
    around = vertex_normals(points[len(figure.points) :], triangles[len(figure.triangles) :] - len(figure.points))
    return replace(
        figure,
        points=points,
        normals=np.concatenate([figure.normals, around]),
        triangles=triangles,
        attributes=attributes,
        material=material,
    )


def on_body(
    rig: Rig, figure: Figure, patches: list[Patch], pose_deg: tuple[float, float, float], body_turn: float
) -> list[Patch]:
    """Return patches of the model's axes in camera axes (mm), turned about the figure's neck as its body is.

    Args:
        pose_deg: the head's yaw, pitch and roll that the figure was posed with.
        body_turn: share of the yaw that the shoulders follow.
    """
    yaw, pitch, roll = pose_deg
    middle = head_center(rig.model.vertices[rig.model.landmarks])
    neck = ((NECK_CM - middle) * MODEL_TO_HEAD_MM) @ rotation_from_pose(*pose_deg).T + figure.head_center_mm
    body = rotation_from_pose(yaw * body_turn, pitch * 0.15, roll * 0.2)
    return [
        Patch(
            (((p.vertices + figure.shoulders_cm - NECK_CM) * MODEL_TO_HEAD_MM) @ body.T + neck).astype(np.float32),
            p.triangles,
            p.attributes,
            p.material,
        )
        for p in patches
    ]


def moved(figure: Figure, rotation: NDArray[np.float32], translation_mm: NDArray[np.float32]) -> Figure:
    """Return the figure in the axes of another camera: p -> rotation @ p + translation_mm."""
    turn = rotation.T.astype(np.float32)
    lenses = figure.lenses
    if lenses is not None:
        lenses = replace(lenses, vertices=lenses.vertices @ turn + translation_mm)
    return replace(
        figure,
        points=figure.points @ turn + translation_mm,
        normals=figure.normals @ turn,
        lenses=lenses,
        landmarks_mm=figure.landmarks_mm @ turn + translation_mm,
        landmark_normals=figure.landmark_normals @ turn,
        head_center_mm=figure.head_center_mm @ turn + translation_mm,
    )


def faceless_figure(patches: list[Patch], pose_deg: tuple[float, float, float], center_mm: NDArray) -> Figure:
    """Return surfaces without a head (a torso, hands), their model origin at `center_mm`."""
    rotation = rotation_from_pose(*pose_deg)
    center = np.asarray(center_mm, np.float32)
    placed = [
        Patch((p.vertices * MODEL_TO_HEAD_MM) @ rotation.T + center, p.triangles, p.attributes, p.material)
        for p in patches
    ]
    nothing = np.zeros((0, 3), np.float32)
    return Figure(
        *merge(placed),
        lenses=None,
        landmarks_mm=nothing,
        landmark_normals=nothing,
        head_center_mm=center,
        openness=np.zeros(2, np.float32),
    )


def merge(
    patches: list[Patch],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int32], NDArray[np.float32], NDArray[np.uint8]]:
    """Join patches (camera axes) to points, normals, triangles, attributes and materials."""
    starts = np.cumsum([0] + [len(p.vertices) for p in patches])
    points = np.concatenate([p.vertices for p in patches]).astype(np.float32)
    triangles = np.concatenate([p.triangles + s for p, s in zip(patches, starts, strict=False)]).astype(np.int32)
    attributes = np.concatenate([p.attributes for p in patches])
    material = np.concatenate([np.broadcast_to(np.asarray(p.material, np.uint8), (len(p.triangles),)) for p in patches])
    return points, vertex_normals(points, triangles), triangles, attributes, material
