from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.frame import Intrinsics
from engines.models.face_finder import FoundFace
from pipeline.steps.find import FindConfig, Finder, Source
from pipeline.steps.haar import Haar, Look
from pipeline.steps.heads import HeadShape, find_heads
from pipeline.steps.search import ImageSearch, head_of, region_of
from tests.pipeline.scenes import KINECT_1, KINECT_2, Person, room

CAMERAS = pytest.mark.parametrize("camera", [KINECT_1, KINECT_2], ids=["640x480", "512x424"])


def seen_at(camera: Intrinsics, person: Person) -> tuple[float, float]:
    x, y = camera.project(np.array([person]))[0]
    return float(x), float(y)


@CAMERAS
@pytest.mark.parametrize("distance", [0.5, 0.9, 1.5, 2.5, 3.2])
def test_a_head_is_found_at_every_distance(camera: Intrinsics, distance: float) -> None:
    person = (0.02, -0.05, distance)
    heads = find_heads(room(camera, [person], noise_mm=3.0), camera)
    assert heads
    best = heads[0]
    x, y = seen_at(camera, person)
    mm_px = camera.fx / (distance * 1000.0)
    assert abs(best.center_px[0] - x) < 25 * mm_px
    assert abs(best.center_px[1] - y) < 45 * mm_px
    assert best.distance_mm == pytest.approx(distance * 1000.0 - 90.0, abs=40.0)


def test_each_of_several_people_is_found_once() -> None:
    people = [(-0.55, 0.0, 1.4), (0.0, -0.1, 2.2), (0.5, 0.05, 1.1)]
    heads = find_heads(room(KINECT_2, people, noise_mm=3.0), KINECT_2)
    for person in people:
        x, y = seen_at(KINECT_2, person)
        reach = 60 * KINECT_2.fx / (person[2] * 1000.0)
        close = [h for h in heads if np.hypot(h.center_px[0] - x, h.center_px[1] - y) < reach]
        assert len(close) == 1, person


def test_a_head_before_nothing_is_found() -> None:
    assert find_heads(room(KINECT_2, [(0.0, 0.0, 1.0)], wall_mm=0.0), KINECT_2)


def test_a_head_against_a_head_rest_is_found() -> None:
    depth = room(KINECT_2, [(0.0, 0.0, 0.8)], wall_mm=960.0)
    heads = find_heads(depth, KINECT_2)
    assert heads
    assert heads[0].center_px == pytest.approx(seen_at(KINECT_2, (0.0, 0.0, 0.8)), abs=18)


def test_an_empty_room_a_slope_and_nothing_have_no_heads() -> None:
    assert find_heads(room(KINECT_2, []), KINECT_2) == []
    slope = np.linspace(600, 3000, 424).astype(np.uint16)[:, None].repeat(512, axis=1)
    assert find_heads(slope, KINECT_2) == []
    assert find_heads(np.zeros((424, 512), np.uint16), KINECT_2) == []


def test_things_of_another_size_are_no_heads() -> None:
    v, u = np.mgrid[0:424, 0:512]
    for radius_mm in (35.0, 260.0):
        disc = np.hypot(u - 256, v - 212) * 1200.0 / 365.0 < radius_mm
        assert find_heads(np.where(disc, 1200, 3500).astype(np.uint16), KINECT_2) == []


def test_no_more_heads_than_asked_for() -> None:
    people = [(x, 0.0, 1.6) for x in (-0.8, -0.27, 0.27, 0.8)]
    found = Finder(FindConfig(max_heads=2))(None, room(KINECT_2, people), KINECT_2)
    assert [d.source for d in found] == [Source.DEPTH] * 2


def test_a_blank_picture_has_no_face() -> None:
    finder = Finder()
    for _ in range(7):
        assert finder(np.full((480, 640), 90, np.uint8), None, KINECT_1) == []


def test_tiny_pictures_are_searched_without_harm() -> None:
    for shape in ((16, 16), (24, 200), (120, 160)):
        camera = Intrinsics.from_fov(shape[1], shape[0], 60.0)
        assert Finder()(np.zeros(shape, np.uint8), np.zeros(shape, np.uint16), camera) == []


