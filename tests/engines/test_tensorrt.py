"""TensorRT's backend on a fake machine, for both majors: right numbers, own results, nothing left behind."""

from __future__ import annotations

import gc
import importlib
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.backend import Backend, LoadOptions
from engines.backends.tensorrt import BuiltNow, TensorRtBackend
from engines.backends.tensorrt_build import build_plan
from engines.backends.tensorrt_errors import logger_of
from engines.backends.tensorrt_run import Lane
from engines.build_recipes import fields_of
from engines.card import ModelCard, load_card
from engines.errors import (
    InferenceError,
    InputError,
)
from engines.loading import WEIGHTS
from engines.policy import Wish
from engines.probe import Probe, run_probe
from engines.selfcheck import CheckLimits
from engines.selfcheck_files import check_plan
from engines.selfcheck_model import check_model
from engines.store import EngineStore
from engines.verified import keep_verified
from tests.helpers.backend_calls import reference, some_input
from tests.helpers.fake_tensorrt import Machine
from tests.helpers.fake_tensorrt.use import built, loaded, same
from tests.helpers.growth import traced_growth
from tests.helpers.onnx_models import TinyGraph


def test_it_is_a_backend() -> None:
    assert isinstance(TensorRtBackend(), Backend)


@pytest.mark.parametrize("name", ["gray_to_depth", "depth_to_color", "face_landmarks"])
def test_every_number_of_faces_gives_the_numbers_of_the_reference(
    trt: Machine, weights: Path, tmp_path: Path, name: str
):
    card = load_card(weights / f"{name}.json")
    backend, right = loaded(card, tmp_path), reference(card)
    together = some_input(card, faces=20)
    expected = right.infer(together)
    for faces in (*range(1, 10), 15, 16, 17, 20):
        out = backend.infer({n: a[:faces] for n, a in together.items()})
        assert all(a.dtype == np.float32 and a.shape[0] == faces for a in out.values())
        same(out, {n: a[:faces] for n, a in expected.items()})
    backend.close()


def test_padding_is_zeros_whatever_the_call_before_had(trt11: Machine, tmp_path: Path):
    graph = TinyGraph({"x": ("N", 4)}, {"y": ("N", 4)}, generated=False)  # mixes the rows of a batch on purpose
    graph.op("Add", "x", graph.op("ReduceMean", "x", axes=[0], keepdims=1), to="y")
    graph.write(tmp_path, "mix")
    card = load_card(tmp_path / "mix.json")
    backend = loaded(card, tmp_path)
    ones = np.ones((3, 4), np.float32)
    first = backend.infer({"x": ones})["y"]
    np.testing.assert_allclose(first, 1.75)  # three ones and a zero
    for _ in range(4):  # every lane has seen large numbers
        backend.infer({"x": np.full((4, 4), 9, np.float32)})
    np.testing.assert_array_equal(backend.infer({"x": ones})["y"], first)
    backend.close()


@given(buckets=st.lists(st.integers(1, 40), min_size=1, max_size=6, unique=True).map(sorted), count=st.integers(1, 200))
def test_any_number_of_faces_is_cut_into_pieces_that_fit_and_none_is_left_out(buckets: list[int], count: int):
    pieces: list[tuple[int, int, int]] = []

    class Run:
        def __init__(self, size: int) -> None:
            self.size = size

        def compute(self, arrays: Any, results: Any, start: int, piece: int) -> None:
            pieces.append((start, piece, self.size))

    lane = Lane.__new__(Lane)
    lane.runs = [Run(size) for size in buckets]  # type: ignore[misc]  # stands in for what needs a GPU
    lane.compute({}, {}, count)
    assert [row for start, piece, _ in pieces for row in range(start, start + piece)] == list(range(count))
    for _, piece, size in pieces:
        assert piece <= size
        assert not [b for b in buckets if piece <= b < size]  # padded no further than it must be


def test_what_another_thread_is_told_does_not_stop_a_load(trt11: Machine, card: ModelCard, tmp_path: Path):
    plans = built(card, tmp_path)
    module = importlib.import_module("tensorrt")
    logger, messages = logger_of(module)
    begun, done = threading.Event(), threading.Event()
    real = module.Runtime.__init__

    def begin(self: Any, logger: Any) -> None:
        begun.set()
        assert done.wait(10)
        real(self, logger)

    module.Runtime.__init__ = begin

    def complain() -> None:
        assert begun.wait(10)
        logger.log(module.ILogger.ERROR, "somebody else's trouble")
        done.set()

    other = threading.Thread(target=complain)
    other.start()
    backend = TensorRtBackend(plans=plans)
    backend.load(card, card.onnx_path)
    other.join()
    assert messages.since(0) == ["somebody else's trouble"]
    backend.close()


