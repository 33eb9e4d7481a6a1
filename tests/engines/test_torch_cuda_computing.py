"""What the torch backend computes, tested on the CPU: every number but those of captured graphs."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.loading import WEIGHTS
from tests.engines.torch_on_cpu import loaded, needs_torch
from tests.helpers.backend_calls import right_numbers, some_input
from tests.helpers.growth import traced_growth


@pytest.mark.parametrize("name", ["gray_to_depth", "depth_to_color", "face_landmarks"])
@pytest.mark.parametrize("faces", [1, 2, 3, 8, 19])
def test_any_number_of_faces_gives_what_the_reference_gives(weights: Path, name: str, faces: int):
    backend, card = loaded(weights / f"{name}.json")
    inputs = some_input(card, faces)
    ours, theirs = backend.infer(inputs), right_numbers(weights / f"{name}.json", inputs)
    assert ours.keys() == theirs.keys()
    for output, array in ours.items():
        assert array.dtype == np.float32
        np.testing.assert_allclose(array, theirs[output], atol=1e-4, rtol=0)
    backend.close()


@pytest.mark.parametrize("name", ["face_landmarks-plus", "face_verifier-plus"])
def test_shipped_models_in_half_precision_stay_close(name: str):
    path = WEIGHTS / f"{name}.json"
    backend, card = loaded(path, precision="fp16", buckets=(1, 4))
    inputs = some_input(card, 2)
    ours, theirs = backend.infer(inputs), right_numbers(path, inputs)
    assert backend.status().precision == "f16"
    for spec in card.outputs:
        wide = (spec.high or 1.0) - (spec.low or 0.0)
        np.testing.assert_allclose(ours[spec.name], theirs[spec.name], atol=0.01 * wide, rtol=0)
    assert any(ours[spec.name].tobytes() != theirs[spec.name].tobytes() for spec in card.outputs)


def test_a_face_s_bytes_depend_on_nothing_but_the_batch_that_the_status_names(weights: Path):
    backend, card = loaded(weights / "face_landmarks.json", buckets=(1, 4))
    status = backend.status()
    assert (status.batch_rule, status.buckets) == ("bucket", (1, 4))
    assert [status.batch_of(n) for n in (1, 2, 4, 5, 9)] == [1, 4, 4, 4, 4]
    nine = some_input(card, 9)
    together = backend.infer(nine)
    backend.infer(some_input(card, 4, seed=5))  # leaves something in the buffers
    for pick in ([0, 1], [3, 4, 8], [8, 7, 6, 5]):
        part = backend.infer({n: a[pick] for n, a in nine.items()})
        assert {n: a.tobytes() for n, a in part.items()} == {n: a[pick].tobytes() for n, a in together.items()}


def test_two_fresh_loads_give_the_same_key_and_bytes_and_other_choices_another_key(weights: Path):
    path = weights / "gray_to_depth.json"
    first, card = loaded(path)
    second, _ = loaded(path)
    assert first.status().engine_key == second.status().engine_key
    assert first.status().engine_key.startswith("torch-")
    a, b = (backend.infer(some_input(card)) for backend in (first, second))
    assert {n: x.tobytes() for n, x in a.items()} == {n: x.tobytes() for n, x in b.items()}
    others = [loaded(path, precision="fp16")[0], loaded(path, buckets=(1,))[0]]
    assert len({backend.status().engine_key for backend in (first, *others)}) == 3


def test_results_are_the_callers_own(weights: Path):
    backend, card = loaded(weights / "face_landmarks.json")
    first = backend.infer(some_input(card, seed=1))
    kept = {n: a.copy() for n, a in first.items()}
    backend.infer(some_input(card, seed=2))
    backend.close()
    for n, a in first.items():
        np.testing.assert_array_equal(a, kept[n])
        a += 1  # and may be written to


def test_24_threads_at_once_get_their_own_results(weights: Path):
    backend, card = loaded(weights / "face_landmarks.json", buckets=(1, 2))
    inputs = [some_input(card, faces=1 + seed % 3, seed=seed) for seed in range(24)]
    right = [backend.infer(one)["points"].tobytes() for one in inputs]
    wrong: list[int] = []
    start = threading.Barrier(24)

    def call(i: int) -> None:
        start.wait()
        for _ in range(5):
            if backend.infer(inputs[i])["points"].tobytes() != right[i]:
                wrong.append(i)

    threads = [threading.Thread(target=call, args=(i,)) for i in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_after_the_warm_up_nothing_grows(weights: Path):
    backend, card = loaded(weights / "face_landmarks.json", buckets=(1, 4))
    inputs = [some_input(card, faces) for faces in (1, 3, 6)]

    def block() -> None:
        for _ in range(20):
            for one in inputs:
                backend.infer(one)

    assert traced_growth(block) < 60 * 32, "each call leaves something"


def test_settings_of_torch_are_as_they_were_after_loading(weights: Path):
    torch = needs_torch()

    def now() -> list[Any]:
        cudnn, matmul = torch.backends.cudnn, torch.backends.cuda.matmul
        return [
            cudnn.benchmark,
            cudnn.deterministic,
            cudnn.allow_tf32,
            matmul.allow_fp16_reduced_precision_reduction,
            torch.get_float32_matmul_precision(),
            torch.is_inference_mode_enabled(),
        ]

    before = now()
    loaded(weights / "face_landmarks.json")
    assert now() == before


def test_nothing_is_computed_in_tf32_while_kernels_are_chosen():
    torch = needs_torch()
    from engines.backends.torch_cuda_slot import exact

    with exact(torch):
        assert torch.backends.cudnn.allow_tf32 is False
        assert torch.backends.cuda.matmul.allow_tf32 is False
        assert torch.backends.cudnn.deterministic
        assert not torch.backends.cudnn.benchmark
