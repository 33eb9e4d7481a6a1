"""Models that may not be shipped are asked in the right way: what they are handed, and what is made of their answer."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.frame import StreamKind
from engines.backend import Arrays
from engines.models.eye_to_face import EyeToFace
from engines.models.face_finder import COLUMNS, HEIGHT, ROWS, WIDTH, FaceFinder
from tests.helpers.onnx_models import write_tiny_models
from tests.training.real.recordings import write_rap
from training.real import page_verifier
from training.real.bench import Bench
from training.real.finders import Picture, finder_boxes
from training.real.models import Shelf, open_shelf
from training.real.page_eye import generate
from training.real.peers import Peers


class Told:
    """A backend that gives what it was told."""

    def __init__(self, **answer: NDArray[np.float32]) -> None:
        self.answer = answer
        self.handed: dict[str, NDArray[Any]] = {}

    def infer(self, inputs: dict[str, NDArray[Any]]) -> Arrays:
        self.handed = inputs
        return self.answer


def of(kind: type, backend: Told) -> Any:
    """A model on that backend; its card is none of this test's business."""
    model = object.__new__(kind)
    model._backend = backend
    model.card = SimpleNamespace(version="0")
    return model


@pytest.mark.parametrize("kind", [StreamKind.DEPTH, StreamKind.COLOR, StreamKind.THERMAL, StreamKind.INFRARED])
def test_a_square_of_the_finder_is_a_box_of_the_picture(kind: StreamKind) -> None:
    chance = np.zeros((1, 1, ROWS, COLUMNS), np.float32)
    chance[0, 0, 10, 10] = 0.9
    face = np.zeros((1, 5, ROWS, COLUMNS), np.float32)
    face[0, :, 10, 10] = (83.5, 87.5, 40.0, 83.5, 80.0)
    shape = (2 * HEIGHT, 2 * WIDTH, 3) if kind is StreamKind.COLOR else (2 * HEIGHT, 2 * WIDTH)
    dtype = np.uint8 if kind in (StreamKind.COLOR, StreamKind.INFRARED) else np.uint16
    pixels = np.random.default_rng(0).integers(1, 250, shape).astype(dtype)
    boxes = finder_boxes(of(FaceFinder, Told(chance=chance, face=face)), Picture(kind, pixels))
    assert boxes.tolist() == [[127.5, 135.5, 207.5, 215.5]]


def test_no_face_is_an_empty_list_of_boxes() -> None:
    nothing = Told(chance=np.zeros((1, 1, ROWS, COLUMNS), np.float32), face=np.zeros((1, 5, ROWS, COLUMNS), np.float32))
    boxes = finder_boxes(of(FaceFinder, nothing), Picture(StreamKind.DEPTH, np.full((60, 80), 900, np.uint16)))
    assert boxes.shape == (0, 4)


def test_eyes_are_handed_over_in_rgb_and_faces_come_back_in_bgr() -> None:
    face = np.zeros((1, 3, 128, 128), np.float32)
    face[0, 0] = 1.0  # red
    backend = Told(face=face)
    eye = np.zeros((1, 32, 32, 3), np.uint8)
    eye[..., 2] = 255  # red in BGR
    out = generate(of(EyeToFace, backend), eye)
    assert out.shape == (1, 128, 128, 3)
    assert out[0, 5, 5].tolist() == [0, 0, 255]
    assert backend.handed["eye"][0, :, 5, 5].tolist() == [1.0, 0.0, 0.0]


def test_a_verifier_is_shown_whole_crops_and_heads_alone(tmp_path: Path) -> None:
    """One that looks at what lies beside the head is found out by the second row."""
    write_rap(tmp_path)
    shown: list[NDArray[np.uint8]] = []

    def template(code: NDArray[np.uint8]) -> SimpleNamespace:
        shown.append(code)
        return SimpleNamespace(embedding=np.array([1.0, 0.0], np.float32))

    template.card = SimpleNamespace(version="0")  # type: ignore[attr-defined]  # a stand-in
    shelf = Shelf(open_shelf(write_tiny_models(tmp_path / "weights")).steps, {"face_verifier": template})
    table = page_verifier.tables(Bench(tmp_path, shelf, Peers(None, tmp_path)))[0]
    shelf.steps.close()
    names = [name for name, _ in table.rows]
    assert names[:2] == ["FaceVerifier 0", "the same, shown the head's ellipse only"]
    assert len(shown) == 16
    assert all(not one[:3].any() and not one[:, :20].any() for one in shown[8:])


def test_a_shelf_says_why_a_model_is_missing(tmp_path: Path) -> None:
    shelf = open_shelf(tmp_path)
    assert shelf.loaded == {}
    assert set(shelf.missing) == {
        "face_finder",
        "face_landmarks",
        "gray_to_depth",
        "depth_to_color",
        "face_verifier",
        "eye_to_face",
    }
    assert "gray_to_depth-plus.json" in shelf.missing["gray_to_depth"]
    shelf.close()
