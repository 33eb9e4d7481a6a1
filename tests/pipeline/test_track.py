from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.steps.find import Called, Detection, Source, head_box
from pipeline.steps.track import Track, TrackConfig, Tracker
from recordings.observation import Box
from tests.pipeline.scenes import KINECT_2

Point = tuple[float, float]


def head(x: float, y: float = 200.0, mm: float | None = 1000.0) -> Detection:
    box = head_box((x, y), mm or 1000.0, KINECT_2)
    return Detection((x, y), box, 0.9, Source.DEPTH if mm else Source.HAAR, mm)


def run(tracker: Tracker, detections: list[Detection], evidence: float = 1.0) -> list[Track]:
    """One FrameSet in which every track that has a detection is judged alike."""
    for track in tracker.step(detections, KINECT_2):
        if track.measured:
            tracker.judge(track, evidence)
    return tracker.finish()


def timed(tracker: Tracker, detections: list[Detection], device_ns: int) -> list[Track]:
    """The same at an instant."""
    for track in tracker.step(detections, KINECT_2, device_ns=device_ns):
        if track.measured:
            tracker.judge(track, 1.0)
            tracker.place(track, track.center_px, track.box, track.region_px)
    return tracker.finish()


def test_a_sure_face_is_one_at_once_and_numbers_rise_from_1() -> None:
    tracker = Tracker()
    assert [t.id for t in run(tracker, [head(100), head(300)])] == [1, 2]
    assert [t.id for t in run(tracker, [head(100), head(300), head(450)])] == [1, 2, 3]


def test_a_head_that_is_no_face_gets_no_number() -> None:
    tracker = Tracker()
    for _ in range(5):
        assert run(tracker, [head(100)], evidence=0.1) == []
    assert tracker.tracks[0].id == 0
    assert run(tracker, [head(100)], evidence=0.9) == [], "one look does not turn a known back of a head into a face"
    assert [t.id for t in run(tracker, [head(100)], evidence=0.9)] == [1]


def test_a_face_keeps_its_number_while_it_moves() -> None:
    tracker = Tracker()
    for i in range(20):
        (face,) = run(tracker, [head(100 + 12 * i, 200 - 3 * i, 1000 + 20 * i)])
        assert face.id == 1


def test_two_faces_that_pass_one_behind_the_other_keep_their_numbers() -> None:
    tracker = Tracker()
    for i in range(30):
        near, far = head(100 + 10 * i, mm=900.0), head(390 - 10 * i, mm=1800.0)
        faces = {t.id: t for t in run(tracker, [near, far] if i % 2 else [far, near])}
        assert set(faces) == {1, 2}
        if i == 0:
            near_id = next(k for k, t in faces.items() if t.distance_mm == 900.0)
        assert faces[near_id].distance_mm == 900.0


def test_a_head_that_turns_away_ends_and_comes_back_as_the_same_face() -> None:
    tracker = Tracker()
    run(tracker, [head(200)])
    seen = [len(run(tracker, [head(200)], evidence=0.0)) for _ in range(6)]
    assert seen[-4:] == [0, 0, 0, 0]
    back = [run(tracker, [head(200)], evidence=1.0) for _ in range(2)]
    assert [t.id for t in back[-1]] == [1]


def test_one_bad_look_does_not_end_a_face() -> None:
    tracker = Tracker()
    for _ in range(3):
        run(tracker, [head(200)])
    assert len(run(tracker, [head(200)], evidence=0.0)) == 1
    assert len(run(tracker, [head(200)], evidence=1.0)) == 1


def test_evidence_between_the_limits_changes_nothing() -> None:
    between = 0.5
    tracker = Tracker()
    for _ in range(6):
        assert run(tracker, [head(200)], evidence=between) == []
    tracker.reset()
    run(tracker, [head(200)])
    for _ in range(6):
        assert len(run(tracker, [head(200)], evidence=between)) == 1


def test_a_coasting_track_is_not_reported_and_comes_back_with_its_number() -> None:
    tracker = Tracker(TrackConfig(coast=3))
    run(tracker, [head(200)])
    run(tracker, [head(210)])
    for _ in range(3):
        assert run(tracker, []) == []
    assert tracker.tracks[0].center_px[0] > 210  # it went on
    assert [t.id for t in run(tracker, [head(225)])] == [1]


