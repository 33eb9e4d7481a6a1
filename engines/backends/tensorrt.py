"""TensorRT on an NVIDIA GPU, versions 10 and 11 alike: UNVERIFIED, see docs/tensorrt.md.

It runs a plan that was built on this machine before (engines/backends/tensorrt_build.py) and never builds one itself:
a build takes minutes, and a frame must not wait for it.
"""

from __future__ import annotations

import logging
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engines.backend import Arrays, BackendStatus, LoadOptions, checked_inputs, checked_outputs
from engines.backends.tensorrt_build import batches_of, build_plan, plan_fields, precision_of
from engines.backends.tensorrt_cuda import Cuda, find_device, load_cuda, use_device
from engines.backends.tensorrt_errors import logger_of, refused_plan, refused_runtime
from engines.backends.tensorrt_import import begin, keep_forever, load_tensorrt
from engines.backends.tensorrt_run import Engine, Lane
from engines.card import ModelCard, read_model
from engines.errors import DeviceLostError, InferenceError, PlanError
from engines.key import engine_key
from engines.registry import BACKENDS
from engines.store import EngineStore
from engines.verified import verified

log = logging.getLogger(__name__)

UNVERIFIED = f"UNVERIFIED: {BACKENDS['tensorrt'].unverified}"

PROBE = "probe"
"""Name of the tiny model that tells whether a backend computes here (engines/probe.py). Its plan is built on the spot,
in the probe's own process: whether this machine can build is a part of the question."""

LANES = 2
"""Callers that compute at once: while one waits for its copies, the other's network runs. More callers wait."""

_CLOSE_WAIT_S = 10.0
"""A call on a healthy GPU ends in milliseconds; one that does not end by then never will."""

_NOT_LOADED = "this TensorRT model is not loaded or was closed; load it first"


class PlanProvider(Protocol):
    """Where a backend gets its plan from."""

    def plan_for(self, card: ModelCard, options: LoadOptions, fields: Mapping[str, str]) -> bytes:
        """The bytes of the plan that was built from a card's file.

        Raises:
            NotBuiltError: it was not built here yet.
            PlanError: it is torn, or barred from use.
        """
        ...


class StoredPlans:
    """Plans from the store of built engines, proven by their SHA-256: TensorRT does not notice a flipped bit."""

    def plan_for(self, card: ModelCard, options: LoadOptions, fields: Mapping[str, str]) -> bytes:
        if card.name == PROBE:
            return BuiltNow().plan_for(card, options, fields)
        with EngineStore().use(fields) as lease:
            try:
                return lease.artefact.read_bytes()
            except OSError as error:
                raise PlanError(
                    f"the built engine {lease.artefact} cannot be read ({error}); build it again"
                ) from error


