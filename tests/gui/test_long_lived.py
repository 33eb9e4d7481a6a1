"""What lives as long as the picture runs is not looked through for garbage, and is garbage again when it ends."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from gui.long_lived import set_aside, take_back


class Owner:
    """Somebody who shows pictures; or something that holds itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def owner() -> Iterator[Owner]:
    one = Owner()
    yield one
    take_back(one)
    assert gc.get_freeze_count() == 0


def test_what_is_set_aside_is_not_looked_through_until_it_is_taken_back(owner: Owner) -> None:
    lost = Owner()
    gone = weakref.ref(lost)
    set_aside(owner)
    assert gc.get_freeze_count() > 1000
    del lost
    gc.collect()
    assert gone() is not None, "it was set aside"
    take_back(owner)
    assert gc.get_freeze_count() == 0
    gc.collect()
    assert gone() is None


def test_what_comes_later_is_looked_through_as_always(owner: Owner) -> None:
    set_aside(owner)
    lost = Owner()
    gone = weakref.ref(lost)
    del lost
    gc.collect()
    assert gone() is None


def test_who_is_followed_by_another_takes_nothing_of_it_back(owner: Owner) -> None:
    before = Owner()
    lost = Owner()
    gone = weakref.ref(lost)
    set_aside(before)
    del lost
    set_aside(owner)
    assert gone() is None, "what the one before had set aside is looked through first"
    take_back(before)
    assert gc.get_freeze_count() > 1000
    take_back(owner)
    take_back(owner)
    assert gc.get_freeze_count() == 0
