"""Spots and areas: what stands in the pixels, or a dash with its reason."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.frame import Frame, FrameFlag, KelvinMap, StreamKind
from gui.looks.look import Look
from gui.looks.look_marks import look_marks, look_words, reading_words, readings
from gui.looks.scale import scale_of, why_no_degrees
from gui.looks.spots import Area, Spot, area_between, followers, free_name, mark_from_json, read
from pipeline.primitives import Text
from recordings.reader import SessionReader
from recordings.samples import __path__ as samples
from tests.gui.looks.made import frame_of, warm


@settings(max_examples=60)
@given(st.integers(0, 79), st.integers(0, 59), st.sampled_from((0.01, 0.04, -0.02)), st.integers(0, 2**32 - 1))
def test_a_spot_reads_the_degrees_of_the_cameras_own_map(x: int, y: int, gain: float, seed: int) -> None:
    kelvin = KelvinMap(gain, 900.0 if gain < 0 else 0.0)
    middle = (300.0 - kelvin.offset) / gain
    pixels = np.random.default_rng(seed).normal(middle, 500, (60, 80)).astype(np.uint16)
    shown = frame_of(StreamKind.THERMAL, pixels, kelvin)
    reading = read(shown, scale_of(shown.info), Spot("Sp1", x, y))
    assert reading.mean == pytest.approx(shown.celsius()[y, x])
    area = read(shown, scale_of(shown.info), Area("Ar1", x // 2, y // 2, x, y))
    part = shown.celsius()[y // 2 : y + 1, x // 2 : x + 1]
    assert (area.low, area.mean, area.high) == pytest.approx((part.min(), part.mean(), part.max()))
    (col, row) = area.at[1]
    assert shown.celsius()[row, col] == pytest.approx(part.max())


def test_the_bundled_drive_reads_as_its_frame_says() -> None:
    with SessionReader(f"{samples[0]}/night-drive.mcap") as reader:
        shown = reader.frame("thermal", 30)
    hot, cold = followers(shown, scale_of(shown.info), True, True)
    celsius = shown.celsius()
    assert hot.mean == pytest.approx(celsius.max())
    assert cold.mean == pytest.approx(celsius.min())
    assert celsius[hot.at[0][1], hot.at[0][0]] == celsius.max()
    assert 30 < celsius.max() < 40


def readable(shown: Frame, mark: Spot | Area = Spot("Sp1", 5, 5)) -> str:  # noqa: B008  # frozen
    return reading_words(read(shown, scale_of(shown.info), mark), scale_of(shown.info).unit, "°C")


def test_a_dash_and_the_reason_stand_where_there_is_no_number() -> None:
    assert readable(warm(20.0, flags=FrameFlag.SHUTTER)) == "Sp1 – shutter closed"
    assert readable(frame_of(StreamKind.THERMAL, np.full((9, 9), 65535, np.uint16))) == "Sp1 – saturated"
    assert readable(frame_of(StreamKind.THERMAL, np.zeros((9, 9), np.uint16))) == "Sp1 – no reading"
    assert readable(frame_of(StreamKind.DEPTH, np.zeros((9, 9), np.uint16))) == "Sp1 – no reading"
    assert readable(warm(20.0), Spot("Sp1", 500, 5)) == "Sp1 – outside the picture"
    assert readable(frame_of(StreamKind.THERMAL, np.full((9, 9), 900, np.uint16))) == "Sp1 – no temperature that can be"
    assert readable(frame_of(StreamKind.COLOR, np.zeros((9, 9, 3), np.uint8))) == "Sp1 – color is not measured"


def test_counts_without_a_map_stay_counts() -> None:
    assert readable(warm(20.0, kelvin=None)).endswith(" counts")
    assert readable(warm(20.0, kelvin=KelvinMap(float("nan")))).endswith(" counts")


def test_pixels_without_a_reading_do_not_count_in_an_area() -> None:
    pixels = np.full((20, 20), 1000, np.uint16)
    pixels[:, :10] = 0
    pixels[0, 19] = 3000
    shown = frame_of(StreamKind.DEPTH, pixels)
    reading = read(shown, scale_of(shown.info), Area("Ar1", 0, 0, 19, 19))
    assert reading.low == pytest.approx(1.0)
    assert reading.high == pytest.approx(3.0)
    assert reading.mean == pytest.approx(1.01)
    assert reading.share == 0.5
    assert reading.at[1] == (19, 0)


def test_an_old_number_carries_its_age() -> None:
    shown = warm(20.0)
    look = Look(marks=(Spot("Sp1", 5, 5),), hottest=True)
    scale = scale_of(shown.info)
    marks = look_marks(shown, look, scale, readings(shown, look, scale), "", "°C", "3.2 s", "")
    texts = [m.text for m in marks if isinstance(m, Text)]
    assert len(texts) == 2
    assert all("(3.2 s old)" in t for t in texts)


def test_the_corner_of_the_picture_says_what_is_done_to_it() -> None:
    gray = frame_of(StreamKind.INFRARED, np.zeros((9, 9), np.uint8))
    assert look_words(gray, Look(gamma=1.8, clahe=3.0), scale_of(gray.info), "", "°C") == "CLAHE   γ 1.8"
    plain = warm(20.0, kelvin=None)
    said = look_words(plain, Look(), scale_of(plain.info), why_no_degrees(plain), "°C")
    assert said == "not radiometric"
    assert look_words(warm(20.0), Look(), scale_of(warm(20.0).info), "", "°C") == ""


@given(st.integers(1, 200), st.integers(1, 200), st.data())
def test_a_mark_is_never_moved_out_of_the_picture(w: int, h: int, data: st.DataObject) -> None:
    xs = st.integers(0, w - 1)
    ys = st.integers(0, h - 1)
    by = st.integers(-500, 500)
    area = area_between("Ar1", data.draw(xs), data.draw(ys), data.draw(xs), data.draw(ys), w, h)
    moved = area.moved(data.draw(by), data.draw(by), w, h)
    assert 0 <= moved.x0 <= moved.x1 < w
    assert 0 <= moved.y0 <= moved.y1 < h
    assert (moved.x1 - moved.x0, moved.y1 - moved.y0) == (area.x1 - area.x0, area.y1 - area.y0)
    spot = Spot("Sp1", data.draw(xs), data.draw(ys)).moved(data.draw(by), data.draw(by), w, h)
    assert 0 <= spot.x < w
    assert 0 <= spot.y < h


def test_marks_have_names_of_their_own() -> None:
    marks = (Spot("Sp1", 0, 0), Spot("Sp3", 0, 0))
    assert free_name("Sp", marks) == "Sp2"
    assert mark_from_json(["Sp1", 1, 2]) == Spot("Sp1", 1, 2)
    assert mark_from_json(["Ar1", 5, 5, 1, 1]) is None
    assert mark_from_json(["", 1, 2]) is None
    assert mark_from_json(["Sp1", 1.5, 2]) is None
