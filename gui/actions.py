"""Everything an operator can do, in one table: it makes the menus, the toolbar, the shortcuts and the help page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gui.feed import Mode
from gui.icons import icon
from gui.qt import QtGui, QtWidgets

BOTH = (Mode.REPLAY, Mode.LIVE)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do.

    Attributes:
        key: its name in the program.
        text: in the menu and under the toolbar's icon.
        tip: what it does, in a sentence.
        icon: name in gui/icons.py.
        menu: the menu it stands in.
        handler: name of a method of the window or of what it is made of; it gets the action's key and the new state
            when ``checked`` is not None.
        shortcuts: keys, in Qt's words.
        checked: None for a plain action, else whether a switch is on at first.
        toolbar: whether it stands in the toolbar.
        modes: where it makes sense.
    """

    key: str
    text: str
    tip: str
    icon: str
    menu: str
    handler: str
    shortcuts: tuple[str, ...] = ()
    checked: bool | None = None
    toolbar: bool = False
    modes: tuple[Mode, ...] = BOTH


REPLAY = (Mode.REPLAY,)
LIVE = (Mode.LIVE,)

ACTIONS: tuple[Action, ...] = (
    Action("snapshot", "Save", "Save what the window shows as a PNG file.", "snapshot", "Session",
           "save_snapshot", ("Ctrl+S",), toolbar=True),
    Action("mark", "Mark", "Write a mark into the recording, with a clip where it has clips.", "mark", "Session",
           "mark", ("M",), toolbar=True, modes=LIVE),
    Action("quit", "Quit", "Close the window and stop.", "quit", "Session", "close", ("Ctrl+Q",)),
    Action("play", "Play or pause", "Play the recording, or pause it.", "play", "Replay", "toggle_play",
           ("Space",), modes=REPLAY),
    Action("back", "Step back", "Pause and go back by one frame.", "back", "Replay", "step_back",
           ("Left", ","), modes=REPLAY),
    Action("forward", "Step forward", "Pause and go on by one frame.", "forward", "Replay", "step_forward",
           ("Right", "."), modes=REPLAY),
    Action("back10", "Back 10 frames", "Pause and go back by ten frames.", "back", "Replay", "step_back_far",
           ("Shift+Left",), modes=REPLAY),
    Action("forward10", "On 10 frames", "Pause and go on by ten frames.", "forward", "Replay",
           "step_forward_far", ("Shift+Right",), modes=REPLAY),
    Action("start", "First frame", "Go to the first frame.", "start", "Replay", "go_to_start", ("Home",),
           modes=REPLAY),
    Action("end", "Last frame", "Go to the last frame.", "end", "Replay", "go_to_end", ("End",), modes=REPLAY),
    Action("goto", "Go to …", "Type a time, a frame number or an event to go to.", "goto", "Replay", "type_target",
           ("Ctrl+G",), modes=REPLAY),
    Action("previous_event", "Previous event", "Go back to where an event begins.", "previous_event", "Replay",
           "go_to_previous_event", ("Shift+N", "Ctrl+Left"), modes=REPLAY),
    Action("next_event", "Next event", "Go on to where an event begins.", "next_event", "Replay",
           "go_to_next_event", ("N", "Ctrl+Right"), modes=REPLAY),
    Action("events", "Events", "List the events of the recording, to go to one of them.", "events", "Replay",
           "show_events", ("Ctrl+E",), modes=REPLAY),
    Action("slower", "Slower", "Play at the next lower speed.", "slower", "Replay", "slower", ("[", "Ctrl+Down"),
           modes=REPLAY),
    Action("faster", "Faster", "Play at the next higher speed.", "faster", "Replay", "faster", ("]", "Ctrl+Up"),
           modes=REPLAY),
    Action("loop", "Loop", "Begin again at the end of the recording, or of the part.", "loop", "Replay", "set_loop",
           ("Ctrl+L",), checked=False, modes=REPLAY),
    Action("part_begin", "Loop from here", "Loop over a part that begins at this frame.", "part_begin", "Replay",
           "begin_part", ("I",), modes=REPLAY),
    Action("part_end", "Loop to here", "Loop over a part that ends at this frame.", "part_end", "Replay",
           "end_part", ("O",), modes=REPLAY),
    Action("part_clear", "Loop over everything", "Forget the part.", "part_clear", "Replay", "clear_part",
           ("Shift+O",), modes=REPLAY),
    Action("box", "Box", "Show the box round each face.", "box", "Overlay", "set_overlay", ("B",), checked=True,
           toolbar=True),
    Action("label", "Label", "Show id, distance and confidence of each face.", "label", "Overlay", "set_overlay",
           ("L",), checked=True, toolbar=True),
    Action("landmarks", "Points", "Show the 68 landmarks; unsure ones are hollow.", "landmarks", "Overlay",
           "set_overlay", ("P",), checked=True, toolbar=True),
    Action("axes", "Pose", "Show the head's axes and its yaw, pitch and roll.", "axes", "Overlay", "set_overlay",
           ("A",), checked=True, toolbar=True),
    Action("eyes", "Eyes", "Show how far each eye is open.", "eye", "Overlay", "set_overlay", ("E",),
           checked=True, toolbar=True),
    Action("reasons", "Reasons", "Say why something is not known.", "reasons", "Overlay", "set_overlay", ("R",),
           checked=True, toolbar=True),
    Action("generated", "Generated", "Show the generated images beside each face. They always carry the word "
           "GENERATED.", "generated", "Overlay", "set_overlay", ("G",), checked=False, toolbar=True),
    Action("lock", "Lock", "Keep the color range of depth and thermal as it is now.", "lock", "View",
           "set_range_lock", ("K",), checked=False, toolbar=True),
    Action("palette", "Colors", "Show depth in the next palette.", "palette", "View", "next_palette",
           ("C",), toolbar=True),
    Action("swap", "Swap", "Show the next stream large.", "swap", "View", "next_main", ("Tab",),
           toolbar=True),
    Action("engines", "Engines", "Say what runs each model and why not the others, and let another engine take over.",
           "engines", "View", "show_engines", ("Ctrl+I",)),
    Action("full", "Full screen", "Fill the screen, or go back to a window.", "full", "View", "set_full_screen",
           ("F11",), checked=False),
    Action("help", "Help", "Show what can be done and with which keys.", "help", "Help", "show_help",
           ("F1",), toolbar=True),
)  # fmt: skip

