"""Building a TensorRT plan from a model's ONNX file, and everything that a built plan depends on.

Strongly typed only: the file says what is computed in which type (tensorrt_graph.py), no flag does. One optimisation
profile a batch size, with its smallest, best and largest size the same: TensorRT then chooses its kernels for exactly
that size, every shape is known before the first call, and a CUDA graph can be recorded. A build runs in a process of
its own: it takes minutes and gigabytes, and a fault in the driver ends it.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engines.backend import GraphTensor, LoadOptions, Precision, check_graph
from engines.backends.tensorrt_cuda import INSTALL, find_device, load_cuda
from engines.backends.tensorrt_errors import failed_build, logger_of, quoted, refused_graph, refused_runtime
from engines.backends.tensorrt_import import begin, distribution_of, keep_forever, load_tensorrt
from engines.card import ModelCard, read_model
from engines.errors import BackendUnavailableError, BuildCancelledError, BuildError
from engines.store_fields import common_fields

WORKSPACE_BYTES = 1 << 30
"""What a kernel may take for itself beside inputs, outputs and weights."""

OPTIMIZATION_LEVEL = 3
"""TensorRT's own default: higher ones build several times longer."""

PLAN = "plan.engine"
"""Name of the file that a build leaves."""

Progress = Callable[[float, str], bool]
"""Called with the share that is done (0 to 1) and what is being done; False cancels."""


def precision_of(asked: Precision, of_file: str) -> str:
    """What is computed in, as status and keys spell it."""
    if asked == "fp16":
        return "f16"
    return "int8" if asked == "int8" or (asked == "file" and of_file == "int8") else "f32"


def batches_of(card: ModelCard, options: LoadOptions) -> tuple[int, ...]:
    """The batch sizes that a plan has profiles for: the buckets, or the one size that the model can take."""
    fixed = {spec.shape[0] for spec in card.inputs if spec.shape[0] != "N"}
    if fixed:
        return tuple(sorted(int(size) for size in fixed))
    buckets = tuple(sorted(set(options.buckets)))
    if not buckets or buckets[0] < 1:
        raise BackendUnavailableError(f"{card.title}: batch sizes of 1 or more are needed, found {options.buckets}")
    return buckets


def _graph_passes() -> Any:
    """The module tensorrt_graph, which needs the package onnx.

    Raises:
        BackendUnavailableError: it is not installed.
    """
    try:
        return importlib.import_module("engines.backends.tensorrt_graph")
    except ImportError as error:
        raise BackendUnavailableError(f"the package onnx cannot be imported ({error}); run: {INSTALL}") from error


def plan_fields(card: ModelCard, options: LoadOptions) -> dict[str, str]:
    """Everything that a plan depends on, in clear: two plans with equal fields can stand in for each other.

    Raises:
        BackendUnavailableError: TensorRT, cuda-python, the driver or the GPU is missing or does not fit.
    """
    cuda = load_cuda()
    device = find_device(cuda, options.device)
    trt = load_tensorrt()
    version = str(trt.__version__)
    fields = common_fields("tensorrt", card)
    batches = batches_of(card, options)
    for spec in card.inputs:
        sizes = "; ".join("x".join(map(str, (batch, *spec.sizes[1:]))) for batch in batches)
        fields[f"profiles.{spec.name}"] = f"min=opt=max of each: {sizes}"
    return {
        **fields,
        "backend": "tensorrt",
        "version": version,
        "package": distribution_of(version),
        "precision": precision_of(options.precision, card.precision),
        "passes": _graph_passes().passes_of(options.precision),
        "builder": _options_text(),
        "cuda_runtime": device.runtime,
        "driver": device.kernel_driver or "unknown",
        "driver_cuda": device.driver,
        "gpu": device.name,
        "compute_capability": device.compute,
        "multiprocessors": str(device.processors),
        "gpu_memory": str(device.memory),
    }


def _options_text() -> str:
    return (
        f"strongly typed, tf32 off, level {OPTIMIZATION_LEVEL}, workspace {WORKSPACE_BYTES}, aux streams 0, "
        "timing cache off, version compatible off, hardware compatible off"
    )


