"""A TensorRT engine at work: lanes, each with a stream, and in each one context, memory and CUDA graph a batch size.

A context belongs to one profile and one batch size for its whole life: nothing is set again between calls, which is
what a CUDA graph needs. The graph holds the copies, too, so that a call is one launch and one wait. TensorRT does some
things at the first enqueue only; that one comes before the capture (TensorRT documentation, "CUDA Graphs").
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from engines.backend import Arrays, GraphTensor
from engines.backends.tensorrt_cuda import Buffer, Cuda
from engines.backends.tensorrt_errors import Messages, failed_call
from engines.card import ModelCard, TensorSpec
from engines.errors import DeviceLostError, InferenceError, PlanError

log = logging.getLogger(__name__)


class Engine:
    """What the contexts of a plan share.

    Args:
        trt: the module tensorrt.
        cuda: the CUDA runtime.
        messages: what TensorRT's logger was told.
        engine: ICudaEngine.
        card: of the model.
        buckets: batch sizes, in the order of the engine's profiles.

    Raises:
        PlanError: the plan has other tensors or profiles than the card and the buckets ask for.
    """

    def __init__(
        self, trt: Any, cuda: Cuda, messages: Messages, engine: Any, card: ModelCard, buckets: Sequence[int]
    ) -> None:
        self.trt, self.cuda, self.messages, self.engine, self.card = trt, cuda, messages, engine, card
        self.buckets = tuple(buckets)
        self._prove_tensors()
        self._prove_profiles()

    def _prove_tensors(self) -> None:
        found: dict[Any, list[GraphTensor]] = {self.trt.TensorIOMode.INPUT: [], self.trt.TensorIOMode.OUTPUT: []}
        for i in range(int(self.engine.num_io_tensors)):
            name = self.engine.get_tensor_name(i)
            is_float = self.engine.get_tensor_dtype(name) == self.trt.DataType.FLOAT
            dtype = "float32" if is_float else str(self.engine.get_tensor_dtype(name))
            shape = tuple(int(size) for size in self.engine.get_tensor_shape(name))
            found[self.engine.get_tensor_mode(name)].append(GraphTensor(name, shape, dtype))
        sides = (
            ("inputs", found[self.trt.TensorIOMode.INPUT], self.card.inputs),
            ("outputs", found[self.trt.TensorIOMode.OUTPUT], self.card.outputs),
        )
        for what, tensors, specs in sides:
            by_name = {tensor.name: tensor for tensor in tensors}
            whole = by_name.keys() == {spec.name for spec in specs}
            if not whole or not all(_fits(by_name[spec.name], spec) for spec in specs):
                raise PlanError(
                    f"{self.card.title}: the {what} of the plan are [{'; '.join(t.text() for t in tensors)}], the card "
                    f"says [{'; '.join(s.text() for s in specs)}]; it is another model's plan, build this one's: "
                    f"tapetum engines build {self.card.name}"
                )

    def _prove_profiles(self) -> None:
        count = int(self.engine.num_optimization_profiles)
        name = self.card.inputs[0].name
        found = [tuple(int(s[0]) for s in self.engine.get_tensor_profile_shape(name, i)) for i in range(count)]
        if found != [(bucket, bucket, bucket) for bucket in self.buckets]:
            raise PlanError(
                f"{self.card.title}: the plan is made for the batches {[f[-1] for f in found]}, asked for are "
                f"{list(self.buckets)}; build it again: tapetum engines build {self.card.name}"
            )

    def true(self, answer: Any, what: str, mark: int) -> None:
        """Every call of TensorRT answers whether it worked; a False must not be passed over."""
        if not answer:
            lost = self.cuda.pending()
            if isinstance(lost, DeviceLostError):
                raise lost
            raise failed_call(self.card.title, what, self.messages.since(mark))


def _fits(found: GraphTensor, spec: TensorSpec) -> bool:
    """The batch is free, or one size where the model has one only."""
    return (
        found.dtype == spec.dtype
        and len(found.shape) == len(spec.shape)
        and found.shape[1:] == spec.sizes[1:]
        and (found.shape[0] == -1 or found.shape[0] == spec.shape[0])
    )


class Run:
    """One batch size of one lane: a context with its memory and its CUDA graph.

    Attributes:
        why_no_graph: why the calls are enqueued one by one; empty where a graph is launched.
    """

    def __init__(self, engine: Engine, profile: int, stream: Any) -> None:
        self._engine, self._stream = engine, stream
        self._inputs: dict[str, Buffer] = {}
        self._outputs: dict[str, Buffer] = {}
        self._context: Any = None
        self._graph: Any = None
        self._launch: Any = None
        self._filled = 0
        self.size = engine.buckets[profile]
        self.why_no_graph = ""
        try:
            self._prepare(profile)
            self._first()
            self._capture()
        except BaseException:  # whatever it was goes on, only not half done
            self.close()
            raise

    def _prepare(self, profile: int) -> None:
        e, size = self._engine, self.size
        mark = e.messages.mark()
        self._context = e.engine.create_execution_context()
        e.true(self._context, f"make a context for batches of {size}", mark)
        chosen = self._context.set_optimization_profile_async(profile, int(self._stream))
        e.true(chosen, f"choose the profile for batches of {size}", mark)
        e.cuda.call("cudaStreamSynchronize", self._stream)
        for spec in e.card.inputs:
            shape = (size, *spec.sizes[1:])
            e.true(self._context.set_input_shape(spec.name, shape), f"take {spec.name} at the shape {shape}", mark)
        open_sizes = self._context.infer_shapes()
        if open_sizes:
            raise PlanError(
                f"{e.card.title}: the plan leaves the sizes of {', '.join(open_sizes)} open; build it again"
            )
        for specs, buffers in ((e.card.inputs, self._inputs), (e.card.outputs, self._outputs)):
            for spec in specs:
                shape = (size, *spec.sizes[1:])
                found = tuple(int(s) for s in self._context.get_tensor_shape(spec.name))
                if found != shape:
                    raise PlanError(f"{e.card.title}: the plan gives {spec.name} the shape {found} instead of {shape}")
                buffers[spec.name] = buffer = Buffer(e.cuda, shape)
                e.true(self._context.set_tensor_address(spec.name, buffer.device), f"take memory for {spec.name}", mark)

    def _enqueue(self) -> None:
        e = self._engine
        mark = e.messages.mark()
        for buffer in self._inputs.values():
            buffer.to_device(self._stream)
        e.true(self._context.execute_async_v3(int(self._stream)), f"compute a batch of {self.size}", mark)
        for buffer in self._outputs.values():
            buffer.to_host(self._stream)

    def _first(self) -> None:
        self._enqueue()
        self._engine.cuda.call("cudaStreamSynchronize", self._stream)

    def _capture(self) -> None:
        """Record what a call enqueues. A network that cannot be recorded is enqueued anew each time, and says so."""
        cuda = self._engine.cuda
        mode = cuda.rt.cudaStreamCaptureMode.cudaStreamCaptureModeThreadLocal  # other threads go on as they like
        cuda.call("cudaStreamBeginCapture", self._stream, mode)
        trouble: InferenceError | None = None
        try:
            self._enqueue()
        except InferenceError as error:
            trouble = error
        try:
            self._graph = cuda.call("cudaStreamEndCapture", self._stream)
            if trouble is None:
                self._launch = cuda.call("cudaGraphInstantiate", self._graph, 0)
        except InferenceError as error:
            trouble = trouble or error
        if isinstance(trouble, DeviceLostError):
            raise trouble
        if trouble is not None:
            self.why_no_graph = str(trouble)
            log.warning("%s: no CUDA graph for batches of %d: %s", self._engine.card.title, self.size, trouble)
            self._first()  # whether it still computes is known before anybody asks

    def compute(self, arrays: Arrays, results: Arrays, start: int, count: int) -> None:
        """Rows ``start`` to ``start + count`` of the arrays, at most ``size``, into the same rows of the results."""
        cuda = self._engine.cuda
        for name, buffer in self._inputs.items():
            buffer.host[:count] = arrays[name][start : start + count]
            if self._filled > count:
                buffer.host[count : self._filled] = 0  # a face's padding must not depend on the call before
        self._filled = count
        try:
            if self._launch is not None:
                cuda.call("cudaGraphLaunch", self._launch, self._stream)
            else:
                self._enqueue()
            cuda.call("cudaStreamSynchronize", self._stream)
        except InferenceError as error:
            if not isinstance(error, DeviceLostError):  # what was enqueued before must not meet the next call
                cuda.free("cudaStreamSynchronize", self._stream)
            raise
        for name, buffer in self._outputs.items():
            results[name][start : start + count] = buffer.host[:count]

    def close(self) -> None:
        """Free everything. Safe to call twice."""
        cuda = self._engine.cuda
        if self._launch is not None:
            cuda.free("cudaGraphExecDestroy", self._launch)
        if self._graph is not None:
            cuda.free("cudaGraphDestroy", self._graph)
        self._launch = self._graph = self._context = None
        for buffer in (*self._inputs.values(), *self._outputs.values()):
            buffer.close()
        self._inputs, self._outputs = {}, {}


class Lane:
    """What one caller at a time computes in."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        cuda = engine.cuda
        self._stream = cuda.call("cudaStreamCreateWithFlags", int(cuda.rt.cudaStreamNonBlocking))
        self.runs: list[Run] = []
        try:
            for profile in range(len(engine.buckets)):
                self.runs.append(Run(engine, profile, self._stream))
        except BaseException:  # whatever it was goes on, only not half done
            self.close()
            raise

    def compute(self, arrays: Arrays, results: Arrays, count: int) -> None:
        """All rows: in pieces of the largest batch, the last one padded to the next."""
        largest = self.runs[-1].size
        for start in range(0, count, largest):
            piece = min(largest, count - start)
            run = next(run for run in self.runs if run.size >= piece)
            run.compute(arrays, results, start, piece)

    def close(self) -> None:
        """Free everything. Safe to call twice."""
        for run in self.runs:
            run.close()
        self.runs = []
        if self._stream is not None:
            self._engine.cuda.free("cudaStreamDestroy", self._stream)
            self._stream = None
