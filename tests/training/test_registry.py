"""The list of networks is there without torch; the networks are the papers' to the last parameter."""

from __future__ import annotations

import subprocess
import sys

import pytest

from training.networks.registry import NETWORKS, UnknownNetworkError, find_network
from training.train import list_networks

PRINTED_PARAMETERS = {"gray_to_depth-seed": 34_621_761, "depth_to_color-seed": 8_659_683}
CRITIC_PARAMETERS = {"gray_to_depth-seed": 17_247_105, "depth_to_color-seed": 4_315_713}
LINEAR_PARAMETERS = {"face_box-seed": 16_782_340, "face_landmarks-seed": 16_917_640}
GMAC_LIMIT = {
    "gray_to_depth-plus": 0.25,
    "depth_to_color-plus": 0.2,
    "face_landmarks-plus": 2 * 0.11,  # it looks twice
    "face_finder-plus": 0.2,
}


def test_listing_networks_needs_no_torch() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\nfrom training.train import list_networks; print(len(list_networks()))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(out.stdout) == len(NETWORKS)


def test_training_without_torch_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from training.train import require_torch, TrainingUnavailableError\n"
        "try:\n    require_torch()\nexcept TrainingUnavailableError as error:\n    print(error)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "tapetum[train]" in out.stdout


def test_the_list_names_every_network_once() -> None:
    keys = [(row["name"], row["preset"]) for row in list_networks()]
    assert len(set(keys)) == len(keys)
    for name in ("gray_to_depth", "depth_to_color", "face_landmarks"):
        assert (name, "plus") in keys
        assert (name, "seed") in keys


def test_every_network_is_found() -> None:
    assert [find_network(spec.name, spec.preset) for spec in NETWORKS] == list(NETWORKS)


def test_an_unknown_network_is_answered_with_names_and_presets() -> None:
    with pytest.raises(UnknownNetworkError, match=r"no network 'gray_to_dept'\..*gray_to_depth \(plus, seed\)"):
        find_network("gray_to_dept")


@pytest.mark.parametrize(
    ("name", "preset", "told"),
    [
        ("face_landmarks", "nope", "face_landmarks has presets plus and seed"),
        ("face_finder", "seed", "face_finder has the preset plus"),
    ],
)
def test_an_unknown_preset_is_called_one(name: str, preset: str, told: str) -> None:
    with pytest.raises(UnknownNetworkError, match=f"There is no preset '{preset}' of {name}; {told}"):
        find_network(name, preset)


@pytest.mark.parametrize("spec", NETWORKS, ids=lambda spec: spec.key)
def test_outputs_have_the_shapes_and_ranges_of_the_contract(spec) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")
    network = spec.build().eval()
    inputs = [torch.rand(1, *t.shape) * (t.high - t.low) + t.low for t in spec.inputs]
    with torch.no_grad():
        outputs = network(*inputs)
        again = network(*inputs)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    again = again if isinstance(again, tuple) else (again,)
    assert len(outputs) == len(spec.outputs)
    for tensor, output, second in zip(spec.outputs, outputs, again, strict=True):
        assert tuple(output.shape) == (1, *tensor.shape), tensor.name
        assert output.min() >= tensor.low - 1.6, tensor.name  # soft-argmax cells begin 1.5 px inside
        assert output.max() <= tensor.high + 1.6, tensor.name
        assert torch.equal(output, second), "a network must be deterministic"


@pytest.mark.parametrize("key", PRINTED_PARAMETERS)
def test_seed_networks_have_the_papers_parameters(key: str) -> None:
    pytest.importorskip("torch", reason="torch is not installed (extra: train)")
    from training.networks.blocks import count_parameters

    name, preset = key.rsplit("-", 1)
    spec = find_network(name, preset)
    assert count_parameters(spec.build()) == PRINTED_PARAMETERS[key]
    assert count_parameters(spec.build_critic()) == CRITIC_PARAMETERS[key]


@pytest.mark.parametrize("key", LINEAR_PARAMETERS)
def test_dmsl_linear_layers_have_the_papers_parameters(key: str) -> None:
    pytest.importorskip("torch", reason="torch is not installed (extra: train)")
    from training.networks.blocks import count_parameters

    name, preset = key.rsplit("-", 1)
    network = find_network(name, preset).build()
    assert count_parameters(network.head) == LINEAR_PARAMETERS[key]


@pytest.mark.parametrize("key", GMAC_LIMIT)
def test_plus_networks_stay_small(key: str) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")
    from training.networks.blocks import count_macs

    name, preset = key.rsplit("-", 1)
    spec = find_network(name, preset)
    macs = count_macs(spec.build(), torch.zeros(1, *spec.inputs[0].shape))
    assert macs / 1e9 <= GMAC_LIMIT[key]


def test_a_network_without_a_discriminator_says_so() -> None:
    with pytest.raises(UnknownNetworkError, match="without a discriminator"):
        find_network("face_landmarks").build_critic()
