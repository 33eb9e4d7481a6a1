"""Two pieces of work at once give what they give one after the other, and no thread is left."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.models.depth_to_color import ColorResult, DepthToColor
from engines.models.face_finder import FaceFinder, FoundFace
from engines.models.gray_to_depth import GrayToDepth, ReliefResult
from pipeline.beside import Beside, in_turn
from pipeline.process import Process
from pipeline.steps.crop import Crop, Distance
from pipeline.steps.find import Finder
from pipeline.steps.generate import Generator, Wanted
from recordings.observation import Box
from tests.pipeline.process_cases import DEPTH, GRAY, scene
from tests.pipeline.scenes import KINECT_2, Person, StubColor, StubRelief, picture, room, stub_models

LIMIT_S = 20.0


def beside_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "tapetum-beside"]


def test_both_run_at_once_and_each_result_is_in_its_place() -> None:
    beside = Beside()
    mine, other = threading.Event(), threading.Event()

    def first() -> str:
        mine.set()
        assert other.wait(LIMIT_S), "the other one waits for its turn"
        return f"mine in {threading.current_thread().name}"

    def second() -> str:
        other.set()
        assert mine.wait(LIMIT_S)
        return f"other in {threading.current_thread().name}"

    try:
        here = threading.current_thread().name
        assert beside(first, second) == (f"mine in {here}", "other in tapetum-beside")
        assert beside(lambda: 1, lambda: None) == (1, None)
        assert len(beside_threads()) == 1, "one thread serves every call"
    finally:
        beside.close()
    assert beside_threads() == []
    beside.close()  # twice is no harm


def test_what_fails_on_either_side_is_raised_when_both_have_ended() -> None:
    beside = Beside()
    ended = []

    def fail(word: str) -> None:
        raise ValueError(word)

    try:
        with pytest.raises(ValueError, match="mine"):
            beside(lambda: fail("mine"), lambda: ended.append("other"))
        assert ended == ["other"]
        with pytest.raises(ValueError, match="other"):
            beside(lambda: ended.append("mine"), lambda: fail("other"))
        assert ended == ["other", "mine"]
        with pytest.raises(ValueError, match="mine"):
            beside(lambda: fail("mine"), lambda: fail("other"))
        assert beside(lambda: 1, lambda: 2) == (1, 2), "a failure ends neither the thread nor mixes up results"
    finally:
        beside.close()


def test_one_after_the_other_where_there_is_no_thread() -> None:
    order: list[str] = []
    assert in_turn(lambda: order.append("mine"), lambda: order.append("other")) == (None, None)
    assert order == ["mine", "other"]


class Meeting:
    """Stand-ins for both generating models, each of which ends only when the other has been asked, too."""

    def __init__(self) -> None:
        met = threading.Barrier(2)

        class Relief(StubRelief):
            def many(self, crops: Sequence[NDArray[np.uint8]]) -> list[ReliefResult]:
                met.wait(LIMIT_S)
                return super().many(crops)

        class Color(StubColor):
            def many(self, codes: Sequence[NDArray[np.uint8]]) -> list[ColorResult]:
                met.wait(LIMIT_S)
                return super().many(codes)

        self.models = replace(
            stub_models(), gray_to_depth=cast(GrayToDepth, Relief()), depth_to_color=cast(DepthToColor, Color())
        )


def test_relief_and_colour_are_made_at_once() -> None:
    gray, depth = np.full((200, 200), 77, np.uint8), np.full((200, 200), 1000, np.uint16)
    gray[:, 40:] = 107
    faces = [Wanted(Crop(Box(20.0, 10.0, 120.0, 120.0), Distance(1000.0, 11)))]
    beside = Beside()
    try:
        generator = Generator(Meeting().models, beside=beside)
        images, reasons = generator(gray, depth, faces)[0]
    finally:
        beside.close()
    assert [image.name for image in images] == ["relief", "color"]
    assert reasons == {}
    assert set(generator.seconds) == {"gray_to_depth", "depth_to_color"}
    assert generator.rest_seconds >= 0.0


def test_the_face_finder_looks_beside_the_search_for_shapes() -> None:
    asked: list[str] = []

    class StubFinder:
        def picture(self, *_: object) -> tuple[FoundFace, ...]:
            asked.append(threading.current_thread().name)
            return ()

        depth = picture

    people: list[Person] = [(0.0, 0.0, 1.2)]
    gray, depth = picture(KINECT_2, people), room(KINECT_2, people)
    beside = Beside()
    try:
        finder = Finder(model=cast(FaceFinder, StubFinder()), beside=beside)
        found = [finder(gray, depth, KINECT_2, busy=True) for _ in range(5)]
    finally:
        beside.close()
    assert asked == ["tapetum-beside"] * 2, "while faces are followed it looks at every fourth FrameSet"
    alone = Finder(model=cast(FaceFinder, StubFinder()))
    assert found == [alone(gray, depth, KINECT_2, busy=True) for _ in range(5)]
    assert len(found[0]) == 1


def test_a_second_thread_changes_no_byte() -> None:
    sets = [scene(n, [(0.03 * n - 0.3, 0.0, 1.2), (0.4, 0.0, 1.8)]) for n in range(6)]
    alone = Process([GRAY, DEPTH], stub_models())
    beside = Beside()
    try:
        together = Process([GRAY, DEPTH], stub_models(), beside=beside, beside_finish=beside)
        assert [together(one).to_bytes() for one in sets] == [alone(one).to_bytes() for one in sets]
        assert len(beside_threads()) == 1, "it was not used"
    finally:
        beside.close()
