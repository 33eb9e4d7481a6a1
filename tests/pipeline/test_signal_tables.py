"""Events as rows of a table: nothing of them is lost on the way there and back."""

from __future__ import annotations

import pyarrow as pa
import pytest

from pipeline.signal_tables import EVENTS_SCHEMA, event_of_row, event_row
from recordings.event import Clip, Event, Evidence
from recordings.observation import SignalValue

WHOLE = Event(
    "microsleep",
    100,
    900,
    3,
    "The eyes have closed",
    "alarm",
    (Evidence("eyes_closed_s", SignalValue(1.2, "s", 0.8), ((-0.1, 1.1), (0.0, 1.2))),),
    "ann",
    400,
    "ann",
    60_000,
    Clip(-4_900, 3_100, "alarm.mcap", "it begins 1.0 s late: nothing was kept before"),
)


@pytest.mark.parametrize("event", [WHOLE, Event("mark", 5), Event("near", 5, None, 1, clip=Clip(0, 9))])
def test_an_event_comes_back_from_its_row_as_it_was(event: Event) -> None:
    (row,) = pa.Table.from_pylist([event_row(event)], schema=EVENTS_SCHEMA).to_pylist()
    assert event_of_row(row) == event


def test_a_row_of_an_older_table_has_neither_clip_nor_mute() -> None:
    newer = ("muted_by", "muted_until_ns", "clip_begin_ns", "clip_end_ns", "clip_file", "clip_problem")
    row = {name: value for name, value in event_row(WHOLE).items() if name not in newer}
    event = event_of_row(row)
    assert (event.clip, event.muted_by, event.muted_until_ns) == (None, "", None)
    assert event.acknowledged_by == "ann"
