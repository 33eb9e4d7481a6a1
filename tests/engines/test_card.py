"""A model's card: what is wrong with it is said, never guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engines.card import load_card
from engines.errors import CardError, ModelFileError
from tests.engines.conftest import EditCard


def test_a_whole_card_is_read_and_its_model_lies_beside_it(weights: Path):
    card = load_card(weights / "face_landmarks.json")
    assert card.inputs[0].shape == ("N", 1, 128, 128)
    assert card.inputs[0].sizes == (1, 1, 128, 128)
    assert card.onnx_path == weights / "face_landmarks.onnx"
    assert "folder" not in card.model_dump()


def test_a_missing_card_is_named(weights: Path):
    with pytest.raises(CardError, match=r"there is no model card at .*nobody\.json"):
        load_card(weights / "nobody.json")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"card"', "\x00\xff", '{"folder": "/"}'])
def test_a_torn_card_is_refused(weights: Path, text: str):
    path = weights / "face_landmarks.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(CardError, match=r"face_landmarks\.json"):
        load_card(path)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("sha256", "short", "64 hexadecimal digits"),
        ("file", "../elsewhere.onnx", "without folders"),
        ("file", "", "without folders"),
        ("name", "", "name"),
        ("inputs", [], "inputs"),
        ("inputs", [{"name": "image"}], "inputs.0.unit"),
        ("outputs", [{"name": "p", "shape": ["M"], "unit": "1", "meaning": "x"}], "outputs.0.shape"),
        ("generated", "perhaps", "generated"),
        ("colour", "red", "colour"),
    ],
)
def test_a_card_with_a_wrong_field_names_it(edit_card: EditCard, field: str, value: object, told: str):
    with pytest.raises(CardError, match=told):
        load_card(edit_card("face_landmarks", {field: value}))


@pytest.mark.parametrize("field", ["name", "sha256", "inputs", "licence", "limits", "generated", "measured"])
def test_a_card_that_lacks_a_field_names_it(weights: Path, field: str):
    path = weights / "depth_to_color.json"
    data = json.loads(path.read_text())
    del data[field]
    path.write_text(json.dumps(data))
    with pytest.raises(CardError, match=field):
        load_card(path)


def test_a_card_without_units_is_refused(edit_card: EditCard, weights: Path):
    spec = json.loads((weights / "face_landmarks.json").read_text())["inputs"][0]
    with pytest.raises(CardError, match=r"inputs\.0\.unit"):
        load_card(edit_card("face_landmarks", {"inputs": [{**spec, "unit": ""}]}))


def test_a_truncated_model_is_called_torn(weights: Path):
    path = weights / "gray_to_depth.onnx"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ModelFileError, match=r"gray_to_depth\.onnx .* torn or another one: SHA-256"):
        load_card(weights / "gray_to_depth.json")


def test_a_missing_model_is_called_missing(weights: Path):
    (weights / "gray_to_depth.onnx").unlink()
    with pytest.raises(ModelFileError, match=r"gray_to_depth\.onnx cannot be read \(No such file"):
        load_card(weights / "gray_to_depth.json")
