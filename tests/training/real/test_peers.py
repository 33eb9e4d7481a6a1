"""The peers run under a Python of their own; what they cannot do is told, what they said is kept."""

from __future__ import annotations

import errno
import importlib.util
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from training.out_folder import OutFolderError
from training.real.peers import Peers, PeersError, require_python

PICTURES = np.full((3, 40, 50), 90, np.uint8)

DLIB = """
class Rect:
    def __init__(self, *edges):
        self.edges = edges
    def left(self): return self.edges[0]
    def top(self): return self.edges[1]
    def right(self): return self.edges[2]
    def bottom(self): return self.edges[3]

class Detector:
    def run(self, image, upsample, threshold):
        assert image.shape[2] == 3 and image.dtype.name == "uint8"
        if image.mean() < 50:
            return [], [], []
        return [Rect(10, 20, 29, 39)], [0.75], [0]

def get_frontal_face_detector():
    return Detector()
"""
"""Stands for dlib's detector, which has no package for every Python that runs these tests."""


@pytest.fixture
def other_python(tmp_path: Path) -> Path:
    """This Python with a stand-in for dlib before everything else."""
    (tmp_path / "dlib.py").write_text(DLIB)
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{tmp_path}" exec "{sys.executable}" "$@"\n')
    script.chmod(0o755)
    return script


def test_without_a_python_nothing_is_measured(tmp_path: Path) -> None:
    assert Peers(None, tmp_path).ask("mesh", PICTURES) is None
    assert not any(tmp_path.iterdir())


def test_a_python_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(PeersError, match="cannot run the peers' Python"):
        Peers(tmp_path / "nowhere", tmp_path / "kept").ask("mesh", PICTURES)


def test_a_python_that_fails_says_what_it_needs(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no such thing >&2\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(PeersError, match=r"no such thing.*mediapipe==0\.10\.21"):
        Peers(broken, tmp_path / "kept").ask("mesh", PICTURES)
    assert not any((tmp_path / "kept").iterdir())


def test_a_python_that_fails_is_told_before_it_is_asked_anything(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no module cv2 >&2\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(PeersError, match=r"no module cv2.*mediapipe==0\.10\.21"):
        require_python(broken)
    with pytest.raises(PeersError, match=r"cannot run .*nowhere \(No such file"):
        require_python(tmp_path / "nowhere")
    require_python(Path(sys.executable))


def test_answers_that_cant_be_kept_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutFolderError, match="taken is a file"):
        Peers(Path(sys.executable), tmp_path / "taken").ask("mesh", PICTURES)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OutFolderError, match=r"No space left on device.*--out"):
        Peers(Path(sys.executable), tmp_path / "kept").ask("mesh", PICTURES)


@pytest.mark.skipif(importlib.util.find_spec("mediapipe") is not None, reason="mediapipe is installed here")
def test_a_tool_that_is_missing_leaves_its_answers_out(tmp_path: Path) -> None:
    peers = Peers(Path(sys.executable), tmp_path)
    assert peers.ask("mesh", PICTURES) is None
    assert "mediapipe" in peers.missing["mesh"]


def test_boxes_come_back_in_pixels_of_the_picture_that_was_sent(tmp_path: Path, other_python: Path) -> None:
    pictures = [PICTURES[0], np.zeros((20, 30, 3), np.uint8), PICTURES[1, :30]]
    peers = Peers(other_python, tmp_path / "kept")
    answer = peers.ask("detect", pictures, scale=2, detector="dlib_hog")
    assert answer is not None
    assert answer["image"].tolist() == [0, 2]
    assert answer["boxes"][0].tolist() == [5.0, 10.0, 15.0, 20.0]
    assert answer["score"].tolist() == [0.75, 0.75]
    assert peers.versions["python"] == sys.version.split()[0]


def test_the_same_question_is_asked_once(tmp_path: Path, other_python: Path) -> None:
    peers = Peers(other_python, tmp_path / "kept")
    first = peers.ask("detect", PICTURES, detector="dlib_hog")
    other_python.write_text("#!/bin/sh\nexit 1\n")
    again = peers.ask("detect", PICTURES, detector="dlib_hog")
    assert first is not None
    assert again is not None
    assert np.array_equal(first["boxes"], again["boxes"])
    with pytest.raises(PeersError):
        peers.ask("detect", PICTURES[:2], detector="dlib_hog")


def test_a_torn_answer_is_asked_for_again(tmp_path: Path, other_python: Path) -> None:
    peers = Peers(other_python, tmp_path / "kept")
    first = peers.ask("detect", PICTURES, detector="dlib_hog")
    for kept in (tmp_path / "kept").glob("*.npz"):
        kept.write_bytes(kept.read_bytes()[:-40])
    again = peers.ask("detect", PICTURES, detector="dlib_hog")
    assert first is not None
    assert again is not None
    assert np.array_equal(first["boxes"], again["boxes"])


@pytest.mark.skipif("TAPETUM_PEERS" not in os.environ, reason="TAPETUM_PEERS names no Python with MediaPipe and dlib")
def test_the_real_peers_agree_on_a_real_face(tmp_path: Path, shared_data: Path) -> None:
    """Needs ../shared/data/portraits, and TAPETUM_PEERS=PYTHON."""
    from training.real.data import load_portraits
    from training.real.landmarks import MESH_OF_68, score

    picture = load_portraits(shared_data)["obama"]
    peers = Peers(Path(os.environ["TAPETUM_PEERS"]), tmp_path)
    dlib, mesh = peers.ask("dlib68", [picture]), peers.ask("mesh", [picture])
    assert dlib is not None
    assert mesh is not None
    assert score(mesh["points"][:, MESH_OF_68, :2], dlib["points"]).mean < 0.06
