"""Which backends may run the models, in which order and precision: what people write, and what it means."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from engines.backend import PRECISIONS, Precision
from engines.errors import PolicyError
from engines.registry import BACKENDS, CPU_BACKENDS

OVERRIDE = "TAPETUM_BACKEND"
"""Environment variable with a policy that replaces the configured one."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A backend, and the precision that it is to compute in: ``tensorrt:fp16``; ``openvino`` takes the file's own."""

    backend: str
    precision: Precision = "file"

    def text(self) -> str:
        return self.backend if self.precision == "file" else f"{self.backend}:{self.precision}"


@dataclass(frozen=True, slots=True)
class Policy:
    """``prefer``: these in order, then what the CPU can do. ``require``: these in order, and nothing else.

    Raises:
        PolicyError: no wish, an unknown backend, or a precision that it does not have.
    """

    mode: Literal["prefer", "require"]
    wishes: tuple[Wish, ...]

    def __post_init__(self) -> None:
        unknown = [wish.backend for wish in self.wishes if wish.backend not in BACKENDS]
        if unknown or not self.wishes:
            raise PolicyError(
                f"a backend policy names one or more of {', '.join(BACKENDS)}, found "
                f"{', '.join(map(repr, unknown)) or 'none'}; write for example: prefer openvino, onnxruntime"
            )
        for wish in self.wishes:
            able = BACKENDS[wish.backend].precisions
            if wish.precision not in able:
                raise PolicyError(
                    f"{wish.backend} computes in {', '.join(p for p in able if p != 'file')}, not in "
                    f"{wish.precision!r}; write for example: prefer {wish.backend}:{able[-1]}"
                )

    def text(self) -> str:
        return f"{self.mode} {', '.join(wish.text() for wish in self.wishes)}"

    def order(self) -> tuple[Wish, ...]:
        """Everything that may run, in the order of trying."""
        rest = [Wish(name) for name in CPU_BACKENDS] if self.mode == "prefer" else []
        return tuple(dict.fromkeys((*self.wishes, *rest)))


DEFAULT_POLICY = Policy("prefer", (Wish("openvino"), Wish("onnxruntime")))
"""The CPU: a GPU's backend that was never verified on this machine runs only for those who ask for it."""

PolicyLike = Policy | str | Sequence[str] | None


def parse_policy(policy: PolicyLike) -> Policy:
    """A policy from what people write: ``prefer tensorrt:fp16, openvino``, ``require onnxruntime``, ``openvino:int8``.

    A name or list of names alone means ``prefer``; None and the empty text mean the default.

    Raises:
        PolicyError: an unknown word, backend or precision.
    """
    if policy is None or policy == "":
        return DEFAULT_POLICY
    if isinstance(policy, Policy):
        return policy
    words = policy.replace(",", " ").lower().split() if isinstance(policy, str) else list(policy)
    mode: Literal["prefer", "require"] = "prefer"
    if words and words[0] in ("prefer", "require"):
        mode = cast(Literal["prefer", "require"], words.pop(0))
    return Policy(mode, tuple(_wish(word) for word in words))


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


def _wish(word: str) -> Wish:
    name, _, asked = word.partition(":")
    for precision in PRECISIONS:
        if precision == (asked or "file"):
            return Wish(name, precision)
    raise PolicyError(f"{word!r}: there is no precision {asked!r}, only {', '.join(PRECISIONS)}")
