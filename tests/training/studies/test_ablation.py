"""The ablation trains every row alike, leaves out what it says, and shows how much equal runs differ."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from tests.training.shard_fixture import write_samples
from training.feed import FaceStore
from training.studies.ablation import NOT_AVERAGED, WHOLE, main, rows
from training.tasks.landmarks import MODALITIES, LandmarkTask, Recipe


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_samples(tmp_path_factory.mktemp("samples"))


def test_every_row_but_the_whole_recipe_leaves_one_thing_out() -> None:
    made = rows(3)
    assert [row.name for row in made].count(WHOLE) == 3
    assert len({row.key for row in made}) == len(made)
    for row in made:
        recipe = Recipe(**row.changed)
        assert (recipe == Recipe()) == (row.name == WHOLE)
        assert sum(recipe.shares) == pytest.approx(1)
    (no_infrared,) = [row for row in made if "infrared" in row.name]
    assert dict(zip(MODALITIES, no_infrared.changed["shares"], strict=True))["nir"] == 0


def test_without_changes_a_sample_looks_the_same_twice(samples: Path) -> None:
    store = FaceStore(samples)

    def looks(recipe: Recipe) -> set[bytes]:
        task, rng = LandmarkTask(recipe), np.random.default_rng(0)
        return {task.make_item(store, rng)["image"].tobytes() for _ in range(60)}

    plain = Recipe(changes=False, clutter=False, shares=(1.0, 0.0, 0.0, 0.0))
    moved = Recipe(clutter=False, shares=(1.0, 0.0, 0.0, 0.0))
    assert len(looks(plain)) < 0.7 * len(looks(moved))


def test_without_clutter_every_item_has_a_face(samples: Path) -> None:
    store, rng = FaceStore(samples), np.random.default_rng(0)
    task = LandmarkTask(Recipe(clutter=False))
    assert all(task.make_item(store, rng)["no_face"][0] == 0 for _ in range(40))


def test_without_the_sensors_errors_depth_is_clean(samples: Path) -> None:
    store = FaceStore(samples)
    read: list[str] = []

    class Watched:
        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def get(self, field: str, index: int) -> object:
            read.append(field)
            return store.get(field, index)

    task, rng = LandmarkTask(Recipe(sensor=False, clutter=False, shares=(0.0, 0.0, 1.0, 0.0))), np.random.default_rng(0)
    for _ in range(20):
        task.make_item(Watched(), rng)  # type: ignore[arg-type]  # a store that is watched
    assert "depth_clean" in read
    assert "depth_sensor" not in read


@pytest.mark.slow
def test_the_command_trains_measures_and_goes_on(samples: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    asked = ["--faces", str(samples), "--out", str(tmp_path), "--steps", "1", "--batch", "2", "--seeds", "1"]
    assert main(asked, lines.append) == 0
    told = json.loads((tmp_path / "ablation.json").read_text("utf-8"))["rows"]
    assert {row.key for row in rows(1)} | {f"{NOT_AVERAGED}, seed 0"} == set(told)
    assert all(0 < values["nme_gray"] < 10 for values in told.values())
    assert lines[-1].startswith("| row | gray")
    first = told[f"{WHOLE}, seed 0"]
    lines.clear()
    assert main(asked, lines.append) == 0
    assert len(lines) == 1, "nothing is trained again"
    assert json.loads((tmp_path / "ablation.json").read_text("utf-8"))["rows"][f"{WHOLE}, seed 0"] == first
    with pytest.raises(SystemExit, match="another budget"):
        main([*asked[:-1], "1", "--steps", "2"], lines.append)


def test_a_folder_without_samples_is_said_in_a_line(tmp_path: Path) -> None:
    lines: list[str] = []
    assert main(["--faces", str(tmp_path / "nothing"), "--out", str(tmp_path)], lines.append) == 1
    assert "nothing" in lines[-1]


def test_real_recordings_need_a_python_that_has_dlib(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["--faces", str(tmp_path), "--out", str(tmp_path), "--data", str(tmp_path)])
    assert "go together" in capsys.readouterr().err
