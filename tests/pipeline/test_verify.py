"""`session verify`: whether what was recorded is whole, and whether it gives the same results again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from commands.sessions import verify_lines
from engines.loading import Models, load_models
from pipeline.config import PipelineConfig
from pipeline.schedule import rests_of
from pipeline.verify import VerifyReport, verify_session
from recordings.event import Event
from recordings.observation import Box, Observation
from recordings.reader import SessionReader
from recordings.samples import bundled_session
from recordings.session import ScheduleEntry
from tests.pipeline.recorded import write_recorded

ONNX = PipelineConfig.model_validate({"engines": {"policy": "require onnxruntime"}})


@pytest.fixture
def recorded(session: Path, models: Models, tmp_path: Path) -> Path:
    return write_recorded(tmp_path / "live.mcap", session, models, skip={2, 3, 7})


def text_of(report: VerifyReport) -> str:
    json.dumps(report.to_json(), allow_nan=False)
    return "\n".join(verify_lines(report))


def moved(pixels: float, at: int = 6) -> object:
    """Observations of which one's box lies so many pixels further right."""

    def change(observation: Observation) -> Observation:
        if observation.frame_set != at:
            return observation
        face = observation.faces[0]
        box = Box(face.box.x + pixels, face.box.y, face.box.w, face.box.h)
        return replace(observation, faces=(replace(face, box=box),))

    return change


def test_a_recording_gives_its_results_again_byte_by_byte(recorded: Path, weights: Path) -> None:
    progress: dict[str, tuple[int, int]] = {}
    report = verify_session(recorded, weights=weights, on_progress=lambda what, n, of: progress.update({what: (n, of)}))
    assert report.is_good
    assert (report.results, report.mode, report.observations, report.stored) == ("equal", "bytes", 9, 9)
    assert (report.frames, report.reasons, report.deviations) == (24, (), ())
    assert progress == {"frames": (24, 24), "observations": (9, 9)}
    assert "byte by byte: none differ" in text_of(report)


def resting(number: int) -> frozenset[str]:
    """Landmarks on every third FrameSet, images on every second."""
    return frozenset(({"face_landmarks"} if number % 3 else set()) | ({"depth_to_color"} if number % 2 else set()))


def test_models_that_rested_rest_again(session: Path, models: Models, weights: Path, tmp_path: Path) -> None:
    path = write_recorded(tmp_path / "paced.mcap", session, models, skip={2, 3}, rests=resting)
    usual = write_recorded(tmp_path / "usual.mcap", session, models, skip={2, 3})
    with SessionReader(path) as one, SessionReader(usual) as other:
        assert list(one.observation_bytes()) != list(other.observation_bytes()), "resting must matter here"
        assert [rests_of(entry) for entry in one.schedule()] == [resting(e.frame_set) for e in one.schedule()]
        assert all("made every n-th" in str(o) for o in one.observation_bytes() if b'"frame_set":5' in o)
    report = verify_session(path, weights=weights)
    assert (report.results, report.mode, report.observations) == ("equal", "bytes", 10)


def test_a_schedule_that_lies_about_what_rested_is_found(
    session: Path, models: Models, weights: Path, tmp_path: Path
) -> None:
    def forget(entry: ScheduleEntry) -> ScheduleEntry:
        return replace(entry, engines={n: {**how, "rested": 0} for n, how in entry.engines.items()})

    path = write_recorded(tmp_path / "paced.mcap", session, models, rests=resting, change_entry=forget)
    report = verify_session(path, weights=weights)
    assert (report.is_good, report.results) == (False, "different")


@pytest.mark.slow
def test_a_real_recording_whose_models_rested_gives_the_same_bytes(tmp_path: Path) -> None:
    shipped = load_models(threads=1)
    try:
        path = write_recorded(tmp_path / "paced.mcap", bundled_session("night-drive"), shipped, rests=resting)
        report = verify_session(path, shipped)
    finally:
        shipped.close()
    assert (report.results, report.mode) == ("equal", "bytes")
    with SessionReader(path) as reader:
        followed = sum(b"followed for" in o for o in reader.observation_bytes())
    assert followed > report.observations / 3


def test_a_session_without_results_needs_no_model(session: Path, tmp_path: Path) -> None:
    report = verify_session(session, weights=tmp_path / "no models here")
    assert (report.is_good, report.results, report.frames) == (True, "none", 24)
    assert "no stored results" in text_of(report)


def test_other_engines_are_compared_within_tolerances_and_named(recorded: Path, weights: Path) -> None:
    report = verify_session(recorded, config=ONNX, weights=weights)
    assert report.is_good, report.first_difference
    assert (report.results, report.mode, report.observations) == ("within tolerances", "tolerances", 9)
    assert report.engines_differ == ("depth_to_color", "face_landmarks", "gray_to_depth")
    assert "face_landmarks: backend openvino then, onnxruntime now" in report.reasons
    assert "backend openvino then, onnxruntime now" in text_of(report)


