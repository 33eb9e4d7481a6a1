"""`tapetum engines ...` as a user types it: what runs, what was built, what is wrong with it, and how it exits."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import engines.loading
import engines.selfcheck
from commands.engines_app import engines_app
from engines.build_recipes import RECIPES, fields_of
from engines.card import load_card
from engines.registry import BACKENDS
from engines.store import EngineStore
from engines.verified import verified
from tests.engines import build_work
from tests.helpers.onnx_models import write_tiny_models

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("gray_to_depth", "depth_to_color", "face_landmarks")

Run = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("TAPETUM_BACKEND", raising=False)
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_models(tmp_path_factory.mktemp("weights"))


@pytest.fixture
def recipe(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the int8 build be one of the tests' own."""

    def make(run: str, check: str = "passes") -> None:
        monkeypatch.setitem(RECIPES, "int8", replace(build_work.recipe(run, check), name="int8", title="int8 file"))

    return make


def run(*words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(engines_app, [str(word) for word in words], catch_exceptions=False)
    return done.exit_code, done.output


def told(*words: str | Path) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(engines_app, [*map(str, words), "--json"], catch_exceptions=False)
    return done.exit_code, json.loads(done.stdout.strip().splitlines()[-1])


def test_list_tells_what_runs_and_what_was_built(weights: Path, recipe: Callable[..., None]):
    code, words = run("list", "--weights", weights)
    assert code == 0
    assert "face_landmarks 0-tiny (tiny): openvino" in words
    assert "not on onnxruntime: openvino runs" in words
    assert "No engine was built here yet" in words
    recipe("good")
    assert run("build", "face_landmarks", "--weights", weights)[0] == 0
    code, words = run("list", "--weights", weights)
    assert code == 0
    assert re.search(r"face_landmarks 0-tiny \(tiny\): int8.* MiB, built 20.* last used 20", words)
    assert "STALE" not in words
    code, data = told("list", "--weights", weights)
    assert set(data["models"]) >= set(NAMES)
    (engine,) = data["store"]["engines"]
    assert engine["fields"]["backend"] == "none"
    assert engine["check"]["ok"] is True
    assert (engine["stale"], engine["quarantine"]) == ([], "")


def test_list_tells_what_is_wrong_with_what_was_built(
    weights: Path, recipe: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    recipe("good", "fails")
    assert run("build", "face_landmarks", "--weights", weights)[0] == 1
    recipe("good")
    assert run("build", "gray_to_depth", "--weights", weights)[0] == 0
    before = build_work.fields
    monkeypatch.setattr(build_work, "fields", lambda card, options: {**before(card, options), "device": "9"})
    store = EngineStore()
    (torn,) = [entry for entry in store.entries() if entry.meta.fields["model"] == "gray_to_depth"]
    code, words = run("list", "--weights", weights)
    assert code == 0
    assert "QUARANTINED: points off by 5 %" in words
    assert words.count("STALE: device 0 -> 9") == 2
    (torn.folder / "meta.json").write_text("{")
    assert "BROKEN: the built engine" in run("list", "--weights", weights)[1]
    store.folder.chmod(0o777)
    code, words = run("list", "--weights", weights)
    assert code == 0, "the models run all the same"
    assert "UNUSABLE" in words
    assert "writable by others" in words


def test_list_without_a_model_says_no(tmp_path: Path):
    code, words = run("list", "--weights", tmp_path)
    assert code == 1
    assert "face_landmarks: MISSING" in words


def test_build_builds_checks_and_does_nothing_twice(weights: Path, recipe: Callable[..., None]):
    recipe("slow")
    code, data = told("build", "face_landmarks", "depth_to_color", "--weights", weights)
    assert code == 0
    assert set(data["built"]) == {"face_landmarks", "depth_to_color"}
    assert data["failed"] == {}
    assert told("build", "face_landmarks", "--weights", weights)[1]["built"]["face_landmarks"]["check"]["ok"]
    built = EngineStore().folder.parent / "built"
    assert built.read_text() == "once\n" * 2
    assert run("build", "face_landmarks", "--again", "--weights", weights)[0] == 0
    assert built.read_text() == "once\n" * 3


def test_a_build_that_fails_says_why_and_the_others_go_on(weights: Path, recipe: Callable[..., None]):
    recipe("refuse")
    code, words = run("build", "--weights", weights)
    assert code == 1
    for name in NAMES:
        assert f"{name}: FAILED: {name} loses 3 %" in words
    recipe("good", "fails")
    code, words = run("build", "gray_to_depth", "--weights", weights)
    assert code == 1
    assert "failed its self-check and is not used: points off by 5 %" in words
    recipe("sleepy")
    code, words = run("build", "gray_to_depth", "--weights", weights, "--time-limit", "1")
    assert code == 1
    assert "longer than its 1 s" in words


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["mind_reader"], "there is no model 'mind_reader'"),
        (["--backend", "magic"], "there is no backend 'magic'"),
        (["--precision", "fp7"], "there is no precision 'fp7'"),
        (["--backend", "openvino", "--precision", "fp16"], "needs nothing built for fp16"),
        (["--backend", "torch"], "needs nothing built"),
        (["--time-limit", "0"], "time-limit"),
    ],
)
def test_wrong_use_of_build_is_told(words: list[str], says: str):
    code, output = run("build", *words)
    assert code == 2
    assert says in output


