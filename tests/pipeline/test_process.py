"""From FrameSets to observations: who is seen, where, and what is said of each face."""

from __future__ import annotations

import dataclasses
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from drivers.distortion import FISHEYE
from drivers.frame import Frame, FrameFlag, Intrinsics, StreamInfo, StreamKind
from engines.loading import Models, load_models
from engines.models.face_finder import FaceFinder, FoundFace
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.schedule import all_frame_sets
from pipeline.step_clock import STEPS
from pipeline.steps.crop import Crop, Distance
from pipeline.steps.heads import find_heads
from pipeline.steps.register import View
from pipeline.steps.track import Track, TrackConfig
from pipeline.tell import CloserLook, FaceTeller
from recordings.observation import Box, Observation
from recordings.reader import SessionReader
from tests.helpers.onnx_models import write_tiny_models
from tests.pipeline.process_cases import DEPTH, GRAY, THERMAL, frame_set, renumbered, scene, stream
from tests.pipeline.scenes import KINECT_2, Person, StubLandmarks, picture, room, stub_models, thermal

FISHEYE_LENS = Intrinsics(640, 480, 300.0, 300.0, 319.5, 239.5, (-0.03, 0.004, -0.002, 0.0003), FISHEYE)
WIDE_LENS = Intrinsics(640, 480, 400.0, 400.0, 319.5, 239.5, (-0.3, 0.1, 0.001, -0.001, -0.015))


def test_one_person_is_one_face_with_everything_said_of_it() -> None:
    seen = Process([GRAY, DEPTH], stub_models())(scene(0, [(0.1, -0.05, 1.2)]))
    assert seen.status == "ok"
    (face,) = seen.faces
    assert face.id == 1
    assert face.stream == "gray"
    assert face.distance_m == pytest.approx(1.2 - 0.095, abs=0.03)
    assert face.head_center_m == pytest.approx((0.1 * 0.92, -0.05 * 0.92, 1.105), abs=0.03)
    assert face.crop is not None
    assert face.crop.w == pytest.approx(365.0 * 0.32 / (face.distance_m or 0.0))
    assert face.landmarks is not None
    assert face.pose is not None
    assert abs(face.pose.yaw_deg) < 10
    assert face.eyes is not None
    assert (face.eyes.right, face.eyes.left) == (0.25, 0.75)
    assert [g.name for g in face.generated] == ["relief", "color"]
    assert face.invalid == {}
    assert isinstance(face.distance_m, float)
    x, y = KINECT_2.project(np.array([[0.1, -0.05, 1.2]]))[0]
    assert face.box.x < x < face.box.x + face.box.w
    assert face.box.y < y < face.box.y + face.box.h


@pytest.mark.parametrize("lens", [FISHEYE_LENS, WIDE_LENS], ids=["fisheye", "brown_conrady"])
@pytest.mark.parametrize("aside_deg", [0.0, 15.0, 25.0])
def test_a_face_stands_where_it_is_though_the_lens_bends_the_picture(lens: Intrinsics, aside_deg: float) -> None:
    a = math.radians(aside_deg)
    person = (1.2 * math.sin(a), -0.05, 1.2 * math.cos(a))
    gray = dataclasses.replace(GRAY, width=640, height=480, intrinsics=lens)
    depth = dataclasses.replace(DEPTH, width=640, height=480, intrinsics=lens)
    process = Process([gray, depth], stub_models())
    for number in range(3):
        shown = (gray, picture(lens, [person])), (depth, room(lens, [person], noise_mm=2.0))
        (face,) = process(frame_set(number, *shown)).faces
    assert face.head_center_m is not None
    x, y, z = face.head_center_m
    assert math.degrees(math.atan2(x, z)) == pytest.approx(aside_deg, abs=2.0)
    assert z == pytest.approx(person[2] - 0.095, abs=0.04)
    assert y == pytest.approx(-0.05, abs=0.04)
    u, v = lens.project(np.array([face.head_center_m]), distort=True)[0]
    assert face.box.x < u < face.box.x + face.box.w
    assert face.box.y < v < face.box.y + face.box.h


