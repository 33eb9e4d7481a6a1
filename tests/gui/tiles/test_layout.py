"""Layouts as values: nothing that is read can break the board."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.settings import Settings
from gui.tiles.face_pictures import KINDS
from gui.tiles.layout import EMPTY, Arrangement, Layout, LayoutError, Place, Source, default_layout
from gui.tiles.layout_store import MOST_LAST, SETTING, LayoutStore, key_of, read_layout, write_layout

streams = st.text(st.characters(blacklist_categories=("Cs", "Zs", "Cc")), min_size=1, max_size=12)
sources = st.one_of(
    st.just(EMPTY),
    streams.map(lambda name: Source(stream=name)),
    st.builds(
        lambda picture, face: Source(picture=picture, face=face),
        st.sampled_from(KINDS),
        st.one_of(st.none(), st.integers(0, 10**6)),
    ),
)
places = st.builds(
    lambda source, overlay, detached: Place(source, overlay, detached and not source.is_empty),
    sources,
    st.dictionaries(st.sampled_from(("box", "axes", "eyes")), st.booleans(), max_size=3),
    st.booleans(),
)
layouts = st.builds(
    lambda arrangement, tiles: Layout(arrangement, tuple(tiles)),
    st.sampled_from(list(Arrangement)),
    st.lists(places, max_size=12),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
almost = st.fixed_dictionaries(
    {"version": st.sampled_from((1, 1, 2, "1")), "arrangement": st.sampled_from(("1", "9", "main+side", "7", None))},
    optional={
        "tiles": st.lists(
            st.one_of(
                json_values,
                st.fixed_dictionaries(
                    {},
                    optional={
                        "stream": json_values,
                        "picture": st.sampled_from(("crop", "hat")),
                        "face": json_values,
                        "overlay": json_values,
                        "detached": json_values,
                    },
                ),
            ),
            max_size=5,
        )
    },
)


@given(layouts)
def test_a_layout_comes_back_from_a_file_as_it_was(layout: Layout) -> None:
    assert Layout.from_json(json.loads(json.dumps(layout.to_json()))) == layout


@given(json_values | almost)
def test_any_json_is_a_layout_or_is_refused_with_words(data: object) -> None:
    with contextlib.suppress(LayoutError):
        layout = Layout.from_json(data)
        assert layout.shown
        assert Layout.from_json(layout.to_json()) == layout


@given(json_values | st.fixed_dictionaries({"last": json_values | st.dictionaries(st.just("a b"), almost)}))
def test_any_settings_give_a_layout_or_none_and_a_word(data: object) -> None:
    settings = Settings()
    settings.set(SETTING, data)
    store = LayoutStore(settings)
    if store.last(["b", "a"]) is None and isinstance(data, dict) and isinstance(data.get("last"), dict):
        assert bool(store.problem) == ("a b" in data["last"] or not isinstance(data.get("named", {}), dict))
    assert store.names() == sorted(store.names(), key=str.casefold)


@given(layouts, st.integers(0, 20), st.integers(0, 20))
def test_swapping_loses_no_tile(layout: Layout, a: int, b: int) -> None:
    count = len(layout.shown)
    a, b = a % count, b % count
    swapped = layout.swapped(a, b)
    assert swapped.shown[a] == layout.shown[b]
    assert swapped.shown[b] == layout.shown[a]
    assert sorted(s.source.key for s in swapped.places if not s.source.is_empty) == sorted(
        s.source.key for s in layout.places if not s.source.is_empty
    )
    assert swapped.swapped(a, b).shown == layout.shown


@given(layouts)
def test_the_next_main_tile_comes_round_to_the_first_again(layout: Layout) -> None:
    filled = [p for p in layout.places if not p.source.is_empty]
    turned = layout
    for _ in filled:
        turned = turned.rotated()
    assert [p for p in turned.places if not p.source.is_empty] == filled


@given(layouts, st.sampled_from(list(Arrangement)))
def test_a_smaller_arrangement_keeps_what_it_does_not_show(layout: Layout, other: Arrangement) -> None:
    assert layout.arranged(other).arranged(layout.arrangement) == layout
    shown = layout.arranged(other).shown
    assert len(shown) == (other.count or max(sum(not p.source.is_empty for p in layout.places), 1))


def test_at_first_one_stream_is_large_and_the_others_beside_it() -> None:
    layout = default_layout(["depth", "infrared", "thermal", "depth"], main="infrared")
    assert layout.arrangement is Arrangement.MAIN
    assert [p.source.stream for p in layout.shown] == ["infrared", "depth", "thermal"]


def test_a_stream_that_comes_later_gets_the_first_empty_tile() -> None:
    layout = default_layout(["a", "b"]).arranged(Arrangement.FOUR)
    assert [p.source.stream for p in layout.with_new(Source(stream="c")).shown] == ["a", "b", "c", ""]


def test_each_set_of_streams_has_its_own_last_layout_and_the_oldest_are_forgotten() -> None:
    settings = Settings()
    store = LayoutStore(settings)
    mine = Layout(Arrangement.NINE, (Place(Source(stream="a")),))
    store.set_last(["b", "a"], mine)
    assert LayoutStore(settings).last(["a", "b"]) == mine
    assert LayoutStore(settings).last(["a"]) is None
    for i in range(MOST_LAST):
        store.set_last([f"s{i}"], Layout())
    assert store.last(["a", "b"]) is None
    assert not store.problem
    assert key_of(["b", "a", "b"]) == "a b"


def test_named_layouts_are_saved_loaded_and_deleted() -> None:
    settings = Settings()
    store = LayoutStore(settings)
    store.save(" Night ", Layout(Arrangement.TWO))
    store.save("day", Layout(Arrangement.ONE))
    assert LayoutStore(settings).names() == ["day", "Night"]
    assert LayoutStore(settings).named("Night") == Layout(Arrangement.TWO)
    store.delete("day")
    store.delete("day")
    assert LayoutStore(settings).names() == ["Night"]
    with pytest.raises(LayoutError, match="day"):
        store.named("day")
    for name in ("", "  ", "x" * 61, "a\nb"):
        with pytest.raises(LayoutError, match="name"):
            store.save(name, Layout())


@given(st.binary(max_size=60))
def test_a_file_that_is_no_layout_is_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("layout") / "broken.json"
    path.write_bytes(data)
    with pytest.raises(LayoutError):
        read_layout(path)


def test_a_layout_goes_through_a_file_and_a_huge_or_deep_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    layout = Layout(Arrangement.SIX, (Place(Source(picture="crop", face=3), {"box": False}, True),))
    write_layout(path, layout)
    assert read_layout(path) == layout
    path.write_bytes(b" " * 1_000_001)
    with pytest.raises(LayoutError, match="larger"):
        read_layout(path)
    path.write_text("[" * 100_000)
    with pytest.raises(LayoutError):
        read_layout(path)
    with pytest.raises(OSError, match="nowhere"):
        read_layout(tmp_path / "nowhere.json")
