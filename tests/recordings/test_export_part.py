"""Which frames an export takes, and the names it gives them."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.frame import StreamKind
from recordings.errors import SessionExportError
from recordings.exporters.part import folder_names, part_of, seconds_text
from recordings.exporters.protocol import ExportOptions
from recordings.reader import SessionReader
from tests.recordings.sessions import COLOR, DEPTH, GRAY, info_of, simple_session, write_session


def test_all_of_it_by_default(tmp_path: Path) -> None:
    with SessionReader(simple_session(tmp_path / "a.mcap", 3, [COLOR, DEPTH])) as session:
        part = part_of(session, ExportOptions())
        assert part.order == (
            ("color", 0),
            ("depth", 0),
            ("color", 1),
            ("depth", 1),
            ("color", 2),
            ("depth", 2),
        )
        assert part.is_whole
        assert part.counts() == {"color": 3, "depth": 3}


def test_a_span_includes_both_its_ends(tmp_path: Path) -> None:
    """Frames stand 33 ms apart."""
    with SessionReader(simple_session(tmp_path / "a.mcap", 10, [COLOR, DEPTH])) as session:
        part = part_of(session, ExportOptions(("depth",), 0.033, 0.099))
        assert part.order == (("depth", 1), ("depth", 2), ("depth", 3))
        assert not part.is_whole
        assert part_of(session, ExportOptions(from_s=0.2801)).counts() == {"color": 1, "depth": 1}
        with pytest.raises(SessionExportError, match=r"lasts 0\.297 s; nothing lies from 5 s to the end"):
            part_of(session, ExportOptions(from_s=5))
        with pytest.raises(SessionExportError, match="nothing lies"):
            part_of(session, ExportOptions(from_s=0.2, to_s=0.1))
        with pytest.raises(SessionExportError, match=r"has no frame of .* in that span"):
            part_of(session, ExportOptions(from_s=0.04, to_s=0.05))


@pytest.mark.parametrize("seconds", [1e9, 1e18, 1e300])
def test_seconds_beyond_all_clocks_are_the_end_or_nothing(seconds: float, tmp_path: Path) -> None:
    with SessionReader(simple_session(tmp_path / "a.mcap", 3, [DEPTH])) as session:
        assert part_of(session, ExportOptions(to_s=seconds)).is_whole
        with pytest.raises(SessionExportError, match="nothing lies from"):
            part_of(session, ExportOptions(from_s=seconds))


@pytest.mark.parametrize("seconds", [math.inf, math.nan])
def test_what_are_no_seconds_is_told(seconds: float, tmp_path: Path) -> None:
    with SessionReader(simple_session(tmp_path / "a.mcap", 3, [DEPTH])) as session:
        for options in (ExportOptions(to_s=seconds), ExportOptions(from_s=seconds)):
            with pytest.raises(SessionExportError, match="take seconds of the session, found"):
                part_of(session, options)


def test_streams_that_are_not_there_or_of_another_kind(tmp_path: Path) -> None:
    with SessionReader(simple_session(tmp_path / "a.mcap", 2, [COLOR, GRAY])) as session:
        with pytest.raises(SessionExportError, match="has no stream 'depth'; its streams: color, gray"):
            part_of(session, ExportOptions(("depth",)))
        with pytest.raises(SessionExportError, match="has no stream of depth; its streams: color, gray"):
            part_of(session, ExportOptions(), {StreamKind.DEPTH})
        with pytest.raises(SessionExportError, match="stream gray is gray; this form takes color"):
            part_of(session, ExportOptions(("gray",)), {StreamKind.COLOR})


def test_a_session_without_frames(tmp_path: Path) -> None:
    with (
        SessionReader(write_session(tmp_path / "a.mcap", [DEPTH], [])) as session,
        pytest.raises(SessionExportError, match="has no frames"),
    ):
        part_of(session, ExportOptions())


@given(st.integers(-(2**63), 2**63 - 1))
def test_seconds_have_every_digit(ns: int) -> None:
    whole, fraction = seconds_text(ns).lstrip("-").split(".")
    assert len(fraction) == 9
    assert (-1 if ns < 0 else 1) * (int(whole) * 10**9 + int(fraction)) == ns


names = st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=8).filter(
    lambda text: not any(c.isspace() for c in text)
)


@given(st.lists(names, min_size=1, max_size=6, unique=True))
def test_folders_have_safe_names_of_their_own(streams: list[str]) -> None:
    infos = info_of([replace(GRAY, name=name) for name in streams]).streams
    folders = folder_names(infos, taken=("depth",))
    assert list(folders) == streams
    lowered = [name.lower() for name in folders.values()] + ["depth"]
    assert len(set(lowered)) == len(lowered)
    for name in folders.values():
        assert name.isascii()
        assert name.strip(".") == name
        assert not set(name) & set('/\\:*?"<>| ')


def test_plain_names_stay_as_they_are() -> None:
    streams = [replace(GRAY, name=n) for n in ("depth", "cabin/infrared", "cabin_infrared", "..")]
    assert list(folder_names(streams).values()) == ["depth", "cabin_infrared", "cabin_infrared_2", "stream"]