MENUS = ("Session", "Replay", "Overlay", "View", "Help")


def in_mode(mode: Mode, actions: Sequence[Action] = ACTIONS) -> list[Action]:
    """The actions that make sense in a mode, in the table's order."""
    return [a for a in actions if mode in a.modes]


def make(window: QtWidgets.QMainWindow, mode: Mode, handlers: Sequence[object]) -> dict[str, QtGui.QAction]:
    """Make the Qt actions of a mode and add them to the window, by key. Each is connected to the first of the
    handlers that has its method."""
    out: dict[str, QtGui.QAction] = {}
    for action in in_mode(mode):
        qt = QtGui.QAction(icon(action.icon), action.text, window)
        qt.setObjectName(action.key)
        qt.setShortcuts([QtGui.QKeySequence(s) for s in action.shortcuts])
        qt.setToolTip(tip_of(action))
        owner = next(h for h in handlers if hasattr(h, action.handler))
        handler: Callable[..., object] = getattr(owner, action.handler)
        if action.checked is not None:
            qt.setCheckable(True)
            qt.setChecked(action.checked)
            qt.toggled.connect(lambda on, key=action.key, call=handler: call(key, on))
        else:
            qt.triggered.connect(lambda _checked=False, call=handler: call())
        window.addAction(qt)
        out[action.key] = qt
    return out


def tip_of(action: Action) -> str:
    """What it does, and its keys."""
    keys = ", ".join(action.shortcuts)
    return f"{action.tip} ({keys})" if keys else action.tip


def help_html(mode: Mode) -> str:
    """The help page: every action with its keys."""
    parts = []
    for menu in MENUS:
        cell = "<td style='padding: 3px 20px 3px 0'>"
        rows = [
            f"<tr>{cell}<b>{_keys(a)}</b></td>{cell}{a.text}</td>{cell}{a.tip}</td></tr>"
            for a in in_mode(mode)
            if a.menu == menu
        ]
        if rows:
            parts.append(f"<h3>{menu}</h3><table>{''.join(rows)}</table>")
    return "".join(parts)


def _keys(action: Action) -> str:
    return " &nbsp;or&nbsp; ".join(s.replace("<", "&lt;") for s in action.shortcuts) or "–"
