"""A Lepton's telemetry is read as its datasheet has it, and what cannot be telemetry is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.boson import BosonTelemetry
from drivers.cameras.lepton import FfcState, LeptonTelemetry
from drivers.shutter import ShutterState
from tests.drivers.cameras.fake_lepton import Words, scene

WORD = st.integers(0, 0xFFFF)
LONG = st.integers(1, 2**32 - 1)
SAME = (
    *("frame_counter", "uptime_ms", "ffc", "ffc_desired", "agc_on"),
    *("shutter_locked", "overheating", "last_ffc_ms", "tlinear_on"),
)


@given(
    words=st.builds(
        Words,
        frame_counter=LONG,
        uptime_ms=st.just(2**32 - 1),
        ffc=st.integers(0, 3),
        ffc_desired=st.booleans(),
        agc_on=st.booleans(),
        shutter_locked=st.booleans(),
        overheating=st.booleans(),
        serial=st.tuples(*[WORD] * 8),
        software=st.tuples(*[WORD] * 4),
        fpa_centikelvin=st.integers(20_000, 40_000),
        housing_centikelvin=WORD,
        last_ffc_ms=LONG,
        gain_mode=st.integers(0, 2),
        effective_gain=st.integers(0, 1),
        tlinear_on=st.booleans(),
        tlinear_step=st.integers(0, 1),
        revision=st.integers(1, 0xFFFE),
    ),
    width=st.sampled_from([80, 160]),
)
def test_what_the_camera_says_is_what_is_read(words: Words, width: int) -> None:
    read = LeptonTelemetry.parse(words.rows(width))
    assert read is not None
    for name in SAME:
        assert getattr(read, name) == getattr(words, name), name
    assert read.fpa_k == pytest.approx(words.fpa_centikelvin / 100)
    assert read.housing_k == pytest.approx(words.housing_centikelvin / 100)
    assert read.tlinear_step_k == (0.01 if words.tlinear_step else 0.1)
    assert read.gain_mode == ("high", "low", "auto")[words.gain_mode]
    assert read.effective_gain == ("high", "low")[words.effective_gain]
    assert read.serial == ("".join(f"{v:04x}" for v in words.serial) if any(words.serial) else "")
    assert read.revision == (words.revision >> 8, words.revision & 255)


def test_words_stand_where_the_datasheet_has_them() -> None:
    """By hand, so that the reader and the fake camera cannot err together (datasheet, tables 2 and 3)."""
    words = np.zeros(240, np.uint16)
    words[0] = 14
    words[1:3] = 0x5678, 0x1234  # milliseconds, the lower word first
    words[3:5] = 0b0001_0000_0010_1000, 0b1_0000  # AGC on, FFC in progress, FFC desired; overheating
    words[20:22] = 7, 1
    words[24] = 30_915
    words[160 + 48], words[160 + 49] = 1, 0
    read = LeptonTelemetry.parse(words.reshape(3, 80))
    assert read is not None
    assert (read.uptime_ms, read.frame_counter) == (0x12345678, 0x10007)
    assert (read.ffc, read.ffc_desired, read.agc_on, read.overheating) == (FfcState.IN_PROGRESS, True, True, True)
    assert (read.shutter_locked, read.fpa_k, read.tlinear_step_k) == (False, 309.15, 0.1)


@pytest.mark.parametrize(
    ("ffc", "state"),
    [(0, ShutterState.OPEN), (1, ShutterState.IMMINENT), (2, ShutterState.CLOSED), (3, ShutterState.OPEN)],
)
def test_the_correction_tells_the_shutter(ffc: int, state: ShutterState) -> None:
    read = LeptonTelemetry.parse(Words(ffc=ffc).rows(160))
    assert read is not None
    assert read.shutter is state


@given(seed=st.integers(0, 2**32 - 1), top=st.sampled_from([2, 256, 4096, 65536]))
def test_a_picture_is_hardly_ever_taken_for_telemetry(seed: int, top: int) -> None:
    rows = np.random.default_rng(seed).integers(2, top + 2, (2, 160)).astype(np.uint16)
    assert LeptonTelemetry.parse(rows) is None


def test_a_warm_rooms_pixels_zeros_and_too_little_are_no_telemetry() -> None:
    assert LeptonTelemetry.parse(scene(0)[-2:]) is None
    assert LeptonTelemetry.parse(np.zeros((2, 160), np.uint16)) is None
    assert LeptonTelemetry.parse(np.full((2, 160), 65535, np.uint16)) is None
    assert LeptonTelemetry.parse(Words().rows(80)[:2]) is None


@given(counter=st.integers(0, 2**32 - 1), back=st.integers(0, 2**32 - 1), serial=st.integers(0, 2**32 - 1))
def test_a_bosons_counters_are_read_the_higher_word_first(counter: int, back: int, serial: int) -> None:
    words = np.zeros((2, 640), np.uint16)
    ffc = max(0, counter - back)
    for at, value in ((1, serial), (42, counter), (44, ffc)):
        words[0, at], words[0, at + 1] = value >> 16, value & 0xFFFF
    words[0, 47] = 3_001
    assert BosonTelemetry.parse(words) == BosonTelemetry(serial, counter, ffc, 300.1)
    words[0, 47] = 0
    assert BosonTelemetry.parse(words) is None
    assert BosonTelemetry.parse(words[:, :20]) is None