def test_a_head_centre_beyond_what_the_lens_shows_is_none_and_the_reason_is_told() -> None:
    """Coefficients that fold back within the picture, as those of another lens may."""
    folding = dataclasses.replace(KINECT_2, distortion=(-2.0, 0.0, 0.0, 0.0))
    depth = dataclasses.replace(DEPTH, intrinsics=folding)
    frame = Frame(depth, np.full((424, 512), 1200, np.uint16), 0, 0, 0)
    view = View(frame, None, np.asarray(frame.pixels), folding)
    tell = FaceTeller(PipelineConfig(), stub_models())
    for u, is_seen in ((300.0, True), (450.0, False)):
        track = Track(0, (u, 211.5), Box(u - 30, 180.0, 60.0, 70.0), 97.0, 1200.0, id=1)
        crop = Crop(track.box, Distance(1200.0, 5, ""))
        face = tell(view, folding, track, CloserLook(), crop, "")
        assert face.distance_m == 1.2
        assert (face.head_center_m is not None) == is_seen
        reason = "" if is_seen else "the head centre lies beyond what the lens shows"
        assert face.invalid.get("head_center_m", "") == reason
        assert Observation(0, 0, 0, 0, {"depth": 0}, (face,)).to_bytes()


def test_several_people_are_several_faces_and_backs_of_heads_are_none() -> None:
    people: list[Person] = [(-0.5, 0.0, 1.3), (0.05, -0.1, 2.3), (0.5, 0.0, 1.6)]
    process = Process([GRAY, DEPTH], stub_models())
    for number in range(4):
        faces = process(scene(number, people, backs=(1,))).faces
        assert [round(f.distance_m or 0.0, 1) for f in faces] in ([1.2, 1.5], [1.5, 1.2])
        assert sorted(f.id for f in faces) == [1, 2]


def test_everybody_is_seen_in_the_first_frame() -> None:
    people: list[Person] = [(-1.2, 0.0, 2.4), (-0.6, -0.1, 2.0), (0.0, 0.0, 2.2), (0.6, -0.1, 1.9), (1.2, 0.0, 2.5)]
    assert len(Process([GRAY, DEPTH], stub_models())(scene(0, people)).faces) == 5


def test_hopeless_heads_are_looked_at_now_and_then_only() -> None:
    models = stub_models()
    stub = cast(StubLandmarks, models.face_landmarks)
    process = Process([GRAY, DEPTH], models)
    for number in range(13):
        process(scene(number, [(0.0, 0.0, 1.0)], backs=(0,)))
    heads = len(find_heads(room(KINECT_2, [(0.0, 0.0, 1.0)], noise_mm=2.0), KINECT_2))
    assert len(stub.crops) <= 5 * heads


