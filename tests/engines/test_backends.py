"""OpenVINO and ONNX Runtime: the same promises, the same errors, nearly the same numbers."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.backend import Backend, LoadOptions, Precision
from engines.card import ModelCard, load_card
from engines.errors import (
    BackendUnavailableError,
    InferenceError,
    InputError,
    ModelFileError,
    ModelMismatchError,
)
from engines.registry import CPU_BACKENDS, make_backend
from tests.engines.conftest import EditCard
from tests.helpers.backend_calls import some_input
from tests.helpers.growth import STATM, resident_growth, traced_growth
from tests.helpers.onnx_models import TinyGraph

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("gray_to_depth", "depth_to_color", "face_landmarks")

every_backend = pytest.mark.parametrize("backend_name", CPU_BACKENDS)


def loaded(backend_name: str, path: Path, threads: int = 1, precision: Precision = "file") -> tuple[Backend, ModelCard]:
    card = load_card(path)
    backend = make_backend(backend_name, LoadOptions(threads=threads, precision=precision))
    backend.load(card, card.onnx_path)
    return backend, card


@every_backend
@pytest.mark.parametrize("name", NAMES)
def test_outputs_have_the_shapes_that_the_card_promises(weights: Path, backend_name: str, name: str):
    backend, card = loaded(backend_name, weights / f"{name}.json")
    backend.warm_up()
    out = backend.infer(some_input(card, faces=3))
    assert {n: a.shape for n, a in out.items()} == {s.name: (3, *s.sizes[1:]) for s in card.outputs}
    assert all(a.dtype == np.float32 for a in out.values())
    backend.close()


@every_backend
@pytest.mark.parametrize("name", NAMES)
def test_two_fresh_loads_give_the_same_bytes(weights: Path, backend_name: str, name: str):
    first, card = loaded(backend_name, weights / f"{name}.json")
    second, _ = loaded(backend_name, weights / f"{name}.json")
    assert first.status().engine_key == second.status().engine_key
    for seed in range(3):
        a, b = first.infer(some_input(card, seed=seed)), second.infer(some_input(card, seed=seed))
        assert {n: x.tobytes() for n, x in a.items()} == {n: x.tobytes() for n, x in b.items()}


@every_backend
@pytest.mark.parametrize("threads", [1, 2])
def test_a_face_gets_the_same_bytes_in_any_company(weights: Path, backend_name: str, threads: int):
    backend, card = loaded(backend_name, weights / "face_landmarks.json", threads)
    assert backend.status().batch_rule == "one"
    together = some_input(card, faces=7)
    alone = [backend.infer({n: a[i : i + 1] for n, a in together.items()}) for i in range(7)]
    for faces in range(2, 8):
        found = backend.infer({n: a[:faces] for n, a in together.items()})
        for i in range(faces):
            assert {n: x[0].tobytes() for n, x in alone[i].items()} == {n: x[i].tobytes() for n, x in found.items()}
    backend.close()


_ELSEWHERE = """
import hashlib, sys
from pathlib import Path
from engines.card import load_card
from tests.engines.test_backends import loaded
from tests.helpers.backend_calls import some_input
for name in ("openvino", "onnxruntime"):
    backend, card = loaded(name, Path(sys.argv[1]))
    out = backend.infer(some_input(card))
    print(name, hashlib.sha256(b"".join(a.tobytes() for a in out.values())).hexdigest(), backend.status().engine_key)
