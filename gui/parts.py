"""Which parts a window has, in the order in which they are told of results."""

from __future__ import annotations

from gui.actions.habits_part import HabitsPart
from gui.alarms.alarms_part import AlarmsPart
from gui.alarms.rules_part import RulesPart
from gui.looks.looks_part import LooksPart
from gui.part import Desk, Part
from gui.status.engines_part import EnginesPart
from gui.status.truth_part import TruthPart
from gui.tiles.board import Board
from gui.tiles.overlay_switches import OverlaySwitches
from gui.work.bookmark import BookmarkPart
from gui.work.cameras_part import CamerasPart
from gui.work.open_part import OpenPart
from gui.work.recording import RecordingPart
from gui.work.session_work import SessionWorkPart
from gui.work.snapshot import SnapshotPart
from gui.work.tasks_part import TasksPart
from gui.work.welcome import WelcomePart

PARTS: tuple[type[Part], ...] = (
    HabitsPart,
    TruthPart,
    Board,
    LooksPart,
    OverlaySwitches,
    AlarmsPart,
    RulesPart,
    EnginesPart,
    RecordingPart,
    BookmarkPart,
    SnapshotPart,
    TasksPart,
    OpenPart,
    SessionWorkPart,
    CamerasPart,
    WelcomePart,
)


def make_parts(desk: Desk) -> list[Part]:
    """All parts of a window."""
    return [kind(desk) for kind in PARTS]
