"""`tapetum rig calibrate`: from pictures of a board to lenses and places, in a rig's file."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from commands.progress_json import is_asked, tell_note
from commands.rig_views import Gathered, LiveBoard, from_images, from_session, usable
from commands.terminal import GOOD, WRONG_USE, err, say, tell
from drivers.boards import Board, board_of
from drivers.calibrate_lens import LensCalibration, calibrate_lens
from drivers.calibrate_report import CalibrationReport, write_report
from drivers.calibrate_rig import RigCalibration, calibrate_rig
from drivers.calibration import Calibration, compose, inverse, save_calibration
from drivers.errors import CalibrationError, RigError
from drivers.rig import Rig, RigCamera, load_rig, save_rig
from drivers.rig_calibrated import Shown, calibrated, calibrations_of


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of the command line.

    Attributes:
        what: a source, or a rig's file.
        images, session: where the pictures are, in place of cameras.
        board: kind, size, square_mm and what else :class:`drivers.boards.Board` takes.
        streams: to calibrate; empty for all.
        name: of the camera that a source opens.
        model, limit_px: see :func:`drivers.calibrate_lens.calibrate_lens`.
        views: of each stream, from live cameras.
        seconds: how long to look.
        output: the rig (or, ending in .json, the calibration alone) to write.
        report: a folder for annotated pictures.
    """

    what: str | None
    images: Path | None
    session: Path | None
    board: Mapping[str, Any]
    streams: str | None
    name: str | None
    model: str
    limit_px: float | None
    views: int
    seconds: float | None
    output: Path | None
    report: Path | None


def rig_calibrate(asked: Asked, as_json: bool) -> int:
    """Look, calibrate, write; 1 when nothing could be calibrated."""
    ways = [w for w in (asked.images, asked.session) if w is not None]
    if len(ways) > 1 or (not ways and not asked.what):
        return _wrong("give a camera's source or a rig, or --images FOLDER, or --session FILE")
    board = board_of(**{k: v for k, v in asked.board.items() if v is not None})
    rig = _rig(asked)
    output = asked.output or (Path(asked.what) if asked.what and _is_file(asked.what) else None)
    if output is None:
        return _wrong("say with -o what to write: night.toml (a rig) or night.json (a calibration alone)")
    if output.suffix not in (".toml", ".json"):
        return _wrong(f"-o takes a name that ends in .toml or .json, found {output.name}")
    if rig is None and output.suffix == ".toml":
        return _wrong(
            f"there is no rig yet that says which cameras made these pictures: write the calibration alone (-o "
            f"{output.stem}.json) and name it in a rig, or give the rig's file first"
        )
    gathered = _gathered(asked, board, rig)
    report = _calibrated(asked, board, gathered)
    say(report.words())
    if asked.report is not None:
        written = write_report(asked.report, report)
        say([f"{len(written)} files in {asked.report}"])
    _write(output, rig, report, _of_the_maker(rig, gathered.shown) if asked.session else gathered.shown)
    say([f"written: {output}"])
    tell({"output": str(output), **report.to_json()}, as_json)
    return GOOD


def _wrong(words: str) -> int:
    err.print(f"tapetum: {words}", markup=False)
    return WRONG_USE


def _is_file(what: str) -> bool:
    return what.endswith((".toml", ".json")) and not what.partition(":")[1]


def _rig(asked: Asked) -> Rig | None:
    """The rig that is calibrated; None where pictures alone were given."""
    if asked.what and _is_file(asked.what):
        return load_rig(Path(asked.what))
    there = asked.output is not None and asked.output.suffix == ".toml" and asked.output.exists()
    rig = load_rig(asked.output) if there and asked.output is not None else None
    if not asked.what:
        return rig
    name = asked.name or asked.what.partition(":")[0]
    known = rig.cameras.get(name) if rig is not None else None
    camera = RigCamera(name, asked.what) if known is None else replace(known, source=asked.what)
    return Rig({name: camera}) if rig is None else rig.with_camera(camera)


def _gathered(asked: Asked, board: Board, rig: Rig | None) -> Gathered:
    streams = [name for name in (asked.streams or "").split(",") if name]
    with err.status("looking for the board") as line:

        def say(words: str) -> None:
            tell_note(words)
            if err.is_terminal:
                line.update(words)

        if asked.images is not None:
            return from_images(board, asked.images, say)
        if asked.session is not None:
            return from_session(board, asked.session, streams, say)
    assert rig is not None  # a source or a rig's file was given
    if asked.what and not _is_file(asked.what):  # one camera of a rig, added or calibrated again
        name = asked.name or asked.what.partition(":")[0]
        rig = Rig({name: rig.cameras[name]})
    live = LiveBoard(board, rig, streams, asked.views)

    def wanted(words: str) -> None:
        tell_note(words)
        if not is_asked():
            err.print(words, markup=False)

    return live.run(asked.seconds, wanted)


def _calibrated(asked: Asked, board: Board, gathered: Gathered) -> CalibrationReport:
    if not gathered.views:
        looked = ", ".join(f"{n} pictures of {stream}" for stream, n in gathered.looked.items()) or "no picture"
        raise CalibrationError(
            f"the board ({board.words()}) was seen in none of {looked}; is it whole in the picture, lit, sharp, and of "
            "that kind and size (tapetum rig board prints one)?"
        )
    picked, refused = usable(gathered)
    lenses: dict[str, LensCalibration] = {}
    for stream, views in picked.items():
        try:
            lenses[stream] = calibrate_lens(board, views, asked.model, asked.limit_px)
        except CalibrationError as error:
            left = refused[stream]
            some = "; ".join(f"{view}: {why}" for view, why in list(left.items())[:3])
            more = f" ({len(left)} views were refused: {some})" if left else ""
            raise CalibrationError(f"{stream}: {error}{more}") from error
    rig: RigCalibration | None = None
    if len(lenses) > 1:
        rig = calibrate_rig(board, {s: one.intrinsics for s, one in lenses.items()}, gathered.views, gathered.within_ns)
    return CalibrationReport(board, lenses, refused, rig)


def _of_the_maker(rig: Rig | None, shown: Mapping[str, Shown]) -> dict[str, Shown]:
    """A session has the streams where the rig had put them; back to where the cameras' makers did.

    What stands at the origin was recorded without the rig: the maker says nothing, or that.
    """
    out_of = {}
    for name, one in shown.items():
        camera = rig.cameras.get(name) if rig is not None else None
        if camera is not None and camera.pose is not None:
            back = inverse(camera.pose)
            streams = {
                k: s if s.extrinsics.is_identity() else replace(s, extrinsics=compose(back, s.extrinsics))
                for k, s in one.streams.items()
            }
            one = Shown(streams, one.serial)
        out_of[name] = one
    return out_of


def _write(output: Path, rig: Rig | None, report: CalibrationReport, shown: Mapping[str, Shown]) -> None:
    date = datetime.datetime.now().astimezone().date().isoformat()
    if rig is None or (output.suffix == ".json" and not output.exists()):
        serials = {name: one.serial for name, one in shown.items()}
        save_calibration(output, Calibration(calibrations_of(report, date, serials)))
        return
    strangers = sorted({s.partition("/")[0] for s in report.lenses} - set(rig.cameras))
    if strangers:
        raise RigError(f"the rig has no camera {strangers[0]!r}; it has {', '.join(rig.cameras)}; nothing was written")
    new, told = calibrated(rig, report, date, shown)
    save_rig(output, new)
    say(told)