def test_a_track_that_is_lost_too_long_dies_and_its_number_is_not_used_again() -> None:
    tracker = Tracker(TrackConfig(coast=3))
    run(tracker, [head(200)])
    for _ in range(4):
        run(tracker, [])
    assert tracker.tracks == []
    assert [t.id for t in run(tracker, [head(200)])] == [2]


@pytest.mark.parametrize("frame_rate", [5.0, 9.0, 30.0])
def test_whoever_comes_seconds_later_gets_a_number_of_his_own_however_slow_the_camera_is(frame_rate: float) -> None:
    for pause_s, number in ((1.5, 1), (3.0, 2), (8.0, 2)):
        tracker, instant = Tracker(), 0
        for _ in range(4):
            timed(tracker, [head(200)], instant)
            instant += round(1e9 / frame_rate)
        for _ in range(round(pause_s * frame_rate)):
            timed(tracker, [], instant)
            instant += round(1e9 / frame_rate)
        assert [t.id for t in timed(tracker, [head(205)], instant)] == [number], pause_s


def test_where_all_places_are_taken_the_head_with_the_least_hope_gives_way_to_a_face() -> None:
    tracker = Tracker(TrackConfig(max_tracks=3))
    chairs = [head(60), head(200), head(340)]
    for i in range(3):
        run(tracker, chairs[: 3 if i else 2], evidence=0.0)
    face = replace(head(460), called=Called.PICTURE)
    run(tracker, [*chairs, head(460)], evidence=0.0)
    assert all(track.center_px[0] < 400 for track in tracker.tracks), "another shape does not"
    tracker.step([*chairs, face], KINECT_2)
    assert {340, 460} < {round(track.center_px[0]) for track in tracker.tracks}, "one that was looked at longer went"


def test_faces_never_give_way() -> None:
    tracker = Tracker(TrackConfig(max_tracks=2))
    people = [head(60), head(200)]
    for _ in range(3):
        assert len(run(tracker, people)) == 2
    assert [t.id for t in run(tracker, [*people, replace(head(400), called=Called.PICTURE)])] == [1, 2]


def test_two_detections_of_one_head_make_one_track() -> None:
    tracker = Tracker()
    assert len(run(tracker, [head(200), head(215, mm=None), head(205, mm=1030.0)])) == 1


def test_two_tracks_that_the_landmarks_put_on_one_head_become_one() -> None:
    tracker = Tracker()
    run(tracker, [head(200), head(260)])
    for track in tracker.step([head(200), head(260)], KINECT_2):
        tracker.judge(track, 1.0)
        tracker.place(track, (230.0, 200.0), Box(200, 160, 60, 80), 120.0)
    assert [t.id for t in tracker.finish()] == [1]


def test_the_landmarks_centre_is_kept_beside_what_finds_the_head() -> None:
    tracker = Tracker()
    for _ in range(8):
        for track in tracker.step([head(200)], KINECT_2):
            tracker.judge(track, 1.0)
            tracker.place(track, (206.0, 190.0), Box(180, 160, 50, 60), 120.0)
        tracker.finish()
    (track,) = tracker.step([head(230)], KINECT_2)
    assert track.center_px == pytest.approx((236.0, 190.0), abs=0.5)


def test_the_same_detections_give_the_same_tracks() -> None:
    def story(tracker: Tracker) -> list[tuple[int, Point, float | None]]:
        out = []
        for i in range(25):
            present = [head(100 + 9 * i), head(400 - 9 * i, mm=None if i % 3 else 1500.0)]
            faces = run(tracker, present[: 1 + (i % 5 > 0)], evidence=0.9 if i % 4 else 0.2)
            out += [(t.id, t.center_px, t.evidence) for t in faces]
        return out

    tracker = Tracker()
    first = story(tracker)
    assert first
    tracker.reset()
    assert story(tracker) == first


def test_who_is_hidden_behind_another_face_is_not_reported_in_its_place_and_comes_back_with_his_number() -> None:
    tracker = Tracker()

    def step(detections: list[Detection], boxes: dict[float, Box]) -> list[int]:
        for track in tracker.step(detections, KINECT_2):
            if track.measured:
                tracker.judge(track, 1.0)
                box = boxes[track.distance_mm or 0.0]
                tracker.place(track, box.center, box, box.w * 2)
        return [t.id for t in tracker.finish()]

    near, far = head(100, mm=900.0), head(300, mm=1800.0)
    assert step([near, far], {900.0: near.box, 1800.0: far.box}) == [1, 2]
    front = head(300, mm=900.0).box
    before = [head(150 + 50 * i, mm=900.0) for i in range(4)]
    for one in before[:3]:
        step([one, far], {900.0: one.box, 1800.0: far.box})
    # What the landmarks read where the far head was is now the near one's face.
    assert step([before[3], far], {900.0: front, 1800.0: front}) == [1]
    past = head(345, mm=900.0)
    assert step([past, far], {900.0: past.box, 1800.0: far.box}) == [1, 2]


