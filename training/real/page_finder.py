"""The page's part on finding faces: rap3df_set2, kinect_person, lepton_faces, portraits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Intrinsics, StreamKind
from engines.models.face_finder import LEAST_THERMAL
from pipeline.steps.find import FindConfig
from training.real import detection, sheets
from training.real.bench import FINE, Bench
from training.real.data import KINECT_BACK, KINECT_FACE, KINECT_FX, RAP_FX
from training.real.detection import Boxes, DetectionScore
from training.real.finders import HaarAlone, Picture, boxes_of, faces_of_stills, faces_of_video, finder_boxes
from training.real.tables import NOT_AVAILABLE, NOT_MEASURED, Column, Table

COLUMNS = (Column("found", ".1%"), Column("IoU >= 0.5", ".1%"), Column("false a picture", ".3f"))
HAAR_SCALE = 2
"""Haar does best on these pictures when they are enlarged so."""

_PEERS = (
    ("MediaPipe short range", {"detector": "mediapipe_short"}, 1),
    ("MediaPipe full range", {"detector": "mediapipe_full"}, 1),
    (f"dlib HOG, enlarged {FINE} times", {"detector": "dlib_hog"}, FINE),
)
_RAP_GRID = Intrinsics(119, 149, RAP_FX, RAP_FX, 256.0 - 197.0, 212.0 - 138.0)
_KINECT_GRID = Intrinsics(640, 480, KINECT_FX, KINECT_FX, 320.0, 240.0)


def tables(bench: Bench) -> list[Table]:
    """Every table on finding that the recordings allow."""
    out = []
    if bench.rap is not None:
        out += _rap(bench)
    if bench.turning is not None:
        out.append(_turning(bench))
    if bench.thermal is not None:
        out.append(_thermal(bench))
    return out


def _cells(score: DetectionScore) -> dict[str, float | int | str | None]:
    return {"found": score.found, "IoU >= 0.5": score.good, "false a picture": score.false}


def _add_finder(table: Table, bench: Bench, pictures: Sequence[Picture], references: NDArray) -> list[Boxes] | None:
    """The row of the model FaceFinder; its boxes where it is there."""
    model = bench.shelf.get("face_finder")
    if model is None:
        table.add_gap("FaceFinder", NOT_AVAILABLE)
        return None
    boxes = [finder_boxes(model, one) for one in pictures]
    table.add(bench.shelf.title("face_finder"), _cells(detection.score(boxes, references)))
    return boxes


def _add_peers(table: Table, bench: Bench, images: Sequence[NDArray[np.uint8]], references: NDArray) -> None:
    haar = HaarAlone(HAAR_SCALE)
    found = [haar(image) for image in images]
    table.add(f"Haar, enlarged {HAAR_SCALE} times", _cells(detection.score(found, references)))
    for name, words, scale in _PEERS:
        answer = bench.peers.ask("detect", _stacked(images), scale=scale, **words)
        if answer is None:
            table.add_gap(name, NOT_MEASURED)
            continue
        boxes = detection.by_picture(answer["boxes"], answer["image"], len(images))
        table.add(name, _cells(detection.score(boxes, references)))


def _stacked(images: Sequence[NDArray[np.uint8]]) -> NDArray | list[NDArray]:
    return np.stack(list(images)) if len({image.shape for image in images}) == 1 else list(images)


# -- rap3df_set2 ------------------------------------------------------------------------------------------------------


def _rap(bench: Bench) -> list[Table]:
    rap = bench.rap
    assert rap is not None
    references = rap.boxes()
    rgb = np.ascontiguousarray(rap.bgr[..., ::-1])
    sorts: dict[str, tuple[list[Picture], Sequence[NDArray[np.uint8]] | None, tuple[str, str]]] = {
        "colour": ([Picture(StreamKind.COLOR, one) for one in rgb], rap.bgr, (">= 99 %", ">= 95 %")),
        "infrared": (
            [Picture(StreamKind.INFRARED, one) for one in bench.rap_infrared],
            bench.rap_infrared,
            (">= 99 %", ">= 95 %"),
        ),
        "depth alone": ([Picture(StreamKind.DEPTH, one) for one in rap.depth_mm], None, (">= 98 %", ">= 90 %")),
    }
    out = []
    for sort, (pictures, images, wanted) in sorts.items():
        bench.say(f"finding: rap3df_set2, {sort}")
        note = (
            f"{len(rap)} pictures of 80 people, 119x149 px; one face each. The reference box is the head's, from "
            "depth: round the middle of a head in profile, not of its face."
        )
        table = Table(f"FaceFinder: rap3df_set2, {sort}", COLUMNS, note)
        least, good = wanted
        table.add("to reach", {"found": least, "IoU >= 0.5": good})
        ours = _add_finder(table, bench, pictures, references)
        found = [boxes_of(faces) for faces in faces_of_stills(pictures, bench.shelf.steps, _RAP_GRID)]
        steps = detection.score(found, references)
        table.add("the steps", _cells(steps))
        if images is not None:
            _add_peers(table, bench, images, references)
        out.append(table)
        shown = images if images is not None else _depth_pictures(rap.depth_mm)
        _draw_misses(bench, f"finding-rap-{sort.replace(' ', '-')}", shown, ours or found, references)
    return out


def _depth_pictures(depth_mm: NDArray[np.uint16]) -> list[NDArray[np.uint8]]:
    """Depth for people: near bright, 0.5 to 2 m."""
    level = np.clip((2000.0 - depth_mm) / 1500.0, 0, 1) * 254 + 1
    return list(np.where(depth_mm > 0, level, 0).astype(np.uint8))


def _draw_misses(
    bench: Bench,
    name: str,
    images: Sequence[NDArray[np.uint8]],
    found: Sequence[Boxes],
    references: NDArray,
    labels: Sequence[str] | None = None,
    tile_px: int = 150,
    most: int = 96,
) -> None:
    """Pictures that were missed, badly boxed or given false boxes: reference green, found red."""
    if bench.pictures is None:
        return
    result = detection.score(found, references)
    bad = np.flatnonzero(~result.is_good | (result.false_boxes > 0))
    order = sorted(bad.tolist(), key=lambda i: (bool(result.is_found[i]), i))
    tiles = []
    for i in order[:most]:
        scale = tile_px / images[i].shape[1]
        tile = sheets.with_boxes(sheets.enlarge(images[i], tile_px), references[i], sheets.GREEN, scale)
        sheets.with_boxes(tile, found[i], sheets.RED, scale)
        state = "box" if result.is_found[i] else "missed"
        text = f"{labels[i] if labels else i} {'false' if result.false_boxes[i] else state}"
        tiles.append(sheets.with_text(tile, text))
    sheets.save(bench.pictures, name, sheets.sheet(tiles, 12))


# -- kinect_person ----------------------------------------------------------------------------------------------------


def _turning(bench: Bench) -> Table:
    turning = bench.turning
    assert turning is not None
    bench.say("finding: kinect_person")
    references = np.stack([head.face_box for head in turning.heads])
    face = [i for i in KINECT_FACE if i < len(references)]
    back = [i for i in KINECT_BACK if i < len(references)]
    columns = (
        Column("face found", "s"),
        Column("IoU >= 0.5", "s"),
        Column("false, face frames"),
        Column("false, back"),
    )
    note = (
        f"Frames 0-22 and 75-99 show a face ({len(face)}), 30-66 the back of the head ({len(back)}); the profiles "
        "between them are not counted. False boxes a frame."
    )
    table = Table("FaceFinder: kinect_person", columns, note)
    table.add("to reach", {"face found": f"{len(face)} of {len(face)}", "false, back": "0"})

    def add(name: str, boxes: Sequence[Boxes]) -> None:
        front = detection.score([boxes[i] for i in face], references[face])
        behind = sum(len(boxes[i]) for i in back) / len(back) if back else float("nan")
        table.add(
            name,
            {
                "face found": f"{int(front.is_found.sum())} of {len(face)}",
                "IoU >= 0.5": f"{int(front.is_good.sum())} of {len(face)}",
                "false, face frames": front.false,
                "false, back": behind,
            },
        )

    rgb = [np.ascontiguousarray(one[..., ::-1]) for one in turning.bgr]
    model = bench.shelf.get("face_finder")
    if model is None:
        table.add_gap("FaceFinder", NOT_AVAILABLE)
    else:
        add(
            f"{bench.shelf.title('face_finder')}, colour",
            [finder_boxes(model, Picture(StreamKind.COLOR, one)) for one in rgb],
        )
        add(
            f"{bench.shelf.title('face_finder')}, depth",
            [finder_boxes(model, Picture(StreamKind.DEPTH, one)) for one in turning.depth_mm],
        )
    both = [Picture(StreamKind.COLOR, one, depth) for one, depth in zip(rgb, turning.depth_mm, strict=True)]
    video = [boxes_of(f) for f in faces_of_video(both, bench.shelf.steps, _KINECT_GRID)]
    add("the steps, as video, colour with depth", video)
    alone = [Picture(StreamKind.COLOR, one) for one in rgb]
    add("the steps, as video, colour", [boxes_of(f) for f in faces_of_video(alone, bench.shelf.steps, _KINECT_GRID)])
    haar = HaarAlone()
    add("Haar", [haar(one) for one in turning.bgr])
    for name, words, _ in _PEERS:
        answer = bench.peers.ask("detect", np.stack(turning.bgr), scale=1, **words)
        if answer is None:
            table.add_gap(name.split(",")[0], NOT_MEASURED)
        else:
            add(name.split(",")[0], detection.by_picture(answer["boxes"], answer["image"], len(turning.bgr)))
    if bench.pictures is not None:
        tiles = []
        for i, image in enumerate(turning.bgr):
            tile = sheets.with_boxes(sheets.enlarge(image, 160), references[i], sheets.GREEN, 0.25)
            tiles.append(sheets.with_text(sheets.with_boxes(tile, video[i], sheets.RED, 0.25), str(i)))
        sheets.save(bench.pictures, "finding-kinect", sheets.sheet(tiles, 10))
    return table


# -- lepton_faces -----------------------------------------------------------------------------------------------------


def _thermal(bench: Bench) -> Table:
    thermal = bench.thermal
    assert thermal is not None
    bench.say("finding: lepton_faces")
    palettes = np.array(thermal.palette)
    counts = ", ".join(f"{name} {int((palettes == name).sum())}" for name in sorted(set(palettes.tolist())))
    note = (
        f"{len(palettes)} pictures of 160x120 px of 4 people, one reference box each; palettes told by their hues: "
        f"{counts}. The steps get a gray picture as a thermal camera's counts, a coloured one as colour; FaceFinder "
        f"all as thermal ones, of a confidence of {LEAST_THERMAL:g} at least (the steps "
        f"{FindConfig().model_score:g}, since the landmarks have the last word)."
    )
    columns = (*COLUMNS, *(Column(f"found, {name}", ".0%") for name in sorted(set(palettes.tolist()))))
    table = Table("FaceFinder: lepton_faces", columns, note)
    table.add("to reach", {"found": ">= 85 %", "IoU >= 0.5": ">= 70 %", "false a picture": "<= 0.05"})

    def add(name: str, boxes: Sequence[Boxes]) -> None:
        result = detection.score(boxes, thermal.boxes)
        cells = _cells(result)
        for palette in sorted(set(palettes.tolist())):
            cells[f"found, {palette}"] = float(result.is_found[palettes == palette].mean())
        table.add(name, cells)

    pictures = bench.thermal_pictures
    model = bench.shelf.get("face_finder")
    if model is None:
        table.add_gap("FaceFinder", NOT_AVAILABLE)
        shown = None
    else:
        shown = [finder_boxes(model, one, is_thermal=True) for one in pictures]
        add(bench.shelf.title("face_finder"), shown)
    steps = [boxes_of(faces) for faces in bench.thermal_faces]
    add("the steps", steps)
    haar = HaarAlone(HAAR_SCALE)
    add(f"Haar, enlarged {HAAR_SCALE} times", [haar(image) for image in thermal.bgr])
    for name, words, scale in _PEERS:
        answer = bench.peers.ask("detect", _stacked(thermal.bgr), scale=scale, **words)
        if answer is None:
            table.add_gap(name, NOT_MEASURED)
        else:
            add(name, detection.by_picture(answer["boxes"], answer["image"], len(thermal.bgr)))
    for k, start in enumerate(range(0, len(pictures), 132) if bench.pictures else ()):
        stop = min(start + 132, len(pictures))
        tiles = []
        for i in range(start, stop):
            tile = sheets.with_boxes(sheets.enlarge(thermal.bgr[i], 160), thermal.boxes[i], sheets.WHITE)
            boxes = (shown or steps)[i]
            tiles.append(sheets.with_text(sheets.with_boxes(tile, boxes, sheets.RED), thermal.names[i]))
        sheets.save(bench.pictures, f"finding-lepton-{k + 1}", sheets.sheet(tiles, 12))
    return table
