"""torch on an NVIDIA GPU: every batch size of a model is one CUDA graph.

The ONNX file is read by :mod:`engines.backends.torch_graph` into plain torch calls; each bucket's calls are captured
once and replayed, so that a call costs two copies and one launch instead of a hundred. In fp16 the convolutions compute
in float16, channels last; inputs and outputs are float32 at every precision. Float32 is not TF32.

A call is padded with zeros to its bucket; one larger than the last bucket is cut into pieces of that size. All faces of
a call are therefore computed at the batch that ``BackendStatus.batch_of`` says.

int8 files are computed as what their Q/DQ pairs say, in floating point: right, but no faster than without the pairs.
"""

from __future__ import annotations

import importlib
import platform
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.backend import Arrays, BackendStatus, LoadOptions, check_graph, checked_inputs, checked_outputs
from engines.backends.torch_cuda_errors import call_error, load_error
from engines.backends.torch_cuda_slot import Slot, exact
from engines.backends.torch_graph import TRANSLATION, TorchGraph, read_graph
from engines.backends.torch_graph_plan import DeviceWeights, FloatType, plan
from engines.card import ModelCard, read_model
from engines.errors import (
    BackendUnavailableError,
    DeviceLostError,
    InferenceError,
    ModelMismatchError,
    NoDriverError,
    WrongVersionError,
)
from engines.gpu import gpu_facts, why_no_gpu
from engines.key import KEY_FORMAT, cpu_fields, engine_key
from engines.onnx_file import check_onnx
from engines.registry import BACKENDS
from engines.verified import verified

_NOT_LOADED = "this torch model is not loaded or was closed; load it first"


