"""Folders of images: every bit is there, and our own importer reads colour with depth back."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.frame import Frame, Intrinsics, StreamInfo
from recordings.exporters.png16 import EXPORTER
from recordings.importers.rgbd_folder import import_rgbd_folder
from recordings.reader import SessionReader
from recordings.writer import SessionWriter
from tests.recordings.export_cases import FRAMES, JPEG, export, full_session, generated_session, jpeg_frame
from tests.recordings.sessions import (
    COLOR,
    DEPTH,
    EPOCH,
    GRAY,
    INFRARED,
    MS,
    THERMAL,
    frame_of,
    info_of,
    write_session,
)


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "index.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("layout", ["compact", "viewable"])
def test_every_frame_is_an_image_with_all_its_bits(layout: str, tmp_path: Path) -> None:
    source = full_session(tmp_path / "in.mcap", layout)  # type: ignore[arg-type]  # parametrized words
    out = tmp_path / "out"
    report = export(EXPORTER, source, out)
    folders = json.loads((out / "export.json").read_text())["folders"]
    assert folders == {
        "color": "rgb",
        "depth": "depth",
        "gray": "gray",
        "cabin/infrared": "cabin_infrared",
        "thermal": "thermal",
        "webcam": "webcam",
    }
    assert report.bytes == sum(p.stat().st_size for p in out.rglob("*") if p.is_file())
    with SessionReader(source) as session:
        for info in session.streams:
            folder = out / folders[info.name]
            rows = rows_of(folder)
            assert len(rows) == FRAMES
            for index, row in enumerate(rows):
                frame = session.frame(info.name, index)
                image = cv2.imread(str(folder / row["file"]), cv2.IMREAD_UNCHANGED)
                assert image is not None
                found = cv2.cvtColor(image, cv2.COLOR_BGR2RGB) if image.ndim == 3 else image
                assert found.dtype == frame.pixels.dtype
                np.testing.assert_array_equal(found, frame.pixels)
                assert (int(row["number"]), int(row["device_ns"]), int(row["host_ns"])) == (
                    frame.number,
                    frame.device_ns,
                    frame.host_ns,
                )
                assert int(row["checksum"], 16) == session.stored(info.name, index).checksum
    assert [row["flags"] for row in rows_of(out / "gray")] == ["", "", "stale", ""]
    assert [row["file"] for row in rows_of(out / "thermal")][:2] == ["000000_5.000000000.png", "000001_5.033000000.png"]


def test_jpeg_stays_the_cameras_own(tmp_path: Path) -> None:
    export(EXPORTER, full_session(tmp_path / "in.mcap"), tmp_path / "out")
    row = rows_of(tmp_path / "out" / "webcam")[1]
    assert (tmp_path / "out" / "webcam" / row["file"]).read_bytes() == jpeg_frame(1)[1]
    assert row["file"].endswith(".jpg")
    assert (row["flags"], row["checksum_of"]) == ("lossy", "encoded")


def test_what_the_counts_mean_stands_beside_them(tmp_path: Path) -> None:
    export(EXPORTER, full_session(tmp_path / "in.mcap"), tmp_path / "out")
    streams = {s["name"]: s for s in json.loads((tmp_path / "out" / "export.json").read_text())["session"]["streams"]}
    assert streams["thermal"]["kelvin"] == {"gain": 0.01, "offset": 0.0}
    assert streams["depth"]["unit_m"] == 0.001
    found = json.loads((tmp_path / "out" / "cabin_infrared" / "intrinsics.json").read_text())
    assert Intrinsics.from_json(found) == INFRARED.intrinsics
    assert not (tmp_path / "out" / "gray" / "intrinsics.json").exists()


@pytest.mark.parametrize("colour", [COLOR, replace(GRAY, intrinsics=COLOR.intrinsics), JPEG], ids=lambda s: s.name)
def test_colour_and_depth_come_back_as_they_were(colour: StreamInfo, tmp_path: Path) -> None:
    unit_m = 0.00025
    depth = replace(
        DEPTH,
        width=colour.width,
        height=colour.height,
        unit_m=unit_m,
        registered_to=colour.name,
        intrinsics=colour.intrinsics,
    )
    device = 1_700_000_123_456_789_012
    with SessionWriter(tmp_path / "in.mcap", info_of([colour, depth, THERMAL])) as writer:
        for n in range(5):
            at = {"device_ns": device + n * 33_333_333, "host_ns": EPOCH + n * 33 * MS}
            if colour is JPEG:
                frame, data = jpeg_frame(n)
                writer.write_frame(replace_times(frame, **at), encoded=data)
            else:
                writer.write_frame(frame_of(colour, n, **at))
            at["device_ns"] += 1_000_001
            writer.write_frame(frame_of(depth, n, **at))
            writer.write_frame(frame_of(THERMAL, n, **at))
    report = export(EXPORTER, tmp_path / "in.mcap", tmp_path / "out")
    assert report.notes == ("laid out as TUM's: `tapetum session import` reads it back",)
    fx = None if colour.intrinsics else 30.0
    back = import_rgbd_folder(tmp_path / "out", tmp_path / "back.mcap", fx=fx)
    assert back.clock == "device"
    assert "0.25 mm a depth count, from export.json" in back.notes
    with SessionReader(tmp_path / "in.mcap") as a, SessionReader(tmp_path / "back.mcap") as b:
        names = [s.name for s in b.streams]
        assert names[1] == "depth"
        if colour.intrinsics is not None:
            assert b.streams[0].intrinsics == colour.intrinsics
            assert b.streams[1].intrinsics == depth.intrinsics
        assert b.streams[1].unit_m == unit_m
        for ours, theirs in ((colour.name, names[0]), ("depth", "depth")):
            assert b.count(theirs) == 5
            for n in range(5):
                before, after = a.frame(ours, n), b.frame(theirs, n)
                np.testing.assert_array_equal(before.pixels, after.pixels)
                assert before.device_ns == after.device_ns
        if colour is JPEG:
            assert a.stored("webcam", 2).data == b.stored("color", 2).data


def replace_times(frame: Frame, device_ns: int, host_ns: int) -> Frame:
    return Frame(frame.info, frame.pixels, frame.number, device_ns, host_ns, frame.flags)


def test_each_depth_image_is_associated_with_the_nearest_colour(tmp_path: Path) -> None:
    def frames(info: StreamInfo, times: Sequence[int]) -> list[Frame]:
        return [frame_of(info, n, device_ns=t * MS, host_ns=EPOCH + t * MS) for n, t in enumerate(times)]

    write_session(
        tmp_path / "in.mcap",
        [COLOR, DEPTH],
        sorted(frames(COLOR, [0, 30, 60]) + frames(DEPTH, [10, 20, 45, 90]), key=lambda f: f.host_ns),
    )
    export(EXPORTER, tmp_path / "in.mcap", tmp_path / "out")
    assert (tmp_path / "out" / "associations.txt").read_text().splitlines() == [
        "0.000000000 rgb/0.000000000.png 0.010000000 depth/0.010000000.png",
        "0.030000000 rgb/0.030000000.png 0.020000000 depth/0.020000000.png",
        "0.030000000 rgb/0.030000000.png 0.045000000 depth/0.045000000.png",
        "0.060000000 rgb/0.060000000.png 0.090000000 depth/0.090000000.png",
    ]
    assert (tmp_path / "out" / "depth.txt").read_text().splitlines()[:2] == [
        "# timestamp filename",
        "0.010000000 depth/0.010000000.png",
    ]


def test_depth_that_is_not_on_colour_gets_plain_folders(tmp_path: Path) -> None:
    far = replace(COLOR.intrinsics, fx=99.0)  # type: ignore[type-var]  # it has intrinsics
    for k, (color, depth, why) in enumerate(
        [
            (COLOR, replace(DEPTH, registered_to=None), ""),
            (COLOR, replace(DEPTH, intrinsics=far), "differ in size or calibration"),
        ]
    ):
        frames = [frame_of(info, n) for n in range(2) for info in (color, depth)]
        write_session(tmp_path / f"{k}.mcap", [color, depth], frames)
        report = export(EXPORTER, tmp_path / f"{k}.mcap", tmp_path / f"{k}")
        assert {p.name for p in (tmp_path / f"{k}").iterdir()} == {"export.json", "color", "depth"}
        assert any(why in note for note in report.notes) if why else report.notes == ()


@pytest.mark.parametrize("times", [(-5, 10), (10, 10), (20, 10)])
def test_a_clock_that_does_not_rise_gets_plain_folders(times: tuple[int, int], tmp_path: Path) -> None:
    frames = [frame_of(info, 0, device_ns=t, host_ns=EPOCH + n) for n, t in enumerate(times) for info in (COLOR, DEPTH)]
    write_session(tmp_path / "in.mcap", [COLOR, DEPTH], frames)
    report = export(EXPORTER, tmp_path / "in.mcap", tmp_path / "out")
    assert "the device times of color do not rise from 0 on" in report.notes[0]
    rows = rows_of(tmp_path / "out" / "depth")
    assert [int(row["device_ns"]) for row in rows] == list(times)
    assert len({row["file"] for row in rows}) == 2
    assert all((tmp_path / "out" / "depth" / row["file"]).is_file() for row in rows)


def test_generated_frames_say_so_in_their_names(tmp_path: Path) -> None:
    export(EXPORTER, generated_session(tmp_path / "in.mcap"), tmp_path / "out")
    for name in ("depth", "color"):
        rows = rows_of(tmp_path / "out" / name)
        assert [row["flags"] for row in rows] == ["", "GENERATED", ""]
        assert ["GENERATED" in row["file"] for row in rows] == [False, True, False]


def test_a_part_of_it(tmp_path: Path) -> None:
    source = full_session(tmp_path / "in.mcap")
    report = export(EXPORTER, source, tmp_path / "out", streams=("thermal",), from_s=0.05)
    assert report.frames == {"thermal": 2}
    assert [row["number"] for row in rows_of(tmp_path / "out" / "thermal")] == ["2", "3"]
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"export.json", "thermal"}
