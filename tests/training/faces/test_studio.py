"""Samples: the same seed gives the same bytes, and the truth fits the pictures."""

from __future__ import annotations

from dataclasses import fields

import cv2
import numpy as np
import pytest

from training.faces.expression import Expression, both, eye_openness
from training.faces.identity import draw_identity
from training.faces.rasterizer import project
from training.faces.readings import mean_depth
from training.faces.sample import BACKGROUND, LAYOUT, OCCLUDER, PERSON, SIZE, FaceSample, Tag
from training.faces.studio import draw_clutter, draw_face, draw_pose
from training.studies.face_contrast import contrasts

SEEDS = range(12)


@pytest.fixture(scope="module")
def samples(mesh_rig) -> list[FaceSample]:
    return [draw_face(mesh_rig, seed, seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def clutter(mesh_rig) -> list[FaceSample]:
    return [draw_clutter(mesh_rig, seed, -1 - seed) for seed in SEEDS]


@pytest.mark.parametrize("draw", [draw_face, draw_clutter])
def test_the_same_seed_gives_the_same_bytes(mesh_rig, draw) -> None:
    first, again, other = draw(mesh_rig, 5, 7), draw(mesh_rig, 5, 7), draw(mesh_rig, 6, 7)
    for field in fields(FaceSample):
        assert np.asarray(getattr(first, field.name)).tobytes() == np.asarray(getattr(again, field.name)).tobytes()
    assert not np.array_equal(first.nir, other.nir)


def test_a_portrait_looks_ahead_by_light_with_nothing_before_the_face(mesh_rig) -> None:
    hidden = Tag.MASK | Tag.HAND | Tag.SUNGLASSES | Tag.NIGHT | Tag.LOW_RESOLUTION | Tag.MOTION_BLUR
    for seed in SEEDS:
        portrait = draw_face(mesh_rig, seed, seed, portrait=True)
        assert not int(portrait.tags) & hidden
        assert np.abs(portrait.pose_deg).max() <= 16
        assert portrait.toward_camera == 1
        assert portrait.identity == seed
    again = draw_face(mesh_rig, 0, 0, portrait=True)
    assert np.array_equal(again.color, draw_face(mesh_rig, 0, 0, portrait=True).color)
    assert not np.array_equal(again.color, draw_face(mesh_rig, 0, 0).color)


def test_every_field_has_the_stated_shape_and_type(samples, clutter) -> None:
    for sample in samples + clutter:
        for name, (shape, dtype) in LAYOUT.items():
            value = np.asarray(getattr(sample, name))
            assert (value.shape, value.dtype) == (shape, dtype), name


def test_the_head_center_lies_in_the_middle_of_the_picture(samples) -> None:
    for sample in samples:
        x, y, _ = project(sample.head_center_mm[None], sample.intrinsics)[0]
        assert abs(x - SIZE / 2) < 12
        assert abs(y - SIZE / 2) < 12


def test_the_picture_is_400_mm_wide_at_the_face(samples) -> None:
    for sample in samples:
        if not int(sample.tags) & (Tag.HAND | Tag.HAT):
            assert sample.intrinsics[0] * 400 / sample.distance_mm == pytest.approx(SIZE, rel=0.08)


def test_the_distance_is_the_mean_depth_around_the_center(samples) -> None:
    for sample in samples:
        x, y, _ = project(sample.head_center_mm[None], sample.intrinsics)[0]
        assert sample.distance_mm == pytest.approx(mean_depth(sample.depth_clean, x, y))
        assert 300 < sample.distance_mm < 2600


def test_mean_depth_ignores_holes_and_widens_when_all_is_hole() -> None:
    depth = np.zeros((60, 60), np.uint16)
    assert mean_depth(depth, 30, 30) == 0
    depth[30, 45] = 700  # outside 11 x 11 and 21 x 21, inside 41 x 41
    assert mean_depth(depth, 30, 30) == 700
    depth[30, 31] = 900
    assert mean_depth(depth, 30, 30) == 900


def test_visible_landmarks_lie_on_the_clean_depth(samples) -> None:
    checked = 0
    for sample in samples:
        x, y = np.round(sample.landmarks[sample.visible]).astype(int).T
        if not len(x):
            continue
        depth = sample.depth_clean[y, x].astype(float)
        on_person = sample.foreground[y, x] == PERSON
        reach = np.abs(depth - sample.head_center_mm[2])
        assert (reach[on_person] < 190).all()
        checked += on_person.sum()
        grown = cv2.dilate((sample.foreground == PERSON).astype(np.uint8), np.ones((3, 3)))
        assert grown[y, x].all()  # the silhouette's points may round to a pixel outside
    assert checked > 100


def test_hands_are_occluders_and_turned_heads_are_no_faces(mesh_rig) -> None:
    tags = {}
    for seed in range(60):
        sample = draw_face(mesh_rig, 1000 + seed, seed)
        yaw = abs(float(sample.pose_deg[0]))
        assert sample.toward_camera == (1 if yaw <= 65 else 0 if yaw >= 80 else -1)
        assert bool(int(sample.tags) & Tag.AWAY) == (yaw >= 80)
        tags[seed] = int(sample.tags)
        if (sample.foreground == OCCLUDER).any():
            assert int(sample.tags) & Tag.HAND
    assert any(tag & Tag.HAND for tag in tags.values())
    assert any(tag & Tag.STRUCTURED_LIGHT for tag in tags.values())


def test_three_quarters_of_the_heads_look_toward_the_camera() -> None:
    rng = np.random.default_rng(1)
    poses = np.array([draw_pose(rng) for _ in range(4000)])
    yaw = np.abs(poses[:, 0])
    assert (yaw <= 65).mean() == pytest.approx(0.75, abs=0.03)
    assert (yaw >= 80).mean() == pytest.approx(0.15, abs=0.03)
    assert np.abs(poses[:, 1:]).max() <= 38


def test_clutter_has_no_head_and_is_never_plain(clutter) -> None:
    for sample in clutter:
        assert int(sample.tags) & Tag.FACELESS
        assert sample.toward_camera == 0
        assert not sample.visible.any()
        assert (sample.landmarks == -1).all()
        assert sample.identity < 0
    assert np.mean([sample.color.std() for sample in clutter]) > 10
    assert np.mean([len(np.unique(sample.depth_clean)) for sample in clutter]) > 60


def test_backgrounds_of_faces_have_structure_in_every_modality(samples) -> None:
    spread = {name: [] for name in ("color", "nir", "depth_clean", "thermal")}
    for sample in samples:
        behind = sample.foreground == BACKGROUND
        for name, values in spread.items():
            values.append(float(np.asarray(getattr(sample, name))[behind].std()))
    assert np.median(spread["color"]) > 5
    assert np.median(spread["nir"]) > 5
    assert np.median(spread["depth_clean"]) > 30
    assert np.median(spread["thermal"]) > 15  # hundredths of a kelvin


def test_skin_and_room_have_plausible_temperatures(samples) -> None:
    for sample in samples:
        celsius = sample.thermal / 100 - 273.15
        assert celsius.min() > -15
        assert celsius.max() < 60
        warm = celsius[sample.foreground == PERSON]
        assert 24 < np.percentile(warm, 90) < 38


def test_sensor_depth_has_holes_at_edges_and_small_errors_inside(samples) -> None:
    at_edges, inside, errors = [], [], []
    for sample in samples:
        clean = sample.depth_clean.astype(np.float32)
        step = cv2.dilate(clean, np.ones((5, 5))) - cv2.erode(clean, np.ones((5, 5))) > 60
        person = (sample.foreground == PERSON) & (clean > 0)
        core = cv2.erode((person & ~step).astype(np.uint8), np.ones((7, 7))) > 0
        at_edges.append((sample.depth_sensor[person & step] == 0).mean())
        inside.append((sample.depth_sensor[core] == 0).mean())
        read = core & (sample.depth_sensor > 0)
        errors.append(np.median(np.abs(sample.depth_sensor[read] - clean[read])))
    assert np.mean(at_edges) > 2 * np.mean(inside)
    assert np.mean(at_edges) > 0.05
    assert np.median(errors) < 12


@pytest.mark.parametrize("rig_name", ["mesh_rig", "real_rig"])
def test_openness_falls_as_the_eyes_close(rig_name: str, request) -> None:
    model = request.getfixturevalue(rig_name).model
    for number in range(8):
        person = draw_identity(number, len(model.identity_modes))
        values = [
            eye_openness(model, person.coefficients, model.shape(person.coefficients, both("eyeBlink", weight)))
            for weight in (0.0, 0.25, 0.5, 0.75, 1.0)
        ]
        assert values[0] == pytest.approx([1, 1], abs=1e-3)
        assert values[-1] == pytest.approx([0, 0], abs=0.02)
        assert (np.diff(values, axis=0) < 0).all()


def test_one_blinking_eye_is_told_from_the_other(real_rig) -> None:
    model = real_rig.model
    person = draw_identity(1, len(model.identity_modes))
    vertices = model.shape(person.coefficients, {"eyeBlink_R": 1.0})
    right, left = eye_openness(model, person.coefficients, vertices)
    assert right < 0.1
    assert left > 0.9


def test_gaze_moves_the_lids(real_rig) -> None:
    model = real_rig.model
    person = draw_identity(1, len(model.identity_modes))
    down = model.shape(person.coefficients, Expression(gaze_deg=(0, -20)).lids_follow())
    assert (eye_openness(model, person.coefficients, down) < 0.85).all()


def test_the_real_model_renders(real_rig) -> None:
    sample = draw_face(real_rig, 3, 3)
    assert (sample.foreground == PERSON).mean() > 0.15
    assert sample.nir.std() > 5
    twice = draw_face(real_rig, 3, 3)
    assert np.array_equal(sample.color, twice.color)
    assert np.array_equal(sample.depth_sensor, twice.depth_sensor)


def test_lips_eyes_and_hollows_of_portraits_are_as_dark_as_those_of_real_faces(real_rig) -> None:
    found = []
    for seed in range(40):
        sample = draw_face(real_rig, seed, seed, portrait=True)
        if max(abs(sample.pose_deg[:2])) < 12 and sample.visible[17:].mean() > 0.9:
            found.append(contrasts((sample.color, sample.landmarks.astype(np.float64))))
    lit = [one for one in found if one is not None]
    assert len(lit) >= 8
    # between photographs in even light and cameras under a ceiling lamp (docs/training.md, "Faces in their light")
    for part, least, most in (("upper lip", 0.4, 0.68), ("eyes", 0.4, 0.72), ("under the nose", 0.5, 0.8)):
        green = np.median([one[part][1] for one in lit])
        assert least < green < most, part
    assert np.median([one["tip of the nose"][1] for one in lit]) > 1


def test_wide_eyes_are_a_persons_neutral_and_closing_takes_them_back() -> None:
    neutral = {"eyeWide_L": 0.6, "eyeWide_R": 0.6}
    assert Expression({}).on_top_of(neutral)["eyeWide_L"] == pytest.approx(0.6)
    shut = Expression(both("eyeBlink", 1.0)).on_top_of(neutral)
    assert shut["eyeWide_L"] == 0.0
    assert Expression({"eyeWide_L": 0.9}).on_top_of(neutral)["eyeWide_L"] == 1.0
