"""Which keys each action has: those of the table, or those that the operator gave it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gui.actions.row import Action
from gui.feed import Mode
from gui.qt import QtCore, QtGui, QtWidgets
from gui.settings import Settings
from gui.words import tr

MOST_KEYS = 4
_SETTING = "keys.{}"

_FORMAT = QtGui.QKeySequence.SequenceFormat


def normal(keys: str) -> str:
    """Keys as they are stored (``Ctrl+Shift+S``); empty when Qt knows no such keys."""
    sequence = QtGui.QKeySequence(keys, _FORMAT.PortableText)
    text = sequence.toString(_FORMAT.PortableText)
    is_half = text.endswith(("+", ", ")) and text != "+" and not text.endswith("++")
    return "" if is_half else text


def shown(keys: str) -> str:
    """Keys as this desktop writes them."""
    return QtGui.QKeySequence(keys, _FORMAT.PortableText).toString(_FORMAT.NativeText)


def chosen(action: Action, settings: Settings | None) -> tuple[str, ...] | None:
    """What the operator gave an action; None when that is nothing, or makes no sense."""
    value = None if settings is None else settings.get(_SETTING.format(action.key))
    if not isinstance(value, list) or len(value) > MOST_KEYS or not all(isinstance(v, str) for v in value):
        return None
    keys = tuple(normal(v) for v in value)
    return keys if all(keys) and len(set(keys)) == len(keys) else None


def assigned(rows: Sequence[Action], settings: Settings | None) -> dict[str, tuple[str, ...]]:
    """Action -> its keys, no two actions the same ones: what the operator gave goes before the table, and the first
    row before the next."""
    given = {row.key: chosen(row, settings) for row in rows}
    owner: dict[str, str] = {}
    for is_given in (True, False):
        for row in rows:
            if (given[row.key] is not None) == is_given:
                for keys in given[row.key] or map(normal, () if is_given else row.shortcuts):
                    owner.setdefault(keys, row.key)
    out: dict[str, tuple[str, ...]] = {}
    for row in rows:
        wanted = given[row.key]
        mine = wanted if wanted is not None else tuple(map(normal, row.shortcuts))
        out[row.key] = tuple(keys for keys in mine if owner[keys] == row.key)
    return out


def user_of(keys: str, rows: Sequence[Action], settings: Settings | None, but: str = "") -> Action | None:
    """The action that has these keys now, other than one."""
    wanted = normal(keys)
    for key, has in assigned(rows, settings).items():
        if key != but and wanted in has:
            return next(row for row in rows if row.key == key)
    return None


def clashes(keys: str, action: Action, rows: Sequence[Action], settings: Settings | None) -> Action | None:
    """The action of another that would lose these keys: one that is there in a mode in which this one is, too."""
    for mode in action.modes:
        other = user_of(keys, [r for r in rows if mode in r.modes], settings, but=action.key)
        if other is not None:
            return other
    return None


def give(action: Action, keys: Sequence[str], settings: Settings) -> None:
    """Give an action other keys; none is no key.

    Raises:
        ValueError: too many, or keys that Qt does not know.
    """
    wanted = [normal(k) for k in keys]
    if len(wanted) > MOST_KEYS or not all(wanted):
        raise ValueError(f"{', '.join(keys)}: at most {MOST_KEYS} keys that Qt knows")
    if tuple(wanted) == tuple(map(normal, action.shortcuts)):
        settings.forget(_SETTING.format(action.key))
    else:
        settings.set(_SETTING.format(action.key), wanted)


def reset(rows: Sequence[Action], settings: Settings) -> None:
    """The keys of the table again."""
    for row in rows:
        settings.forget(_SETTING.format(row.key))


def apply(actions: Mapping[str, QtGui.QAction], rows: Sequence[Action], mode: Mode, settings: Settings | None) -> None:
    """Give the Qt actions of a mode their keys, and tooltips that tell them."""
    for key, keys in assigned([r for r in rows if mode in r.modes], settings).items():
        qt = actions.get(key)
        if qt is not None:
            qt.setShortcuts([QtGui.QKeySequence(k, _FORMAT.PortableText) for k in keys])
            qt.setShortcutContext(QtCore.Qt.ShortcutContext.WindowShortcut)
            row = next(r for r in rows if r.key == key)
            qt.setToolTip(str(qt.property("why") or "") or tip_of(row, keys))
            qt.setWhatsThis(tip_of(row, keys))


def tip_of(action: Action, keys: Sequence[str] | None = None) -> str:
    """What it does, and its keys.

    Args:
        keys: in place of those of the table.
    """
    told = ", ".join(shown(k) for k in (action.shortcuts if keys is None else keys))
    return tr("{tip} ({keys})", tip=tr(action.tip), keys=told) if told else tr(action.tip)


def keys_of(action: QtGui.QAction | None) -> str:
    """The first keys of an action as this desktop writes them; empty where it has none, or where there is no such
    action."""
    if action is None:
        return ""
    return action.shortcut().toString(_FORMAT.NativeText)


def told(words: str, action: QtGui.QAction | None) -> str:
    """A sentence, and the keys that do what it says in brackets."""
    keys = keys_of(action)
    return tr("{words} ({keys})", words=words, keys=keys) if keys else words


def sentence(action: QtGui.QAction | None, with_keys: str, without: str, **values: object) -> str:
    """A sentence that names the keys of an action.

    Args:
        action: whose keys these are.
        with_keys: marked for translation; ``{keys}`` stands for the keys.
        without: said where the action has no keys, or is not there.
        values: what stands in the other places.
    """
    keys = keys_of(action)
    return tr(with_keys, keys=keys, **values) if keys else tr(without, **values)


def action_of(widget: QtWidgets.QWidget | None, key: str) -> QtGui.QAction | None:
    """The action of the window that a widget stands in, or that its dialog belongs to; None where there is none."""
    while widget is not None:
        window = widget.window()
        for action in window.actions():
            if action.objectName() == key:
                return action
        widget = window.parentWidget()
    return None


def follow(widget: QtWidgets.QWidget, action: QtGui.QAction | None, tip: Callable[[], str]) -> None:
    """Give a widget a tooltip, and again when the action's keys become others."""
    widget.setToolTip(tip())
    if action is not None:
        _Follower(widget, action, tip)


class _Follower(QtCore.QObject):
    """Lives as long as its widget."""

    def __init__(self, widget: QtWidgets.QWidget, action: QtGui.QAction, tip: Callable[[], str]) -> None:
        super().__init__(widget)
        self._widget, self._action, self._tip = widget, action, tip
        self._keys = keys_of(action)
        action.changed.connect(self._look)

    def _look(self) -> None:
        if keys_of(self._action) != self._keys:
            self._keys = keys_of(self._action)
            self._widget.setToolTip(self._tip())
