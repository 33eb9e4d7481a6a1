"""What makes the alarms heard: a player program where there is one, else Qt's own sound, else the bell of the desktop.

A program comes first since it is a process of its own: a sound device that hangs then hangs the program, and never the
window. It is ended after ``_LONGEST_S`` seconds; at most one runs at a time, and none is left when the window goes.
Where one fails again and again, the next takes its place. Nothing here waits.
"""

from __future__ import annotations

import contextlib
import importlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from gui.alarms.book import Severity
from gui.alarms.tones import wav
from gui.qt import QtCore, QtWidgets, pg
from gui.words import tr

PROGRAMS: Final = (("pw-play", ()), ("paplay", ()), ("aplay", ("-q",)), ("afplay", ()))
"""Programs that play a WAV file that is named last, and what else they are told."""

_LONGEST_S: Final = 8.0
_KILL_MS: Final = 500
_MOST_FAILURES: Final = 3
"""In a row; then the next player takes over."""

Which = Callable[[str], str | None]


class Player(Protocol):
    """Plays a file, without waiting for its end."""

    name: str

    def play(self, path: Path) -> str:
        """Begin; returns why it cannot, or nothing."""
        ...

    def trouble(self) -> str:
        """Why what was played last was not heard, or nothing."""
        ...

    def stop(self) -> None: ...

    def close(self) -> None: ...


class EffectPlayer:
    """QtMultimedia.

    Raises:
        ImportError: it is not installed, or a library that it needs is missing.
        OSError: it finds nothing that sounds.
    """

    name = "QSoundEffect"

    def __init__(self) -> None:
        self._multimedia: Any = importlib.import_module(f"{pg.Qt.QT_LIB}.QtMultimedia")
        if not self._outputs():
            raise OSError("QtMultimedia finds no device that sounds")
        self._effects: dict[tuple[Path, int], Any] = {}

    def _outputs(self) -> Sequence[object]:
        if hasattr(self._multimedia, "QMediaDevices"):
            return list(self._multimedia.QMediaDevices.audioOutputs())
        info = self._multimedia.QAudioDeviceInfo
        return list(info.availableDevices(self._multimedia.QAudio.Mode.AudioOutput))

    def play(self, path: Path) -> str:
        effect = self._effects.get((path, path.stat().st_mtime_ns))
        if effect is None:
            effect = self._multimedia.QSoundEffect()
            effect.setSource(QtCore.QUrl.fromLocalFile(str(path)))
            self._effects = {k: e for k, e in self._effects.items() if k[0] != path}
            self._effects[path, path.stat().st_mtime_ns] = effect
        effect.play()  # sounds as soon as the file is loaded
        return ""

    def trouble(self) -> str:
        bad = self._multimedia.QSoundEffect.Status.Error
        return tr("it cannot play") if any(e.status() == bad for e in self._effects.values()) else ""

    def stop(self) -> None:
        for effect in self._effects.values():
            effect.stop()

    def close(self) -> None:
        self.stop()
        self._effects.clear()


class ProgramPlayer(QtCore.QObject):
    """A program of the system, one at a time; while it plays, nothing else begins."""

    def __init__(self, program: str, more: Sequence[str] = (), longest_s: float = _LONGEST_S) -> None:
        super().__init__()
        self.name = Path(program).name
        self._program = program
        self._more = list(more)
        self._failed = ""
        self._is_wanted = False  # what plays was not stopped
        # One process for every burst, and no Python object in its ways: it lives as long as the player.
        self._process = QtCore.QProcess(self)
        self._process.setStandardInputFile(QtCore.QProcess.nullDevice())
        self._process.setStandardOutputFile(QtCore.QProcess.nullDevice())
        self._process.finished.connect(self._ended)
        self._process.errorOccurred.connect(self._wrong)
        self._limit = QtCore.QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(round(1000 * longest_s))
        self._limit.timeout.connect(self._too_long)

    @property
    def is_playing(self) -> bool:
        """Also while what was stopped has not ended yet."""
        return self._process.state() != QtCore.QProcess.ProcessState.NotRunning

    def play(self, path: Path) -> str:
        if self.is_playing:
            return ""
        self._is_wanted = True
        self._limit.start()
        self._process.start(self._program, [*self._more, str(path)])
        return ""

    def trouble(self) -> str:
        return self._failed

    def stop(self) -> None:
        self._is_wanted = False
        self._limit.stop()
        if self.is_playing:
            self._process.kill()  # it is gone when the loop turns; nobody waits for it here

    def close(self) -> None:
        """End what plays, and wait for it at most half a second: it was killed, so it ends as soon as it may."""
        self.stop()
        if self.is_playing:
            self._process.waitForFinished(_KILL_MS)

    def _ended(self, code: int, status: QtCore.QProcess.ExitStatus) -> None:
        self._limit.stop()
        said = self._process.readAllStandardError().data()[-300:].decode("utf-8", "replace")
        if not self._is_wanted:
            return  # it was stopped: that it did not end well means nothing
        is_fine = code == 0 and status == QtCore.QProcess.ExitStatus.NormalExit
        why = said.strip().rpartition("\n")[2] or tr("it ended with {code}", code=code)
        self._failed = "" if is_fine else why

    def _wrong(self, error: QtCore.QProcess.ProcessError) -> None:
        if error == QtCore.QProcess.ProcessError.FailedToStart:
            self._limit.stop()
            self._failed = tr("it cannot be started: {why}", why=self._process.errorString())

    def _too_long(self) -> None:
        self._failed = tr("it did not end in time: the sound device hangs")
        self.stop()