def test_a_head_without_hope_rests_longer_and_longer_until_something_speaks_for_it() -> None:
    tracker = Tracker()
    (track,) = tracker.step([head(100)], KINECT_2)
    rests = []
    for _ in range(8):
        tracker.judge(track, 0.0)
        rests.append(tracker.rest_of(track))
    assert rests == [3, 3, 3, 3, 6, 12, 12, 12]
    tracker.judge(track, 0.5)
    assert tracker.rest_of(track) == 3


def test_however_long_nothing_speaks_for_it_it_is_looked_at_again() -> None:
    tracker = Tracker()
    (track,) = tracker.step([head(100)], KINECT_2)
    track.hopeless = 10**9
    assert tracker.rest_of(track) == 12
    assert Tracker(TrackConfig(rest=20)).rest_of(track) == 20


def test_a_head_that_the_model_calls_in_the_picture_is_read_in_depth_as_well_by_turns() -> None:
    tracker = Tracker()
    tracker.step([head(100)], KINECT_2)
    read = []
    for _ in range(6):
        (track,) = tracker.step([replace(head(100), called=Called.PICTURE)], KINECT_2)
        read.append(track.by_depth)
        tracker.judge(track, 0.0)
    assert read == [False, False, True, False, True, False]


def look(tracker: Tracker, detections: list[Detection], evidence: float) -> list[Track]:
    """One FrameSet as the program goes through it: what is read as a face is placed where it was found."""
    for track in tracker.step(detections, KINECT_2):
        if track.measured:
            tracker.judge(track, evidence)
            if evidence > 0.5:
                tracker.place(track, track.center_px, track.box, track.region_px)
    return tracker.finish()


def hidden_while_the_track_follows_the_shoulder(back: Point, frame_sets: int, mm: float = 1000.0) -> list[int]:
    """Numbers of the faces there are when somebody comes out at `back` again."""
    tracker = Tracker()
    for _ in range(4):
        look(tracker, [head(200)], 1.0)
    for i in range(frame_sets):
        look(tracker, [head(200 + min(12 * i, 150), 200 + min(16 * i, 180))], 0.02)
    faces: list[Track] = []
    for _ in range(4):
        faces = look(tracker, [head(*back, mm=mm)], 1.0)
    return [face.id for face in faces]


def test_who_was_hidden_keeps_his_number_though_his_track_went_with_something_else() -> None:
    assert hidden_while_the_track_follows_the_shoulder((203.0, 198.0), 14) == [1]


def test_who_comes_out_elsewhere_farther_away_or_much_later_is_somebody_else() -> None:
    assert hidden_while_the_track_follows_the_shoulder((60.0, 120.0), 14) == [2]
    assert hidden_while_the_track_follows_the_shoulder((200.0, 200.0), 14, mm=2000.0) == [2]
    assert hidden_while_the_track_follows_the_shoulder((200.0, 200.0), 80) == [2]


def test_the_number_of_who_looks_away_does_not_go_to_his_neighbour() -> None:
    tracker = Tracker()
    for _ in range(4):
        look(tracker, [head(200, mm=1300.0)], 1.0)
    beside = 200 + 0.9 * head(200, mm=1300.0).box.w
    faces: list[Track] = []
    for _ in range(8):
        for track in tracker.step([head(200, mm=1300.0), head(beside, mm=1350.0)], KINECT_2):
            tracker.judge(track, 0.0 if track.center_px[0] < 210 else 1.0)
            tracker.place(track, track.center_px, track.box, track.region_px)
        faces = tracker.finish()
    assert [face.id for face in faces] == [2]
    for _ in range(2):
        faces = look(tracker, [head(200, mm=1300.0), head(beside, mm=1350.0)], 1.0)
    assert sorted((face.id, round(face.center_px[0])) for face in faces) == [(1, 200), (2, round(beside))]