class TorchCudaBackend:
    """One model on one GPU. Calls from several threads wait for each other: a GPU computes one at a time anyway."""

    name = "torch"
    _device = "cuda"
    """What it computes on. A test may say ``cpu``: the same code without the capture; no policy can."""
    _timed_kernels = False
    """Choose kernels by timing them; the benchmark measures what that would give."""

    def __init__(self, options: LoadOptions | None = None) -> None:
        self._options = options or LoadOptions()
        self._lock = threading.Lock()
        self._card: ModelCard | None = None
        self._slots: dict[int, Slot] = {}
        self._torch: Any = None
        self._stream: Any = None
        self._lost = ""
        self._status = BackendStatus(self.name, self._device, "", "", "", 1, ready=False)

    def load(self, card: ModelCard, onnx_path: Path) -> None:
        if self._options.precision == "int8":
            raise BackendUnavailableError(
                f"{card.title}: the torch backend has no int8 arithmetic; ask for fp16, or for file with an int8 file"
            )
        if self._options.precision == "fp32" and card.precision != "fp32":
            raise BackendUnavailableError(
                f"{card.title}: {card.file} is {card.precision}, not fp32; use the file that it was quantised from"
            )
        torch = self._import()
        data = read_model(card, onnx_path)
        check_onnx(card, onnx_path, data)
        try:
            device, stream = self._chosen(torch)
            graph = read_graph(torch, card.title, data)
            check_graph(card, graph.inputs, graph.outputs)
            with exact(torch, self._timed_kernels), _on(torch, stream):
                slots = self._made(torch, graph, card, device, stream)
            status = self._told(torch, card, device, slots)
        except (RuntimeError, OSError) as error:  # torch's and CUDA's
            raise load_error(torch, card.title, error) from error
        with self._lock:
            self._let_go("")
            self._card, self._slots, self._torch, self._stream, self._status = card, slots, torch, stream, status

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        card = self._loaded()
        arrays, faces = checked_inputs(card, inputs)
        results = {spec.name: np.empty((faces, *spec.sizes[1:]), np.float32) for spec in card.outputs}
        with self._lock:
            self._loaded()  # nobody has closed it since
            bucket = self._status.batch_of(faces)
            slot = self._slots[bucket]
            try:
                with self._torch.inference_mode(), _on(self._torch, self._stream):
                    for start in range(0, faces, bucket):
                        slot.run(arrays, start, min(start + bucket, faces), results)
            except RuntimeError as error:
                fault = call_error(self._torch, card.title, error)
                if isinstance(fault, DeviceLostError):
                    self._let_go(str(fault))
                raise fault from error
        return checked_outputs(card, results)

    def warm_up(self) -> None:
        self.infer({spec.name: np.zeros(spec.sizes, np.float32) for spec in self._loaded().inputs})

    def status(self) -> BackendStatus:
        return self._status

    def close(self) -> None:
        with self._lock:
            self._let_go("")

    def _loaded(self) -> ModelCard:
        """The card of what is loaded.

        Raises:
            DeviceLostError: the device was lost; it is asked nothing more.
            InferenceError: not loaded, or closed.
        """
        if self._card is None:
            if self._lost:
                raise DeviceLostError(self._lost)
            raise InferenceError("this torch model is not loaded or was closed; load it first")
        return self._card

    def _let_go(self, lost: str) -> None:
        """Let go of everything; what a lost device answers to that is of no interest. Call it with the lock."""
        slots, self._slots, self._card, self._stream, self._lost = self._slots, {}, None, None, lost
        for slot in slots.values():
            try:
                slot.close()
            except RuntimeError:  # the device is gone, and with it what was there
                continue
        self._status = replace(self._status, ready=False, note=lost or self._status.note)

    # --- loading

    def _import(self) -> Any:
        """torch, once it is sure that it can compute on a GPU here. The driver is asked before torch is."""
        if self._device == "cuda" and (why := why_no_gpu()):
            raise NoDriverError(f"torch cannot compute on a GPU: {why}")
        how = BACKENDS[self.name].install
        try:
            torch: Any = importlib.import_module("torch")
            importlib.import_module("onnx")  # the file is read with it
        except (ImportError, OSError) as error:  # OSError: torch is there, a library that it needs is not
            raise BackendUnavailableError(
                f"the package {getattr(error, 'name', None) or 'torch'} cannot be imported ({error}); run: {how}"
            ) from error
        if self._device == "cuda" and torch.version.cuda is None:
            raise BackendUnavailableError(
                f"the installed torch {torch.__version__} is built without CUDA; install a build with it "
                "(https://pytorch.org/get-started/locally names the command)"
            )
        return torch

    def _chosen(self, torch: Any) -> tuple[str, Any]:
        """The device, and a stream on it that is not the default one (None on the CPU).

        Raises:
            WrongVersionError: the driver is too old for this torch.
            NoDriverError: CUDA does not start, though the driver said that it would.
            BackendUnavailableError: there is no GPU of that number.
        """
        if self._device == "cpu":
            return "cpu", None
        try:
            torch.cuda.init()
        except (RuntimeError, AssertionError) as error:
            said = " ".join(str(error).split())[:300]
            kind = WrongVersionError if "too old" in said or "insufficient" in said else NoDriverError
            raise kind(f"torch {torch.__version__} (CUDA {torch.version.cuda}) cannot use the GPU: {said}") from error
        count, number = torch.cuda.device_count(), self._options.device
        if not 0 <= number < count:
            raise BackendUnavailableError(f"there is no GPU number {number}: {count} found, counted from 0")
        return f"cuda:{number}", torch.cuda.Stream(device=number)

    def _made(self, torch: Any, graph: TorchGraph, card: ModelCard, device: str, stream: Any) -> dict[int, Slot]:
        """The slot of every bucket, ready; the largest first, whose memory then serves the others."""
        sizes = {spec.name: spec.sizes[1:] for spec in card.inputs}
        shapes = {tensor.name: sizes[tensor.name] for tensor in graph.inputs}
        buckets = (graph.fixed_batch,) if graph.fixed_batch else self._options.buckets
        weights = DeviceWeights(torch, device, self._floats)
        slots: dict[int, Slot] = {}
        pool = None
        for bucket in sorted(set(buckets), reverse=True):
            program = plan(graph, bucket, weights, shapes)
            wanted = {spec.name: (bucket, *spec.sizes[1:]) for spec in card.outputs}
            if program.shapes != wanted:
                raise ModelMismatchError(
                    f"{card.title}: {card.file} computes outputs of {program.shapes}, its card says {wanted}; "
                    "the card belongs to another export of the model"
                )
            slots[bucket] = Slot(torch, program, shapes, device, stream)
            pool = slots[bucket].prepare(pool)
        if stream is not None:
            stream.synchronize()
        return slots

    @property
    def _floats(self) -> FloatType:
        return "f16" if self._options.precision == "fp16" else "f32"

    def _told(self, torch: Any, card: ModelCard, device: str, slots: Mapping[int, Slot]) -> BackendStatus:
        buckets = tuple(sorted(slots))
        fields = {
            "format": KEY_FORMAT,
            "model": card.sha256,
            "backend": self.name,
            "version": str(torch.__version__),
            "build": str(torch.version.git_version),
            "precision": self._floats,
            "translation": TRANSLATION,
            "buckets": ", ".join(map(str, buckets)),
        }
        title = "CPU"
        if device == "cpu":
            fields |= {"threads": str(torch.get_num_threads()), **cpu_fields()}
        else:
            properties, facts = torch.cuda.get_device_properties(device), gpu_facts()
            title = str(properties.name)
            fields |= {
                "cuda": str(torch.version.cuda),
                "cudnn": str(torch.backends.cudnn.version()),
                "driver": (facts.driver or f"of CUDA {facts.cuda}") if facts is not None else "",
                "gpu": title,
                "capability": f"{properties.major}.{properties.minor}",
                "multiprocessors": str(properties.multi_processor_count),
                "tf32": "off",
                "kernels": "by timing" if self._timed_kernels else "deterministic, by cuDNN's rules",
                "os": f"{platform.system()} {platform.machine()}",
            }
        key = engine_key(fields)
        note = "" if verified(self.name) else f"UNVERIFIED: {BACKENDS[self.name].unverified}"
        return BackendStatus(
            self.name, title, fields["version"], self._floats, key, 1, True, fields, "bucket", buckets, note
        )


@contextmanager
def _on(torch: Any, stream: Any) -> Iterator[None]:
    """On this stream and its device; on the CPU there is none."""
    if stream is None:
        yield
    else:
        with torch.cuda.stream(stream):
            yield
