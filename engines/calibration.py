"""The small files that int8 is made from and judged by: rendered crops to calibrate on, and held-out ones with truth.

They lie beside the cards as ``<name>-<preset>-calibration.npz`` and do not depend on the weights: they hold network
inputs in 8 bits and what is true of them. `python -m training.calibration` renders them again.

Each array of pictures is one mosaic in WebP, which every version of the library decodes to the same bytes; depth codes
are stored without loss.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from engines.backend import Arrays
from engines.card import ModelCard
from engines.errors import QuantizeError
from engines.models.face_finder import squares
from engines.normalise import code_of_unit, relief_of_code

WEIGHTS = Path(__file__).parent / "weights"
FORMAT = "1"
LOSSLESS = 101
"""The WebP quality from which OpenCV stores without loss."""
CONFIDENCES = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
"""The face finder is judged at all of these least confidences."""

Truth = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Metric:
    """The main metric of a model, measured on the held-out crops.

    Attributes:
        value: as measured.
        unit: of it.
        higher_is_better: else lower is.
        meaning: in words, as a card says it.
        on: what it was measured on, as a card says it.
    """

    value: float
    unit: str
    higher_is_better: bool
    meaning: str
    on: str

    def lost(self, other: Metric) -> float:
        """The share of this quality that `other` lacks: 0.01 is one percent worse, below zero is better."""
        change = (other.value - self.value) / max(abs(self.value), 1e-12)
        return -change if self.higher_is_better else change


@dataclass(frozen=True, slots=True)
class Calibration:
    """One calibration file.

    Attributes:
        name: of the model.
        inputs: crops to calibrate on, by input: float32 (N, ...) as the network takes them.
        held_out: crops to judge by, of other people: likewise.
        truth: what is true of the held-out crops.
        sha256: of the file.
        about: how it was made.
    """

    name: str
    inputs: Arrays
    held_out: Arrays
    truth: Truth
    sha256: str
    about: str

    @property
    def crops(self) -> list[Arrays]:
        """The crops to calibrate on, one by one, each (1, ...)."""
        return one_by_one(self.inputs)

    @property
    def held_out_crops(self) -> list[Arrays]:
        """The held-out crops, one by one, each (1, ...)."""
        return one_by_one(self.held_out)


def one_by_one(arrays: Arrays) -> list[Arrays]:
    """Arrays of (N, ...) as N times (1, ...)."""
    count = len(next(iter(arrays.values())))
    return [{name: array[i : i + 1] for name, array in arrays.items()} for i in range(count)]


def calibration_path(card: ModelCard, folder: Path | None = None) -> Path:
    """Where the calibration file of a model lies; it need not be there."""
    return (folder or WEIGHTS) / f"{card.name}-{card.preset}-calibration.npz"


def load_calibration(card: ModelCard, folder: Path | None = None) -> Calibration:
    """Read the calibration file of a model.

    Args:
        folder: where it lies; None takes the shipped ones.

    Raises:
        QuantizeError: there is none, it is torn, or it is another model's.
    """
    path = calibration_path(card, folder)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise QuantizeError(
            f"{card.title} cannot be rounded to int8: there are no crops to calibrate on at {path} "
            f"({error.strerror}); make them with: python -m training.calibration --faces SAMPLES --out {path.parent}"
        ) from error
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        about = json.loads(str(arrays.pop("about")))
        if about["format"] != FORMAT or about["name"] != card.name or about["preset"] != card.preset:
            raise QuantizeError(
                f"{path} is of {about['name']}-{about['preset']}, format {about['format']}; {card.name}-{card.preset} "
                f"in format {FORMAT} was expected. Fetch it again"
            )
        inputs, held_out = (_inputs(card, arrays, part) for part in ("calibrate", "held_out"))
        truth = _unpacked(arrays, "truth")
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise QuantizeError(f"the calibration file {path} is torn or wrong ({error}); fetch it again") from error
    return Calibration(card.name, inputs, held_out, truth, hashlib.sha256(data).hexdigest(), about["made"])


def save_calibration(
    path: Path,
    name: str,
    preset: str,
    made: str,
    inputs: Mapping[str, NDArray[np.uint8]],
    held_out: Mapping[str, NDArray[np.uint8]],
    truth: Mapping[str, NDArray[Any]],
    quality: Mapping[str, int],
) -> None:
    """Write a calibration file.

    Args:
        inputs, held_out: uint8 (N, C, H, W), 0..255 for the low and the high end of the input's range.
        truth: pictures uint8 (N, H, W) or (N, H, W, 3), and numbers of any other shape.
        quality: name -> WebP quality of those arrays that are pictures (LOSSLESS: without loss).
    """
    arrays: dict[str, NDArray[Any]] = {
        "about": np.array(json.dumps({"format": FORMAT, "name": name, "preset": preset, "made": made}))
    }
    for part, group in (("calibrate", inputs), ("held_out", held_out), ("truth", truth)):
        for key, array in group.items():
            if key not in quality:
                arrays[f"{part}/{key}"] = array
                continue
            pictures = array if part == "truth" else np.moveaxis(array, 1, -1)
            pictures = pictures[..., 0] if pictures.ndim == 4 and pictures.shape[-1] == 1 else pictures
            arrays[f"{part}/{key}/webp"] = _pack(pictures, quality[key])
            arrays[f"{part}/{key}/shape"] = np.array(pictures.shape, np.int32)
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as file:
        np.savez_compressed(file, **cast(Any, arrays))
    temporary.replace(path)


def main_metric(calibration: Calibration, outputs: Arrays) -> Metric:
    """The main metric of a model, of its outputs for the held-out crops, (N, ...) each.

    Raises:
        QuantizeError: nothing says what is good in a model of that name.
    """
    if calibration.name not in _METRICS:
        raise QuantizeError(f"nothing says what is good in {calibration.name}; known are {', '.join(_METRICS)}")
    meaning, unit, higher_is_better, measure = _METRICS[calibration.name]
    count = len(next(iter(calibration.held_out.values())))
    value = measure(outputs, calibration.truth)
    if not math.isfinite(value):
        raise QuantizeError(f"{calibration.name}: the main metric is {value} on {count} held-out crops")
    return Metric(value, unit, higher_is_better, meaning, f"{count} rendered crops of held-out people")


def _landmarks(outputs: Arrays, truth: Truth) -> float:
    points = truth["points"].astype(np.float64) / truth["points_scale"]
    off = np.linalg.norm(outputs["points"] - points, axis=2).mean(axis=1)
    return float(100 * np.mean(off / np.linalg.norm(points[:, 36] - points[:, 45], axis=1)))


def _finder(outputs: Arrays, truth: Truth) -> float:
    """The mean over confidences: what only moves the confidence of a square across one of them is no loss."""
    return float(np.mean([_overlaps(outputs, truth, least) for least in CONFIDENCES]))


def _overlaps(outputs: Arrays, truth: Truth, least: float) -> float:
    """Sum of the overlaps of faces with the squares that find them, over the number of faces and false squares."""
    overlaps, faces, false = 0.0, 0, 0
    for chance, face, people in zip(outputs["chance"], outputs["face"], truth["people"], strict=True):
        left = [hit[:3] for hit in squares(chance[0], face, least, 16)]
        for x, y, side, kind in people[np.isfinite(people[:, 0])].astype(float):
            shares = [_overlap(hit, (x, y, side)) for hit in left]
            best = int(np.argmax(shares)) if shares else -1
            if best >= 0 and shares[best] >= 0.2:  # whose square this is; kind -1 may be found or not
                left.pop(best)
                overlaps += shares[best] if kind == 1 else 0.0
            faces += kind == 1
        false += len(left)
    return 100 * overlaps / max(faces + false, 1)


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    across = min(a[0] + a[2] / 2, b[0] + b[2] / 2) - max(a[0] - a[2] / 2, b[0] - b[2] / 2)
    along = min(a[1] + a[2] / 2, b[1] + b[2] / 2) - max(a[1] - a[2] / 2, b[1] - b[2] / 2)
    common = max(across, 0.0) * max(along, 0.0)
    return common / max(a[2] ** 2 + b[2] ** 2 - common, 1e-9)


def _relief(outputs: Arrays, truth: Truth) -> float:
    counts = truth["relief"] > 0
    code = np.clip((outputs["relief"][:, 0] + np.float32(1)) * np.float32(127.5), 1, 255)
    return float(np.abs(relief_of_code(code) - relief_of_code(truth["relief"]))[counts].mean())


def _color(outputs: Arrays, truth: Truth) -> float:
    found = code_of_unit(outputs["color"].transpose(0, 2, 3, 1)).astype(np.float32)
    return float(np.abs(found - truth["color"])[truth["person"] > 127].mean())


def _verifier(outputs: Arrays, truth: Truth) -> float:
    cosine = outputs["embedding"] @ outputs["embedding"].T
    first, second = np.triu_indices(len(cosine), 1)
    same, score = truth["who"][first] == truth["who"][second], cosine[first, second]
    others = np.sort(score[~same])
    below = np.searchsorted(others, score[same], "left") + np.searchsorted(others, score[same], "right")
    return float(100 * np.mean(below) / (2 * others.size))


def _face(outputs: Arrays, truth: Truth) -> float:
    found = np.clip(outputs["face"].transpose(0, 2, 3, 1), 0, 1) * np.float32(255)
    return float(np.abs(found - truth["face"]).mean())


def _openness(outputs: Arrays, truth: Truth) -> float:
    return float(100 * np.abs(outputs["openness"] - truth["openness"]).mean())


_METRICS: dict[str, tuple[str, str, bool, Callable[[Arrays, Truth], float]]] = {
    "face_landmarks": ("mean error of the points, in percent of the eye distance", "%", False, _landmarks),
    "face_finder": ("overlap of found squares with faces, over faces and false squares", "%", True, _finder),
    "gray_to_depth": ("depth MAE on the person", "mm", False, _relief),
    "depth_to_color": ("L1 on the person", "levels of 255", False, _color),
    "face_verifier": ("same person or not: area under ROC", "%", True, _verifier),
    "eye_state": ("mean error of the openness, in percent of a neutral eye's", "%", False, _openness),
    "eye_to_face": ("L1 on the face", "levels of 255", False, _face),
}


def _inputs(card: ModelCard, arrays: Mapping[str, NDArray[Any]], part: str) -> Arrays:
    found = _unpacked(arrays, part)
    out: Arrays = {}
    for spec in card.inputs:
        codes = found[spec.name]
        codes = codes[:, None] if codes.ndim == 3 else np.moveaxis(codes, -1, 1)
        low, high = (-1.0 if spec.low is None else spec.low), (1.0 if spec.high is None else spec.high)
        values = codes.astype(np.float32) * np.float32((high - low) / 255) + np.float32(low)
        if values.shape[1:] != spec.sizes[1:]:
            raise ValueError(f"crops of {values.shape[1:]} for an input of {spec.sizes[1:]}")
        out[spec.name] = np.ascontiguousarray(values)
    return out


def _unpacked(arrays: Mapping[str, NDArray[Any]], part: str) -> dict[str, NDArray[Any]]:
    out: dict[str, NDArray[Any]] = {}
    for key, array in arrays.items():
        group, name, *kind = key.split("/")
        if group == part and kind != ["shape"]:
            packed = kind == ["webp"]
            out[name] = _unpack(array, arrays[f"{part}/{name}/shape"].tolist()) if packed else array
    return out


def _pack(pictures: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    import cv2  # not at the top: listing the models needs no image library

    count, height, width = pictures.shape[:3]
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    mosaic = np.zeros((rows, columns, *pictures.shape[1:]), np.uint8)
    mosaic.reshape(rows * columns, *pictures.shape[1:])[:count] = pictures
    flat = mosaic.swapaxes(1, 2).reshape(rows * height, columns * width, *pictures.shape[3:])
    done, data = cv2.imencode(".webp", flat[..., ::-1] if flat.ndim == 3 else flat, [cv2.IMWRITE_WEBP_QUALITY, quality])
    if not done:
        raise ValueError(f"a mosaic of {flat.shape} cannot be stored as WebP")
    return np.asarray(data, np.uint8).ravel()


def _unpack(data: NDArray[np.uint8], shape: list[int]) -> NDArray[np.uint8]:
    import cv2  # not at the top: listing the models needs no image library

    color = len(shape) == 4
    flat = cv2.imdecode(data, cv2.IMREAD_COLOR if color else cv2.IMREAD_GRAYSCALE)
    count, height, width = shape[:3]
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    if flat is None or flat.shape[:2] != (rows * height, columns * width):
        raise ValueError("a mosaic of crops cannot be decoded")
    flat = flat[..., ::-1] if color else flat
    tiles = flat.reshape(rows, height, columns, width, *shape[3:]).swapaxes(1, 2)
    return np.ascontiguousarray(tiles.reshape(rows * columns, *shape[1:])[:count])
