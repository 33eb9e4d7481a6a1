"""What a few letters find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gui.actions.palette_match import Entry, best, plain

ENTRIES = [
    Entry("next_event", ("Next event", "next_event"), ("Go on to where an event begins.", "N")),
    Entry("snapshot", ("Istantanea", "Snapshot", "snapshot"), ("Save this moment.", "Ctrl+S")),
    Entry("night", ("Night", "night"), ("Show the window in dim red.",)),
    Entry("slower", ("Slower", "slower"), ("Play at the next lower speed.",)),
]


def found(query: str, recent: tuple[str, ...] = ()) -> list[str]:
    return [entry.key for entry in best(query, ENTRIES, recent)]


def test_nothing_typed_shows_all_with_the_recent_ones_first() -> None:
    assert found("") == ["next_event", "snapshot", "night", "slower"]
    assert found("", ("slower", "night")) == ["slower", "night", "next_event", "snapshot"]


def test_the_beginning_of_a_name_goes_before_a_word_in_it_and_before_what_a_tip_says() -> None:
    assert found("ne") == ["next_event", "snapshot", "slower"]
    assert found("event")[0] == "next_event"
    assert found("sna")[0] == "snapshot"


def test_letters_with_gaps_the_english_name_and_the_keys_are_found() -> None:
    assert found("nxev") == ["next_event"]
    assert found("ISTAN") == ["snapshot"]
    assert found("snapshot") == ["snapshot"]
    assert found("ctrl+s") == ["snapshot"]


def test_every_word_must_be_found() -> None:
    assert found("dim red") == ["night"]
    assert found("dim green") == []


def test_accents_and_capitals_do_not_matter() -> None:
    assert plain("Velocità ÀÉ") == "velocita ae"


@given(st.text(max_size=30), st.lists(st.text(max_size=12), max_size=5))
def test_whatever_is_typed_finds_a_part_of_the_entries_each_once(query: str, recent: list[str]) -> None:
    keys = found(query, tuple(recent))
    assert len(set(keys)) == len(keys) <= len(ENTRIES)


@given(st.sampled_from(ENTRIES), st.data())
def test_any_letters_of_a_name_in_their_order_find_it(entry: Entry, data: st.DataObject) -> None:
    name = plain(entry.names[0]).replace(" ", "")
    kept = data.draw(st.lists(st.booleans(), min_size=len(name), max_size=len(name)))
    letters = "".join(c for c, keep in zip(name, kept, strict=True) if keep)
    assert entry.key in found(letters)