def test_hopeless_heads_take_turns_so_that_no_frame_set_pays_for_all_of_them() -> None:
    models = stub_models()
    stub = cast(StubLandmarks, models.face_landmarks)
    process = Process([GRAY, DEPTH], models)
    people: list[Person] = [(-0.5, 0.0, 1.5), (0.0, 0.0, 1.5), (0.5, 0.0, 1.5)]
    asked = []
    turned_away = scene(0, people, backs=(0, 1, 2))  # drawn once: drawing takes longer than looking
    for number in range(72):
        before = len(stub.crops)
        process(renumbered(turned_away, number))
        asked.append(len(stub.crops) - before)
    heads = asked[0]
    assert heads >= 3, "every head is looked at when it is seen first"
    settled = asked[12:]
    assert max(settled) <= -(-heads // 3), f"each third FrameSet pays for all: {asked}"
    first, last = sum(asked[1:13]), sum(asked[-24:])
    assert first >= heads * 3, f"at first every third FrameSet: {asked}"
    assert heads <= last <= heads * 3, f"then every twelfth: {asked}"


class ToldToSee:
    """A FaceFinder that sees a face in the middle of pictures once it is told to, and none in depth."""

    def __init__(self) -> None:
        self.sees = False

    def picture(self, picture: np.ndarray, *_: object) -> list[FoundFace]:
        h, w = picture.shape
        return [FoundFace(w / 2, h / 2, 160.0 * KINECT_2.fx / 1300.0, (w / 2, h / 2), 0.9)] if self.sees else []

    def depth(self, *_: object) -> list[FoundFace]:
        return []


@pytest.mark.parametrize(
    ("is_called", "latest"), [(True, 2 * TrackConfig().rest + 2), (False, 2 * TrackConfig().longest_rest)]
)
def test_somebody_who_turns_to_the_camera_after_a_long_time_is_seen_soon(is_called: bool, latest: int) -> None:
    person: list[Person] = [(0.0, 0.0, 1.3)]
    finder = ToldToSee()
    away, toward = scene(0, person, backs=(0,)), scene(0, person)  # drawn once: drawing takes longer than looking
    for turned_at in range(60, 72):  # wherever in its rest the head is
        process = Process([GRAY, DEPTH], replace(stub_models(), face_finder=cast(FaceFinder, finder)))
        finder.sees = False
        for number in range(turned_at):
            assert not process(renumbered(away, number)).faces
        finder.sees = is_called
        later = range(turned_at, turned_at + 2 * latest)
        seen = next((n for n in later if process(renumbered(toward, n)).faces), None)
        assert seen is not None
        assert seen - turned_at <= latest


def test_a_frame_without_depth_between_others_does_not_lose_the_face() -> None:
    process = Process([GRAY, DEPTH], stub_models())
    person: list[Person] = [(0.0, 0.0, 1.0)]
    ids = []
    for number in range(9):
        whole = scene(number, person)
        if number in (3, 4):
            whole = frame_set(number, (GRAY, np.asarray(whole.frames["gray"].pixels)))
        ids.append([f.id for f in process(whole).faces])
    assert ids == [[1]] * 9


def test_a_person_who_turns_away_is_no_face_and_comes_back_as_the_same() -> None:
    process = Process([GRAY, DEPTH], stub_models())
    person: list[Person] = [(0.0, 0.0, 1.0)]
    ids = []
    for number in range(24):
        backs = (0,) if 8 <= number < 16 else ()
        ids.append([f.id for f in process(scene(number, person, backs)).faces])
    assert ids[:8] == [[1]] * 8
    assert ids[10:16] == [[]] * 6
    assert ids[18:] == [[1]] * 6


def test_a_person_who_leaves_is_not_reported_from_memory() -> None:
    process = Process([GRAY, DEPTH], stub_models())
    for number in range(3):
        assert process(scene(number, [(0.0, 0.0, 1.0)])).faces
    assert process(scene(3, [])).faces == ()


def test_the_same_frames_give_the_same_bytes() -> None:
    def story(process: Process) -> list[bytes]:
        out = []
        for number in range(10):
            people: list[Person] = [(-0.3 + 0.03 * number, 0.0, 1.2), (0.4, 0.0, 1.8 - 0.05 * number)]
            out.append(process(scene(number, people, backs=(1,) if number in (4, 5, 6) else ())).to_bytes())
        return out

    process = Process([GRAY, DEPTH], stub_models())
    first = story(process)
    process.reset()
    assert story(process) == first
    assert story(Process([GRAY, DEPTH], stub_models())) == first


def test_depth_alone_is_enough() -> None:
    (face,) = Process([DEPTH], stub_models(depth_shows=True))(
        frame_set(0, (DEPTH, room(KINECT_2, [(0.0, 0.0, 1.0)])))
    ).faces
    assert face.stream == "depth"
    assert face.landmarks is not None
    assert "no picture" in face.invalid["generated.relief"]
    assert [g.name for g in face.generated] == ["color"]


def test_in_the_dark_depth_is_read_instead_of_the_picture() -> None:
    models = stub_models(depth_shows=True)
    stub = cast(StubLandmarks, models.face_landmarks)
    dark = np.zeros((KINECT_2.height, KINECT_2.width), np.uint8)
    process = Process([GRAY, DEPTH], models)
    assert process(frame_set(0, (GRAY, dark), (DEPTH, room(KINECT_2, [(0.0, 0.0, 1.0)])))).faces
    assert any(crop.max() > 100 for crop in stub.crops)


def test_a_face_that_the_picture_hides_is_read_from_depth() -> None:
    """Its picture looks like the back of a head to the stand-in, its depth like a face: depth has to say so again."""
    process = Process([GRAY, DEPTH], stub_models(depth_shows=True))
    person: list[Person] = [(0.0, 0.0, 1.0)]
    seen = []
    for number in range(7):
        glare = picture(KINECT_2, person)
        glare[glare == 200] = 100
        seen.append(process(frame_set(number, (GRAY, glare), (DEPTH, room(KINECT_2, person)))).faces)
    assert [len(faces) for faces in seen[5:]] == [1, 1]
    assert not any(seen[:5]), "two looks at depth are not believed against a picture with light in it"


def test_no_calibration_gives_a_face_without_metres_across() -> None:
    gray = stream(StreamKind.GRAY, camera=None)
    depth = StreamInfo("depth", StreamKind.DEPTH, 512, 424, "uint16", unit_m=0.001, registered_to="gray")
    people: list[Person] = [(0.0, 0.0, 1.0)]
    process = Process([gray, depth], stub_models())
    (face,) = process(frame_set(0, (gray, picture(KINECT_2, people)), (depth, room(KINECT_2, people)))).faces
    assert face.distance_m is not None
    assert face.head_center_m is None
    assert face.invalid["head_center_m"] == "uncalibrated camera"
    assert "field of view" in face.invalid["pose"]


@pytest.mark.parametrize(
    ("frames", "flags", "status"),
    [
        ([(DEPTH, np.zeros((424, 512), np.uint16))], FrameFlag.NONE, "no frame of gray"),
        ([(GRAY, np.zeros((424, 512), np.uint8))], FrameFlag.STALE, "stale"),
    ],
)
def test_a_frame_set_that_shows_nothing_says_why(
    frames: list[tuple[StreamInfo, np.ndarray]], flags: FrameFlag, status: str
) -> None:
    seen = Process([GRAY, DEPTH], stub_models())(frame_set(0, *frames, flags=flags))
    assert (seen.status, seen.faces) == (status, ())


def test_a_thermal_image_alone_gives_a_face_that_is_trusted_less() -> None:
    camera = StreamInfo("thermal", StreamKind.THERMAL, 160, 120, "uint16", 9.0)
    counts = thermal(160, 120, [(80.0, 50.0, 24.0)])
    faces = Process([camera], stub_models())(frame_set(0, (camera, counts))).faces  # the stand-in takes any for one
    face = min(faces, key=lambda f: np.hypot(f.box.center[0] - 80.0, f.box.center[1] - 50.0))
    assert face.confidence == pytest.approx(0.8 * 0.95)
    assert face.landmarks is not None
    assert face.invalid["distance_m"] == "no depth stream"
    assert "no picture" in face.invalid["generated.relief"]


def test_a_closed_thermal_shutter_shows_nothing() -> None:
    counts = np.full((424, 512), 29_500, np.uint16)
    seen = Process([THERMAL], stub_models())(frame_set(0, (THERMAL, counts), flags=FrameFlag.SHUTTER))
    assert seen.status == "shutter closed"


def test_blank_and_broken_frames_have_no_face() -> None:
    process = Process([GRAY, DEPTH], stub_models())
    noise = np.random.default_rng(2)
    for number, (gray, depth) in enumerate(
        [
            (np.zeros((424, 512), np.uint8), np.zeros((424, 512), np.uint16)),
            (np.full((424, 512), 255, np.uint8), np.full((424, 512), 65535, np.uint16)),
            (noise.integers(0, 255, (424, 512), np.uint8), noise.integers(0, 4000, (424, 512), np.uint16)),
        ]
    ):
        seen = process(frame_set(number, (GRAY, gray), (DEPTH, depth)))
        assert (seen.status, seen.faces) == ("ok", ())


def test_every_step_is_timed_and_no_time_is_in_the_observation() -> None:
    process = Process([GRAY, DEPTH], stub_models())
    seen = process(scene(0, [(0.0, 0.0, 1.0)]))
    assert set(process.timings) == set(STEPS)
    assert all(seconds >= 0.0 for seconds in process.timings.values())
    assert process.timings["find"] > 0.0
    assert b"timings" not in seen.to_bytes()
    assert process(scene(0, [(0.0, 0.0, 1.0)])).faces[0].confidence == seen.faces[0].confidence


def test_the_models_files_serve_as_the_stand_ins_do(tmp_path: Path) -> None:
    models = load_models(weights_dir=write_tiny_models(tmp_path), threads=1)
    try:
        assert models.missing == {}
        process = Process([GRAY, DEPTH], models)
        seen = [process(scene(number, [(0.0, 0.0, 1.0)])) for number in range(3)]
        process.reset()
        again = [process(scene(number, [(0.0, 0.0, 1.0)])) for number in range(3)]
        assert [o.to_bytes() for o in seen] == [o.to_bytes() for o in again]
        assert all(face.landmarks is not None for o in seen for face in o.faces)
    finally:
        models.close()


def test_finishing_in_another_thread_gives_the_same_bytes(models: Models, session: Path) -> None:
    """Batch finishes FrameSets behind the steps; that must not show in the observations."""
    with SessionReader(session) as reader:
        sets = list(all_frame_sets(reader, reader.streams, PipelineConfig().synchronize))
        whole = Process(reader.streams, models)
        wanted = [whole(frame_set).to_bytes() for frame_set in sets]
        parted = Process(reader.streams, models)
        with ThreadPoolExecutor(1) as finisher:
            futures = [finisher.submit(parted.finish, parted.look(frame_set)) for frame_set in sets]
            assert [future.result().to_bytes() for future in futures] == wanted
