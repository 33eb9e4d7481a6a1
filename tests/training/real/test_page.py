"""The page: every table is there, honest about what was not measured, and nothing is written where nobody asked."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.onnx_models import write_tiny_models
from tests.test_commands import last_json, tapetum
from tests.training.real.recordings import write_rap, write_thermal, write_turning
from training.out_folder import OutFolderError
from training.real.bench import Bench
from training.real.page import SECTIONS, EvaluateRealError, evaluate_real
from training.real.sheets import save
from training.real.tables import NOT_MEASURED, Column, Table


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_rap(folder)
    write_turning(folder)
    write_thermal(folder)
    return folder


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_models(tmp_path_factory.mktemp("weights"))


def test_every_section_has_its_tables_and_pictures(data: Path, weights: Path, tmp_path: Path) -> None:
    page = evaluate_real(data, weights, tmp_path / "out")
    text = (tmp_path / "out" / "results.md").read_text("utf-8")
    assert text == page.markdown
    for title in ("FaceFinder: rap3df_set2, depth alone", "FaceFinder: kinect_person", "FaceFinder: lepton_faces"):
        assert f"### {title}" in text
    for model in ("FaceLandmarks", "GrayToDepth", "DepthToColor", "FaceVerifier", "EyeToFace"):
        assert f"### {model}:" in text
    assert NOT_MEASURED in text
    stored = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    assert [t["title"] for t in stored["tables"]] == [t.title for t in page.tables]
    pictures = {p.name for p in (tmp_path / "out" / "pictures").iterdir()}
    assert {"finding-kinect.png", "relief-rap.png", "color-rap.png", "landmarks-lepton-frontal-1.png"} <= pictures


def test_a_model_that_is_not_there_has_no_number(data: Path, tmp_path: Path) -> None:
    write_tiny_models(tmp_path, ["face_landmarks"])
    page = evaluate_real(data, tmp_path, only=("relief", "verifier", "color"))
    for table in page.tables:
        ours = [cells for name, cells in table.rows if name in ("GrayToDepth", "DepthToColor", "FaceVerifier")]
        for cells in ours:
            assert not any(isinstance(value, float) for value in cells.values())
    assert page.markdown.count("not available") >= 3


@pytest.mark.parametrize("made", [False, True], ids=["missing", "without a card"])
def test_a_folder_without_models_is_wrong_use_and_nothing_is_measured(made: bool, data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    if made:
        folder.mkdir()
    done = tapetum("evaluate-real", "--data", data, "--weights", folder, "--only", "relief", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert str(folder) in done.stderr
    assert "--weights" in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "out").exists()


def test_models_that_are_all_torn_are_told_and_nothing_is_measured(data: Path, tmp_path: Path) -> None:
    write_tiny_models(tmp_path, ["face_landmarks"])
    (tmp_path / "face_landmarks.onnx").write_bytes(b"torn")
    with pytest.raises(EvaluateRealError, match=r"no model in .* can be used.*FaceLandmarks: "):
        evaluate_real(data, tmp_path, only=("relief",))


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_section_that_fails_costs_no_table_before_it(
    error: type[BaseException], data: Path, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Bench) -> list[Table]:
        raise error

    monkeypatch.setitem(SECTIONS, "color", fails)
    said: list[str] = []
    with pytest.raises(error):
        evaluate_real(data, weights, tmp_path, only=("relief", "color", "verifier"), say=said.append)
    text = (tmp_path / "results.md").read_text("utf-8")
    assert "### GrayToDepth: rap3df_set2, the whole head" in text
    assert "not measured yet: color, verifier" in text
    stored = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert stored["tables"]
    assert stored["unfinished"] == ["color", "verifier"]
    assert said[-1] == f"what was measured so far (relief) is in {tmp_path}"


@pytest.mark.parametrize("out", ["taken", "taken/deep"])
def test_a_bad_out_is_told_before_anything_is_measured(
    out: str, data: Path, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").write_text("")
    monkeypatch.setitem(SECTIONS, "relief", lambda _: pytest.fail("it was measured"))
    with pytest.raises(OutFolderError, match=r"taken.*--out"):
        evaluate_real(data, weights, tmp_path / out, only=("relief",))


def test_peers_that_cant_be_asked_are_wrong_use_before_anything_is_loaded(data: Path, tmp_path: Path) -> None:
    out, nowhere = tmp_path / "out", tmp_path / "nowhere"
    done = tapetum("evaluate-real", "--data", data, "--peers", nowhere, "--only", "relief", "--out", out)
    assert done.returncode == 2
    assert f"cannot run {nowhere} (No such file or directory); --peers names" in done.stderr
    assert not out.exists()


def test_a_picture_that_cant_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "relief-rap.png").mkdir()
    with pytest.raises(OutFolderError, match=r"relief-rap\.png can't be written .*--out"):
        save(tmp_path, "relief-rap", np.zeros((4, 4, 3), np.uint8))
    (tmp_path / "pictures").touch()
    with pytest.raises(OutFolderError, match="pictures is a file"):
        save(tmp_path / "pictures", "relief-rap", np.zeros((4, 4, 3), np.uint8))


def test_the_mean_of_other_people_is_a_number_by_hand(data: Path, weights: Path) -> None:
    """Balls 70, 85, 100 and 115 mm deep: flat is farther off than the mean of the others."""
    page = evaluate_real(data, weights, only=("relief",))
    head = next(table for table in page.tables if "whole head" in table.title)
    rows = dict(head.rows)
    mean, flat = rows["mean of other people"]["raw L1 mm"], rows["a flat head (z = D)"]["raw L1 mm"]
    assert isinstance(mean, float)
    assert isinstance(flat, float)
    assert mean < flat / 2


def test_without_recordings_the_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluateRealError, match="rap3df_set2, kinect_person"):
        evaluate_real(tmp_path)
    with pytest.raises(EvaluateRealError, match=r"nowhere is no folder.*--data"):
        evaluate_real(tmp_path / "nowhere")


def test_an_unknown_section_is_told(data: Path) -> None:
    with pytest.raises(EvaluateRealError, match=", ".join(SECTIONS)):
        evaluate_real(data, only=("nose",))
    done = tapetum("evaluate-real", "--data", data, "--only", "nose")
    assert done.returncode == 2
    assert "there is no section nose" in done.stderr


def test_the_command_prints_the_tables_and_one_json_line(data: Path, weights: Path, tmp_path: Path) -> None:
    done = tapetum("evaluate-real", "--data", data, "--weights", weights, "--only", "relief", "--json")
    assert done.returncode == 0, done.stderr
    assert "### GrayToDepth: rap3df_set2, the whole head" in done.stdout
    assert last_json(done)["tables"][1]["rows"]
    wrong = tapetum("evaluate-real", "--data", tmp_path)
    assert wrong.returncode == 1
    assert "none of the recordings" in wrong.stderr


def test_a_table_writes_gaps_as_dashes() -> None:
    table = Table("T", (Column("a", ".1%"), Column("b")))
    table.add("x", {"a": 0.123, "b": float("nan")})
    table.add_gap("y", NOT_MEASURED)
    assert "| x | 12.3% | - |" in table.markdown()
    assert f"| y | {NOT_MEASURED} | - |" in table.markdown()
    assert table.to_json()["rows"][0] == {"name": "x", "a": 0.123, "b": None}
    assert np.isfinite(0.123)