"""


def test_another_process_gives_the_same_bytes_and_the_same_key(weights: Path):
    path = weights / "gray_to_depth.json"
    there = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE, str(path)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    here = []
    for name in ("openvino", "onnxruntime"):
        backend, card = loaded(name, path)
        out = backend.infer(some_input(card))
        digest = hashlib.sha256(b"".join(a.tobytes() for a in out.values())).hexdigest()
        here.append(f"{name} {digest} {backend.status().engine_key}")
    assert there.stdout.splitlines() == here


@pytest.mark.parametrize("name", NAMES)
def test_the_two_backends_agree(weights: Path, name: str):
    ours, card = loaded("openvino", weights / f"{name}.json")
    reference, _ = loaded("onnxruntime", weights / f"{name}.json")
    a, b = ours.infer(some_input(card)), reference.infer(some_input(card))
    for output in a:
        np.testing.assert_allclose(a[output], b[output], atol=1e-3, rtol=0)


@every_backend
def test_results_are_the_callers_own(weights: Path, backend_name: str):
    backend, card = loaded(backend_name, weights / "face_landmarks.json")
    first = backend.infer(some_input(card, seed=1))
    kept = {n: a.copy() for n, a in first.items()}
    backend.infer(some_input(card, seed=2))
    for n, a in first.items():
        np.testing.assert_array_equal(a, kept[n])


@every_backend
def test_24_threads_at_once_get_their_own_results(weights: Path, backend_name: str):
    backend, card = loaded(backend_name, weights / "face_landmarks.json", threads=2)
    inputs = [some_input(card, faces=1 + seed % 4, seed=seed) for seed in range(24)]
    right = [backend.infer(one)["points"].tobytes() for one in inputs]
    wrong: list[int] = []
    done: list[int] = []

    def call(i: int) -> None:
        for _ in range(5):
            if backend.infer(inputs[i])["points"].tobytes() != right[i]:
                wrong.append(i)
        done.append(i)

    threads = [threading.Thread(target=call, args=(i,)) for i in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (wrong, sorted(done)) == ([], list(range(24)))
    backend.close()


@every_backend
def test_a_model_that_is_closed_while_others_call_it_ends_every_call(weights: Path, backend_name: str):
    backend, card = loaded(backend_name, weights / "face_landmarks.json", threads=2)
    inputs = some_input(card, faces=3)
    right = backend.infer(inputs)["points"].tobytes()
    ends: list[str] = []

    def call() -> None:
        try:
            while True:
                assert backend.infer(inputs)["points"].tobytes() == right
        except InferenceError as error:
            ends.append(str(error))

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    backend.infer(inputs)
    backend.close()
    for thread in threads:
        thread.join()
    assert len(ends) == 6


def calls(backend: Backend, card: ModelCard, count: int) -> Callable[[], None]:
    """A block of so many calls, with 1, 2 and 4 faces in turn."""
    inputs = itertools.cycle([some_input(card, faces=faces) for faces in (1, 2, 4)])

    def block() -> None:
        for one in itertools.islice(inputs, count):
            backend.infer(one)

    return block


@every_backend
def test_nothing_grows_after_the_warm_up(weights: Path, backend_name: str):
    backend, card = loaded(backend_name, weights / "depth_to_color.json", threads=2)
    backend.warm_up()
    assert traced_growth(calls(backend, card, 60)) < 60 * 32, "each call leaves something; a small array is 112"
    backend.close()


@pytest.mark.skipif(not STATM.exists(), reason="how much memory a process has is read as Linux tells it")
@every_backend
def test_nor_does_the_memory_of_its_library(weights: Path, backend_name: str):
    backend, card = loaded(backend_name, weights / "depth_to_color.json", threads=2)
    backend.warm_up()
    assert resident_growth(calls(backend, card, 60)) < 60 * 1024, "each call leaves something: an output takes 48 KiB"
    backend.close()


@every_backend
def test_memory_of_results_is_used_again_once_nobody_looks_at_it(weights: Path, backend_name: str):
    backend, card = loaded(backend_name, weights / "depth_to_color.json")

    def memory(array: Any) -> int:
        return int(array.__array_interface__["data"][0])

    first = backend.infer(some_input(card, seed=1))["color"]
    corner, address, values = first[0, 2, 5:7], memory(first), first[0, 2, 5:7].copy()
    del first
    assert all(memory(backend.infer(some_input(card, seed=n))["color"]) != address for n in range(2, 9))
    np.testing.assert_array_equal(corner, values)
    seen = {memory(backend.infer(some_input(card, seed=n))["color"]) for n in range(2, 9)}
    assert len(seen) == 1


@every_backend
def test_wrong_inputs_are_refused_by_name_shape_dtype_and_value(weights: Path, backend_name: str):
    backend, card = loaded(backend_name, weights / "face_landmarks.json")
    good = some_input(card)["image"]
    nan = good.copy()
    nan[0, 0, 5, 5] = np.nan
    for wrong, told in (
        ({}, "takes the inputs"),
        ({"picture": good}, "takes the inputs"),
        ({"image": good, "more": good}, "takes the inputs"),
        ({"image": good[0]}, "was handed"),
        ({"image": good[:, :, :100]}, "was handed"),
        ({"image": good[:0]}, "empty batch"),
        ({"image": good.astype(np.float64)}, "float64"),
        ({"image": (good * 99).astype(np.uint8)}, "uint8"),
        ({"image": nan}, "NaN"),
    ):
        with pytest.raises(InputError, match=told):
            backend.infer(wrong)
    backend.infer({"image": good})  # still works


@every_backend
def test_strided_pixels_are_computed_right(weights: Path, backend_name: str):
    backend, _ = loaded(backend_name, weights / "face_landmarks.json")
    wide = np.random.default_rng(5).uniform(-1, 1, (1, 1, 128, 256)).astype(np.float32)
    view = wide[..., ::2]
    a, b = backend.infer({"image": view}), backend.infer({"image": np.ascontiguousarray(view)})
    np.testing.assert_array_equal(a["points"], b["points"])


@every_backend
def test_a_model_that_gives_nan_has_no_result(tmp_path: Path, backend_name: str):
    graph = TinyGraph({"x": ("N", 4)}, {"y": ("N", 4)}, generated=False)
    graph.op("Log", "x", to="y")
    graph.write(tmp_path, "log")
    backend, _ = loaded(backend_name, tmp_path / "log.json")
    backend.infer({"x": np.ones((1, 4), np.float32)})
    with pytest.raises(InferenceError, match="NaN or infinity in output y"):
        backend.infer({"x": -np.ones((1, 4), np.float32)})


@every_backend
def test_before_loading_and_after_closing_nothing_is_computed(weights: Path, backend_name: str):
    unloaded = make_backend(backend_name)
    assert not unloaded.status().ready
    with pytest.raises(InferenceError, match="load it first"):
        unloaded.warm_up()
    unloaded.close()
    backend, card = loaded(backend_name, weights / "face_landmarks.json")
    assert backend.status().ready
    backend.close()
    backend.close()
    assert not backend.status().ready
    with pytest.raises(InferenceError, match="closed"):
        backend.infer(some_input(card))


@every_backend
def test_a_file_that_is_no_model_is_refused_though_its_checksum_is_right(
    weights: Path, edit_card: EditCard, backend_name: str
):
    torn = (weights / "face_landmarks.onnx").read_bytes()[:700]
    (weights / "face_landmarks.onnx").write_bytes(torn)
    path = edit_card("face_landmarks", {"sha256": hashlib.sha256(torn).hexdigest()})
    with pytest.raises(ModelFileError, match=r"face_landmarks\.onnx"):
        loaded(backend_name, path)


@every_backend
def test_a_file_that_is_swapped_after_its_card_was_read_is_refused(weights: Path, backend_name: str):
    card = load_card(weights / "face_landmarks.json")
    (weights / "face_landmarks.onnx").write_bytes((weights / "gray_to_depth.onnx").read_bytes())
    with pytest.raises(ModelFileError, match="torn or another one"):
        make_backend(backend_name).load(card, card.onnx_path)


@every_backend
@pytest.mark.parametrize(
    ("which", "change"),
    [
        ("inputs", {"shape": ["N", 1, 96, 96]}),
        ("inputs", {"name": "picture"}),
        ("outputs", {"name": "dots"}),
        ("outputs", {"shape": ["N", 70, 2]}),
    ],
)
def test_a_model_with_other_tensors_than_its_card_is_refused(
    weights: Path, edit_card: EditCard, backend_name: str, which: str, change: dict[str, Any]
):
    specs = json.loads((weights / "face_landmarks.json").read_text())[which]
    path = edit_card("face_landmarks", {which: [{**specs[0], **change}, *specs[1:]]})
    with pytest.raises(ModelMismatchError, match=f"the {which} of face_landmarks.onnx"):
        loaded(backend_name, path)


@every_backend
def test_a_missing_library_names_the_package(weights: Path, backend_name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, backend_name, None)
    with pytest.raises(BackendUnavailableError, match=f"pip install {backend_name}"):
        loaded(backend_name, weights / "face_landmarks.json")


@every_backend
def test_the_engine_key_tells_engines_apart(weights: Path, backend_name: str, monkeypatch: pytest.MonkeyPatch):
    def key(name: str) -> str:
        return loaded(backend_name, weights / f"{name}.json")[0].status().engine_key

    landmarks = key("face_landmarks")
    assert landmarks.startswith(f"{backend_name}-")
    assert key("gray_to_depth") != landmarks
    assert key("face_landmarks") == landmarks
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", "AVX2")
    assert key("face_landmarks") != landmarks


_QUIET = ("CI", "TF_BUILD", "JENKINS_URL", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME", "GITHUB_ACTIONS")
_QUIETLY = """
import sys, threading
from pathlib import Path
from engines.backend import LoadOptions
from engines.card import load_card
from engines.registry import make_backend
card = load_card(Path(sys.argv[2]))
backend = make_backend(sys.argv[1], LoadOptions())
backend.load(card, card.onnx_path)
backend.warm_up()
print([t.name for t in threading.enumerate()], "openvino_telemetry" in sys.modules)
"""


@every_backend
def test_no_library_sends_statistics_or_writes_to_the_home_folder(weights: Path, tmp_path: Path, backend_name: str):
    home = tmp_path / "home"
    home.mkdir()
    environment = {k: v for k, v in os.environ.items() if k not in _QUIET}
    told = subprocess.run(
        [sys.executable, "-c", _QUIETLY, backend_name, str(weights / "face_landmarks.json")],
        cwd=ROOT,
        env={**environment, "HOME": str(home), "USERPROFILE": str(home)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.strip() == "['MainThread'] False"
    assert list(home.iterdir()) == []


def test_faces_run_one_after_another_where_side_by_side_gives_other_bytes(
    weights: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("engines.backends.openvino._same_bytes", lambda *_: False)
    backend, card = loaded("openvino", weights / "face_landmarks.json", threads=2)
    assert "one after another" in backend.status().note
    assert backend.status().key_fields["streams"] == "1"
    assert backend.infer(some_input(card, faces=3))["points"].shape == (3, 68, 2)


def test_threads_are_in_the_key_where_they_can_change_a_result(weights: Path):
    path = weights / "gray_to_depth.json"
    openvino, _ = loaded("openvino", path)
    assert openvino.status().key_fields["threads"] == "1"
    one, two = (loaded("onnxruntime", path, threads)[0] for threads in (1, 2))
    assert one.status().engine_key == two.status().engine_key
    assert "threads" not in one.status().key_fields


def test_models_that_are_closed_in_any_order_leave_signals_to_be_handled() -> None:
    program = """
import faulthandler, gc, signal
faulthandler.enable()  # gives the main thread a stack for signals, as test runners do
from engines.backends.openvino import OpenVinoBackend
from engines.card import load_card
from engines.loading import WEIGHTS
card = load_card(WEIGHTS / "face_landmarks-plus.json")
loaded = [OpenVinoBackend() for _ in range(3)]
for one in loaded:
    one.load(card, WEIGHTS / card.file)
while loaded:
    loaded.pop(0).close()
    gc.collect()
signal.signal(signal.SIGTERM, lambda number, frame: print("handled", flush=True))
signal.raise_signal(signal.SIGTERM)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=100, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "handled"), done.stderr
