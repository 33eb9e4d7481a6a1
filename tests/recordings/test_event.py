"""Events as they are stored: whole, and refused where they are not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.errors import SessionFormatError
from recordings.event import Clip, Event

NS = st.integers(-(1 << 63), (1 << 63) - 1)
CLIPS = st.none() | st.builds(Clip, NS, NS, st.text(), st.text())
MUTES = st.tuples(st.text(), NS) | st.just(("", None))


@given(NS, CLIPS, MUTES)
def test_an_event_comes_back_as_it_was(begin_ns: int, clip: Clip | None, mute: tuple[str, int | None]) -> None:
    event = Event("near", begin_ns, severity="alarm", muted_by=mute[0], muted_until_ns=mute[1], clip=clip)
    assert Event.from_json(json.loads(json.dumps(event.to_json()))) == event


def test_an_event_of_before_there_were_clips_is_read_and_stays_the_same_bytes() -> None:
    told = {"schema_version": 1, "name": "a", "begin_ns": 1, "end_ns": None, "face": None, "note": ""}
    assert Event.from_json(told) == Event("a", 1)
    assert Event("a", 1).to_json() == told


@pytest.mark.parametrize(
    "wrong",
    [
        {"clip": {"begin_ns": 1, "end_ns": 2}},
        {"clip": {"begin_ns": "1", "end_ns": 2, "file": ""}},
        {"clip": [1, 2]},
        {"clip": "a.mcap"},
        {"muted_until_ns": 1.5},
        {"muted_until_ns": 1 << 64},
    ],
)
def test_what_is_no_clip_and_no_mute_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(SessionFormatError, match="an event is incomplete or wrong"):
        Event.from_json({**Event("a", 1).to_json(), **wrong})


def test_a_clip_of_a_recording_is_looked_for_beside_it_and_one_of_its_own_where_it_is() -> None:
    night = Path("/moved/night.mcap")
    assert Clip(0, 1, "night.mcap").path(night) == night
    assert Clip(0, 1, "../../etc/night.mcap").path(night) == night, "no way leads out of the folder"
    assert Clip(0, 1, "night.mcap").path() == Path("night.mcap")
    assert Clip(0, 1, "/clips/a.mcap").path(night) == Path("/clips/a.mcap")
    assert Clip(0, 1).path(night) is None
