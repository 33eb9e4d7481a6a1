"""Pixels that two processes share: written once, read without a copy, given back with the last view."""

from __future__ import annotations

import gc
import mmap
import os
import tempfile
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.frame import StreamInfo, StreamKind
from drivers.shared_frames import FEWEST_FRAMES, FrameReader, FrameWriter, SharedMemory, frame_bytes, lay_out

DEPTH = StreamInfo("depth", StreamKind.DEPTH, 64, 48, "uint16", 30.0, unit_m=0.001)
COLOR = StreamInfo("color", StreamKind.COLOR, 32, 24, "uint8", 30.0)
LARGE = StreamInfo("gray", StreamKind.GRAY, 1920, 1080, "uint16", 30.0)


class Shared:
    """Both sides in one process."""

    def __init__(self, *streams: StreamInfo, most: int = 64) -> None:
        self.memory = SharedMemory()
        self.slots, self.size = lay_out(streams, most_frames=most)
        self.memory.set_size(self.size)
        self.reader = FrameReader(self.memory, self.slots, self.size)
        self.writer = FrameWriter(self.memory.token, self.slots, self.size)
        self.memory.close()


def pixels_of(info: StreamInfo, seed: int = 0) -> np.ndarray:
    high = np.iinfo(info.dtype).max
    return np.random.default_rng(seed).integers(0, high, info.shape).astype(info.dtype)


def test_what_is_written_is_read_without_a_copy() -> None:
    shared = Shared(DEPTH, COLOR)
    for stream, info in enumerate((DEPTH, COLOR)):
        slot = shared.writer.write(stream, pixels_of(info))
        assert slot is not None
        read = shared.reader.array(stream, slot, info)
        np.testing.assert_array_equal(read, pixels_of(info))
        again = shared.reader.array(stream, slot, info)
        assert np.shares_memory(read, again)
        assert isinstance(read.base, mmap.mmap)


