"""A network or a preset that there is not is answered with those that there are."""

from __future__ import annotations

import pytest

from training.asked_network import NoSuchNetworkError, asked_network
from training.networks.registry import NETWORKS


def test_every_network_is_found() -> None:
    assert [asked_network(spec.name, spec.preset) for spec in NETWORKS] == list(NETWORKS)


def test_an_unknown_network_is_answered_with_names_and_presets() -> None:
    with pytest.raises(NoSuchNetworkError, match=r"no network 'gray_to_dept'\..*gray_to_depth \(plus, seed\)"):
        asked_network("gray_to_dept", "plus")


@pytest.mark.parametrize(
    ("name", "preset", "told"),
    [
        ("face_landmarks", "nope", "face_landmarks has presets plus and seed"),
        ("face_finder", "seed", "face_finder has the preset plus"),
    ],
)
def test_an_unknown_preset_is_called_one(name: str, preset: str, told: str) -> None:
    with pytest.raises(NoSuchNetworkError, match=f"There is no preset '{preset}' of {name}; {told}"):
        asked_network(name, preset)
