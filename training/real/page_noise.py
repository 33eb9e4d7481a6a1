"""The page's part on noise: how noisy the real recordings are, and whether the rig's cameras are as noisy."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from training.real import noise, noise_pictures, noise_rig
from training.real.bench import Bench
from training.real.crops import Head, Region
from training.real.data import KINECT_FACE, RapFaces, ThermalFaces, Turning
from training.real.head_scan import VIEWS, draw, load_scan
from training.real.noise_pictures import FACE_TALL_MM, SIZE, Measured
from training.real.tables import NOT_MEASURED, Cell, Column, Table

FRONTAL_POSES = ("front", "up", "down", "burned")
SMALLEST_FACE_PX = 18.0
NEAR_V1, NEAR_V2 = (650.0, 1150.0), (850.0, 1450.0)
"""Distances (mm) of the rendered faces beside kinect_person (0.83 to 0.92 m) and rap3df_set2 (0.9 to 1.4 m)."""
LIKE_PALETTE = {"iron": cv2.COLORMAP_INFERNO, "lava": cv2.COLORMAP_HOT}
"""The maps of OpenCV that look like the camera's palettes; the other two have none."""
MADE_WALLS = 40
FRAME_TO_FRAME, COME_AND_GO = "wall, frame to frame mm", "wall, readings that come and go"
WALL_NOISE = "wall, spatial noise mm"
WALL_MM = 2000.0
"""What lies farther in kinect_person is the wall, and stands still."""

COLUMNS = (
    Column("real", ".3g"),
    Column("real 5 %", ".3g"),
    Column("real 95 %", ".3g"),
    Column("rig 5 %", ".3g"),
    Column("rig 25 %", ".3g"),
    Column("rig", ".3g"),
    Column("rig 75 %", ".3g"),
    Column("rig 95 %", ".3g"),
    Column("real's median in the rig", ".0%"),
    Column("no noise", ".3g"),
)


@dataclass
class Columns:
    """What was measured on every picture: of a real sensor, of the rig's, and of drawings without noise."""

    real: list[Measured] = field(default_factory=list)
    rig: list[Measured] = field(default_factory=list)
    scan: list[Measured] = field(default_factory=list)

    def table(self, title: str, note: str) -> Table:
        """A row for every measure that a real picture has."""
        table = Table(title, COLUMNS, note, first="measure")
        for name in dict.fromkeys(key for one in (*self.real, *self.rig) for key in one):
            table.add(name, self._row(name))
        return table

    def _row(self, name: str) -> dict[str, Cell]:
        real, rig, scan = (_known(source, name) for source in (self.real, self.rig, self.scan))
        row: dict[str, Cell] = {"no noise": float(np.median(scan)) if len(scan) else None}
        if len(real):
            row.update(zip(("real 5 %", "real", "real 95 %"), _quantiles(real, (5, 50, 95)), strict=True))
        else:
            row["real"] = NOT_MEASURED
        if len(rig):
            names = ("rig 5 %", "rig 25 %", "rig", "rig 75 %", "rig 95 %")
            row.update(zip(names, _quantiles(rig, (5, 25, 50, 75, 95)), strict=True))
            if len(real):
                row["real's median in the rig"] = _place(float(np.median(real)), rig)
        else:
            row["rig"] = NOT_MEASURED
        return row


@dataclass
class Sheets:
    """The columns of each real sensor."""

    tof: Columns = field(default_factory=Columns)
    infrared: Columns = field(default_factory=Columns)
    color: Columns = field(default_factory=Columns)
    structured: Columns = field(default_factory=Columns)
    color_v1: Columns = field(default_factory=Columns)
    heat: Columns = field(default_factory=Columns)
    palettes: dict[str, Columns] = field(default_factory=dict)


def _known(source: Iterable[Measured], name: str) -> NDArray[np.float64]:
    values = np.array([one[name] for one in source if name in one], np.float64)
    return values[np.isfinite(values)]


def _quantiles(values: NDArray, at: Sequence[float]) -> list[float]:
    return [float(v) for v in np.percentile(values, at)]


def _place(value: float, among: NDArray) -> float:
    """Share of `among` below `value`, equal ones by half."""
    return float((among < value).mean() + 0.5 * (among == value).mean())