# -- on real faces ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def portrait(shared_data: Path) -> np.ndarray:
    image = cv2.imread(str(shared_data / "kinect_person" / "0000000000.jpg"), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    return image


def test_a_first_picture_is_searched_whole(portrait: np.ndarray) -> None:
    found = Finder()(portrait, None, KINECT_1)
    assert len(found) == 1
    x, y = found[0].center_px
    assert (x, y) == pytest.approx((322, 150), abs=25)
    assert found[0].source is Source.HAAR
    assert found[0].distance_mm is None


def test_the_same_pictures_give_the_same_detections_after_a_reset(portrait: np.ndarray) -> None:
    finder = Finder()
    first = [finder(portrait, None, KINECT_1) for _ in range(8)]
    finder.reset()
    assert [finder(portrait, None, KINECT_1) for _ in range(8)] == first


def test_a_face_of_an_impossible_size_is_dropped_where_depth_knows(portrait: np.ndarray) -> None:
    finder = Finder()
    near = np.full(portrait.shape, 300, np.uint16)  # at 0.3 m this face would be 6 cm wide
    assert [d for d in finder(portrait, near, KINECT_1) if d.source is Source.HAAR] == []


def test_a_mirrored_picture_gives_mirrored_hits(portrait: np.ndarray) -> None:
    haar = Haar()
    plain = haar(portrait, Look.IMAGE_LEFT, 60, 200)
    mirrored = haar(np.ascontiguousarray(portrait[:, ::-1]), Look.IMAGE_RIGHT, 60, 200)
    assert [h.box.w for h in plain] == [h.box.w for h in mirrored]
    for a, b in zip(plain, mirrored, strict=True):
        assert a.box.center[0] == pytest.approx(portrait.shape[1] - 1 - b.box.center[0])


def test_a_closer_look_sees_the_face_and_its_size(portrait: np.ndarray) -> None:
    search = ImageSearch()
    region = KINECT_1.fx * 320.0 / 830.0
    hit = search.closely(portrait, (324.0, 150.0), region, Look.FRONTAL)
    assert hit is not None
    assert head_of(hit) == pytest.approx((322.0, 150.0), abs=25)
    assert region_of(hit) == pytest.approx(region, rel=0.2)
    assert search.closely(portrait, (324.0, 380.0), region, Look.FRONTAL) is None


# -- with the model ---------------------------------------------------------------------------------------------------


class Model:
    """Stands for FaceFinder: says what it was told, and keeps what it was asked."""

    def __init__(self, *faces: FoundFace) -> None:
        self.faces = list(faces)
        self.asked: list[str] = []

    def picture(self, pixels: np.ndarray, valid: object, least: float, most: int) -> list[FoundFace]:
        self.asked.append(str(pixels.dtype))
        return [face for face in self.faces if face.confidence >= least][:most]

    def depth(self, depth_mm: np.ndarray, least: float, most: int) -> list[FoundFace]:
        self.asked.append("depth")
        return [face for face in self.faces if face.confidence >= least][:most]


def face_at(x: float, y: float, side: float, confidence: float = 0.9) -> FoundFace:
    return FoundFace(x, y + 0.1 * side, side, (x, y), confidence)


def finder(model: Model, **config: float) -> Finder:
    return Finder(FindConfig(**config), model)  # type: ignore[arg-type]  # the part of FaceFinder that is used


def test_what_the_model_finds_becomes_a_candidate_round_the_head() -> None:
    blank = np.full((480, 640), 90, np.uint8)
    found = finder(Model(face_at(300, 200, 80), face_at(100, 100, 40, 0.1)))(blank, None, KINECT_1)
    assert [d.source for d in found] == [Source.MODEL]
    assert found[0].center_px == (300, 200)
    assert found[0].box.center == pytest.approx((300, 200))
    assert found[0].box.w == pytest.approx(75)
    assert found[0].score == 0.9


def test_a_face_that_depth_sees_too_is_one_candidate_with_its_distance() -> None:
    person = (0.0, 0.0, 1.2)
    x, y = seen_at(KINECT_2, person)
    side = 160 * KINECT_2.fx / 1110
    depth = room(KINECT_2, [person])
    found = finder(Model(face_at(x, y, side)))(None, depth, KINECT_2)
    close = [d for d in found if np.hypot(d.center_px[0] - x, d.center_px[1] - y) < side]
    assert len(close) == 1
    assert close[0].distance_mm == pytest.approx(1110, abs=60)


def test_a_face_of_the_model_that_depth_makes_too_small_is_dropped() -> None:
    near = np.full((480, 640), 300, np.uint16)
    assert finder(Model(face_at(300, 200, 60)))(None, near, KINECT_1) == []


def test_the_model_looks_at_picture_and_depth_by_turns_and_rests_while_faces_are_followed() -> None:
    blank, depth = np.full((48, 64), 90, np.uint8), np.zeros((48, 64), np.uint16)
    camera = Intrinsics.from_fov(64, 48, 60.0)
    model = Model()
    ours = finder(model)
    for _ in range(4):
        ours(blank, depth, camera)
    assert model.asked == ["uint8", "depth", "uint8", "depth"]
    model.asked.clear()
    ours.reset()
    for _ in range(9):
        ours(blank, None, camera, busy=True)
    assert model.asked == ["uint8"] * 3


def test_a_thermal_image_alone_goes_to_the_model_and_is_not_searched_for_shapes() -> None:
    model = Model(face_at(80, 60, 20))
    counts = np.full((120, 160), 29500, np.uint16)
    camera = Intrinsics.from_fov(160, 120, 57.0)
    found = finder(model)(None, None, camera, counts)
    assert model.asked == ["uint16"]
    assert [d.source for d in found] == [Source.MODEL]


def test_no_more_faces_of_the_model_than_asked_for() -> None:
    model = Model(*(face_at(50 + 100 * i, 100, 40, 0.5 + 0.1 * i) for i in range(4)))
    assert len(finder(model, max_heads=2)(np.zeros((480, 640), np.uint8), None, KINECT_1)) == 2


def test_shapes_of_heads_never_push_out_a_face_that_the_model_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = [HeadShape((30.0 + 50 * i, 60.0), 4000.0, 0.8) for i in range(12)]
    monkeypatch.setattr("pipeline.steps.find.find_heads", lambda *_, **__: shapes)
    depth = np.full((480, 640), 1400, np.uint16)
    found = finder(Model(face_at(320, 300, 60)))(np.zeros((480, 640), np.uint8), depth, KINECT_1)
    assert len(found) == 12
    assert [d.source for d in found].count(Source.MODEL) == 1
    assert [d.center_px for d in found[:11]] == [shape.center_px for shape in shapes[:11]]