def test_results_are_the_callers_own(trt: Machine, card: ModelCard, tmp_path: Path):
    backend = loaded(card, tmp_path)
    first = backend.infer(some_input(card, 3, seed=1))
    kept = {n: a.copy() for n, a in first.items()}
    for seed in range(4):
        backend.infer(some_input(card, 3, seed=seed + 2))
    for n, a in first.items():
        np.testing.assert_array_equal(a, kept[n])
    backend.close()
    for n, a in first.items():
        np.testing.assert_array_equal(a, kept[n])


def test_24_threads_at_once_get_their_own_results(trt: Machine, card: ModelCard, tmp_path: Path):
    backend = loaded(card, tmp_path, LoadOptions(device=1))  # not the GPU that a thread has at first
    inputs = [some_input(card, 1 + seed % 9, seed=seed) for seed in range(24)]
    right = [backend.infer(one)["points"].tobytes() for one in inputs]
    wrong: list[Any] = []

    def call(i: int) -> None:
        try:
            for _ in range(3):
                if backend.infer(inputs[i])["points"].tobytes() != right[i]:
                    wrong.append(i)
        except Exception as error:  # noqa: BLE001 - a thread's error would go unnoticed
            wrong.append(error)

    threads = [threading.Thread(target=call, args=(i,)) for i in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    backend.close()


def test_a_call_is_one_launch_of_a_graph(trt: Machine, card: ModelCard, tmp_path: Path):
    backend = loaded(card, tmp_path)
    trt.calls.clear()
    backend.infer(some_input(card, 8))
    assert trt.calls == {"cudaSetDevice": 1, "cudaGraphLaunch": 1, "cudaStreamSynchronize": 1}
    backend.close()


def test_a_network_that_cannot_be_recorded_computes_all_the_same_and_says_so(
    trt: Machine, card: ModelCard, tmp_path: Path
):
    trt.no_capture = True
    backend = loaded(card, tmp_path)
    same(backend.infer(some_input(card, 5)), reference(card).infer(some_input(card, 5)))
    note = backend.status().note
    assert "no CUDA graph for batches of 4" in note
    assert "not permitted when stream is capturing" in note
    backend.close()


def test_the_status_says_what_runs_and_that_nobody_verified_it(trt: Machine, card: ModelCard, tmp_path: Path):
    backend = TensorRtBackend()
    assert not backend.status().ready
    assert "UNVERIFIED" in backend.status().note
    backend = loaded(card, tmp_path, LoadOptions(precision="fp16", buckets=(4, 1)))
    status = backend.status()
    assert (status.name, status.device, status.precision) == ("tensorrt", "Fake GPU 4090", "f16")
    assert (status.batch_rule, status.buckets, status.ready) == ("bucket", (1, 4), True)
    assert status.engine_key.startswith(f"tensorrt-{status.version}-f16-")
    assert "UNVERIFIED" in status.note
    assert [status.batch_of(n) for n in (1, 2, 4, 9)] == [1, 4, 4, 4]
    backend.warm_up()
    backend.close()
    assert not backend.status().ready


def test_nothing_is_left_on_the_gpu(trt: Machine, card: ModelCard, tmp_path: Path):
    for _ in range(2):
        backend = loaded(card, tmp_path)
        backend.infer(some_input(card, 3))
        backend.load(card, card.onnx_path)  # a second load lets the first one go
        backend.close()
        backend.close()
        gc.collect()
        assert trt.left() == []


def test_before_loading_and_after_closing_nothing_is_computed(trt11: Machine, card: ModelCard, tmp_path: Path):
    with pytest.raises(InferenceError, match="load it first"):
        TensorRtBackend().warm_up()
    TensorRtBackend().close()
    backend = loaded(card, tmp_path)
    backend.close()
    with pytest.raises(InferenceError, match="closed"):
        backend.infer(some_input(card))


def test_closing_while_others_call_ends_them_cleanly(trt: Machine, card: ModelCard, tmp_path: Path):
    backend = loaded(card, tmp_path)
    odd: list[BaseException] = []
    going = threading.Event()

    def call(i: int) -> None:
        try:
            while True:
                backend.infer(some_input(card, 3, seed=i))
                going.set()
        except InferenceError as error:
            if "closed" not in str(error):
                odd.append(error)
        except BaseException as error:  # noqa: BLE001 - a thread's error would go unnoticed
            odd.append(error)

    threads = [threading.Thread(target=call, args=(i,)) for i in range(6)]
    for thread in threads:
        thread.start()
    assert going.wait(10)
    closers = [threading.Thread(target=backend.close) for _ in range(2)]
    for thread in (*closers, *threads):
        if thread in closers:
            thread.start()
        thread.join()
    assert odd == []
    gc.collect()
    assert trt.left() == []


def test_wrong_inputs_are_refused_and_the_next_call_works(trt11: Machine, card: ModelCard, tmp_path: Path):
    backend = loaded(card, tmp_path)
    good = some_input(card)["image"]
    for wrong in (
        {},
        {"picture": good},
        {"image": good[0]},
        {"image": good.astype(np.float64)},
        {"image": good * np.nan},
    ):
        with pytest.raises(InputError):
            backend.infer(wrong)
    backend.infer({"image": good})
    backend.close()


def test_a_model_that_gives_nan_has_no_result(trt11: Machine, tmp_path: Path):
    graph = TinyGraph({"x": ("N", 4)}, {"y": ("N", 4)}, generated=False)
    graph.op("Log", "x", to="y")
    graph.write(tmp_path, "log")
    backend = loaded(load_card(tmp_path / "log.json"), tmp_path)
    backend.infer({"x": np.ones((1, 4), np.float32)})
    with pytest.raises(InferenceError, match="NaN or infinity in output y"):
        backend.infer({"x": -np.ones((1, 4), np.float32)})
    backend.close()


def test_a_machine_that_was_verified_is_called_so(trt11: Machine, card: ModelCard, tmp_path: Path, monkeypatch: Any):
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path / "cache"))
    keep_verified("tensorrt", {"ok": True})
    backend = loaded(card, tmp_path)
    assert backend.status().note == ""
    backend.close()


