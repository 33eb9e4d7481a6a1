"""The shipped calibration files: small, whole, and with a truth by which a model is judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engines.backend import Arrays
from engines.calibration import LOSSLESS, Metric, load_calibration, main_metric, save_calibration
from engines.card import load_card
from engines.errors import QuantizeError
from engines.loading import WEIGHTS
from engines.registry import make_backend

CARDS = sorted(path for path in WEIGHTS.glob("*-plus.json"))


def test_all_files_together_are_small() -> None:
    files = list(WEIGHTS.glob("*-calibration.npz"))
    assert len(files) >= len(CARDS)
    assert sum(path.stat().st_size for path in files) < 3e6


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_the_shipped_model_does_well_on_its_held_out_crops(path: Path) -> None:
    card = load_card(path)
    crops = load_calibration(card)
    assert len(crops.crops) >= 24
    for spec in card.inputs:
        for arrays in (crops.inputs, crops.held_out):
            assert arrays[spec.name].shape[1:] == spec.sizes[1:]
            assert arrays[spec.name].min() >= (spec.low or 0.0) - 1e-6
            assert arrays[spec.name].max() <= (spec.high or 1.0) + 1e-6
    backend = make_backend("openvino")
    backend.load(card, card.onnx_path)
    some = {name: array[:48] for name, array in crops.held_out.items()}
    truth = {k: v[:48] if v.ndim else v for k, v in crops.truth.items()}
    outputs = backend.infer(some)
    backend.close()
    part = type(crops)(crops.name, crops.inputs, some, truth, crops.sha256, crops.about)
    good = main_metric(part, outputs)
    mixed: Arrays = {
        k: np.roll(v, 1, axis=0) if k != "embedding" else np.roll(v, 3, axis=0) for k, v in outputs.items()
    }
    assert good.lost(main_metric(part, mixed)) > 0.1, "the answers for other crops are clearly worse"


def test_better_and_worse_are_told_apart_either_way() -> None:
    error = Metric(10.0, "mm", False, "error", "crops")
    share = Metric(80.0, "%", True, "found", "crops")
    assert error.lost(Metric(11.0, "mm", False, "error", "crops")) == pytest.approx(0.1)
    assert error.lost(Metric(9.0, "mm", False, "error", "crops")) == pytest.approx(-0.1)
    assert share.lost(Metric(72.0, "%", True, "found", "crops")) == pytest.approx(0.1)


def test_crops_come_back_as_they_were_stored(tmp_path: Path) -> None:
    card = load_card(WEIGHTS / "face_verifier-plus.json")
    codes = np.random.default_rng(0).integers(0, 256, (5, 1, 96, 96)).astype(np.uint8)
    path = tmp_path / "face_verifier-plus-calibration.npz"
    who = np.array([1, 1, 2, 2, 3], np.int32)
    save_calibration(
        path,
        "face_verifier",
        "plus",
        "drawn",
        {"depth": codes},
        {"depth": codes[:3]},
        {"who": who},
        {"depth": LOSSLESS},
    )
    back = load_calibration(card, tmp_path)
    np.testing.assert_array_equal(np.rint((back.inputs["depth"] + 1) * 127.5), codes)
    np.testing.assert_array_equal(np.rint((back.held_out["depth"] + 1) * 127.5), codes[:3])
    np.testing.assert_array_equal(back.truth["who"], who)
    assert back.about == "drawn"


def test_another_models_file_is_refused(tmp_path: Path) -> None:
    for name in ("face_verifier", "gray_to_depth"):
        source = WEIGHTS / f"{name}-plus-calibration.npz"
        (tmp_path / f"{'gray_to_depth' if name == 'face_verifier' else 'x'}-plus-calibration.npz").write_bytes(
            source.read_bytes()
        )
    with pytest.raises(QuantizeError, match="is of face_verifier-plus"):
        load_calibration(load_card(WEIGHTS / "gray_to_depth-plus.json"), tmp_path)
