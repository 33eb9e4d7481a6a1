"""Training of eye_state: what the network learns from is what it is asked about."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")

import torch

from engines.models.eye_state import normalised
from training.tasks.eye_state import _normalised


def test_patches_are_normalised_as_the_product_does() -> None:
    patches = np.random.default_rng(3).integers(0, 256, (6, 32, 48), np.uint8)
    patches[4] = 90  # flat
    patches[5] = np.linspace(0, 255, 48).astype(np.uint8)
    ours = _normalised(torch.from_numpy(patches)).numpy()
    np.testing.assert_allclose(ours, normalised(patches)[0], atol=1e-6)
    assert np.abs(ours).max() <= 1.0
