"""People wear beards and long hair that have a shape of their own, and carry their shoulders as people do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from training.faces.expression import YAWN_SHARE, Expression, draw_expression
from training.faces.identity import UPRIGHT, Build, HairStyle, Identity, draw_identity
from training.faces.materials import Material
from training.faces.scene import Figure, Outfit, Rig

CENTER = np.array([0.0, 0.0, 800.0])


def posed(rig: Rig, person: Identity, outfit: Outfit | None = None) -> Figure:
    return rig.pose_person(person, Expression(), outfit or Outfit(), (0, 0, 0), CENTER, 22.0, seed=1)


def somebody(rig: Rig, **what: Any) -> Identity:
    person = draw_identity(3, len(rig.model.identity_modes))
    shaven = replace(person, hair_style=HairStyle.BALD, beard=0.9, mustache=0.9, beard_length_cm=0.0, build=UPRIGHT)
    return replace(shaven, **what)


def points_of(figure: Figure, material: Material) -> np.ndarray:
    """(N, 3) corners of a material's triangles, mm."""
    return figure.points[np.unique(figure.triangles[figure.material == material])]


def test_a_long_beard_stands_off_the_chin_and_leaves_the_face_as_it_is(real_rig: Rig) -> None:
    stubble, bearded = (posed(real_rig, somebody(real_rig, beard_length_cm=length)) for length in (0.0, 2.0))
    assert len(points_of(stubble, Material.HAIR)) == 0
    beard = points_of(bearded, Material.HAIR)
    chin = bearded.landmarks_mm[8]
    below = beard[np.abs(beard[:, 0] - chin[0]) < 15]
    assert 5 < chin[2] - below[:, 2].min() < 45, "nearer to the camera than the chin"
    assert below[:, 1].max() > chin[1] + 4, "and lower"
    lips = bearded.landmarks_mm[60:68]
    assert np.linalg.norm(beard[:, None, :2] - lips[None, :, :2], axis=2).min() > 1.0, "the mouth is free"
    np.testing.assert_array_equal(bearded.landmarks_mm, stubble.landmarks_mm)


def test_a_mask_lies_over_the_beard(real_rig: Rig) -> None:
    masked = posed(real_rig, somebody(real_rig, beard_length_cm=2.0), Outfit(mask=True))
    assert len(points_of(masked, Material.HAIR)) == 0


def test_long_hair_with_flare_is_wider_and_comes_before_the_shoulders(mesh_rig: Rig) -> None:
    straight, wide = (
        points_of(
            posed(
                mesh_rig,
                somebody(mesh_rig, hair_style=HairStyle.LONG, hair_thickness_cm=1.5, hair_flare=flare, beard=0.0),
            ),
            Material.HAIR,
        )
        for flare in (0.0, 1.0)
    )
    below = [hair[hair[:, 1] > 60] for hair in (straight, wide)]
    assert np.ptp(below[1][:, 0]) > np.ptp(below[0][:, 0]) + 40
    assert below[1][:, 2].min() < below[0][:, 2].min() - 10


@pytest.mark.parametrize(("up", "back"), [(0.0, 3.0), (2.0, 0.0), (2.5, 3.5)])
def test_shoulders_lie_as_far_back_and_high_as_the_build_says(mesh_rig: Rig, up: float, back: float) -> None:
    plain, moved = (
        posed(mesh_rig, somebody(mesh_rig, build=build)) for build in (UPRIGHT, Build(neck=5.9, back=back, up=up))
    )
    cloth = [points_of(figure, Material.CLOTH).mean(axis=0) for figure in (plain, moved)]
    assert cloth[1][1] - cloth[0][1] == pytest.approx(-10 * up, rel=0.1, abs=0.5)
    assert cloth[1][2] - cloth[0][2] == pytest.approx(10 * back, rel=0.1, abs=0.5)
    np.testing.assert_array_equal(plain.landmarks_mm, moved.landmarks_mm)


def test_people_differ_in_neck_shoulders_beard_and_hair_and_are_the_same_again() -> None:
    people = [draw_identity(number, 8) for number in range(600)]
    backs = np.array([p.build.back for p in people])
    assert 1.5 < backs.mean() < 2.3
    assert backs.std() > 0.7
    lengths = np.array([p.beard_length_cm for p in people])
    assert 0.1 < (lengths > 0.15).mean() < 0.35
    assert all(p.beard > 0.4 for p in people if p.beard_length_cm > 0)
    assert max(p.hair_thickness_cm for p in people) > 4.0, "curls that stand off"
    again = draw_identity(7, 8)
    assert (again.build, again.beard_length_cm) == (people[7].build, people[7].beard_length_cm)


def test_some_people_yawn_with_the_jaw_far_down() -> None:
    rng = np.random.default_rng(4)
    drawn = [draw_expression(rng) for _ in range(3000)]
    wide = np.mean([one.weights.get("jawOpen", 0.0) >= 0.6 for one in drawn])
    assert wide > YAWN_SHARE
    assert all(0.0 <= weight <= 1.0 for one in drawn for weight in one.weights.values())
