"""The folder of alarms' clips has an end, and what somebody wants to keep stays in it."""

from __future__ import annotations

from pathlib import Path

from pipeline.clip_shelf import ClipsConfig, ClipShelf
from recordings.bookmarks import SUFFIX
from recordings.retention import KEEP_SUFFIX
from recordings.series.store import series_folder
from tests.pipeline.clip_cases import put


def test_a_clip_that_is_marked_to_keep_stays(tmp_path: Path) -> None:
    shelf = ClipShelf(ClipsConfig(most=2, least_free_gib=0.0), tmp_path)
    kept, bookmarked, other = (put(tmp_path, number) for number in range(3))
    kept.with_name(kept.name + KEEP_SUFFIX).touch()
    bookmarked.with_name(bookmarked.name + SUFFIX).write_text("{}")
    gone, why = shelf.make_room(1)
    assert gone == [other]
    assert "2 clips fill" in why
    assert "are marked to keep or have bookmarks, so that none" in why
    assert kept.exists()


def test_the_size_of_all_counts_too(tmp_path: Path) -> None:
    shelf = ClipShelf(ClipsConfig(most_gib=30 / 2**30, least_free_gib=0.0), tmp_path)
    old, newer = put(tmp_path, 0), put(tmp_path, 1)
    assert shelf.make_room(10) == ([], "")
    assert shelf.make_room(15) == ([old], "")
    gone, why = shelf.make_room(40)
    assert (gone, why) == ([newer], ""), "a clip larger than all of the room is kept alone"


def test_series_go_with_the_clip_that_they_lie_beside(tmp_path: Path) -> None:
    old = put(tmp_path, 0)
    series_folder(old).mkdir()
    (series_folder(old) / "series.json").write_text("{}")
    shelf = ClipShelf(ClipsConfig(most=1, least_free_gib=0.0), tmp_path)
    assert shelf.make_room(10) == ([old], "")
    assert not series_folder(old).exists()
