"""The error tree of the engines: what is wrong with a model, a backend, an engine on disk, or a call.

Each kind has its own answer. The model's own faults (CardError, ModelFileError, ModelMismatchError) stop the model;
what a backend cannot do (BackendUnavailableError, UnsupportedGraphError) makes the next one of the policy run; what
is wrong on disk (StoreError) makes the engine be built again; a failed call (InferenceError) is computed again by the
fallback, unless the input itself is at fault (InputError).
"""

from __future__ import annotations


class EngineError(Exception):
    """Anything wrong with a model or what runs it. The message says what was tried, found, and to do."""


class UnknownModelError(EngineError):
    """No model of that name is known."""


class PolicyError(EngineError):
    """A backend policy that cannot be read: an unknown backend or precision, or no backend at all."""


class CardError(EngineError):
    """A model card that is missing, torn or incomplete."""


class ModelFileError(EngineError):
    """The ONNX file is missing, torn, or not the one that its card describes."""


class ModelMismatchError(EngineError):
    """The ONNX file is whole, but its inputs or outputs are not those of its card."""


class BackendUnavailableError(EngineError):
    """A backend cannot run here; the message names the reason and what would help. The next backend runs."""


class NoDriverError(BackendUnavailableError):
    """No GPU, or no driver for it."""


class WrongVersionError(BackendUnavailableError):
    """A library or driver is there, but of a version that does not fit."""


class UnsupportedGraphError(EngineError):
    """The model holds an operation, an opset or external data that this backend cannot run. The next one runs."""


class StoreError(EngineError):
    """The folder of built engines cannot be used: somebody else may write to it, it is full, another process builds."""


class PlanError(StoreError):
    """A built engine cannot be used: torn, of another machine or version, or another user's. It is built again."""


class NotBuiltError(PlanError):
    """The engine was not built here yet. The fallback serves until it is."""


class QuarantinedError(PlanError):
    """A built engine gave wrong numbers or was too slow in its self-check. It runs again only after a new build."""


class BuildError(EngineError):
    """An engine could not be built; the fallback goes on."""


class BuildCancelledError(BuildError):
    """Somebody cancelled the build."""


class BuildLimitError(BuildError):
    """The build took more time or memory than it was given."""


class QuantizeError(BuildError):
    """A model cannot be rounded to int8, or loses too much by it."""


class InferenceError(EngineError):
    """A loaded model could not compute. The fallback computes the same inputs again."""


class InputError(InferenceError):
    """What was handed to a model has the wrong name, shape, dtype or values. No backend could compute it."""


class DeviceMemoryError(InferenceError):
    """The device's memory did not suffice."""


class DeviceLostError(InferenceError):
    """The device is gone, or its driver has given up. Nothing more is asked of this backend."""