def tables(bench: Bench) -> list[Table]:
    """A table for each real sensor that is there."""
    why = noise_rig.why_not(bench.faces, os.environ.get("TAPETUM_FACE_MODEL"))
    sheets = Sheets()
    if bench.rap is not None:
        bench.say("noise: rap3df_set2")
        _rap(bench.rap, sheets)
    if bench.turning is not None:
        bench.say("noise: kinect_person")
        _turning(bench.turning, sheets)
    if bench.thermal is not None:
        bench.say("noise: lepton_faces")
        _thermal(bench.thermal, sheets)
    if why is None:
        bench.say("noise: the rig")
        _rig(bench, sheets)
    _scan(bench, sheets)
    return _tables(sheets, "" if why is None else f" The rig was not measured: {why}.")


def _tables(sheets: Sheets, gap: str) -> list[Table]:
    crop = f"320 mm crops of {SIZE}x{SIZE} px. "
    about = {
        "rap3df_set2, depth (Kinect v2)": (
            sheets.tof,
            "The background is removed in both. Spatial noise: what a plane fitted to 5x5 px leaves over, median.",
        ),
        "rap3df_set2, infrared": (sheets.infrared, "Stretched to their 99th percentile; levels are those of the face."),
        "rap3df_set2, colour": (sheets.color, "As gray. Grain: what a plane fitted to 5x5 px leaves over, median."),
        "kinect_person, depth (Kinect v1)": (
            sheets.structured,
            "Shadow: pixels without a reading beside the head, as the baseline between camera and projector that casts "
            "it on a background so far away. Wall: 2.6 m away; frame to frame from the real frames, in the "
            "rig from the truth.",
        ),
        "kinect_person, colour": (sheets.color_v1, "As gray."),
        "lepton_faces, thermal, gray": (
            sheets.heat,
            f"Faces at least {SMALLEST_FACE_PX:.0f} px tall, 1.6 times as much around them; the rig's counts "
            "stretched over its whole picture. Contrasts as shares of the picture's range (2nd to 98th percentile).",
        ),
    }
    out = [
        columns.table(f"Noise: {title}", crop + note + gap) for title, (columns, note) in about.items() if columns.real
    ]
    for name, columns in sheets.palettes.items():
        note = crop + "The palette's luma, in the rig of OpenCV's map that looks like it; the rig itself gives counts."
        out.append(columns.table(f"Noise: lepton_faces, thermal, {name}", note + gap))
    return out


def _rap(rap: RapFaces, sheets: Sheets) -> None:
    for index in np.flatnonzero(np.isin(rap.pose, FRONTAL_POSES) | np.isin(rap.pose, ["enrol"])):
        head = rap.heads[index]
        region = Region.of(head)
        depth = region.cut(rap.depth_mm[index], SIZE, nearest=True)
        sheets.tof.real.append(noise_pictures.time_of_flight(depth, head.distance_mm))
        gray = cv2.cvtColor(rap.bgr[index], cv2.COLOR_BGR2GRAY)
        face = noise_pictures.face_of(depth, head.distance_mm)
        colored = region.cut((gray > 0).astype(np.uint8), SIZE, nearest=True) > 0
        sheets.color.real.append(noise_pictures.picture(region.cut(gray, SIZE), face & noise.shrunk(colored, 1)))
        sheets.infrared.real.append(noise_pictures.infrared(region.cut(rap.infrared[index], SIZE), face))


def _turning(turning: Turning, sheets: Sheets) -> None:
    wall = _wall(turning)
    frames = np.stack(turning.depth_mm)
    for number in KINECT_FACE:
        if number >= len(turning.heads):
            continue
        head = turning.heads[number]
        region = Region.of(head)
        depth = region.cut(turning.depth_mm[number], SIZE, nearest=True)
        sheets.structured.real.append(noise_pictures.structured_light(depth, head.distance_mm))
        gray = cv2.cvtColor(turning.bgr[number], cv2.COLOR_BGR2GRAY)
        sheets.color_v1.real.append(
            noise_pictures.picture(region.cut(gray, SIZE), noise_pictures.face_of(depth, head.distance_mm))
        )
    sheets.structured.real.append(
        {
            FRAME_TO_FRAME: noise.temporal_noise(frames, wall),
            COME_AND_GO: noise.flicker(frames, wall),
        }
    )
    sheets.structured.real += [{WALL_NOISE: noise.roughness(one, wall & (one > 0))} for one in frames[::10]]


def _wall(turning: Turning) -> NDArray[np.bool_]:
    """Pixels that show what lies behind the person in nine frames of ten, away from its edges."""
    behind = np.mean([one > WALL_MM for one in turning.depth_mm], axis=0) >= 0.9
    return noise.shrunk(behind, 4)