def test_a_backend_that_is_not_here_is_told(weights: Path):
    code, words = run("build", "face_landmarks", "--backend", "tensorrt", "--weights", weights)
    assert code == 1
    assert "face_landmarks: FAILED" in words
    assert "Traceback" not in words


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C of another console")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_nothing_of_a_build(weights: Path, cache: Path, how: signal.Signals):
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.engines.build_work", "command", str(weights)],
        cwd=ROOT,
        env={**os.environ, "TAPETUM_CACHE": str(cache)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with program:
        deadline = time.monotonic() + 60
        while not list((cache / "engines").glob("new-*/half")) and time.monotonic() < deadline:
            assert program.poll() is None, program.communicate()
            time.sleep(0.02)
        program.send_signal(how)
        words = program.communicate(timeout=30)
    assert program.returncode == 1, words
    assert "stopped; nothing of the build is left" in words[1]
    assert "Traceback" not in words[1]
    assert [path.name for path in (cache / "engines").iterdir()] == ["locks"]


def test_check_compares_with_the_reference_and_writes_a_report(weights: Path, tmp_path: Path):
    report = tmp_path / "out" / "report.json"
    code, words = run("check", "--backend", "openvino", "--weights", weights, "--out", report)
    assert code == 0, words
    for name in NAMES:
        assert re.search(rf"{name} \(openvino\): well, f32, off by .* ms", words)
    found = json.loads(report.read_text())["backends"]["openvino"]
    assert found["machine"]["libraries"]["openvino"].startswith("openvino 20")
    assert found["machine"]["cpu"]
    assert [batch["batch"] for batch in found["checks"][0]["batches"]] == [1, 2, 3, 4, 8]


def test_a_check_that_fails_bars_the_engine_until_one_passes(weights: Path, monkeypatch: pytest.MonkeyPatch):
    words = ("check", "--backend", "openvino", "--model", "face_landmarks", "--weights", weights)
    with monkeypatch.context() as strict:
        none = engines.selfcheck.Tolerance(-1.0, -1.0, -1.0, -1.0)
        strict.setattr(engines.selfcheck, "TOLERANCES", dict.fromkeys(engines.selfcheck.TOLERANCES, none))
        code, output = run(*words)
        assert code == 1
        assert "face_landmarks (openvino): FAILED" in output
    code, output = run("list", "--weights", weights)
    assert "not on openvino: face_landmarks 0-tiny on OpenVINO on the CPU failed its self-check" in output
    assert run(*words)[0] == 0
    assert "not on openvino" not in run("list", "--weights", weights)[1]


def test_check_of_what_is_not_here_says_no(weights: Path):
    code, words = run("check", "--backend", "tensorrt:fp16", "--weights", weights)
    assert code == 1
    assert "TensorRT on an NVIDIA GPU: does not run here: not installed" in words
    for wrong in (["--backend", "magic"], ["--backend", "torch:int8"], ["--model", "mind_reader"]):
        assert run("check", *wrong, "--weights", weights)[0] == 2


def test_a_whole_check_verifies_a_backend_that_nobody_could_check_before(
    weights: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(BACKENDS, "openvino", replace(BACKENDS["openvino"], unverified="never ran"))  # type: ignore[arg-type]  # a dict in truth
    monkeypatch.setattr(engines.loading, "WEIGHTS", weights)
    assert run("check", "--backend", "openvino", "--model", "face_landmarks")[0] == 0
    assert verified("openvino") is None, "one model is not all of them"
    code, words = run("check", "--backend", "openvino")
    assert code == 0, words
    assert "openvino is verified on this machine now" in words
    report = verified("openvino")
    assert report is not None
    assert {check["model"] for check in report["checks"]} == set(NAMES)


def test_clear_deletes_what_it_is_told_to(weights: Path, recipe: Callable[..., None]):
    assert run("clear")[0] == 0
    recipe("good", "fails")
    run("build", "face_landmarks", "--weights", weights)
    recipe("good")
    run("build", "gray_to_depth", "depth_to_color", "--weights", weights)
    store = EngineStore()
    code, words = run("clear")
    assert code == 2
    assert "this would delete 3 engines" in words
    assert "--yes" in words
    code, data = told("clear", "--quarantined", "--yes")
    assert code == 0
    assert [one["engine"] for one in data["deleted"]] == ["face_landmarks 0-tiny (int8, none)"]
    card = load_card(weights / "gray_to_depth.json")
    with store.use(fields_of("int8", card)):
        code, words = run("clear", "--yes")
        assert code == 1
        assert "in use, stays: gray_to_depth" in words
        assert "deleted: depth_to_color" in words
    assert run("clear", "--model", "face_landmarks", "--yes")[0] == 0
    assert len(store.entries()) == 1
    (store.entries()[0].folder / "meta.json").write_text("{")
    assert run("clear", "--yes")[0] == 0
    assert store.broken() == {}


def test_clear_asks_on_a_terminal(weights: Path, recipe: Callable[..., None], monkeypatch: pytest.MonkeyPatch):
    import commands.engines as command

    recipe("good")
    run("build", "gray_to_depth", "--weights", weights)
    answers = iter(["n", "", "y"])
    monkeypatch.setattr(command, "_may_ask", lambda: True)
    monkeypatch.setattr(command.err, "input", lambda *words, **more: next(answers))
    assert run("clear")[0] == 1
    assert run("clear")[0] == 1
    assert len(EngineStore().entries()) == 1
    assert run("clear")[0] == 0
    assert EngineStore().entries() == []
