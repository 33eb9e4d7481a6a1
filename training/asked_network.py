"""The network that a command was asked for by name and preset."""

from __future__ import annotations

from training.networks.registry import NETWORKS, NetworkSpec, UnknownNetworkError, find_network
from training.wrong_use import WrongUseError


class NoSuchNetworkError(UnknownNetworkError, WrongUseError):
    """A command was asked for a network or a preset that there is not; the message lists those that there are."""


def asked_network(name: str, preset: str) -> NetworkSpec:
    """The entry of this name and preset.

    Raises:
        NoSuchNetworkError: there is no such network, or it has no such preset.
    """
    known: dict[str, list[str]] = {}
    for spec in NETWORKS:
        known.setdefault(spec.name, []).append(spec.preset)
    if name not in known:
        told = ", ".join(f"{one} ({', '.join(presets)})" for one, presets in known.items())
        raise NoSuchNetworkError(f"There is no network '{name}'. There are, with their presets: {told}.")
    if preset not in known[name]:
        has = "presets" if len(known[name]) > 1 else "the preset"
        raise NoSuchNetworkError(
            f"There is no preset '{preset}' of {name}; {name} has {has} {' and '.join(known[name])}."
        )
    return find_network(name, preset)
