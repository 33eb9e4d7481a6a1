"""The picture of overlay.mp4 and the contact sheet."""

from __future__ import annotations

import numpy as np
import pytest

from drivers.frame import StreamInfo, StreamKind
from pipeline.labels import ORANGE
from pipeline.panel import Panel, compose, contact_sheet, main_frame
from tests.pipeline.pictures import COLOR, DEPTH, THERMAL, face, frame_set, generated, observation


@pytest.mark.parametrize("size", [(1280, 720), (640, 360), (1920, 1080), (300, 100)])
@pytest.mark.parametrize("streams", [(COLOR, DEPTH, THERMAL), (DEPTH,), (COLOR, DEPTH), (THERMAL,)])
def test_a_picture_of_the_asked_size_for_any_rig(size, streams) -> None:  # type: ignore[no-untyped-def]  # parametrised
    picture = compose(frame_set(*streams), observation(face()), size, "all 6.1 ms")
    assert picture.shape == (max(270, size[1]), max(480, size[0]), 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 5


@pytest.mark.parametrize("count", [0, 1, 2, 5, 30])
def test_any_number_of_faces(count: int) -> None:
    faces = [face(i) for i in range(count)]
    assert compose(frame_set(), observation(*faces)).shape == (720, 1280, 3)


def test_generated_pictures_in_the_panel_carry_their_mark() -> None:
    """With black generated images, the column holds the mark's ink below its title, and none without images."""
    with_images = compose(frame_set(), observation(face(generated=(generated(0), generated(0, "relief")))))
    without = compose(frame_set(), observation(face(generated=())))
    column = (slice(36, 660), slice(1060, 1260))

    def ink(picture):  # type: ignore[no-untyped-def]  # a test's helper
        return int((np.abs(picture[column].astype(int) - np.array(ORANGE)).sum(axis=2) < 60).sum())

    assert ink(with_images) > 400
    assert ink(without) == 0


def test_the_large_picture_is_color_then_infrared_and_never_changes_within_a_session() -> None:
    assert main_frame(frame_set(THERMAL, DEPTH, COLOR)).kind is StreamKind.COLOR
    assert main_frame(frame_set(THERMAL, DEPTH)).kind is StreamKind.DEPTH
    panel = Panel()
    panel.compose(frame_set(COLOR, DEPTH, THERMAL), observation())
    again = panel.compose(frame_set(COLOR, DEPTH, THERMAL), observation(face()))
    assert np.array_equal(again, panel.compose(frame_set(COLOR, DEPTH, THERMAL), observation(face())))


def test_a_missing_stream_and_a_status_are_no_harm() -> None:
    assert compose(frame_set(DEPTH), observation(face(), status="no image stream")).any()


def test_a_contact_sheet_holds_all_pictures_with_titles() -> None:
    pictures = [np.full((90, 160, 3), 40 * (i + 1), np.uint8) for i in range(5)]
    sheet = contact_sheet(pictures, columns=3, titles=[f"frame {i}" for i in range(5)], cell_width=160)
    assert sheet.shape[1] == 3 * 164 + 4
    for i in range(5):
        assert (sheet == 40 * (i + 1)).all(axis=2).sum() >= 90 * 160


def test_a_contact_sheet_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        contact_sheet([])


@pytest.mark.parametrize("shape", [(1, 1), (4096, 3072), (7, 1000)])
@pytest.mark.parametrize("kind", [StreamKind.COLOR, StreamKind.DEPTH, StreamKind.THERMAL])
def test_frames_of_any_shape(shape: tuple[int, int], kind: StreamKind) -> None:
    dtype = "uint8" if kind is StreamKind.COLOR else "uint16"
    info = StreamInfo("odd", kind, *shape, dtype, unit_m=0.001 if kind is StreamKind.DEPTH else None)
    assert compose(frame_set(info), observation(face(stream="odd"))).shape == (720, 1280, 3)
