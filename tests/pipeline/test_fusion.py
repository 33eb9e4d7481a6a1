"""One face seen by several cameras of the bundled rigs: do they agree, and who tells its signals when one goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from drivers.frame import FrameSet, StreamInfo
from engines.loading import Models, load_models
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.schedule import all_frame_sets
from pipeline.steps.second_look import Second, SecondLook
from recordings.observation import Face, SignalValue
from recordings.reader import SessionReader
from recordings.samples import bundled_session
from recordings.samples.truth import FrameTruth, SessionTruth, read_truth
from tests.helpers.thermal_changes import CHANGES, with_pixels
from tests.helpers.truth import match

Session = tuple[Sequence[StreamInfo], Sequence[FrameSet], SessionTruth]
Change = Callable[[FrameSet, FrameTruth], FrameSet]
AGREE = "spectra_agreement"
TWO_TURNS = 15
"""FrameSets in which every other camera has looked at everybody twice, one look a FrameSet: 1.7 s of the street."""


@pytest.fixture(scope="module")
def models() -> Iterator[Models]:
    """Without those that make images: no signal asks them."""
    loaded = load_models()
    yield replace(loaded, gray_to_depth=None, depth_to_color=None)
    loaded.close()


def session(name: str) -> Session:
    with SessionReader(bundled_session(name)) as reader:
        truth = read_truth(reader)
        assert truth is not None
        return reader.streams, list(all_frame_sets(reader, reader.streams, PipelineConfig().synchronize)), truth


@pytest.fixture(scope="module")
def drive() -> Session:
    return session("night-drive")


@pytest.fixture(scope="module")
def street() -> Session:
    return session("night-street")


def faces_of(
    person: int,
    played: Session,
    models: Models,
    change: Change | None = None,
    config: PipelineConfig | None = None,
    last: int = 1000,
) -> dict[int, Face]:
    """The faces of one person of the truth, by the place of the FrameSet; only where the person was found.

    Args:
        last: so many FrameSets.
    """
    streams, sets, truth = played
    process, found = Process(streams, models, config), {}
    for place, (frames, told) in enumerate(zip(sets[:last], truth.frames[:last], strict=True)):
        looked = process.look(frames if change is None else change(frames, told))
        if looked.view is not None:
            matched, _ = match(told, [face for face, _ in looked.faces], looked.view.stream)
            if person in matched:
                found[place] = matched[person]
    return found


@pytest.fixture(scope="module")
def street_people(street: Session, models: Models) -> dict[int, dict[int, Face]]:
    """Everybody in the street, as recorded."""
    streams, sets, truth = street
    process: Process = Process(streams, models)
    found: dict[int, dict[int, Face]] = {1: {}, 2: {}, 3: {}}
    for place, (frames, told) in enumerate(zip(sets, truth.frames, strict=True)):
        matched, _ = match(told, [face for face, _ in process.look(frames).faces], "infrared")
        for person, face in matched.items():
            found[person][place] = face
    return found


def values(faces: dict[int, Face], name: str) -> dict[int, SignalValue]:
    return {place: face.signals[name] for place, face in faces.items()}


def without(*names: str, first: int, last: int = 1000) -> Change:
    """Cameras that give no frames in some FrameSets."""

    def change(frames: FrameSet, told: FrameTruth) -> FrameSet:
        if not first <= told.number < last:
            return frames
        left = {name: frame for name, frame in frames.frames.items() if name not in names}
        return replace(frames, frames=left, missing=tuple(names))

    return change


def blinded(first: int) -> Change:
    """The infrared camera looks into the sun."""

    def change(frames: FrameSet, told: FrameTruth) -> FrameSet:
        if told.number < first:
            return frames
        return with_pixels(frames, np.full_like(frames.frames["infrared"].pixels, 255), "infrared")

    return change


def test_light_and_warmth_agree_on_the_driver(drive: Session, models: Models) -> None:
    told = values(faces_of(1, drive, models), AGREE)
    known = [one for one in told.values() if one.is_valid]
    assert len(known) >= 0.95 * len(told)
    assert np.mean([one.value > 0.9 for one in known]) >= 0.95
    assert np.mean([one.confidence for one in known]) > 0.6
    assert {one.label for one in known} == {"infrared + thermal"}


def test_three_cameras_agree_on_everybody_in_the_street(street_people: dict[int, dict[int, Face]]) -> None:
    for faces in street_people.values():
        told = values(faces, AGREE)
        known = [one for one in told.values() if one.is_valid]
        came = [place for place in told if place - 1 not in told]
        late = [place for place in told if place - max(one for one in came if one <= place) >= TWO_TURNS]
        assert len(known) >= 35
        assert len(late) >= 30
        assert all(told[place].is_valid for place in late), "each camera has had two turns by then"
        assert np.median([one.value for one in known]) > 0.9
        assert min(one.value for one in known) > 0.5


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_thermal_camera_that_shows_something_else_does_not_agree(
    drive: Session, models: Models, change: Change
) -> None:
    """Knocked aside, a heated dummy, a printed face, somebody else."""
    known = [one for one in values(faces_of(1, drive, models, change, last=40), AGREE).values() if one.is_valid]
    assert len(known) >= 30
    assert np.median([one.value for one in known]) < 0.2
    assert np.mean([one.value < 0.5 for one in known]) >= 0.95
    assert np.mean([one.confidence for one in known]) > 0.5


def test_eyes_are_told_by_the_camera_that_serves_them_best_and_nobody_flips(
    street_people: dict[int, dict[int, Face]],
) -> None:
    for faces in street_people.values():
        eyes = values(faces, "eye_openness")
        told = [one.source for _, one in sorted(eyes.items())]
        assert sum(a != b for a, b in pairwise(told)) <= 2
        assert told.count("") >= 0.8 * len(told), "infrared sees them best all the time"


def test_blinded_infrared_leaves_the_eyes_to_colour_within_a_second(street: Session, models: Models) -> None:
    _, sets, truth = street
    faces = faces_of(1, street, models, blinded(10), last=24)
    eyes = values(faces, "eye_openness")
    assert all(eyes[n].is_valid and not eyes[n].source for n in range(1, 10))
    assert not eyes[10].is_valid, "nothing is told for what is not seen"
    taken = next(n for n in range(10, 30) if eyes[n].is_valid)
    assert eyes[taken].source == "color"
    assert sets[taken].device_ns - sets[10].device_ns <= 1_000_000_000
    # He blinks at 18 and 19 (truth: 0.01 and 0.08), and colour follows.
    truly = {n: float(np.mean(one.openness)) for n in range(14, 22) for one in truth.frames[n].people if one.id == 1}
    assert min(truly.values()) < 0.1
    for n, true in truly.items():
        if n >= taken and (true < 0.2 or true > 0.9):
            assert (eyes[n].value < 0.4) == (true < 0.2), n
    assert faces[18].signals["eyes_closed"].value == 1.0
    assert faces[18].signals["eyes_closed"].source == "color"
    assert all(faces[n].stream == "infrared" for n in range(10, 22)), "the face stays where depth sees it"


def test_when_that_camera_goes_the_confidence_falls_and_within_a_second_nothing_is_told(
    street: Session, models: Models
) -> None:
    _, sets, _ = street
    cut, blind = without("color", first=16), blinded(10)
    eyes = values(faces_of(1, street, models, lambda f, t: cut(blind(f, t), t), last=24), "eye_openness")
    assert eyes[15].source == "color"
    after = [n for n in sorted(eyes) if n >= 16]
    held = [n for n in after if eyes[n].is_valid]
    assert all(sets[n].device_ns - sets[15].device_ns <= 1_000_000_000 for n in held)
    sure = [eyes[n].confidence for n in (15, *held)]
    assert sure == sorted(sure, reverse=True)
    assert len(set(sure)) == len(sure)
    assert not any(eyes[n].is_valid for n in after if n not in held)


def test_when_the_depth_camera_goes_colour_takes_over_and_gives_back(street: Session, models: Models) -> None:
    _, sets, _ = street
    faces = faces_of(1, street, models, without("infrared", "depth", first=38, last=50))
    eyes = values(faces, "eye_openness")
    lost = max(n for n in faces if n < 38)
    taken = min(n for n in faces if n >= 38)
    assert faces[taken].stream == "color"
    assert sets[taken].device_ns - sets[lost].device_ns <= 1_000_000_000
    known = min(n for n in eyes if n >= taken and eyes[n].is_valid)
    assert sets[known].device_ns - sets[lost].device_ns <= 1_000_000_000
    assert {faces[n].id for n in faces} == {1}
    back = min(n for n in faces if n >= 50 and faces[n].stream == "infrared")
    assert sets[back].device_ns - sets[50].device_ns <= 1_000_000_000
    assert all(eyes[n].is_valid for n in range(back, back + 6)), "eyes are told all the while"
    assert eyes[max(eyes)].source == ""


def test_where_no_other_camera_is_read_nothing_is_as_if_there_were_none(drive: Session, models: Models) -> None:
    off = PipelineConfig.model_validate({"second_look": {"looks": 0}})
    for place, face in faces_of(1, drive, models, config=off, last=30).items():
        if place > 0:
            assert "no landmarks were read there" in face.signals[AGREE].reason
        assert not face.signals["eye_openness"].source


def test_what_is_found_in_the_reference_picture_does_not_depend_on_second_looks(
    street: Session, models: Models
) -> None:
    streams, sets, _ = street
    off = PipelineConfig.model_validate({"second_look": {"looks": 0}})
    one, other = Process(streams, models), Process(streams, models, off)
    for frames in sets[:25]:
        told, alone = (
            [replace(face, signals={}).to_json() for face, _ in process.look(frames).faces] for process in (one, other)
        )
        assert told == alone


def test_the_same_frame_sets_give_the_same_bytes_and_a_reset_begins_anew(street: Session, models: Models) -> None:
    streams, sets, _ = street
    process = Process(streams, models)
    first = [process(frames).to_bytes() for frames in sets[:15]]
    process.reset()
    assert [process(frames).to_bytes() for frames in sets[:15]] == first


def test_while_the_landmark_model_rests_nobody_is_looked_at_twice(
    street: Session, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams, sets, _ = street
    process, looks = Process(streams, models), []
    real = SecondLook.__call__

    def look(self: SecondLook, *given: Any) -> list[Second]:
        looks.append(given)
        return real(self, *given)

    monkeypatch.setattr(SecondLook, "__call__", look)
    for frames in sets[:4]:
        process.look(frames)
    assert len(looks) == 4
    assert process.look(sets[4], ["face_landmarks"]).faces
    assert len(looks) == 4