def _thermal(thermal: ThermalFaces, sheets: Sheets) -> None:
    for image, box, palette in zip(thermal.gray, thermal.boxes, thermal.palette, strict=True):
        tall = float(box[3] - box[1])
        if tall < SMALLEST_FACE_PX:
            continue
        middle = Head(float(box[0] + box[2]) / 2 - 0.5, float(box[1] + box[3]) / 2 - 0.5, FACE_TALL_MM, tall)
        columns = sheets.heat if palette == "gray" else sheets.palettes.setdefault(palette, Columns())
        columns.real.append(noise_pictures.thermal(image, middle))


def _rig(bench: Bench, sheets: Sheets) -> None:
    for sample in noise_rig.samples(bench.faces):
        crop = noise_rig.crop_of(sample, SIZE)
        face = noise.shrunk(crop.person, 4) & (crop.clean > 0) & noise_pictures.middle_of_head()
        if crop.structured and NEAR_V1[0] <= crop.distance_mm <= NEAR_V1[1]:
            sheets.structured.rig.append(noise_pictures.structured_light(crop.depth, crop.distance_mm))
        elif not crop.structured and NEAR_V2[0] <= crop.distance_mm <= NEAR_V2[1]:
            sheets.tof.rig.append(noise_pictures.time_of_flight(noise_rig.without_background(crop), crop.distance_mm))
            sheets.infrared.rig.append(noise_pictures.infrared(crop.nir, face))
        if not crop.dark:
            measured = noise_pictures.picture(crop.color, face)
            sheets.color.rig.append(measured)
            sheets.color_v1.rig.append(measured)
        middle, counts = noise_rig.face_of(sample)
        gray = noise.stretched(counts)
        sheets.heat.rig.append(noise_pictures.thermal(gray, middle) | noise_pictures.kelvin_of(counts, middle))
        for palette, number in LIKE_PALETTE.items():
            if palette in sheets.palettes:
                painted = cv2.cvtColor(cv2.applyColorMap(gray, number), cv2.COLOR_BGR2GRAY)
                sheets.palettes[palette].rig.append(noise_pictures.thermal(painted, middle))
    sheets.structured.rig += [_made_wall(number) for number in range(MADE_WALLS)]


def _made_wall(number: int) -> Measured:
    """The rig's structured light before a slanted wall as far away as the real one: what one reading differs from the
    truth stands for what two differ, since its frames are independent."""
    from training.faces import sensors

    rng = np.random.default_rng([number, 31])
    truth = np.broadcast_to(np.linspace(2550, 2690, SIZE, dtype=np.float32), (SIZE, SIZE))
    bright, glass = np.full((SIZE, SIZE), 0.5, np.float32), np.zeros((SIZE, SIZE), bool)
    read = sensors.structured_light(truth, bright, glass, rng, focal_px=525.0, baseline_mm=75.0)
    middle = np.ones_like(glass)
    middle[:, :8] = middle[:, -8:] = False
    error = (read - truth)[middle & (read > 0)]
    lost = noise.hole_rate(read, middle)
    return {
        FRAME_TO_FRAME: float(error[np.abs(error) < 100].std()),
        COME_AND_GO: 2 * lost / (1 + lost),  # of two independent frames, among what at least one reads
        WALL_NOISE: noise.roughness(read, middle & (read > 0)),
    }


def _scan(bench: Bench, sheets: Sheets) -> None:
    """The same measures on drawings of a scanned head, that have relief and skin and no noise."""
    scan = load_scan(bench.data)
    if scan is None or not noise_rig.can_draw():
        return
    for yaw, pitch in VIEWS:
        view = draw(scan, yaw, pitch)
        region, distance = Region.of(view.head), view.head.distance_mm
        depth = region.cut(view.depth_mm, SIZE, nearest=True)
        bare = np.where(depth > WALL_MM, 0, depth)
        gray = region.cut(cv2.cvtColor(view.bgr, cv2.COLOR_BGR2GRAY), SIZE)
        sheets.tof.scan.append(noise_pictures.time_of_flight(bare, distance))
        sheets.structured.scan.append(noise_pictures.structured_light(depth, distance))
        for columns in (sheets.color, sheets.color_v1):
            columns.scan.append(noise_pictures.picture(gray, noise_pictures.face_of(depth, distance)))
