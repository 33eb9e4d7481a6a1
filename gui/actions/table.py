"""Everything an operator can do, in one table: it makes the menus, the toolbar, the shortcuts, the palette and the
help page. The rows stand in a file for each menu."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence

from gui.actions import alarms, help, overlay, replay, session, tiles, view
from gui.actions import keys as action_keys
from gui.actions.keys import tip_of
from gui.actions.palette_match import plain
from gui.actions.row import Action
from gui.feed import Mode
from gui.look.icons import icon
from gui.qt import QtGui, QtWidgets
from gui.settings import Settings
from gui.words import mark, tr

__all__ = ["ACTIONS", "MENUS", "allow", "help_html", "in_mode", "make", "tip_of"]

ACTIONS: tuple[Action, ...] = (
    *session.ROWS,
    *replay.ROWS,
    *overlay.ROWS,
    *view.ROWS,
    *tiles.ROWS,
    *alarms.ROWS,
    *help.ROWS,
)

MENUS = (mark("Session"), mark("Replay"), mark("Overlay"), mark("View"), mark("Alarms"), mark("Help"))


def in_mode(mode: Mode, actions: Sequence[Action] = ACTIONS) -> list[Action]:
    """The actions that make sense in a mode, in the table's order."""
    return [a for a in actions if mode in a.modes]


def make(
    window: QtWidgets.QMainWindow, mode: Mode, handlers: Sequence[object], settings: Settings | None = None
) -> dict[str, QtGui.QAction]:
    """Make the Qt actions of a mode and add them to the window, by key. Each is connected to the first of the
    handlers that has its method.

    Args:
        settings: which keys the operator gave them; None: those of the table.
    """
    out: dict[str, QtGui.QAction] = {}
    for action in in_mode(mode):
        qt = QtGui.QAction(icon(action.icon), tr(action.text), window)
        qt.setObjectName(action.key)
        owner = next((h for h in handlers if hasattr(h, action.handler)), None)
        if owner is None:  # a window made of fewer parts does less, and says so
            allow(qt, tr("This window cannot do that."))
            window.addAction(qt)
            out[action.key] = qt
            continue
        handler: Callable[..., object] = getattr(owner, action.handler)
        if action.checked is not None:
            qt.setCheckable(True)
            qt.setChecked(action.checked)
            qt.toggled.connect(lambda on, key=action.key, call=handler: call(key, on))
        else:
            qt.triggered.connect(lambda _checked=False, call=handler: call())
        window.addAction(qt)
        out[action.key] = qt
    action_keys.apply(out, ACTIONS, mode, settings)
    return out


def allow(qt: QtGui.QAction, why_not: str = "") -> None:
    """Whether an action can be used now.

    Args:
        why_not: the reason why it cannot, for its tooltip and the palette; nothing: it can.
    """
    if str(qt.property("why") or "") == why_not and qt.isEnabled() == (not why_not):
        return
    qt.setProperty("why", why_not)
    qt.setEnabled(not why_not)
    qt.setToolTip(why_not or qt.whatsThis())


def help_html(mode: Mode, words: str = "", keys: Mapping[str, Sequence[str]] | None = None) -> str:
    """The help page: every action with its keys.

    Args:
        words: only the actions that these are found in.
        keys: of each action, where they are others than the table's.
    """
    rows = in_mode(mode)
    if words.strip():
        texts = {a.key: plain(f"{tr(a.text)} {a.text} {tr(a.tip)} {' '.join(_keys_of(a, keys))}") for a in rows}
        rows = [a for a in rows if all(word in texts[a.key] for word in plain(words).split())]
    cell = "<td style='padding: 3px 20px 3px 0'>"
    parts = []
    for menu in MENUS:
        lines = [
            f"<tr>{cell}<b>{_keys_html(_keys_of(a, keys))}</b></td>{cell}{html.escape(tr(a.text))}</td>"
            f"{cell}{html.escape(tr(a.tip), quote=False)}</td></tr>"
            for a in rows
            if a.menu == menu
        ]
        if lines:
            parts.append(f"<h3>{html.escape(tr(menu))}</h3><table>{''.join(lines)}</table>")
    return "".join(parts)


def _keys_of(action: Action, keys: Mapping[str, Sequence[str]] | None) -> Sequence[str]:
    return action.shortcuts if keys is None else keys.get(action.key, ())


def _keys_html(keys: Sequence[str]) -> str:
    between = html.escape(tr("or"))
    return f" &nbsp;{between}&nbsp; ".join(html.escape(action_keys.shown(k)) for k in keys) or "–"
