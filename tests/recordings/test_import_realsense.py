"""RealSense recordings, made here by the SDK's own recorder, become sessions; damaged ones are told, and never hang."""

from __future__ import annotations

import importlib.util
import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from drivers.frame import FrameFlag, StreamKind
from recordings.errors import SessionImportError, SessionWriteError
from recordings.importers import realsense, realsense_index
from recordings.importers.protocol import ImportOptions, ImportReport
from recordings.importers.realsense import IMPORTER
from recordings.importers.realsense_streams import Times, sources
from recordings.importers.registry import importer_for
from recordings.reader import SessionReader

pytest.importorskip(
    "pyrealsense2", reason="needs pyrealsense2 and libusb (apt install libusb-1.0-0)", exc_type=ImportError
)

ROOT = Path(__file__).parents[2]
BAG = ROOT / "tests" / "data" / "realsense_d435.bag"
FRESH = ImportOptions()


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_samples", ROOT / "scripts" / "make_realsense_samples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks itself up there
    spec.loader.exec_module(module)
    return module


samples = _script()
Stream = samples.Stream


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Depth, infrared and colour, frames 1 to 5, and an accelerometer."""
    path = tmp_path_factory.mktemp("realsense") / "d435.db3"
    samples.record(path, motion=True)
    return path


def bring(path: Path, out: Path, **options: Any) -> ImportReport:
    return IMPORTER.run(path, out, ImportOptions(**options))


def assert_exact(session: SessionReader, streams: tuple[Any, ...], numbers: list[int]) -> None:
    for stream in streams:
        name = next(s.name for s in session.streams if s.name.startswith(stream.kind))
        assert session.times(name).number.tolist() == numbers
        for at, number in enumerate(numbers):
            np.testing.assert_array_equal(session.frame(name, at).pixels, samples.image(stream, number))


def test_a_db3_comes_over_pixel_for_pixel(recording: Path, tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    out = tmp_path / "a.mcap"
    report = IMPORTER.run(recording, out, FRESH, lambda *both: calls.append(both))
    assert report.frames == {"depth": 5, "infrared": 5, "color": 5}
    assert report.ignored == {"accel_0 message": 5}
    assert report.clock == "device"
    assert report.seconds == pytest.approx(4 / 30, abs=1e-5)
    assert report.bytes == out.stat().st_size
    assert calls[0] == (1, 15)
    assert calls[-1] == (15, 15)
    with SessionReader(out) as session:
        assert_exact(session, samples.D435, [1, 2, 3, 4, 5])
        assert not session.flags("depth").any()


def test_a_bag_of_an_older_sdk_comes_over_pixel_for_pixel(tmp_path: Path) -> None:
    report = bring(BAG, tmp_path / "a.mcap")
    assert report.frames == {"depth": 4, "infrared": 4, "color": 4}
    with SessionReader(tmp_path / "a.mcap") as session:
        assert_exact(session, samples.D435, [1, 2, 3, 4])
        assert session.info.stream("depth").unit_m == 0.001


def test_calibration_clocks_and_device_are_kept(recording: Path, tmp_path: Path) -> None:
    bring(recording, tmp_path / "a.mcap")
    with SessionReader(tmp_path / "a.mcap") as session:
        depth, infrared, color = session.streams
        assert (depth.kind, infrared.kind, color.kind) == (StreamKind.DEPTH, StreamKind.INFRARED, StreamKind.COLOR)
        assert (depth.fps, depth.unit_m, depth.registered_to) == (30.0, 0.001, "infrared")
        assert color.registered_to is None
        k = color.intrinsics
        assert k is not None
        assert (k.width, k.height, k.fx, k.cx, k.cy) == (40, 30, 36.0, 19.75, 15.5)
        assert k.distortion == pytest.approx((0.1, -0.2, 0.001, 0.002, 0.03))
        assert depth.intrinsics is not None
        assert depth.intrinsics.distortion == ()
        assert depth.extrinsics.is_identity()
        # colour sees depth's origin 15 mm to its right, so it stands 15 mm to the left of depth
        np.testing.assert_allclose(color.extrinsics.to_rig(np.zeros((1, 3))), [[-0.015, 0, 0]], atol=1e-9)
        times = session.times("depth")
        np.testing.assert_allclose(times.device_ns, [round(1e9 + n * 1e9 / 30) for n in range(1, 6)], atol=1000)
        arrival = samples.ARRIVAL_MS
        assert times.host_ns.tolist() == [(arrival + round(n * 1000 / 30)) * 1_000_000 for n in range(5)]
        assert depth.camera == "Virtual D435 VIRT0001"
        device = json.loads(session.info.notes["realsense.device"])
        assert device["serial_number"] == "VIRT0001"
        assert device["firmware_version"] == "5.16.0.1"
        options = json.loads(session.info.notes["realsense.sensors"])[0]["options"]
        assert options["depth_units"] == pytest.approx(0.001)


def test_two_infrared_of_16_bits_a_turned_one_and_a_gap(tmp_path: Path) -> None:
    streams = (Stream("infrared", "y16", 1), Stream("infrared", "y16", 2, shift_m=0.05, turn_deg=10))
    samples.record(tmp_path / "a.db3", streams, (1, 2, 5), arrivals=False)
    report = bring(tmp_path / "a.db3", tmp_path / "a.mcap")
    assert report.frames == {"infrared1": 3, "infrared2": 3}
    assert any("no times of arrival of infrared1, infrared2" in note for note in report.notes)
    with SessionReader(tmp_path / "a.mcap") as session:
        for name, stream in zip(("infrared1", "infrared2"), streams, strict=True):
            assert session.times(name).number.tolist() == [1, 2, 5]
            assert session.flags(name).tolist() == [0, 0, FrameFlag.DROPPED_BEFORE]
            np.testing.assert_array_equal(session.frame(name, 2).pixels, samples.image(stream, 5))
        turned = session.info.stream("infrared2").extrinsics
        a = np.deg2rad(10)
        np.testing.assert_allclose(
            turned.matrix(), [[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]], atol=1e-6
        )
        np.testing.assert_allclose(turned.translation_m, [-0.05, 0, 0], atol=1e-6)
        times = session.times("infrared1")
        np.testing.assert_array_equal(times.host_ns, times.device_ns)


@pytest.mark.parametrize("form", ["bgr8", "rgba8", "bgra8", "yuyv", "uyvy"])
@pytest.mark.parametrize("compress", [True, False])
def test_colour_of_other_formats_becomes_rgb(form: str, compress: bool, tmp_path: Path) -> None:
    stream = Stream("color", form)
    samples.record(tmp_path / "a.db3", (stream,), (1,), compress=compress)
    report = bring(tmp_path / "a.db3", tmp_path / "a.mcap")
    raw = samples.image(stream, 1)
    want = {
        "bgr8": lambda: raw[:, :, ::-1],
        "rgba8": lambda: raw[:, :, :3],
        "bgra8": lambda: raw[:, :, [2, 1, 0]],
        "yuyv": lambda: cv2.cvtColor(raw, cv2.COLOR_YUV2RGB_YUYV),
        "uyvy": lambda: cv2.cvtColor(raw, cv2.COLOR_YUV2RGB_UYVY),
    }[form]()
    with SessionReader(tmp_path / "a.mcap") as session:
        np.testing.assert_array_equal(session.frame("color", 0).pixels, want)
    assert any(f"{form.upper()} converted" in note for note in report.notes) == (form in ("yuyv", "uyvy"))


def test_what_cannot_be_kept_is_counted_and_said(tmp_path: Path) -> None:
    odd = Stream("infrared", "y8", 1, model="ftheta", coefficients=(0.1, 0.2, 0, 0, 0))
    samples.record(tmp_path / "a.db3", (Stream("depth", "z16"), odd, Stream("color", "raw16")), (1, 2))
    report = bring(tmp_path / "a.db3", tmp_path / "a.mcap")
    assert report.frames == {"depth": 2, "infrared": 2}
    assert report.ignored == {"color_0 frame of format RAW16": 2}
    assert any("infrared: distortion ftheta (0.1, 0.2, 0, 0, 0) has no place" in note for note in report.notes)
    with SessionReader(tmp_path / "a.mcap") as session:
        intrinsics = session.info.stream("infrared").intrinsics
        assert intrinsics is not None
        assert intrinsics.distortion == ()
    samples.record(tmp_path / "b.db3", (Stream("color", "raw16"),), (1,))
    with pytest.raises(SessionImportError, match=r"no stream of images that can be kept \(color_0 of format RAW16\)"):
        bring(tmp_path / "b.db3", tmp_path / "b.mcap")


def test_the_unit_can_be_said(recording: Path, tmp_path: Path) -> None:
    bring(recording, tmp_path / "a.mcap", unit_mm=0.25)
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.info.stream("depth").unit_m == 0.00025
    with pytest.raises(SessionImportError, match="positive"):
        bring(recording, tmp_path / "b.mcap", unit_mm=-1.0)
    with pytest.raises(SessionImportError, match="takes no fps; it takes timeout_s, unit_mm"):
        bring(recording, tmp_path / "b.mcap", fps=30.0)
    with pytest.raises(SessionImportError, match="timeout_s takes"):
        bring(recording, tmp_path / "b.mcap", extra={"timeout_s": "soon"})


def test_it_is_recognised_and_others_are_not(recording: Path, tmp_path: Path) -> None:
    assert importer_for(recording) is IMPORTER
    assert importer_for(BAG) is IMPORTER
    other = tmp_path / "other.db3"
    with sqlite3.connect(other) as base:
        base.execute("CREATE TABLE cats (name TEXT)")
    base.close()
    text = tmp_path / "a.bag"
    text.write_text("a bag of words")
    for path in (other, text, tmp_path, tmp_path / "missing.bag"):
        assert not IMPORTER.recognises(path)


def test_nothing_is_replaced_unasked(recording: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.mcap"
    out.write_bytes(b"mine")
    with pytest.raises(SessionWriteError, match="exists already"):
        bring(recording, out)
    assert out.read_bytes() == b"mine"
    bring(recording, out, overwrite=True)
    with pytest.raises(SessionImportError, match="is the file to import"):
        bring(recording, recording, overwrite=True)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.7, 0.97])
@pytest.mark.parametrize("kind", ["db3", "bag"])
def test_a_cut_off_recording_is_told_by_name(kind: str, share: float, recording: Path, tmp_path: Path) -> None:
    data = (BAG if kind == "bag" else recording).read_bytes()
    bad = tmp_path / f"cut.{kind}"
    bad.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(SessionImportError, match=r"cut\."):
        bring(bad, tmp_path / "a.mcap", extra={"timeout_s": "10"})
    assert sorted(p.name for p in tmp_path.iterdir()) == [bad.name]


def test_a_changed_image_in_a_db3_is_found_by_its_checksum(recording: Path, tmp_path: Path) -> None:
    data = bytearray(recording.read_bytes())
    at = data.find(b"IDAT", data.find(b"IDAT") + 4) + 20
    data[at] ^= 0x40
    (tmp_path / "flipped.db3").write_bytes(data)
    with pytest.raises(SessionImportError, match=r"flipped\.db3 is damaged: image \d of .* fails its checksum"):
        bring(tmp_path / "flipped.db3", tmp_path / "a.mcap")


def test_a_bag_whose_chunk_is_damaged_is_told(tmp_path: Path) -> None:
    data = bytearray(BAG.read_bytes())
    start = data.find(b"compression=lz4")
    data[start + 200 : start + 400] = bytes(200)
    (tmp_path / "hole.bag").write_bytes(data)
    with pytest.raises(SessionImportError, match=r"hole\.bag cannot be played"):
        bring(tmp_path / "hole.bag", tmp_path / "a.mcap")


def test_frames_that_the_sdk_drops_are_noticed(
    recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = realsense_index.frame_counts(recording)
    assert counts == {"Depth_0": 5, "Infrared_1": 5, "Color_0": 5, "Accel_0": 5}
    monkeypatch.setattr(realsense_index, "frame_counts", lambda _path: {**counts, "Color_0": 6})
    with pytest.raises(SessionImportError, match=r"plays 5 of 5 depth, 5 of 5 infrared, 5 of 6 color .* tried 3 times"):
        bring(recording, tmp_path / "a.mcap")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["db3", "bag"])
def test_random_damage_is_an_error_or_does_no_harm(kind: str, recording: Path, tmp_path: Path) -> None:
    """A .db3 that still imports has every pixel right; a .bag has no checksums, it may only not hang or crash us."""
    rng = np.random.default_rng(1)
    whole = np.frombuffer((BAG if kind == "bag" else recording).read_bytes(), np.uint8)
    told: list[str] = []
    for seed in range(60):
        bad = whole.copy()
        bad[rng.integers(0, len(bad), 1 + seed % 20)] ^= rng.integers(1, 256, dtype=np.uint8)
        (tmp_path / f"bad.{kind}").write_bytes(bad.tobytes())
        try:
            bring(tmp_path / f"bad.{kind}", tmp_path / "a.mcap", overwrite=True, extra={"timeout_s": "20"})
        except SessionImportError as error:
            told.append(str(error))
            continue
        if kind == "db3":
            with SessionReader(tmp_path / "a.mcap") as session:
                for stream in samples.D435:
                    for frame in session.frames([stream.kind]):
                        np.testing.assert_array_equal(frame.pixels, samples.image(stream, frame.number))
    assert len(told) > 20
    assert all(f"bad.{kind}" in text or "stream" in text for text in told)


HANGS = "import time; time.sleep(600)"
CRASHES = "import os, signal, sys; print('Assertion failed', file=sys.stderr, flush=True); os.kill(os.getpid(), 11)"
STOPS = "import sys; sys.exit(0)"
BABBLES = "import sys; sys.stdout.write('hello ' * 100)"


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (HANGS, r"said nothing about .*d435\.db3 for 1 s and was stopped"),
        (CRASHES, r"the SDK crashed while it played .*SIGSEGV \(Assertion failed\)"),
        (STOPS, "the SDK crashed .*exit code 0"),
        (BABBLES, "the SDK crashed"),
    ],
)
def test_an_sdk_that_hangs_or_crashes_is_an_error(
    program: str, said: str, recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No damaged file at hand makes this SDK hang or crash, so a program that does so stands in for it."""
    script = tmp_path / "player.py"
    script.write_text(program)
    fake = SimpleNamespace(__file__=str(script), LENGTH=realsense.realsense_player.LENGTH)
    monkeypatch.setattr(realsense, "realsense_player", fake)
    with pytest.raises(SessionImportError, match=said):
        bring(recording, tmp_path / "a.mcap", extra={"timeout_s": "1"})
    assert not (tmp_path / "a.mcap").exists()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_the_player_ends_when_the_importer_is_killed(tmp_path: Path) -> None:
    """Even while the SDK hangs and nothing is written: here it sleeps instead of playing."""
    player = Path(realsense.realsense_player.__file__).read_text()
    script = tmp_path / "player.py"
    script.write_text(player.replace("play(sys.argv[1], pipe)", "__import__('time').sleep(600)"))
    parent = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, {str(script)!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "print(child.pid, flush=True)\ntime.sleep(600)\n"
    )
    importer = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE)
    assert importer.stdout is not None
    with importer, importer.stdout:
        pid = int(importer.stdout.readline())
        importer.kill()
    deadline = time.monotonic() + 20
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    """Whether a process is there and is no zombie that its new parent has not noticed yet."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_a_missing_sdk_is_told_with_how_to_install_it(
    recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    player = Path(realsense.realsense_player.__file__).read_text()
    script = tmp_path / "player.py"
    script.write_text(player.replace("import pyrealsense2 as rs", "import pyrealsense2_is_not_here as rs"))
    fake = SimpleNamespace(__file__=str(script), LENGTH=realsense.realsense_player.LENGTH)
    monkeypatch.setattr(realsense, "realsense_player", fake)
    with pytest.raises(SessionImportError, match=r'pip install "tapetum\[realsense\]"'):
        bring(recording, tmp_path / "a.mcap")


def described(**fields: Any) -> dict[str, Any]:
    """A stream as the player describes it."""
    usual = {"key": "depth_0", "type": "depth", "index": 0, "format": "z16", "fps": 30, "width": 32, "height": 24}
    return {**usual, "unit_m": None, "intrinsics": None, "extrinsics": None, **fields}


def test_depth_without_a_unit_asks_for_one() -> None:
    with pytest.raises(SessionImportError, match="give --unit-mm"):
        sources([described()], "a camera", None)
    kept, dropped, notes = sources([described()], "a camera", 1.0)
    assert kept[0].info.unit_m == 0.001
    assert dropped == {}
    assert notes == ["depth: the recording has no intrinsics", notes[1]]
    assert "does not say where it stands" in notes[1]


@pytest.mark.parametrize("coefficients", [[0.11, -0.2, 0.001, -0.02, 0.05], [0.11, -0.2, 0.0, 0.0, 0.05], [0.0] * 5])
@pytest.mark.parametrize(
    "model", ["none", "brown_conrady", "modified_brown_conrady", "inverse_brown_conrady", "kannala_brandt4"]
)
def test_a_lens_puts_points_where_the_sdk_puts_them(model: str, coefficients: list[float]) -> None:
    import pyrealsense2 as rs

    sdk = rs.intrinsics()
    sdk.width, sdk.height, sdk.fx, sdk.fy, sdk.ppx, sdk.ppy = 640, 480, 601.0, 599.0, 321.5, 243.25
    sdk.model, sdk.coeffs = getattr(rs.distortion, model), coefficients
    told = {"width": 640, "height": 480, "fx": 601.0, "fy": 599.0, "cx": 321.5, "cy": 243.25, "model": model}
    stream = described(width=640, height=480, intrinsics={**told, "coefficients": list(sdk.coeffs)})
    (one,), _, notes = sources([stream], "a camera", 1.0)
    lens = one.info.intrinsics
    assert lens is not None
    assert not any("distortion" in note for note in notes)
    assert lens.has_distortion == (model == "kannala_brandt4" or (model != "none" and any(coefficients)))
    points = np.array([[x, y, 1.3] for x in (-0.6, 0.0, 0.5) for y in (-0.4, 0.1, 0.45)])
    theirs = np.array([rs.rs2_project_point_to_pixel(sdk, p.tolist()) for p in points])
    np.testing.assert_allclose(lens.project(points, distort=True), theirs, atol=2e-3)


def test_a_frame_of_another_size_than_its_stream_is_damage() -> None:
    (depth,), _, _ = sources([described()], "a camera", 1.0)
    head = {"number": 7, "width": 32, "height": 24}
    padded = np.zeros((24, 40), np.uint16)
    padded[:, :32] = 5
    assert (depth.pixels(head, padded.tobytes()) == 5).all()
    for wrong, size in (({**head, "width": 16}, 1536), (head, 1535), (head, 768), (head, 0)):
        with pytest.raises(SessionImportError, match="frame 7 of depth"):
            depth.pixels(wrong, bytes(size))


def test_host_times_always_rise() -> None:
    def head(device_ms: float, host_ms: int | None = None) -> dict[str, Any]:
        return {"device_ms": device_ms, "host_ms": host_ms, "domain": "hardware_clock"}

    arrivals = Times(30.0)
    assert [arrivals.of(head(0, ms))[1] for ms in (5, 5, 5, 6, 3)] == [
        5_000_000,
        5_000_001,
        5_000_002,
        6_000_000,
        6_000_001,
    ]
    assert arrivals.moved == 1
    wraps = Times(50.0)
    assert [wraps.of(head(ms))[1] for ms in (1000.0, 1020.0, 0.0, 20.0)] == [
        10**9,
        102 * 10**7,
        104 * 10**7,
        106 * 10**7,
    ]
    assert wraps.of(head(40.5))[0] == 40_500_000
    assert wraps.moved == 1
    with pytest.raises(SessionImportError, match="impossible time"):
        wraps.of(head(float("nan")))