def test_the_stored_configuration_is_used_not_the_present_one(
    session: Path, models: Models, weights: Path, tmp_path: Path
) -> None:
    config = PipelineConfig.model_validate({"crop": {"region_mm": 400.0}})
    path = write_recorded(tmp_path / "live.mcap", session, models, config)
    usual = write_recorded(tmp_path / "usual.mcap", session, models)
    with SessionReader(path) as one, SessionReader(usual) as other:
        assert list(one.observation_bytes()) != list(other.observation_bytes()), "the setting must matter here"
    report = verify_session(path, weights=weights)
    assert (report.results, report.configuration) == ("equal", "stored")
    given = verify_session(path, config=PipelineConfig(), weights=weights)
    assert given.results == "equal"
    assert "only the engines were used" in given.notes[0]


def test_a_setting_that_the_stored_configuration_does_not_know_is_told(
    session: Path, models: Models, weights: Path, tmp_path: Path
) -> None:
    older = PipelineConfig().model_dump(mode="json")
    del older["crop"]["region_mm"]
    path = write_recorded(tmp_path / "live.mcap", session, models, run={"configuration": older})
    report = verify_session(path, weights=weights)
    assert report.results == "equal"
    assert "crop.region_mm" in report.notes[0]


@pytest.mark.parametrize(
    ("configuration", "words"),
    [(None, "does not store the configuration"), ({"crop": {"region_furlongs": 1}}, "region_furlongs")],
)
def test_a_configuration_that_cannot_be_had_is_told_and_may_be_given(
    session: Path, models: Models, weights: Path, tmp_path: Path, configuration: object, words: str
) -> None:
    path = write_recorded(tmp_path / "live.mcap", session, models, run={"configuration": configuration})
    report = verify_session(path, weights=weights)
    assert (report.is_good, report.results) == (False, "not verified")
    assert words in report.not_verified
    assert "--config" in report.not_verified
    given = verify_session(path, config=PipelineConfig(), weights=weights)
    assert (given.is_good, given.results, given.configuration) == (True, "equal", "given")
    assert words in given.notes[0]


def test_a_changed_result_is_found(session: Path, models: Models, weights: Path, tmp_path: Path) -> None:
    path = write_recorded(tmp_path / "live.mcap", session, models, change=moved(0.01))  # type: ignore[arg-type]  # a function that changes one thing
    report = verify_session(path, weights=weights)
    assert (report.is_good, report.results, report.different) == (False, "different", 1)
    assert report.first_difference.startswith("FrameSet 6: observation.faces[0].box[0] was ")
    assert [d.field for d in report.deviations] == ["faces[].box[]"]
    assert report.deviations[0].largest == pytest.approx(0.01)


@pytest.mark.parametrize(("pixels", "good"), [(0.4, True), (3.0, False)])
def test_other_engines_may_differ_by_so_much_and_no_more(
    session: Path, models: Models, weights: Path, tmp_path: Path, pixels: float, good: bool
) -> None:
    path = write_recorded(tmp_path / "live.mcap", session, models, change=moved(pixels))  # type: ignore[arg-type]  # a function that changes one thing
    report = verify_session(path, config=ONNX, weights=weights)
    assert report.is_good is good
    largest = next(d for d in report.deviations if d.field == "faces[].box[]")
    assert (largest.frame_set, largest.beyond) == (6, 0 if good else 1)
    assert largest.largest == pytest.approx(pixels, abs=0.05)
    if not good:
        assert "is allowed" in report.first_difference


def test_a_face_more_is_never_within_tolerance(session: Path, models: Models, weights: Path, tmp_path: Path) -> None:
    def twice(observation: Observation) -> Observation:
        return replace(observation, faces=observation.faces * 2)

    path = write_recorded(tmp_path / "live.mcap", session, models, change=twice)
    report = verify_session(path, config=ONNX, weights=weights)
    assert not report.is_good
    assert "the number of observation.faces was 2, is 1" in report.first_difference


def test_other_library_versions_are_named_and_loosen_the_comparison(
    session: Path, models: Models, weights: Path, tmp_path: Path
) -> None:
    path = write_recorded(tmp_path / "live.mcap", session, models, run={"versions": {"numpy": "1.0"}})
    report = verify_session(path, weights=weights)
    assert (report.is_good, report.mode) == (True, "tolerances")
    assert report.reasons[0].startswith("numpy 1.0 then, ")


def test_an_observation_too_few_or_too_many_is_a_difference(
    session: Path, models: Models, weights: Path, tmp_path: Path
) -> None:
    fewer = write_recorded(tmp_path / "fewer.mcap", session, models, change=lambda o: None if o.frame_set == 4 else o)
    report = verify_session(fewer, weights=weights)
    assert (report.different, report.first_difference[:11]) == (1, "FrameSet 4:")
    assert "no observation is stored" in report.first_difference
    # The entry of the last FrameSet is gone: what was remembered before it stays as it was.
    more = write_recorded(
        tmp_path / "more.mcap", session, models, change_entry=lambda e: None if e.frame_set == 11 else e
    )
    report = verify_session(more, weights=weights)
    assert (report.different, report.first_difference[:12]) == (1, "FrameSet 11:")
    assert "the schedule does not name" in report.first_difference