class PlanFile:
    """One plan at a path: for whoever has just built it, and for a plan that trtexec made."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def plan_for(self, card: ModelCard, options: LoadOptions, fields: Mapping[str, str]) -> bytes:
        try:
            return self._path.read_bytes()
        except OSError as error:
            raise PlanError(f"{card.title}: the plan {self._path} cannot be read ({error.strerror})") from error


class BuiltNow:
    """Builds the plan while somebody waits: for probes and checks in a process of their own, never for frames."""

    def plan_for(self, card: ModelCard, options: LoadOptions, fields: Mapping[str, str]) -> bytes:
        with tempfile.TemporaryDirectory(prefix="tapetum-plan-") as folder:
            return build_plan(card, options, Path(folder)).read_bytes()


class TensorRtBackend:
    """One model as a TensorRT engine.

    Args:
        options: ``precision`` is that of the build; ``device`` is the GPU's number; ``threads`` means nothing here.
        plans: None takes the store of built engines.
    """

    name = "tensorrt"

    def __init__(self, options: LoadOptions | None = None, plans: PlanProvider | None = None) -> None:
        self._options = options or LoadOptions()
        self._plans: PlanProvider = plans or StoredPlans()
        self._cuda: Cuda | None = None
        self._card: ModelCard | None = None
        self._engine: Any = None
        self._lanes: list[Lane] = []
        self._free: list[Lane] = []
        self._turn = threading.Condition()
        self._lost = ""
        self._status = BackendStatus(
            self.name, "", "", precision_of(self._options.precision, "fp32"), "", 0, ready=False, note=UNVERIFIED
        )

    def load(self, card: ModelCard, onnx_path: Path) -> None:
        """As :meth:`engines.backend.Backend.load`, and:

        Raises:
            NoDriverError, WrongVersionError: what the name says.
            NotBuiltError: no plan was built for this file, precision, GPU, driver and TensorRT.
            PlanError: the plan is torn, or made for something else.
            DeviceMemoryError, DeviceLostError, InferenceError: the GPU refused what loading needs.
        """
        self.close()
        cuda = load_cuda()
        find_device(cuda, self._options.device)  # before TensorRT: without a driver it ends the process
        trt = load_tensorrt()
        read_model(card, onnx_path)
        fields = plan_fields(card, self._options)
        plan = self._plans.plan_for(card, self._options, fields)
        logger, messages = logger_of(trt)
        mark = messages.mark()
        runtime = begin(trt.Runtime, logger)
        if runtime is None or messages.since(mark, own=True):
            keep_forever(runtime, logger)
            raise refused_runtime(trt.__version__, messages.since(mark))
        found = runtime.deserialize_cuda_engine(plan) if plan else None
        if found is None:
            raise refused_plan(card.title, trt.__version__, messages.since(mark))
        engine = Engine(trt, cuda, messages, found, card, batches_of(card, self._options))
        lanes: list[Lane] = []
        try:
            for _ in range(LANES):
                lanes.append(Lane(engine))
        except BaseException:  # whatever it was goes on, only not half done
            for lane in lanes:
                lane.close()
            raise
        status = BackendStatus(
            self.name,
            fields["gpu"],
            str(trt.__version__),
            fields["precision"],
            engine_key(fields),
            0,
            True,
            fields,
            batch_rule="bucket",
            buckets=engine.buckets,
            note="; ".join((*(() if verified(self.name) else (UNVERIFIED,)), *dict.fromkeys(_notes(lanes)))),
        )
        with self._turn:
            self._cuda, self._card, self._lost = cuda, card, ""
            self._engine = (runtime, found)  # the contexts live no longer than these
            self._lanes, self._free = lanes, list(lanes)
            self._status = status

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        with self._turn:
            card, cuda = self._card, self._cuda
            if self._lost:
                raise DeviceLostError(self._lost)
        if card is None or cuda is None:
            raise InferenceError(_NOT_LOADED)
        arrays, count = checked_inputs(card, inputs)
        results = {spec.name: np.empty((count, *spec.sizes[1:]), np.float32) for spec in card.outputs}
        lane = self._take()
        try:
            use_device(cuda, self._options.device)
            lane.compute(arrays, results, count)
        except DeviceLostError as error:
            with self._turn:
                self._lost = f"{card.title}: {error}"
            raise DeviceLostError(self._lost) from error
        finally:
            with self._turn:
                if lane in self._lanes:  # else it is of a model that was closed without waiting any longer
                    self._free.append(lane)
                self._turn.notify_all()
        return checked_outputs(card, results)

    def _take(self) -> Lane:
        with self._turn:
            while self._status.ready and not self._free and not self._lost:
                self._turn.wait()
            if self._lost:
                raise DeviceLostError(self._lost)
            if not self._status.ready:
                raise InferenceError(_NOT_LOADED)
            return self._free.pop()

    def warm_up(self) -> None:
        """Compute each batch size once. Loading did so already; this proves it through the way that calls take."""
        card = self._card
        if card is None:
            raise InferenceError(_NOT_LOADED)
        for size in self._status.buckets:
            self.infer({spec.name: np.zeros((size, *spec.sizes[1:]), np.float32) for spec in card.inputs})

    def status(self) -> BackendStatus:
        return self._status

    def close(self) -> None:
        """Release the model, once the calls under way have ended. Safe to call twice, and from any thread."""
        with self._turn:
            self._status = replace(self._status, ready=False)
            self._card = None
            self._turn.notify_all()
            lanes, cuda = self._lanes, self._cuda
            deadline = time.monotonic() + _CLOSE_WAIT_S
            while lanes and len(self._free) < len(lanes) and (left := deadline - time.monotonic()) > 0:
                self._turn.wait(left)
            if self._lanes is not lanes:
                return  # another thread closed it meanwhile
            stuck = [lane for lane in lanes if lane not in self._free]
            self._lanes, self._free = [], []
            engine, self._engine = self._engine, None
        if not lanes or cuda is None:
            return
        if stuck:  # freeing what the GPU may still write to would be worse than keeping it
            log.warning("TensorRT: %d calls did not end within %.0f s; their memory is kept", len(stuck), _CLOSE_WAIT_S)
            keep_forever(engine, stuck)
        cuda.free("cudaSetDevice", self._options.device)
        for lane in lanes:
            if lane not in stuck:
                lane.close()


def _notes(lanes: list[Lane]) -> list[str]:
    return [
        f"no CUDA graph for batches of {run.size}: {run.why_no_graph}"
        for lane in lanes
        for run in lane.runs
        if run.why_no_graph
    ]