def test_the_probe_finds_out_without_anything_in_the_store(trt: Machine):
    assert run_probe("tensorrt") == {
        "ok": True,
        "reason": "",
        "found": {"device": "Fake GPU 4090", "version": run_version(), "precision": "f32"},
    }


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["file", "fp16", "int8"])
def test_the_whole_check_of_a_shipped_model_passes(trt11: Machine, tmp_path: Path, monkeypatch: Any, precision: Any):
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("engines.selfcheck_model.probe_backend", lambda name: Probe(name, True))
    card = load_card(WEIGHTS / ("gray_to_depth-plus.json" if precision == "int8" else "face_landmarks-plus.json"))
    assert (card.precision == "int8") == (precision == "int8"), "a file that is rounded, and one that is not"
    options = LoadOptions(precision="file" if precision == "int8" else precision)
    with EngineStore().draft(fields_of("tensorrt", card, options)) as draft:
        artefact = build_plan(card, options, draft.folder)
        draft.commit(artefact, build_s=1.0, check=check_plan(card, options, artefact).to_json())
    report = check_model(card, Wish("tensorrt", precision), limits=CheckLimits(slower=1000))
    assert report.failures == ()
    assert [batch.batch for batch in report.batches] == [1, 2, 3, 4, 8]


def run_version() -> str:
    return str(importlib.import_module("tensorrt").__version__)


def test_nothing_grows_while_it_computes(trt11: Machine, card: ModelCard, tmp_path: Path):
    backend = loaded(card, tmp_path)
    faces = some_input(card, 5)
    for _ in range(5):
        backend.infer(faces)

    def block() -> None:
        for _ in range(50):
            backend.infer(faces)

    assert traced_growth(block) < 50 * 32, "each call leaves something"
    backend.close()


def test_what_is_built_while_one_waits_is_for_probes(trt: Machine, card: ModelCard):
    backend = TensorRtBackend(LoadOptions(buckets=(1,)), BuiltNow())
    backend.load(card, card.onnx_path)
    same(backend.infer(some_input(card)), reference(card).infer(some_input(card)))
    backend.close()