def test_damaged_chunks_do_not_end_the_check(recorded: Path, weights: Path) -> None:
    with SessionReader(recorded) as reader:
        places = reader.count("depth")
    data = bytearray(recorded.read_bytes())
    for at in range(len(data) // 8, len(data) // 8 + 16):  # one changed byte may unpack to the very same
        data[at] ^= 0x55
    recorded.write_bytes(data)
    report = verify_session(recorded, weights=weights)
    assert not report.is_good
    assert report.frames == 2 * places
    assert report.bad_by_stream.keys() <= {"depth", "infrared"}
    assert report.bad_frames or report.problems
    assert "recover" in text_of(report)


def test_a_damaged_frame_ends_the_comparison_there_and_is_listed(
    session: Path, models: Models, weights: Path, tmp_path: Path
) -> None:
    path = write_recorded(
        tmp_path / "live.mcap", session, models, spoil_frame=lambda f: f.number == 8 or f.stream == "infrared"
    )
    report = verify_session(path, weights=weights)
    assert (report.is_good, report.results, report.observations) == (False, "not verified", 0)
    assert report.bad_by_stream == {"depth": 1, "infrared": 12}
    text = text_of(report)
    assert "depth #8 (frame 8): frame 8 of stream depth is damaged" in text
    assert "infrared: 2 more" in text


def test_a_session_that_says_it_cannot_be_replayed_is_no_failure(
    session: Path, models: Models, weights: Path, tmp_path: Path
) -> None:
    path = write_recorded(
        tmp_path / "watch.mcap",
        session,
        models,
        run={"replayable": False},
        keep_frame=lambda f: f.number % 4 == 0,
    )
    report = verify_session(path, weights=weights)
    assert (report.is_good, report.results, report.observations, report.stored) == (True, "not verified", 0, 12)
    assert "results cannot be computed again: the session itself says" in text_of(report)


@pytest.mark.parametrize("told", [True, False])
def test_frames_that_the_recorder_lost_end_the_comparison_there(
    session: Path, models: Models, weights: Path, tmp_path: Path, told: bool
) -> None:
    """What was lost and told is no surprise; what is missing without a word is a fault."""
    path = write_recorded(
        tmp_path / "live.mcap",
        session,
        models,
        keep_frame=lambda f: f.number != 8,
        events=[Event("frames not recorded", 0, 1, None, "depth: 1")] if told else [],
    )
    report = verify_session(path, weights=weights)
    assert report.is_good is told
    assert (report.results, report.observations, report.different) == ("not verified", 8, 0)
    assert "4 of 12 FrameSets" in report.not_verified
    assert "frame number 8" in report.not_verified


def test_observations_without_a_schedule_are_not_verified(
    session: Path, models: Models, weights: Path, tmp_path: Path
) -> None:
    path = write_recorded(tmp_path / "live.mcap", session, models, change_entry=lambda _: None)
    report = verify_session(path, weights=weights)
    assert (report.is_good, report.results) == (True, "not verified")
    assert "not which FrameSets" in report.not_verified


def test_a_model_that_is_gone_is_told_and_no_success(recorded: Path, weights: Path, tmp_path: Path) -> None:
    other = tmp_path / "weights"
    other.mkdir()
    for file in weights.iterdir():
        if not file.name.startswith("gray_to_depth"):
            (other / file.name).write_bytes(file.read_bytes())
    report = verify_session(recorded, weights=other)
    assert (report.is_good, report.results) == (False, "not verified")
    assert "gray_to_depth ran then and cannot be loaded here" in report.not_verified


def test_a_model_that_was_missing_then_is_missing_again(session: Path, weights: Path, tmp_path: Path) -> None:
    fewer = load_models(threads=1, weights_dir=weights, names=["face_landmarks"])
    try:
        fewer = replace(fewer, missing={"gray_to_depth": "torn", "depth_to_color": "torn"})
        path = write_recorded(tmp_path / "live.mcap", session, fewer)
    finally:
        fewer.close()
    report = verify_session(path, weights=weights)
    assert (report.is_good, report.results) == (True, "equal")


def test_engines_that_changed_in_the_middle_are_told(
    session: Path, models: Models, weights: Path, tmp_path: Path
) -> None:
    def other(entry: ScheduleEntry) -> ScheduleEntry:
        if entry.frame_set < 5:
            return entry
        return replace(entry, engines={n: {**how, "engine_key": "a newer one"} for n, how in entry.engines.items()})

    path = write_recorded(tmp_path / "live.mcap", session, models, change_entry=other)
    report = verify_session(path, weights=weights)
    assert (report.is_good, report.mode) == (True, "tolerances")
    assert "2 engines, one after the other" in report.reasons[0]
