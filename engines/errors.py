"""The error tree of the engines: what is wrong with a model, a backend, or a call."""

from __future__ import annotations


class EngineError(Exception):
    """Anything wrong with a model or what runs it. The message says what was tried, found, and to do."""


class UnknownModelError(EngineError):
    """No model of that name is known."""


class PolicyError(EngineError):
    """A backend policy that cannot be read: an unknown backend, or no backend at all."""


class CardError(EngineError):
    """A model card that is missing, torn or incomplete."""


class ModelFileError(EngineError):
    """The ONNX file is missing, torn, or not the one that its card describes."""


class ModelMismatchError(EngineError):
    """The ONNX file is whole, but its inputs or outputs are not those of its card."""


class BackendUnavailableError(EngineError):
    """A backend cannot run here; the message names the reason and what would help."""


class InferenceError(EngineError):
    """A loaded model could not compute."""


class InputError(InferenceError):
    """What was handed to a model has the wrong name, shape, dtype or values."""
