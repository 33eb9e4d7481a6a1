"""Arrays that are used again, and things that one call may use at a time."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.pool import KEPT, SIZES, OutputPool, Shared

SHAPES = {"a": (3, 4), "b": (2,)}


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["keep", "slice", "drop", "forget one"])), max_size=40))
def test_what_somebody_still_sees_is_never_handed_out_again(steps: list[tuple[int, str]]):
    pool = OutputPool(SHAPES)
    held: list[tuple[np.ndarray, float]] = []
    for number, (faces, what) in enumerate(steps):
        arrays = pool.take(faces)
        assert {name: array.shape for name, array in arrays.items()} == {n: (faces, *s) for n, s in SHAPES.items()}
        for array in arrays.values():
            array[...] = number
        if what == "keep":
            held += [(array, number) for array in arrays.values()]
        elif what == "slice":
            held.append((arrays["a"].reshape(-1)[::2][1:], number))
        elif what == "forget one" and held:
            held.pop(0)
        del arrays
        for array, value in held:
            assert (array == value).all()


def test_a_buffer_of_an_array_holds_it_too():
    pool = OutputPool(SHAPES)
    view = memoryview(pool.take(1)["b"])
    view[0, 0] = view[0, 1] = 3.0  # fresh memory may hold anything, sevens too
    pool.take(1)["b"][...] = 7
    assert view.tolist() == [[3.0, 3.0]]


def test_the_same_memory_serves_call_after_call_and_never_grows_past_its_bounds():
    pool = OutputPool(SHAPES)
    assert len({pool.take(2)["a"].__array_interface__["data"][0] for _ in range(50)}) == 1
    kept = [pool.take(faces) for faces in range(1, 30) for _ in range(KEPT + 2)]
    assert len(pool._sets) == SIZES
    assert all(len(sets) <= KEPT for sets in pool._sets.values())
    assert len({arrays["a"].__array_interface__["data"][0] for arrays in kept}) == len(kept)


def test_one_thing_is_used_by_one_call_at_a_time_and_two_who_want_all_get_through():
    shared = Shared(["x", "y"])
    used: list[str] = []
    most: list[int] = []

    def call() -> None:
        for _ in range(200):
            with shared.several(2) as items:
                used.extend(items)
                most.append(len(used))
                for item in items:
                    used.remove(item)

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    assert max(most) <= 2


def test_a_thing_comes_back_after_a_failure():
    shared = Shared(["x"])
    for _ in range(3):
        with pytest.raises(KeyError), shared.one() as item:
            raise KeyError(item)
        with pytest.raises(KeyError), shared.several(4) as items:
            raise KeyError(*items)