def test_where_memory_has_no_descriptor_of_its_own_a_file_without_a_name_serves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delattr(os, "memfd_create", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shared = Shared(DEPTH)
    slot = shared.writer.write(0, pixels_of(DEPTH))
    assert slot is not None
    np.testing.assert_array_equal(shared.reader.array(0, slot, DEPTH), pixels_of(DEPTH))
    assert not list(tmp_path.iterdir())


def test_pixels_cannot_be_written_by_who_reads_them() -> None:
    shared = Shared(DEPTH)
    slot = shared.writer.write(0, pixels_of(DEPTH))
    assert slot is not None
    read = shared.reader.array(0, slot, DEPTH)
    assert not read.flags.writeable
    with pytest.raises(ValueError, match="WRITEABLE"):
        read.flags.writeable = True  # the memory itself is mapped for reading only


def test_pixels_in_any_order_of_memory_come_out_right() -> None:
    shared = Shared(DEPTH)
    wide = np.arange(48 * 128, dtype=np.uint16).reshape(48, 128)
    for odd in (wide[:, ::2], wide[:, :64], np.asfortranarray(wide[:, :64]), wide[::-1, :64]):
        slot = shared.writer.write(0, odd)
        assert slot is not None
        np.testing.assert_array_equal(shared.reader.array(0, slot, DEPTH), odd)


def test_a_slot_is_given_back_with_the_last_view_and_not_before() -> None:
    shared = Shared(DEPTH, most=4)
    slot = shared.writer.write(0, pixels_of(DEPTH))
    assert slot is not None
    pixels = shared.reader.array(0, slot, DEPTH)
    kept = [pixels[3:5, ::2].T, memoryview(pixels.data), np.asarray(pixels[0])]
    del pixels
    while kept:
        assert shared.reader.taken == 1
        kept.pop()
        gc.collect()
    assert shared.reader.taken == 0


def test_without_a_free_slot_nothing_is_overwritten() -> None:
    shared = Shared(DEPTH, COLOR, most=5)
    held = []
    for n in range(5):
        slot = shared.writer.write(0, pixels_of(DEPTH, n))
        assert slot is not None
        held.append(shared.reader.array(0, slot, DEPTH))
    assert shared.writer.write(0, pixels_of(DEPTH, 9)) is None
    assert shared.writer.write(1, pixels_of(COLOR)) is not None, "a stream cannot take the slots of another"
    for n, pixels in enumerate(held):
        np.testing.assert_array_equal(pixels, pixels_of(DEPTH, n))
    del pixels
    held.pop(2)
    assert shared.writer.write(0, pixels_of(DEPTH, 10)) == 2


def test_views_outlive_both_sides_and_the_memory_goes_with_the_last_of_them() -> None:
    def mapped() -> int:
        return Path("/proc/self/maps").read_text().count("tapetum frames")

    if not hasattr(os, "memfd_create"):
        pytest.skip("only Linux tells what is mapped")
    gc.collect()
    before = mapped()
    shared = Shared(DEPTH)
    slot = shared.writer.write(0, pixels_of(DEPTH))
    assert slot is not None
    view = shared.reader.array(0, slot, DEPTH)[10:20]
    assert mapped() == before + 3
    del shared
    gc.collect()
    np.testing.assert_array_equal(view, pixels_of(DEPTH)[10:20])
    assert before < mapped() < before + 3
    del view
    gc.collect()
    assert mapped() == before


def test_reading_a_large_frame_takes_no_memory() -> None:
    shared = Shared(LARGE, most=4)
    slot = shared.writer.write(0, pixels_of(LARGE))
    assert slot is not None
    tracemalloc.start()
    try:
        frame = shared.reader.array(0, slot, LARGE)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert frame.nbytes == 1920 * 1080 * 2
    assert most < 20_000


@pytest.mark.parametrize("rows", ["in a row", "in strides"])
def test_writing_a_large_frame_takes_no_memory_but_its_slot(rows: str) -> None:
    shared = Shared(LARGE, most=4)
    whole = np.zeros((1080, 2 * 1920), np.uint16)
    pixels = whole[:, ::2] if rows == "in strides" else whole.reshape(-1)[: 1080 * 1920].reshape(1080, 1920)
    tracemalloc.start()
    try:
        shared.writer.write(0, pixels)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20_000


def test_the_memory_cannot_be_taken_away_under_a_view() -> None:
    if not hasattr(os, "memfd_create"):
        pytest.skip("only Linux seals memory")
    memory = SharedMemory()
    memory.set_size(1 << 20)
    with pytest.raises(PermissionError):
        os.ftruncate(memory.inherited[0], 0)
    memory.close()
    memory.close()


@pytest.mark.parametrize(("stream", "slot"), [(0, 4), (0, -1), (1, 3)])
def test_a_slot_that_is_none_is_refused(stream: int, slot: int) -> None:
    shared = Shared(DEPTH, COLOR, most=4)
    with pytest.raises(ValueError, match="has no slot"):
        shared.reader.array(stream, slot, (DEPTH, COLOR)[stream])


def test_a_frame_that_is_too_large_is_refused_on_both_sides() -> None:
    shared = Shared(COLOR)
    with pytest.raises(ValueError, match="does not fit"):
        shared.writer.write(0, pixels_of(DEPTH))
    with pytest.raises(ValueError, match="has no slot 0 for a frame of depth"):
        shared.reader.array(0, 0, DEPTH)


sizes = st.lists(st.tuples(st.integers(1, 4000), st.integers(1, 3000)), min_size=1, max_size=5)


@settings(max_examples=50)
@given(sizes, st.integers(1, 1 << 30), st.integers(1, 200))
def test_slots_never_overlap_and_keep_to_the_budget(sizes: list[tuple[int, int]], budget: int, most: int) -> None:
    streams = [StreamInfo(f"s{n}", StreamKind.GRAY, w, h, "uint16") for n, (w, h) in enumerate(sizes)]
    slots, size = lay_out(streams, budget, most)
    end, states = 0, 0
    for info, place in zip(streams, slots, strict=True):
        assert place.first == states
        assert place.offset >= max(end, mmap.ALLOCATIONGRANULARITY)
        assert place.each >= frame_bytes(info)
        assert FEWEST_FRAMES <= place.room <= max(most, FEWEST_FRAMES)
        end, states = place.offset + place.room * place.each, place.first + place.room
    assert end == size
    assert states <= slots[0].offset
    assert slots[0].room == FEWEST_FRAMES or size - slots[0].offset <= budget
