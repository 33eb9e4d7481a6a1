"""Which backend runs a model, and why not the others. Nothing falls back in silence."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engines.backend import Backend, LoadOptions
from engines.card import ModelCard
from engines.errors import (
    BackendUnavailableError,
    CardError,
    EngineError,
    ModelFileError,
    ModelMismatchError,
    PolicyError,
)
from engines.registry import CPU_BACKENDS, make_backend

log = logging.getLogger(__name__)

OVERRIDE = "TAPETUM_BACKEND"
"""Environment variable with a policy that replaces the configured one."""

DEFAULT_THREADS = 1
"""One thread a model: the bytes of a result can depend on it, so live, replay and every batch worker share it."""

BACKENDS = CPU_BACKENDS

NOT_IN_THIS_VERSION: Mapping[str, str] = {
    "tensorrt": "not available in this version",
    "torch": "not available in this version",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """``prefer``: these in order, then the other known ones. ``require``: these in order, and nothing else."""

    mode: Literal["prefer", "require"]
    backends: tuple[str, ...]

    def __post_init__(self) -> None:
        known = (*BACKENDS, *NOT_IN_THIS_VERSION)
        unknown = [name for name in self.backends if name not in known]
        if unknown or not self.backends:
            raise PolicyError(
                f"a backend policy names one or more of {', '.join(known)}, found "
                f"{', '.join(map(repr, unknown)) or 'none'}; write for example: prefer openvino, onnxruntime"
            )

    def text(self) -> str:
        return f"{self.mode} {', '.join(self.backends)}"

    def order(self) -> tuple[str, ...]:
        """Every backend that may run, in the order of trying."""
        rest = BACKENDS if self.mode == "prefer" else ()
        return tuple(dict.fromkeys((*self.backends, *rest)))


DEFAULT_POLICY = Policy("prefer", ("openvino", "onnxruntime"))

PolicyLike = Policy | str | Sequence[str] | None


def parse_policy(policy: PolicyLike) -> Policy:
    """A policy from what people write: ``prefer openvino, onnxruntime``, ``require onnxruntime``, ``openvino``.

    A name or list of names alone means ``prefer``; None and the empty text mean the default.

    Raises:
        PolicyError: an unknown word or backend.
    """
    if policy is None or policy == "":
        return DEFAULT_POLICY
    if isinstance(policy, Policy):
        return policy
    if not isinstance(policy, str):
        return Policy("prefer", tuple(policy))
    words = policy.replace(",", " ").lower().split()
    if words and words[0] in ("prefer", "require"):
        return Policy("require" if words[0] == "require" else "prefer", tuple(words[1:]))
    return Policy("prefer", tuple(words))


def effective_policy(policy: PolicyLike) -> Policy:
    """The policy that counts: the environment variable ``TAPETUM_BACKEND`` where it is set, else the given one.

    Raises:
        PolicyError: one of them cannot be read.
    """
    override = os.environ.get(OVERRIDE, "").strip()
    if not override:
        return parse_policy(policy)
    try:
        return parse_policy(override)
    except PolicyError as error:
        raise PolicyError(f"the environment variable {OVERRIDE}={override!r}: {error}") from error


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen for one model.

    Attributes:
        chosen: the backend that runs.
        reasons: why each of the others does not.
        policy: the policy that counted, in words.
        is_fallback: True when a backend that the policy puts first could not run.
    """

    chosen: str
    reasons: Mapping[str, str]
    policy: str
    is_fallback: bool


def select_backend(card: ModelCard, policy: PolicyLike = None, threads: int | None = None) -> tuple[Backend, Selection]:
    """Load a model on the first backend of the policy that can run it.

    Args:
        card: from :func:`engines.card.load_card`.
        policy: see :func:`parse_policy`; the environment variable ``TAPETUM_BACKEND`` replaces it.
        threads: that one call computes with; None takes ``DEFAULT_THREADS``.

    Raises:
        PolicyError: the policy or the number of threads makes no sense.
        CardError, ModelFileError, ModelMismatchError: the model itself is at fault.
        BackendUnavailableError: no backend of the policy can run; the message has the reason of each.
    """
    wanted = effective_policy(policy)
    count = DEFAULT_THREADS if threads is None else threads
    if count < 1:
        raise PolicyError(f"a model needs at least 1 thread, was given {count}")
    reasons = dict(NOT_IN_THIS_VERSION)
    failures: list[EngineError] = []
    for name in wanted.order():
        if name in NOT_IN_THIS_VERSION:
            continue
        backend = make_backend(name, LoadOptions(threads=count))
        try:
            backend.load(card, card.onnx_path)
        except (CardError, ModelMismatchError):
            raise
        except EngineError as error:
            reasons[name] = str(error)
            failures.append(error)
            continue
        for other in BACKENDS:
            if other != name and other not in reasons:
                ruled_out = other not in wanted.order()
                reasons[other] = f"not in the policy ({wanted.text()})" if ruled_out else f"{name} runs"
        fallback = name != wanted.backends[0]
        if fallback:
            log.warning(
                "%s runs on %s instead of %s: %s", card.title, name, wanted.backends[0], reasons[wanted.backends[0]]
            )
        return backend, Selection(name, reasons, wanted.text(), fallback)
    told = "; ".join(f"{name}: {reasons[name]}" for name in wanted.order())
    if failures and all(isinstance(error, ModelFileError) for error in failures):
        raise ModelFileError(told)
    raise BackendUnavailableError(f"{card.title} cannot run with the policy '{wanted.text()}': {told}")