@pytest.mark.parametrize(("first", "second"), [(200.0, 230.0), (230.0, 200.0)])
def test_of_two_who_were_hidden_the_nearest_gets_his_number_back(first: float, second: float) -> None:
    tracker = Tracker()
    for _ in range(4):
        near = [head(first, mm=1300.0), head(second, mm=950.0)]
        for track in tracker.step(near, KINECT_2):
            tracker.judge(track, 1.0)
            tracker.place(track, track.center_px, track.box, track.region_px)
        tracker.finish()
    numbers = {round(track.center_px[0]): track.id for track in tracker.tracks}
    assert len(numbers) == 2
    for track in tracker.tracks:  # both tracks went with something else
        track.center_px, track.is_face, track.evidence = (track.center_px[0] + 200.0, 350.0), False, 0.1
    faces: list[Track] = []
    for _ in range(3):
        faces = look(tracker, [head(second, mm=1100.0)], 1.0)
    assert [face.id for face in faces] == [numbers[round(second)]]


def test_a_number_that_changes_its_track_is_said_so_once() -> None:
    tracker = Tracker()
    for _ in range(4):
        look(tracker, [head(200)], 1.0)
    for i in range(14):
        look(tracker, [head(200 + min(12 * i, 150), 200 + min(16 * i, 180))], 0.02)
    handed = []
    for _ in range(4):
        look(tracker, [head(203)], 1.0)
        handed.append(tracker.handed)
    assert handed.count({1}) == 1
    assert handed.count(set()) == 3


def test_seconds_not_frame_sets_count_for_who_was_hidden() -> None:
    """At five pictures a second a dozen of them is long enough for somebody else to sit down."""
    for step_ms, number in ((100, 1), (400, 2)):
        tracker, now = Tracker(), 0
        tracker.step([head(200)], KINECT_2, device_ns=now)
        for i in range(18):
            now += step_ms * 1_000_000
            away = head(200 + min(12 * (i - 3), 150), 200 + min(16 * (i - 3), 180)) if i > 3 else head(200)
            for track in tracker.step([away], KINECT_2, device_ns=now):
                tracker.judge(track, 0.02 if i > 3 else 1.0)
                if i <= 3:
                    tracker.place(track, track.center_px, track.box, track.region_px)
            tracker.finish()
        faces: list[Track] = []
        for _ in range(3):
            now += step_ms * 1_000_000
            for track in tracker.step([head(203)], KINECT_2, device_ns=now):
                tracker.judge(track, 1.0 if track.measured else 0.0)
            faces = tracker.finish()
        assert [face.id for face in faces] == [number]


def test_a_distance_is_used_for_half_a_second_after_it_was_measured() -> None:
    tracker = Tracker()
    timed(tracker, [head(200.0, mm=1000.0)], 0)
    distances = []
    for ms in range(100, 900, 100):
        (track,) = timed(tracker, [head(200.0, mm=None)], ms * 1_000_000)
        distances.append(track.distance_mm)
    assert distances == [1000.0] * 5 + [None] * 3
    (track,) = timed(tracker, [head(200.0, mm=1500.0)], 900_000_000)
    assert track.distance_mm == 1500.0, "what it was before is not waited for"


def test_a_slow_cameras_last_distance_is_not_old_and_one_of_another_time_is() -> None:
    tracker = Tracker()
    for seconds, mm in ((0, 1000.0), (2, 1000.0), (4, None)):
        (track,) = timed(tracker, [head(200.0, mm=mm)], seconds * 10**9)
        assert track.distance_mm == 1000.0
    (track,) = timed(tracker, [head(200.0, mm=1000.0)], 100 * 10**9)
    for n in range(3):  # the clock leaps back
        (track,) = timed(tracker, [head(200.0, mm=None)], n * 10**8)
    assert track.distance_mm is None


def test_a_head_that_is_no_face_keeps_the_size_that_it_had_last() -> None:
    tracker = Tracker()
    for n in range(11):
        run(tracker, [head(200.0, mm=2000.0 - 100.0 * n)], 0.1)
    for _ in range(20):
        run(tracker, [head(200.0, mm=None)], 0.1)
    (track,) = tracker.tracks
    assert track.distance_mm is None
    assert track.region_px == pytest.approx(KINECT_2.fx * 320.0 / 1000.0)


def test_evidence_that_is_no_number_ends_no_face_for_ever() -> None:
    tracker = Tracker()
    run(tracker, [head(200)])
    run(tracker, [head(200)], evidence=float("nan"))
    assert [face.id for face in run(tracker, [head(200)])] == [1]
