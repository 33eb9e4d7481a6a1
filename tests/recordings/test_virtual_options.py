"""How a session is played, said in a source and understood again."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import UnsupportedFeatureError
from recordings.virtual import FramePlace, VirtualCamera, VirtualOptions


def test_a_source_says_everything() -> None:
    source = "/data/night.mcap?speed=4&loop=1&drop_every=10&stall_at=3&stall_s=1.5&lose_at=8&lose_s=0.5"
    camera = VirtualCamera.from_source(source)
    assert camera.source == f"virtual:{source}"
    assert camera.options() == {
        "file": "/data/night.mcap",
        "speed": "4",
        "loop": "1",
        "drop_every": "10",
        "stall_at": "3",
        "stall_s": "1.5",
        "lose_at": "8",
        "lose_s": "0.5",
    }
    again = VirtualOptions.parse(source.partition("?")[2])
    assert again == VirtualOptions(4.0, True, 10, 3.0, 1.5, 8.0, 0.5)
    assert VirtualOptions.parse(again.to_query()) == again
    assert VirtualCamera("a.mcap", speed=2, loop=True).source == "virtual:a.mcap?speed=2&loop=1"
    assert VirtualOptions.parse("speed=max").speed == math.inf
    assert VirtualOptions.parse("").to_query() == ""


def test_nothing_named_is_the_bundled_session_in_a_loop() -> None:
    assert VirtualCamera.from_source("").source == "virtual:"
    assert VirtualCamera.from_source("")._options.loop
    assert not VirtualCamera.from_source("?loop=0")._options.loop
    assert not VirtualCamera.from_source("a.mcap")._options.loop


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("sped=2", "no option sped; it knows speed"),
        ("speed=fast", "cannot understand"),
        ("speed=0", "plays at 0.1 to 16 times"),
        ("speed=16.1", "not at 16.1"),
        ("speed=0.05", "or at 'max'"),
        ("speed=-inf", "not at -inf"),
        ("speed=inf%", "cannot understand"),
        ("speed=nan", "not at nan"),
        ("loop=maybe", "neither 1 nor 0"),
        ("drop_every=1", "at least 2"),
        ("drop_every=-3", "at least 2"),
        ("stall_at=-1", "seconds"),
        ("lose_at=inf", "seconds"),
        ("speed", "cannot understand"),
        ("from_s=-1", "from_s must be seconds"),
        ("to_s=soon", "cannot understand"),
        ("to_s=1e300", "to_s must be seconds"),
        ("from_s=1e11", "from_s must be seconds"),
        ("stall_at=1&stall_s=1e300", "stall_s must be seconds"),
        ("from_s=3&to_s=2", "ends at 2 s, before it begins at 3 s"),
        ("from_s=3&from_event=phone", "one place only, found from_s, from_event"),
        ("from_frame=120", "no STREAM:NUMBER"),
        ("from_frame=depth", "no STREAM:NUMBER"),
        ("from_event=", "needs its name"),
    ],
)
def test_options_that_are_wrong(query: str, words: str) -> None:
    with pytest.raises(UnsupportedFeatureError, match=words):
        VirtualCamera.from_source(f"a.mcap?{query}")


def test_a_part_of_a_session_is_named_by_time_frame_or_event() -> None:
    assert VirtualOptions.parse("from_s=1.5&to_s=2") == VirtualOptions(from_s=1.5, to_s=2.0)
    named = VirtualOptions.parse("from_frame=cabin/infrared:-3@2").from_frame
    assert named == FramePlace("cabin/infrared", -3, 2)
    assert VirtualOptions.parse("from_event=3").from_event == 3
    assert VirtualOptions.parse("from_event=phone%20%26%20hand").from_event == "phone & hand"
    camera = VirtualCamera("a.mcap", options=VirtualOptions(from_frame=FramePlace("depth", 120), to_s=9.25))
    assert camera.source == "virtual:a.mcap?to_s=9.25&from_frame=depth:120"


seconds = st.none() | st.floats(0, 1e5).map(lambda s: round(s, 3))
begins = st.fixed_dictionaries(
    {},
    optional={
        "speed": st.floats(0.1, 16).map(lambda s: round(s, 3)) | st.just(math.inf),
        "loop": st.booleans(),
        "drop_every": st.integers(2, 100),
        "to_s": st.floats(1e5, 1e6).map(lambda s: round(s, 3)),
        "stall_at_s": seconds,
        "lose_at_s": seconds,
    },
) | st.one_of(
    st.builds(dict, from_s=seconds),
    st.builds(dict, from_frame=st.builds(FramePlace, st.sampled_from(["depth", "a/b"]), st.integers(), st.just(2))),
    st.builds(dict, from_event=st.integers(0, 99) | st.text(min_size=1).filter(lambda t: not t.isdecimal())),
)


@given(begins)
def test_what_is_written_into_a_source_is_read_back_the_same(words: dict[str, object]) -> None:
    options = VirtualOptions(**words)  # type: ignore[arg-type]  # by name
    assert VirtualOptions.parse(options.to_query()) == options
