"""Whatever happens to a session's bytes, recovery saves what is whole, invents nothing and counts right."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.recordings.damaged import LAYOUTS, Truth, damage, recover_and_check, write_damageable

SEEDS = 324
FEW = 24
BATCH = 20


@pytest.fixture(scope="module")
def truths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Truth]:
    folder = tmp_path_factory.mktemp("whole")
    return {name: Truth.of(write_damageable(folder / f"{name}.mcap", name)) for name in LAYOUTS}


def run(seed: int, truths: dict[str, Truth], folder: Path) -> None:
    layout = list(LAYOUTS)[seed % len(LAYOUTS)]
    truth = truths[layout]
    recover_and_check(damage(truth.data, random.Random(seed)), truth, folder)


@pytest.mark.parametrize("seed", range(FEW))
def test_a_few_accidents(seed: int, truths: dict[str, Truth], tmp_path: Path) -> None:
    run(seed, truths, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(20)
@pytest.mark.parametrize("seed", range(FEW, SEEDS))
def test_many_accidents(seed: int, truths: dict[str, Truth], tmp_path: Path) -> None:
    run(seed, truths, tmp_path)
