"""Engines that fail, are killed, torn, swapped and rebuilt at frame rate: no wrong result, no hang, nothing uncounted.

The long run is ``pytest -m slow tests/engines/test_faults.py`` (ten minutes, or TAPETUM_SOAK_S seconds).
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines import build_recipes
from engines.backend import Arrays, checked_outputs
from engines.card import load_card
from engines.errors import DeviceLostError, DeviceMemoryError, InferenceError, InputError
from engines.folders import cache_folder
from engines.keeper import EngineKeeper
from engines.loading import Models, load_models
from engines.policy import Wish
from engines.select import load_wish

RATE_HZ = 30.0
WISHES = ("openvino", "onnxruntime", "openvino:int8")
SLOWEST_CALL_S = 20.0
"""A call may have to load its fallback on a busy machine; longer than this is a hang."""


@pytest.fixture(autouse=True)
def _copies_are_builds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """int8 is built in a real child process into a real store, by a recipe that copies."""
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path / "cache"))
    recipe = replace(
        build_recipes.RECIPES["int8"], run="tests.helpers.copied_int8:copy", fields="tests.helpers.copied_int8:fields"
    )
    monkeypatch.setitem(build_recipes.RECIPES, "int8", recipe)
    monkeypatch.setattr("engines.select._not_as_asked", lambda *_: "")  # the copy computes in float, as it must


class Chaos:
    """One model at frame rate under random faults. ``count`` says what became of every call."""

    def __init__(self, weights: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.models: Models = load_models("prefer openvino, onnxruntime", names=["gray_to_depth"], weights_dir=weights)
        self.served = self.models.served["gray_to_depth"]
        self.keeper = EngineKeeper(self.models)
        self.count: Counter[str] = Counter()
        rng = np.random.default_rng(seed)
        self.faces = rng.uniform(-1, 1, (16, 1, 96, 96)).astype(np.float32)
        card = load_card(weights / "gray_to_depth.json")
        self.right: list[Arrays] = []
        for name in ("openvino", "onnxruntime"):
            backend = load_wish(card, Wish(name))
            self.right.append(backend.infer({"gray": self.faces}))
            backend.close()

    def run(self, seconds: float) -> None:
        faults: list[tuple[float, Callable[[], None]]] = [
            (0.10, lambda: self.break_next(InferenceError("a fault on purpose"))),
            (0.02, lambda: self.break_next(DeviceMemoryError("no memory, on purpose"))),
            (0.02, lambda: self.break_next(DeviceLostError("lost, on purpose"))),
            (0.05, self.nan_next),
            (0.05, self.wrong_shape),
            (0.05, self.nan_input),
            (0.10, lambda: self.keeper.swap("gray_to_depth", self.random.choice(WISHES))),
            (0.03, self.tear_a_plan),
            (0.03, self.kill_a_build),
            (0.02, lambda: self.count.update(cancelled=int(self.keeper.cancel_build()))),
        ]
        end = time.monotonic() + seconds
        frame = 0
        while time.monotonic() < end:
            begin = time.monotonic()
            self.count["swapped"] += len(self.keeper.turn())
            for chance, fault in faults:
                if self.random.random() < chance:
                    fault()
            self.one_frame()
            frame += 1
            assert time.monotonic() - begin < SLOWEST_CALL_S, "a frame hung"
            time.sleep(max(0.0, 1 / RATE_HZ - (time.monotonic() - begin)))
        self.count["frames"] = frame

    def one_frame(self) -> None:
        first = self.random.randrange(8)
        part = slice(first, first + self.random.randint(1, 8))
        try:
            found = self.served.infer({"gray": self.faces[part]})
        except InferenceError as error:
            self.count["told failures" if "on purpose" in str(error) else f"strange: {error}"] += 1
            return
        for name, values in found.items():
            assert any(np.allclose(values, right[name][part], atol=1e-4) for right in self.right), "a wrong result"
        self.count["right"] += 1

    # -- faults -------------------------------------------------------------------------------------------------------

    def next_call(self, instead: Callable[[Any, Mapping[str, Any]], Arrays]) -> None:
        """Let the engine that runs now do something else at its next call, once."""
        backend: Any = self.served._engine.backend
        infer = type(backend).infer

        def once(inputs: Mapping[str, Any]) -> Arrays:
            del backend.infer
            return instead(lambda given: infer(backend, given), inputs)

        backend.infer = once

    def break_next(self, error: InferenceError) -> None:
        def fail(infer: Any, inputs: Mapping[str, Any]) -> Arrays:
            raise error

        self.next_call(fail)
        self.count["broken"] += 1

    def nan_next(self) -> None:
        card = self.models.loaded()["gray_to_depth"].card

        def spoil(infer: Any, inputs: Mapping[str, Any]) -> Arrays:
            spoilt = {name: values.copy() for name, values in infer(inputs).items()}
            next(iter(spoilt.values())).flat[7] = np.nan
            try:
                return checked_outputs(card, spoilt)
            except InferenceError as error:
                raise InferenceError(f"{error} (on purpose)") from error

        self.next_call(spoil)
        self.count["nan"] += 1

    def wrong_shape(self) -> None:
        with pytest.raises(InputError):
            self.models.served["gray_to_depth"].infer({"gray": self.faces[:, :, :95]})
        self.count["refused"] += 1

    def nan_input(self) -> None:
        spoilt = self.faces[:1].copy()
        spoilt[0, 0, 3, 3] = np.nan
        with pytest.raises(InputError):
            self.served.infer({"gray": spoilt})
        self.count["refused"] += 1

    def tear_a_plan(self) -> None:
        with suppress(OSError):  # a folder or file that a build takes away or replaces at this moment
            for path in sorted((cache_folder() / "engines").glob("*/*.onnx")):
                data = bytearray(path.read_bytes())
                data[len(data) // 2] ^= 0xFF
                path.write_bytes(data)
                self.count["torn"] += 1

    def kill_a_build(self) -> None:
        with suppress(OSError):  # a thread or child that ends at this moment
            for task in Path("/proc/self/task").iterdir():
                for child in (task / "children").read_text().split():
                    if "build_child" in Path(f"/proc/{child}/cmdline").read_text(errors="replace"):
                        os.kill(int(child), signal.SIGKILL)
                        self.count["killed"] += 1

    def close(self) -> None:
        assert self.keeper.close(20.0), "the keeper hung"
        self.models.close()


def storm(weights: Path, seconds: float, seed: int) -> Counter[str]:
    chaos = Chaos(weights, seed)
    try:
        chaos.run(seconds)
    finally:
        chaos.close()
    assert chaos.count["right"] + chaos.count["told failures"] == chaos.count["frames"]
    assert chaos.served.health.calls == chaos.count["right"]
    assert chaos.count["right"] == chaos.count["frames"], chaos.count
    return chaos.count


def test_five_seconds_of_faults_cost_no_frame_and_no_truth(weights: Path) -> None:
    count = storm(weights, 5.0, 7)
    assert count["broken"] > 0
    assert count["refused"] > 0


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_ten_minutes_of_faults_cost_no_frame_and_no_truth(weights: Path) -> None:
    count = storm(weights, float(os.environ.get("TAPETUM_SOAK_S", "600")), int(time.time()))
    for what in ("broken", "nan", "refused", "swapped", "torn", "killed"):
        assert count[what] > 0, count


def test_a_torn_plan_is_built_again_and_never_run(weights: Path) -> None:
    chaos = Chaos(weights, 1)
    try:
        for tear in (False, True):
            if tear:
                chaos.tear_a_plan()
                assert chaos.count["torn"] == 1
            chaos.keeper.swap("gray_to_depth", "openvino:int8")
            end = time.monotonic() + 60
            while not chaos.keeper.turn():
                state = chaos.keeper.status()[0]
                assert time.monotonic() < end, state
                assert not state.trouble, state.trouble
                time.sleep(0.02)
            chaos.one_frame()
        assert chaos.served.health.swaps == 2
    finally:
        chaos.close()
