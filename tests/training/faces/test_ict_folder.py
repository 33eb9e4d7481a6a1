"""The face model as its authors publish it: a folder of OBJ files, which anybody can clone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from engines.folders import OVERRIDE
from training.faces import ict_folder
from training.faces.ict_folder import FOLDER, LANDMARKS, LIP_TOP, NEUTRAL, PARTS, VERTICES, pack_folder
from training.faces.model import ENVIRONMENT_VARIABLE, FaceModelError, find_face_model, load_face_model

KEPT = np.concatenate([np.arange(*span) for _, spans in PARTS for span in spans])
POLYGONS = (
    (0, 1, 2, 3),
    (9_000, 9_001, 9_002, 9_003),
    (5, 6, 7),
    (14_100, 14_101, 14_102, 14_103),
    (21_451, 21_452, 21_453),
)
"""A quad, another, a triangle, one of the gums, and one of an eyeball."""


def write_obj(path: Path, vertices: np.ndarray, polygons: Iterable[Iterable[int]] = ()) -> None:
    """As in the published files: a licence, vertices, texture places, polygons of vertex/texture from 1."""
    lines = ["# a licence", "mtllib ICTFaceModelMaterial.mtl"]
    lines += [f"v {x:.6g} {y:.6g} {z:.6g}" for x, y, z in vertices]
    lines += ["vt 0.5 0.5"]
    lines += ["f " + " ".join(f"{corner + 1}/1" for corner in polygon) for polygon in polygons]
    path.write_text("\n".join(lines) + "\n")


@pytest.fixture(scope="module")
def neutral() -> np.ndarray:
    vertices = np.random.default_rng(1).uniform(-10, 10, (VERTICES, 3)).round(4)
    vertices[0] = LIP_TOP
    return vertices


@pytest.fixture(scope="module")
def moves() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(2)
    names = ("identity000", "identity001", "jawOpen", "browDown_L")
    return {name: rng.normal(0, 0.3, (VERTICES, 3)).round(4) for name in names}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, neutral: np.ndarray, moves: dict[str, np.ndarray]) -> Path:
    """The repository with its folder."""
    repository = tmp_path_factory.mktemp("ICT-FaceKit")
    (repository / FOLDER).mkdir()
    write_obj(repository / FOLDER / NEUTRAL, neutral, POLYGONS)
    for name, move in moves.items():
        write_obj(repository / FOLDER / f"{name}.obj", neutral + move)
    return repository


def test_the_repository_and_its_folder_are_read_alike(published: Path, neutral: np.ndarray) -> None:
    whole, inner = pack_folder(published), pack_folder(published / FOLDER)
    assert all(np.array_equal(whole[name], inner[name]) for name in whole)
    np.testing.assert_allclose(whole["v"], neutral[KEPT], atol=1e-4)


def test_polygons_become_triangles_and_parts_that_are_left_out_go(published: Path) -> None:
    arrays = pack_folder(published)
    eye = int(np.flatnonzero(KEPT == 21_451)[0])
    expected = [(0, 1, 2), (0, 2, 3), (9_000, 9_001, 9_002), (9_000, 9_002, 9_003), (5, 6, 7), (eye, eye + 1, eye + 2)]
    assert arrays["tri"].tolist() == [list(one) for one in expected]
    assert arrays["lm68"].tolist() == list(LANDMARKS), "the face comes first, so that landmarks keep their numbers"
    names = [str(arrays["part_names"][part]) for part in arrays["part"][[0, 9_500, eye, -1]]]
    assert names == ["face", "headneck", "eyeL", "lash"]


def test_modes_are_what_a_file_lies_off_the_neutral_face(published: Path, moves: dict[str, np.ndarray]) -> None:
    arrays = pack_folder(published)
    assert arrays["expr_names"].tolist() == ["browDown_L", "jawOpen"]
    for quantised, scale, names in (
        (arrays["id_q"], arrays["id_scale"], ("identity000", "identity001")),
        (arrays["ex_q"], arrays["ex_scale"], ("browDown_L", "jawOpen")),
    ):
        for mode, steps, name in zip(quantised, scale, names, strict=True):
            found = (mode * steps[:, None]).T
            assert np.abs(found - moves[name][KEPT]).max() <= 0.51 * steps.max() + 1e-3


def test_the_rig_takes_the_folder_wherever_it_takes_the_file(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(OVERRIDE, str(tmp_path))
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(published))
    found = find_face_model()
    assert found.parent == tmp_path / "face-model"
    assert "packing" in capsys.readouterr().err
    assert find_face_model(published / FOLDER) == found, "packed once"
    assert capsys.readouterr().err == ""
    model, direct = load_face_model(found), load_face_model(published)
    assert len(model.vertices) == len(KEPT)
    np.testing.assert_array_equal(model.identity_modes, direct.identity_modes)
    changed = published / FOLDER / "jawOpen.obj"
    changed.write_text(changed.read_text() + "\n")
    assert find_face_model() != found, "another revision is packed anew"


def test_the_command_writes_the_packed_file_and_says_what_is_in_it(
    published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "ictface.npz"
    assert ict_folder.main([str(published), "--out", str(out)]) == 0
    assert "2 identity and 2 expression modes" in capsys.readouterr().out
    assert load_face_model(out).expression_names == ("browDown_L", "jawOpen")
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_of_something_else_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FaceModelError, match=r"no ICT-FaceKit folder.*github\.com/ICT-VGL"):
        load_face_model(tmp_path)
    assert ict_folder.main([str(tmp_path), "--out", str(tmp_path / "x.npz")]) == 1
    assert "no ICT-FaceKit folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda f: (f / "identity000.obj").unlink(), r"lacks identity000\.obj"),
        (lambda f: [(f / f"{name}.obj").unlink() for name in ("jawOpen", "browDown_L")], "no expressions"),
        (lambda f: cut(f / "jawOpen.obj"), r"jawOpen\.obj has (\d+ vertices in place of 26719|.*cut short)"),
        (lambda f: swap(f / NEUTRAL, "v 0 -2.48251 11.8387", "v 0 -3.92908 10.6145"), "newer revision"),
        (lambda f: swap(f / NEUTRAL, "f 1/1", "f x/1"), "polygon that cannot be read"),
        (lambda f: swap(f / NEUTRAL, "f 1/1", "f 99999/1"), "vertices that it lacks"),
        (lambda f: swap(f / "jawOpen.obj", "v ", "v one "), "no three numbers"),
    ],
    ids=[
        "a gap",
        "no expressions",
        "cut short",
        "an earlier revision",
        "a bad polygon",
        "a far vertex",
        "a bad number",
    ],
)
def test_a_damaged_copy_is_explained(published: Path, tmp_path: Path, spoil, words: str) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    for file in (published / FOLDER).iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    spoil(folder)
    with pytest.raises(FaceModelError, match=words):
        pack_folder(folder)


def cut(path: Path) -> None:
    path.write_text(path.read_text()[: path.stat().st_size // 3])


def swap(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_read_back_from_a_folder_the_real_model_is_the_same(shared_data: Path, tmp_path: Path) -> None:
    """The packed file written out as the published one, a few modes of it, and packed again."""
    path = shared_data / "face_model" / "ictface.npz"
    if not path.is_file():
        pytest.skip(f"no face model at {path}")
    with np.load(path) as archive:
        real = {name: archive[name] for name in archive.files}
    source = real["src_index"].astype(int)
    np.testing.assert_array_equal(source, KEPT)
    assert real["lm68"].tolist() == list(LANDMARKS)
    whole = np.zeros((VERTICES, 3))
    whole[source] = real["v"]
    write_obj(tmp_path / NEUTRAL, whole, source[real["tri"].astype(int)])
    for kind, names in (("id", ["identity000", "identity001"]), ("ex", list(real["expr_names"][:2]))):
        for i, name in enumerate(names):
            moved = whole.copy()
            moved[source] += (real[f"{kind}_q"][i] * real[f"{kind}_scale"][i][:, None]).T
            write_obj(tmp_path / f"{name}.obj", moved)
    again = pack_folder(tmp_path)
    np.testing.assert_allclose(again["v"], real["v"], atol=1e-4)
    for name in ("iris", "lm68"):
        np.testing.assert_array_equal(again[name], real[name])
    np.testing.assert_array_equal(again["tri"], real["tri"])
    for kind in ("id", "ex"):
        for i in range(2):
            mine, theirs = (a[f"{kind}_q"][i] * a[f"{kind}_scale"][i][:, None] for a in (again, real))
            assert np.abs(mine - theirs).max() < 0.51 * real[f"{kind}_scale"][i].max() + 2e-3
    mine, theirs = ([str(a["part_names"][i]) for i in a["part"]] for a in (again, real))
    assert mine == theirs