def build_plan(card: ModelCard, options: LoadOptions, folder: Path, progress: Progress | None = None) -> Path:
    """Build a plan. Call it in a process of its own.

    Args:
        card: of the model; its file lies beside it.
        options: precision, batch sizes and the GPU's number.
        folder: that the plan is written into.
        progress: see :data:`Progress`; called from TensorRT's threads.

    Returns:
        The plan's file, raw: ``trtexec --loadEngine`` reads it, too.

    Raises:
        BackendUnavailableError: TensorRT, cuda-python, the driver or the GPU is missing or does not fit.
        ModelFileError, ModelMismatchError, UnsupportedGraphError: the model is at fault.
        BuildCancelledError: ``progress`` answered False.
        BuildLimitError: the GPU's memory does not suffice.
        BuildError: TensorRT could not build it.
    """
    tell = progress or (lambda share, what: True)
    cuda = load_cuda()
    find_device(cuda, options.device)  # before TensorRT: without a driver it ends the process
    trt = load_tensorrt()
    version = str(trt.__version__)
    prepared = _graph_passes().prepare(card.title, read_model(card, card.onnx_path), options.precision)
    logger, messages = logger_of(trt)
    mark = messages.mark()
    builder = begin(trt.Builder, logger)
    if builder is None or messages.since(mark, own=True):
        keep_forever(builder, logger)
        raise refused_runtime(version, messages.since(mark))
    network = builder.create_network(1 << int(trt.NetworkDefinitionCreationFlag.STRONGLY_TYPED))
    if network is None:
        raise failed_build(card.title, version, messages.since(mark))
    parser = trt.OnnxParser(network, logger)
    if not parser.parse(prepared):
        raise refused_graph(card.title, version, parser, messages.since(mark))
    check_graph(
        card,
        [_tensor(trt, network.get_input(i)) for i in range(network.num_inputs)],
        [_tensor(trt, network.get_output(i)) for i in range(network.num_outputs)],
    )
    config = _config(trt, builder, card, options)
    cancelled: list[bool] = []
    config.progress_monitor = monitor = _monitor(trt, tell, cancelled)
    if not tell(0.0, "building"):
        raise BuildCancelledError(f"{card.title}: the build was cancelled")
    plan = builder.build_serialized_network(network, config)
    del monitor  # TensorRT keeps no reference of its own
    if plan is None and cancelled:
        raise BuildCancelledError(f"{card.title}: the build was cancelled")
    if plan is None:
        raise failed_build(card.title, version, messages.since(mark))
    path = folder / PLAN
    try:
        path.write_bytes(memoryview(plan))
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        raise BuildError(f"{card.title}: the plan cannot be written to {path} ({error.strerror})") from error
    tell(1.0, "built")
    return path


def _config(trt: Any, builder: Any, card: ModelCard, options: LoadOptions) -> Any:
    config = builder.create_builder_config()
    config.set_memory_pool_limit(trt.MemoryPoolType.WORKSPACE, WORKSPACE_BYTES)
    config.builder_optimization_level = OPTIMIZATION_LEVEL
    config.max_aux_streams = 0
    config.clear_flag(trt.BuilderFlag.TF32)  # float32 means float32 here; who wants it faster takes fp16
    config.set_flag(trt.BuilderFlag.DISABLE_TIMING_CACHE)  # another process' timings are another build
    for batch in batches_of(card, options):
        profile = builder.create_optimization_profile()
        for spec in card.inputs:
            shape = (batch, *spec.sizes[1:])
            profile.set_shape(spec.name, shape, shape, shape)
        _, messages = logger_of(trt)
        if not profile or config.add_optimization_profile(profile) < 0:
            raise BuildError(
                f"{card.title}: TensorRT refused the profile for batches of {batch}. {quoted(messages.since(0))}"
            )
    return config


def _tensor(trt: Any, tensor: Any) -> GraphTensor:
    dtype = "float32" if tensor.dtype == trt.DataType.FLOAT else str(tensor.dtype)
    return GraphTensor(tensor.name, tuple(int(size) for size in tensor.shape), dtype)


class Steps:
    """How far a build is, from its phases: each has steps, and a step may hold phases of its own."""

    def __init__(self, tell: Progress, cancelled: list[bool]) -> None:
        self._tell, self._cancelled = tell, cancelled
        self._phases: dict[str, tuple[str | None, int, int]] = {}  # name -> (parent, steps, done)
        self._share = 0.0

    def start(self, name: str, parent: str | None, steps: int) -> None:
        """A phase begins."""
        self._phases[name] = (parent, max(1, steps), 0)

    def step(self, name: str, number: int) -> bool:
        """A phase's step is done; False ends the build."""
        if name in self._phases:
            parent, steps, _ = self._phases[name]
            self._phases[name] = (parent, steps, min(number + 1, steps))
            self._share = max(self._share, min(0.99, self._done(name)))
        if not self._cancelled and not self._tell(self._share, name):
            self._cancelled.append(True)
        return not self._cancelled

    def finish(self, name: str) -> None:
        """A phase has ended."""
        self._phases.pop(name, None)

    def _done(self, name: str) -> float:
        """A phase's own share, within its parent's step that is under way."""
        share, at, seen = 0.0, name, set()
        parent, steps, done = self._phases[at]
        share = done / steps
        while parent is not None and parent in self._phases and parent not in seen:
            seen.add(parent)
            at = parent
            parent, steps, done = self._phases[at]
            share = min(1.0, (done + share) / steps)
        return share


def _monitor(trt: Any, tell: Progress, cancelled: list[bool]) -> Any:
    """An IProgressMonitor. Its methods are called from C++: they must not raise."""
    steps = Steps(tell, cancelled)

    def begin(self: Any) -> None:
        trt.IProgressMonitor.__init__(self)

    def phase_start(self: Any, phase_name: str, parent_phase: str | None, num_steps: int) -> None:
        steps.start(phase_name, parent_phase, num_steps)

    def step_complete(self: Any, phase_name: str, step: int) -> bool:
        try:
            return steps.step(phase_name, step)
        except Exception:  # noqa: BLE001 - C++ cannot take any; whoever cannot be told of progress has gone
            cancelled.append(True)
            return False

    def phase_finish(self: Any, phase_name: str) -> None:
        steps.finish(phase_name)

    methods = {
        "__init__": begin,
        "phase_start": phase_start,
        "step_complete": step_complete,
        "phase_finish": phase_finish,
    }
    return type("ProgressMonitor", (trt.IProgressMonitor,), methods)()
