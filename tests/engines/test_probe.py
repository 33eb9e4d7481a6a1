"""A backend is tried in a child process: whatever its library does, this program lives and knows why."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engines import probe as module
from engines.backend import LoadOptions
from engines.backends.onnxruntime import OnnxRuntimeBackend
from engines.card import load_card
from engines.probe import PROBE_CARD, forget, probe_answer, probe_backend, run_probe
from engines.registry import BACKENDS, CPU_BACKENDS


@pytest.fixture(autouse=True)
def _nothing_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path / "cache"))
    forget()
    yield
    forget()


def child(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let the probe's child run this code instead."""
    run = module.subprocess.run
    monkeypatch.setattr(module.subprocess, "run", lambda command, **how: run([sys.executable, "-c", code], **how))


@pytest.mark.parametrize("name", CPU_BACKENDS)
def test_what_works_here_is_told_with_what_really_ran(name: str):
    probe = probe_backend(name)
    assert probe.ok
    assert probe.found["device"].startswith("CPU")
    assert probe.seconds > 0


def test_a_crash_of_the_library_is_a_reason_and_not_the_end(monkeypatch: pytest.MonkeyPatch):
    child(monkeypatch, f"import os, signal; os.kill(os.getpid(), {int(signal.SIGSEGV)})")
    probe = probe_backend("openvino")
    assert not probe.ok
    assert "SIGSEGV" in probe.reason


def test_the_last_words_of_a_probe_that_exits_are_quoted(monkeypatch: pytest.MonkeyPatch):
    child(monkeypatch, "import sys; sys.exit('libcudart.so.13: cannot open shared object file')")
    assert "libcudart.so.13" in probe_backend("openvino").reason


def test_a_probe_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch):
    child(monkeypatch, "import time; time.sleep(60)")
    assert "no answer within 1 s" in module._try("openvino", timeout_s=1.0).reason


@pytest.mark.parametrize("said", ["", "print('hello')", "print('{}')", "print('[1]')"])
def test_a_probe_that_answers_nonsense_has_failed(monkeypatch: pytest.MonkeyPatch, said: str):
    child(monkeypatch, said)
    assert not probe_backend("openvino").ok


def test_a_backend_that_computes_wrong_numbers_is_not_used(monkeypatch: pytest.MonkeyPatch):
    class Wrong(OnnxRuntimeBackend):
        def infer(self, inputs):  # type: ignore[no-untyped-def]  # as the base has it
            return {name: value * 1.05 for name, value in super().infer(inputs).items()}

    monkeypatch.setattr(module, "make_backend", lambda name, options: Wrong(options))
    told = run_probe("openvino")
    assert not told["ok"]
    assert "wrong numbers" in told["reason"]


def test_what_is_not_installed_is_told_without_a_child(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "openvino", None)
    monkeypatch.setattr(module, "_try", lambda name: pytest.fail("no child may be started"))
    assert BACKENDS["openvino"].install in probe_backend("openvino").reason


def test_success_is_remembered_until_something_changes(monkeypatch: pytest.MonkeyPatch):
    assert probe_backend("openvino").seconds > 0
    forget()
    assert probe_backend("openvino").seconds == 0  # no child was started
    forget()
    monkeypatch.setattr(module.platform, "release", lambda: "another kernel")
    assert probe_backend("openvino").seconds > 0


def test_failure_is_tried_again(monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        child(patch, "raise SystemExit('not now')")
        assert not probe_backend("openvino").ok
    forget()
    assert probe_backend("openvino").ok


@pytest.mark.parametrize("content", ["", "[]", "{", json.dumps({"openvino": 1}), "\0"])
def test_a_torn_memory_is_forgotten(content: str):
    path = module._file()
    path.parent.mkdir(parents=True)
    path.write_text(content)
    assert probe_backend("openvino").ok
    assert json.loads(path.read_text())["openvino"]["ok"] is True


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path / "file" / "cache"))
    assert probe_backend("openvino").ok


def test_the_expected_answer_is_the_references():
    card = load_card(PROBE_CARD)
    backend = OnnxRuntimeBackend(LoadOptions())
    backend.load(card, card.onnx_path)
    picture = np.random.default_rng(0).uniform(-1, 1, (1, 1, 8, 8)).astype(np.float32)
    np.testing.assert_allclose(backend.infer({"image": picture})["answer"], probe_answer(picture), atol=1e-6)
    backend.close()
