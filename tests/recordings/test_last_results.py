"""What is held of the last seconds is stored as if its generated images were held, too, and they are not."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import numpy as np

from drivers.frame import Frame, StreamInfo, StreamKind
from recordings.last_seconds import LastSeconds, wait_until_encoded, without_images
from recordings.observation import Box, Face, GeneratedImage, Observation
from recordings.reader import SessionReader
from recordings.recording_files import Results
from recordings.save_last import save_held
from recordings.session import ScheduleEntry

GRAY = StreamInfo("gray", StreamKind.GRAY, 64, 48, "uint8", 30.0)
START_NS = 1_700_000_000_000_000_000


def images() -> tuple[GeneratedImage, ...]:
    rng = np.random.default_rng(3)
    relief = rng.normal(0.0, 20.0, (96, 96)).astype(np.float32)
    code = rng.integers(0, 256, (96, 96)).astype(np.uint8)
    color = rng.integers(0, 256, (64, 64, 3)).astype(np.uint8)
    sure = np.full((96, 96), 0.5, np.float32)
    return (GeneratedImage("relief", "stub 1", code, relief, sure), GeneratedImage("color", "stub 1", color))


def said(faces: int) -> Observation:
    made = tuple(Face(n + 1, "gray", Box(1.0, 2.0, 3.0, 4.0), 0.9, generated=images()) for n in range(faces))
    return Observation(0, START_NS, START_NS, 0, {"gray": 0}, made)


def test_it_is_stored_byte_for_byte_without_its_images() -> None:
    for faces in (0, 1, 3):
        whole = said(faces)
        light = without_images(whole)
        assert light.to_bytes() == whole.to_bytes()
        assert all(image.pixels.size == 0 for face in light.faces for image in face.generated)
        assert without_images(light).to_bytes() == whole.to_bytes()


def test_images_are_let_go_and_the_saved_session_says_what_it_would_say(tmp_path: Path) -> None:
    last = LastSeconds([GRAY], 60.0, 1 << 30)
    try:
        last.push(Frame(GRAY, np.zeros(GRAY.shape, np.uint8), 0, START_NS, START_NS))
        assert wait_until_encoded(last, 20.0)
        whole = said(2)
        stored = whole.to_bytes()
        before = last.status().bytes
        last.push_results(Results(whole, ScheduleEntry(0, {"gray": 0})))
        one_more = last.status().bytes
        last.push_results(Results(said(4), ScheduleEntry(0, {"gray": 0})))
        assert one_more - before < last.status().bytes - one_more, "more faces take more"
        picture = weakref.ref(whole.faces[0].generated[0].pixels)
        del whole
        gc.collect()
        assert picture() is None, "an image is held that no session stores"
        save_held(last.held(60.0), last, tmp_path / "a.mcap", 60.0)
    finally:
        assert last.close()
    with SessionReader(tmp_path / "a.mcap") as reader:
        assert next(iter(reader.observation_bytes())) == stored
