"""Building TensorRT plans on a fake machine: what the builder is told, progress and cancel, what a key holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.backend import LoadOptions
from engines.backends.tensorrt import PlanFile, TensorRtBackend
from engines.backends.tensorrt_build import PLAN, Steps, build_plan, plan_fields
from engines.card import ModelCard, load_card
from engines.errors import (
    BackendUnavailableError,
    BuildCancelledError,
    BuildError,
    BuildLimitError,
    ModelMismatchError,
    NoDriverError,
    UnsupportedGraphError,
    WrongVersionError,
)
from engines.store import EngineStore
from tests.engines.conftest import EditCard
from tests.helpers.fake_tensorrt import VERSIONS, Machine, installed
from tests.helpers.onnx_models import TinyGraph


@pytest.fixture(params=[10, 11])
def trt(request: pytest.FixtureRequest) -> Iterator[Machine]:
    with installed(Machine(), request.param) as machine:
        yield machine


@pytest.fixture
def card(weights: Path) -> ModelCard:
    return load_card(weights / "face_landmarks.json")


def test_the_builder_is_told_to_take_the_files_types_and_nothing_else(trt: Machine, card: ModelCard, tmp_path: Path):
    path = build_plan(card, LoadOptions(), tmp_path)
    assert path == tmp_path / PLAN
    (told,) = trt.notes
    assert told["typed"] is True
    assert told["flags"] == {"DISABLE_TIMING_CACHE"}  # float32 is no TF32, and no precision is asked for by flag
    assert list(told["pools"].values()) == [1 << 30]
    assert told["aux"] == 0


def test_every_batch_has_a_profile_of_exactly_its_size(trt: Machine, card: ModelCard, tmp_path: Path):
    plan = build_plan(card, LoadOptions(buckets=(8, 1, 2)), tmp_path).read_bytes()
    header = json.loads(plan[20 : plan.index(b"}]}") + 3])
    shapes = [profile["image"] for profile in header["profiles"]]
    assert shapes == [[[b, 1, 128, 128]] * 3 for b in (1, 2, 8)]


def test_progress_rises_and_ends_at_one(trt: Machine, card: ModelCard, tmp_path: Path):
    told: list[tuple[float, str]] = []

    def progress(share: float, what: str) -> bool:
        told.append((share, what))
        return True

    build_plan(card, LoadOptions(), tmp_path, progress)
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert len(set(shares)) > 15
    assert "Computing profile costs" in {what for _, what in told}


@pytest.mark.parametrize("after", [0, 1, 7])
def test_a_build_that_is_cancelled_leaves_no_plan(trt: Machine, card: ModelCard, tmp_path: Path, after: int):
    calls = iter(range(100))
    with pytest.raises(BuildCancelledError, match="cancelled"):
        build_plan(card, LoadOptions(), tmp_path, lambda share, what: next(calls) < after)
    assert list(tmp_path.glob("*.engine")) == []


def test_a_progress_that_fails_ends_the_build_instead_of_the_process(trt: Machine, card: ModelCard, tmp_path: Path):
    def progress(share: float, what: str) -> bool:
        if share > 0:
            raise BrokenPipeError("whoever listened is dead")
        return True

    with pytest.raises(BuildCancelledError):
        build_plan(card, LoadOptions(), tmp_path, progress)


def test_phases_that_end_early_or_come_twice_never_count_back():
    shares: list[float] = []
    steps = Steps(lambda share, what: bool(shares.append(share)) or True, [])
    steps.start("all", None, 2)
    for _ in range(2):
        steps.start("part", "all", 4)
        for k in (0, 1, 3):
            assert steps.step("part", k)
        steps.finish("part")
    steps.step("all", 0)
    steps.start("late", "gone", 3)
    steps.step("late", 2)
    steps.step("unknown", 5)
    steps.finish("unknown")
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.5
    assert shares[-1] == 0.99


def test_an_unknown_operation_is_named_with_its_node(trt: Machine, tmp_path: Path):
    graph = TinyGraph({"x": ("N", 3, 3)}, {"y": ("N",)}, generated=False)
    graph.op("Det", "x", to="y")
    graph._nodes[0].name = "the_odd_one"
    graph.write(tmp_path, "odd")
    with pytest.raises(UnsupportedGraphError, match=r"node the_odd_one \(Det\): Plugin not found"):
        build_plan(load_card(tmp_path / "odd.json"), LoadOptions(), tmp_path)


def test_a_card_of_another_export_is_refused(trt: Machine, weights: Path, edit_card: EditCard, tmp_path: Path):
    specs = json.loads((weights / "face_landmarks.json").read_text())["outputs"]
    path = edit_card("face_landmarks", {"outputs": [{**specs[0], "name": "dots"}, *specs[1:]]})
    with pytest.raises(ModelMismatchError, match=r"the outputs of face_landmarks\.onnx"):
        build_plan(load_card(path), LoadOptions(), tmp_path)


def test_no_memory_on_the_gpu_is_a_limit_and_other_refusals_are_quoted(trt: Machine, card: ModelCard, tmp_path: Path):
    trt.build_memory = False
    with pytest.raises(BuildLimitError, match="memory does not suffice to build"):
        build_plan(card, LoadOptions(), tmp_path)
    with pytest.raises(BackendUnavailableError, match="batch sizes of 1 or more"):
        build_plan(card, LoadOptions(buckets=()), tmp_path)
    trt.build_memory = True
    with pytest.raises(BuildError, match="cannot be written"):
        build_plan(card, LoadOptions(), tmp_path / "nowhere")


@pytest.mark.parametrize("major", [10, 11])
def test_without_a_driver_nothing_of_tensorrt_is_made(card: ModelCard, tmp_path: Path, major: int):
    with installed(Machine(driver=0), major), pytest.raises(NoDriverError):
        build_plan(card, LoadOptions(), tmp_path)
    with installed(Machine(driver=12080, runtime=12080), major), pytest.raises(WrongVersionError, match="newer NVIDIA"):
        build_plan(card, LoadOptions(), tmp_path)


def test_a_model_of_one_batch_size_has_one_profile(trt: Machine, tmp_path: Path):
    graph = TinyGraph({"x": (3, 4)}, {"y": (3, 4)}, generated=False)
    graph.op("Relu", "x", to="y")
    graph.write(tmp_path, "fixed")
    card = load_card(tmp_path / "fixed.json")
    backend = TensorRtBackend(plans=PlanFile(build_plan(card, LoadOptions(), tmp_path)))
    backend.load(card, card.onnx_path)
    assert backend.status().buckets == (3,)
    np.testing.assert_array_equal(backend.infer({"x": np.full((3, 4), 2, np.float32)})["y"], 2)
    backend.close()


# the key


def test_two_plans_of_the_same_things_have_the_same_fields(trt: Machine, card: ModelCard):
    assert plan_fields(card, LoadOptions()) == plan_fields(card, LoadOptions(threads=7))


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("gpu", {"names": ("Another GPU",)}),
        ("compute_capability", {"compute": (12, 0)}),
        ("multiprocessors", {"processors": 66}),
        ("gpu_memory", {"memory": 1 << 31}),
        ("driver_cuda", {"driver": 13010}),
        ("cuda_runtime", {"runtime": 12080}),
    ],
)
def test_another_gpu_or_driver_is_another_key(card: ModelCard, field: str, change: dict[str, Any]):
    with installed(Machine()):
        here = plan_fields(card, LoadOptions())
    with installed(replace(Machine(), **change)):
        there = plan_fields(card, LoadOptions())
    assert {name for name in here if here[name] != there[name]} == {field}


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        (LoadOptions(precision="fp16"), {"precision", "passes"}),
        (LoadOptions(precision="fp32"), {"passes"}),
        (LoadOptions(buckets=(1, 16)), {"profiles.image"}),
    ],
)
def test_another_precision_or_batch_is_another_key(
    trt: Machine, card: ModelCard, options: LoadOptions, changed: set[str]
):
    here, there = plan_fields(card, LoadOptions()), plan_fields(card, options)
    assert {name for name in here if here[name] != there[name]} == changed


def test_another_tensorrt_is_another_key(card: ModelCard):
    found = []
    for major in VERSIONS:
        with installed(Machine(), major):
            found.append(plan_fields(card, LoadOptions()))
    assert {name for name in found[0] if found[0][name] != found[1][name]} == {"version", "package"}
    assert found[0]["version"] == VERSIONS[10]


def test_a_key_names_everything_in_clear(trt: Machine, card: ModelCard):
    fields = plan_fields(card, LoadOptions())
    assert fields["onnx_sha256"] == card.sha256
    assert fields["input.image"] == "float32 NCHW Nx1x128x128"
    assert fields["profiles.image"].endswith("1x1x128x128; 2x1x128x128; 4x1x128x128; 8x1x128x128")
    for word in ("strongly typed", "tf32 off", "workspace 1073741824", "timing cache off"):
        assert word in fields["builder"]
    assert {"os", "arch", "driver", "format", "kind", "package"} <= fields.keys()
    assert all(isinstance(value, str) and value for value in fields.values())


def test_a_driver_that_was_updated_is_named_when_the_old_plan_is_not_found(
    card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TAPETUM_CACHE", str(tmp_path / "cache"))
    with installed(Machine()):
        fields = plan_fields(card, LoadOptions())
        with EngineStore().draft(fields) as draft:
            draft.commit(build_plan(card, LoadOptions(), draft.folder), build_s=1.0)
    with installed(Machine(driver=13010)), pytest.raises(Exception, match=r"driver_cuda 13\.0 -> 13\.1"):
        TensorRtBackend().load(card, card.onnx_path)
