"""Which backend runs a model, and why not the others. Nothing falls back in silence."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from engines.backend import Backend, BackendStatus, LoadOptions, Precision
from engines.card import ModelCard
from engines.errors import (
    BackendUnavailableError,
    CardError,
    EngineError,
    ModelFileError,
    ModelMismatchError,
    PlanError,
    PolicyError,
    QuarantinedError,
)
from engines.first_load import check_first_load
from engines.policy import Policy, PolicyLike, Wish, effective_policy
from engines.probe import probe_backend
from engines.registry import BACKENDS, BackendInfo, make_backend
from engines.variants import variant_of

log = logging.getLogger(__name__)

DEFAULT_THREADS = 1
"""One thread a model: the bytes of a result can depend on it, so live, replay and every batch worker share it."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen for one model.

    Attributes:
        chosen: the backend that runs.
        reasons: why each of the others does not; a wish with a precision stands there as ``openvino:int8``.
        policy: the policy that counted, in words.
        is_fallback: True when what the policy puts first could not run.
        precision: that was asked of the chosen one.
        unbuilt: what the policy puts before the chosen one and only lacks a sound engine that was built here.
    """

    chosen: str
    reasons: Mapping[str, str]
    policy: str
    is_fallback: bool
    precision: Precision = "file"
    unbuilt: tuple[Wish, ...] = ()

    @property
    def wish(self) -> Wish:
        return Wish(self.chosen, self.precision)


def select_backend(
    card: ModelCard,
    policy: PolicyLike = None,
    threads: int | None = None,
    without: Mapping[str, str] | None = None,
) -> tuple[Backend, Selection]:
    """Load a model on the first backend of the policy that can run it.

    Each is first tried in a child process (see :mod:`engines.probe`). What really runs is checked after loading, and
    its numbers and speed when it is loaded on this machine for the first time (see :mod:`engines.first_load`).

    Args:
        card: from :func:`engines.card.load_card`.
        policy: see :func:`engines.policy.parse_policy`; the environment variable ``TAPETUM_BACKEND`` replaces it.
        threads: that one call computes with; None takes ``DEFAULT_THREADS``.
        without: backends (or wishes such as ``openvino:int8``) not to be tried, each with the reason.

    Raises:
        PolicyError: the policy or the number of threads makes no sense.
        CardError, ModelFileError, ModelMismatchError: the model itself is at fault.
        BackendUnavailableError: no backend of the policy can run; the message has the reason of each.
    """
    wanted = effective_policy(policy)
    count = DEFAULT_THREADS if threads is None else threads
    if count < 1:
        raise PolicyError(f"a model needs at least 1 thread, was given {count}")
    reasons: dict[str, str] = {}
    failures: list[EngineError] = []
    unbuilt: list[Wish] = []
    for wish in wanted.order():
        barred = _barred(wish, without)
        if barred:
            reasons[wish.text()] = barred
            continue
        try:
            backend = load_wish(card, wish, count)
        except (CardError, ModelMismatchError):
            raise
        except EngineError as error:
            reasons[wish.text()] = str(error)
            failures.append(error)
            if isinstance(error, PlanError) and not isinstance(error, QuarantinedError):
                unbuilt.append(wish)
            continue
        reasons.update(_others(wanted, wish, reasons))
        first = wanted.wishes[0]
        if wish != first and not _barred(first, without):  # who bars a backend knows, and tells it where it matters
            log.warning("%s runs on %s instead of %s: %s", card.title, wish.text(), first.text(), reasons[first.text()])
        selection = Selection(
            wish.backend, reasons, wanted.text(), wish != first, wish.precision, unbuilt=tuple(unbuilt)
        )
        return backend, selection
    told = "; ".join(f"{wish.text()}: {reasons[wish.text()]}" for wish in wanted.order())
    if failures and all(isinstance(error, ModelFileError) for error in failures):
        raise ModelFileError(told)
    raise BackendUnavailableError(f"{card.title} cannot run with the policy '{wanted.text()}': {told}")


def load_wish(card: ModelCard, wish: Wish, threads: int = DEFAULT_THREADS) -> Backend:
    """Load a model on one backend in one precision, once its probe has succeeded, and check what really runs.

    Raises:
        EngineError: it cannot be; the kind says whose fault it is.
    """
    info = BACKENDS[wish.backend]
    probe = probe_backend(wish.backend)
    if not probe.ok:
        raise BackendUnavailableError(probe.reason)
    backend = make_backend(wish.backend, LoadOptions(precision=plain(wish.precision), threads=threads))
    with variant_of(card, wish.precision) as source:
        backend.load(source, source.onnx_path)
        try:
            if wrong := _not_as_asked(info, wish, backend.status()):
                raise BackendUnavailableError(wrong)
            check_first_load(backend, card, source)
        except EngineError:
            backend.close()
            raise
    return backend


def plain(precision: Precision) -> Precision:
    """What a backend is asked for, once the file is chosen: an int8 file is computed as it is."""
    return "file" if precision == "int8" else precision


def _not_as_asked(info: BackendInfo, wish: Wish, status: BackendStatus) -> str:
    """Why what was loaded is not what was asked for: libraries fall back to the CPU or to fp32 without a word."""
    if info.needs_gpu and status.device.upper().startswith("CPU"):
        return f"{info.title} loaded the model, but computes on {status.device}"
    if wish.precision == "fp16" and status.precision not in ("f16", "fp16"):
        return f"{info.title} was asked for fp16, but computes in {status.precision}"
    if wish.precision == "int8" and not info.needs_gpu and status.precision != "int8":
        return f"{info.title} was asked for int8, but computes the int8 file in {status.precision} on this processor"
    if wish.precision == "bf16" and status.precision not in ("bf16", "int8"):
        return f"{info.title} was asked for bf16, but computes in {status.precision}"
    return ""


def _barred(wish: Wish, without: Mapping[str, str] | None) -> str:
    """Why a wish is not to be tried; empty when it may be."""
    return (without or {}).get(wish.text()) or (without or {}).get(wish.backend) or ""


def _others(policy: Policy, chosen: Wish, told: Mapping[str, str]) -> dict[str, str]:
    """A reason for everything that was not tried."""
    order = policy.order()
    reasons = {wish.text(): f"{chosen.text()} runs" for wish in order if wish != chosen and wish.text() not in told}
    for name in BACKENDS:
        if name not in {wish.backend for wish in order}:
            reasons[name] = f"not in the policy ({policy.text()})"
    return reasons