class BellPlayer:
    """The desktop's bell: one tone for everything, where the desktop has one."""

    name = "bell"

    def play(self, path: Path) -> str:
        QtWidgets.QApplication.beep()
        return ""

    def trouble(self) -> str:
        return ""

    def stop(self) -> None: ...

    def close(self) -> None: ...


class Sound:
    """The bursts, in a folder of their own for as long as the window lives.

    Args:
        volume: 0..1.
        make_effect, which: tests put in their own.
    """

    def __init__(
        self,
        volume: float = 0.7,
        make_effect: Callable[[], Player] = EffectPlayer,
        which: Which = shutil.which,
    ) -> None:
        self._volume = volume
        self._failures = 0
        self._failed = ""
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._written: dict[Severity, float] = {}
        self.why_not_qt = ""
        self._make_effect = make_effect
        self._programs = [(found, more) for name, more in PROGRAMS if (found := which(name))]
        self.player = self._next_player()

    def _next_player(self) -> Player:
        """The best that was not tried yet."""
        if self._programs:
            return ProgramPlayer(*self._programs.pop(0))
        make, self._make_effect = self._make_effect, _nothing
        try:
            return make()
        except (ImportError, OSError, AttributeError) as error:  # another Qt may lack the module or the class
            self.why_not_qt = self.why_not_qt or str(error)
            return BellPlayer()

    @property
    def is_bell(self) -> bool:
        """There is nothing better, and nobody knows whether it is heard."""
        return isinstance(self.player, BellPlayer)

    @property
    def problem(self) -> str:
        """Why alarms are perhaps not heard, for the panel and the message bar; or nothing."""
        if self.is_bell and self._failed:
            return tr("alarms are heard by the desktop's bell at most, since {why}", why=self._failed)
        if self.is_bell:
            return tr(
                "no sound on this machine but the desktop's bell: install pw-play (pipewire-bin), paplay "
                "(pulseaudio-utils) or aplay (alsa-utils)"
            )
        return ""

    @property
    def words(self) -> str:
        """What plays, in the panel."""
        return self.problem or tr("played by {name}", name=self.player.name)

    @property
    def volume(self) -> float:
        return self._volume

    def set_volume(self, volume: float) -> None:
        """0..1, from the next burst on."""
        self._volume = min(max(volume, 0.0), 1.0)

    def play(self, severity: Severity) -> None:
        """Begin a burst and return at once. What goes wrong stands in :attr:`problem`."""
        before = self.player.trouble()
        try:
            why = self.player.play(self._file(severity)) or before
        except OSError as error:
            why = str(error)
        self._failures = self._failures + 1 if why else 0
        if why:
            self._failed = tr("{name}: {why}", name=self.player.name, why=why)
        if self._failures >= _MOST_FAILURES and not self.is_bell:
            self._failures = 0
            self.player.close()
            self.player = self._next_player()
            self.player.play(self._file(severity))

    def stop(self) -> None:
        """Silence, now."""
        self.player.stop()

    def close(self) -> None:
        """Ends what plays; takes half a second at most."""
        self.player.close()
        if self._folder is not None:
            with contextlib.suppress(OSError):
                self._folder.cleanup()
            self._folder = None

    def _file(self, severity: Severity) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="tapetum-sound-")
        path = Path(self._folder.name) / f"{severity.name.lower()}.wav"
        if self._written.get(severity) != self._volume:
            path.write_bytes(wav(severity, self._volume))
            self._written[severity] = self._volume
        return path


def _nothing() -> Player:
    raise OSError("it was tried")
