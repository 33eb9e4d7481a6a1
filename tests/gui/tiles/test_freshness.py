"""What a tile without a picture says."""

from __future__ import annotations

import pytest

from drivers.camera import CameraState
from gui.feed import Mode, Phase, StreamStatus
from gui.tiles.freshness import FaceWatch, chosen_face, no_frame
from tests.gui.tiles.board_desk import COLOR, face, shown, status

LIVE = status((COLOR,), Mode.LIVE)


@pytest.mark.parametrize(
    ("known", "told", "state", "words", "badge"),
    [
        ((), status((), Mode.LIVE, phase=Phase.OPENING), None, "waiting for color …", ""),
        ((), None, None, "waiting for color …", ""),
        ((), LIVE, None, "no stream color in this session", "NO STREAM"),
        (("color",), status((COLOR,)), None, "no frame of color at this instant", "NO SIGNAL"),
        (("color",), LIVE, None, "no frame of color has come yet", "NO SIGNAL"),
        (
            ("color",),
            LIVE,
            StreamStatus(COLOR, state=CameraState.GONE, note="unplugged"),
            "color: the camera is gone\nunplugged",
            "LOST",
        ),
    ],
)
def test_why_there_is_no_picture(known, told, state, words, badge) -> None:  # type: ignore[no-untyped-def]  # a table
    found = no_frame("color", known, told, state)
    assert (found.words, found.badge) == (words, badge)


def test_the_nearest_face_is_the_one_with_the_least_distance_or_else_the_largest() -> None:
    assert chosen_face(shown(faces=[face(1, None), face(2, 3.0), face(3, 1.0)]), None).id == 3
    assert chosen_face(shown(faces=[face(1, None), face(2, None)]), None).id == 1
    assert chosen_face(shown(faces=[]), None) is None
    assert chosen_face(shown(faces=[face(1)]), 2) is None


def test_a_watch_counts_from_when_it_saw_the_face_last() -> None:
    watch = FaceWatch(7)
    assert watch.absent_words(shown(faces=[])) == "face 7 is not there"
    assert watch.find(shown(number=10, faces=[face(7)])) is not None
    gone = shown(number=40, faces=[face(8)])
    assert watch.find(gone) is None
    assert watch.absent_words(gone) == "face 7 is not there (since 990 ms)"
    assert FaceWatch(None).absent_words(gone) == "no face"
