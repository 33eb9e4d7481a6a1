"""The declarations of `tapetum rig ...`: one short function a command; the work is done in the other files here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import commands.rig_calibrate
import commands.rig_show
from commands.options import Json

rig_app = typer.Typer(help="Rigs: several cameras in one file, and their calibration.", no_args_is_help=True)

RigFile = Annotated[Path, typer.Argument(help="A rig, such as night.toml.")]
Kind = Annotated[str, typer.Option("--board", help="chessboard, charuco, aruco, circles or acircles (asymmetric).")]
Size = Annotated[
    str, typer.Option("--size", help="COLUMNSxROWS: a chessboard's inner corners; squares, markers or circles else.")
]
SquareMm = Annotated[
    float, typer.Option("--square-mm", help="Side of a square, or distance of circles; measured on the print.")
]
MarkerMm = Annotated[float | None, typer.Option("--marker-mm", help="Side of a marker. [default: 0.7 of a square]")]
CircleMm = Annotated[float | None, typer.Option("--circle-mm", help="Diameter of a circle. [default: 0.5, or 0.8]")]
Dictionary = Annotated[str, typer.Option("--dictionary", help="Of markers, such as 5X5_250 or APRILTAG_36h11.")]


@rig_app.command("calibrate")
def rig_calibrate(
    what: Annotated[str | None, typer.Argument(metavar="[SOURCE_OR_RIG]", help="A camera, or a rig's file.")] = None,
    images: Annotated[
        Path | None, typer.Option("--images", help="Folder of pictures; of several cameras in folders CAMERA/STREAM.")
    ] = None,
    session: Annotated[Path | None, typer.Option("--session", help="A recording in which the board is shown.")] = None,
    board: Kind = "charuco",
    size: Size = "8x6",
    square_mm: SquareMm = 30.0,
    marker_mm: MarkerMm = None,
    circle_mm: CircleMm = None,
    dictionary: Dictionary = "5X5_250",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="night.toml: the rig; night.json: its calibration alone.")
    ] = None,
    streams: Annotated[
        str | None, typer.Option("--streams", help="CAMERA/STREAM with commas between; else all that see a board.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="Of a source in the rig; else its family's.")] = None,
    model: Annotated[
        str, typer.Option("--model", help="auto, pinhole, 4, 5, 8, 12, 14 coefficients, or fisheye.")
    ] = "auto",
    limit_px: Annotated[
        float | None, typer.Option("--limit-px", min=0.01, help="Leave views with a larger error out.")
    ] = None,
    views: Annotated[int, typer.Option("--views", min=6, max=200, help="Of each camera, when live.")] = 15,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=1.0, help="Look so long at most; else until there is enough.")
    ] = None,
    report: Annotated[Path | None, typer.Option("--out", help="Folder for annotated pictures and all numbers.")] = None,
    json: Json = False,
) -> None:
    """Lenses and places of cameras from a board that is shown to them (docs/calibration.md).

    Hold the board still for a moment in every place: a view is taken then, and the next one wanted is told.
    """
    asked = commands.rig_calibrate.Asked(
        what=what,
        images=images,
        session=session,
        board=_board(board, size, square_mm, marker_mm, circle_mm, dictionary),
        streams=streams,
        name=name,
        model=model,
        limit_px=limit_px,
        views=views,
        seconds=seconds,
        output=output,
        report=report,
    )
    raise typer.Exit(commands.rig_calibrate.rig_calibrate(asked, json))


@rig_app.command("show")
def rig_show(file: RigFile, json: Json = False) -> None:
    """What a rig's file says: cameras, serial numbers, places, lenses."""
    raise typer.Exit(commands.rig_show.rig_show(file, json))


@rig_app.command("check")
def rig_check(file: RigFile, json: Json = False) -> None:
    """Open the rig's cameras and compare serial numbers, streams and sizes with the file; 1 when something is wrong."""
    raise typer.Exit(commands.rig_show.rig_check(file, json))


@rig_app.command("board")
def rig_board(
    output: Annotated[Path, typer.Option("--output", "-o", help="board.pdf or board.png.")],
    board: Kind = "charuco",
    size: Size = "8x6",
    square_mm: SquareMm = 30.0,
    marker_mm: MarkerMm = None,
    circle_mm: CircleMm = None,
    dictionary: Dictionary = "5X5_250",
    dpi: Annotated[float, typer.Option("--dpi", help="Dots per inch.")] = 300.0,
    page: Annotated[str, typer.Option("--page", help="fit, a4, a3, a2 or letter.")] = "fit",
    json: Json = False,
) -> None:
    """Draw a board to scale, to be printed at 100 %."""
    words = _board(board, size, square_mm, marker_mm, circle_mm, dictionary)
    raise typer.Exit(commands.rig_show.rig_board(words, output, dpi, page, json))


def _board(
    kind: str, size: str, square_mm: float, marker_mm: float | None, circle_mm: float | None, dictionary: str
) -> dict[str, object]:
    return {
        "kind": kind,
        "size": size,
        "square_mm": square_mm,
        "marker_mm": marker_mm,
        "circle_mm": circle_mm,
        "dictionary": dictionary,
    }
