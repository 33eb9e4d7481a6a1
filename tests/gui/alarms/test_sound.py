"""Alarms are heard where something sounds, and say so where nothing does; nothing waits, nothing is left."""

from __future__ import annotations

import io
import stat
import time
import wave
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.alarms.book import Severity
from gui.alarms.sound import BellPlayer, EffectPlayer, ProgramPlayer, Sound
from gui.alarms.tones import BURSTS, RATE_HZ, Repeater, samples, wav


@pytest.mark.parametrize("severity", Severity)
def test_a_burst_is_a_wav_of_as_many_pulses_as_its_severity_has(severity: Severity) -> None:
    with wave.open(io.BytesIO(wav(severity, 0.5))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert np.array_equal(pcm, samples(severity, 0.5))
    assert 15_000 < np.abs(pcm).max() <= 16_384
    windows = np.abs(pcm[: len(pcm) // 220 * 220].reshape(-1, 220).astype(int)).max(axis=1) > 200  # 10 ms each
    pulses = np.count_nonzero(np.diff(windows.astype(int)) == 1) + int(windows[0])
    assert pulses == BURSTS[severity].pulses
    assert len(pcm) / RATE_HZ == pytest.approx(BURSTS[severity].length_s + 0.05, abs=0.01)


def test_severities_differ_in_pitch_and_rhythm_and_the_worst_is_the_most_urgent() -> None:
    bursts = [BURSTS[severity] for severity in sorted(Severity)]
    assert [b.pulses for b in bursts] == [1, 3, 10]
    assert [b.pitch_hz for b in bursts] == sorted(b.pitch_hz for b in bursts)
    assert [b.pulse_s for b in bursts] == sorted((b.pulse_s for b in bursts), reverse=True)
    for severity in Severity:
        spectrum = np.abs(np.fft.rfft(samples(severity, 1.0)))
        loudest = np.fft.rfftfreq(len(samples(severity, 1.0)), 1 / RATE_HZ)[spectrum.argmax()]
        assert loudest == pytest.approx(BURSTS[severity].pitch_hz, abs=15)


def test_a_pulse_startles_nobody() -> None:
    edge = np.abs(samples(Severity.ALARM, 1.0)[: RATE_HZ // 1000].astype(int))  # its first millisecond
    assert edge.max() < 1000


@pytest.mark.parametrize(("volume", "peak"), [(-1, 0), (0, 0), (2, 32_767)])
def test_the_volume_has_limits(volume: float, peak: int) -> None:
    assert np.abs(samples(Severity.NOTICE, volume).astype(int)).max() == peak


def test_a_severe_alarm_sounds_again_and_again_and_a_notice_once() -> None:
    def bursts(severity: Severity) -> int:
        repeater = Repeater()
        return sum(repeater.due(severity, 1, 100 + n / 4) for n in range(4 * 60))

    assert bursts(Severity.ALARM) == 12
    assert bursts(Severity.WARNING) == 4
    assert bursts(Severity.NOTICE) == 1


def test_what_is_new_sounds_at_once() -> None:
    repeater = Repeater()
    assert repeater.due(Severity.WARNING, 1, 100.0)
    assert not repeater.due(Severity.WARNING, 1, 101.0)
    assert repeater.due(Severity.ALARM, 2, 102.0)
    assert not repeater.due(None, 0, 103.0)
    assert repeater.due(Severity.WARNING, 2, 104.0), "after a mute"


def no_effect() -> EffectPlayer:
    raise ImportError("libpulse-mainloop-glib.so.0: cannot open shared object file")


def program(folder: Path, body: str) -> Path:
    """A player program that writes what it plays."""
    path = folder / "pw-play"
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def make_sound(path: Path | None) -> Sound:
    return Sound(make_effect=no_effect, which=lambda name: str(path) if path and name == path.name else None)


def test_a_player_program_plays_the_burst_and_nothing_is_left(qtbot: QtBot, tmp_path: Path) -> None:
    copy = tmp_path / "heard.wav"
    sound = make_sound(program(tmp_path, f'cat "$1" > "{copy}.part"; mv "{copy}.part" "{copy}"'))
    assert sound.words == "played by pw-play"
    sound.play(Severity.WARNING)
    qtbot.waitUntil(copy.exists, timeout=20_000)
    assert copy.read_bytes() == wav(Severity.WARNING, sound.volume)
    player = sound.player
    assert isinstance(player, ProgramPlayer)
    qtbot.waitUntil(lambda: not player.is_playing, timeout=20_000)
    assert not sound.problem
    folder = Path(sound._folder.name) if sound._folder else tmp_path / "none"
    assert folder.exists()
    sound.close()
    assert not folder.exists()


def test_a_sound_device_that_hangs_blocks_nothing_and_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    mark = tmp_path / "pids"
    player = ProgramPlayer(str(program(tmp_path, f'echo $$ >> "{mark}"; exec sleep 60')), longest_s=0.3)
    sound = make_sound(None)
    sound.player = player
    for _ in range(4):
        before = time.monotonic()
        sound.play(Severity.ALARM)
        assert time.monotonic() - before < 5.0
        qtbot.waitUntil(lambda: not player.is_playing, timeout=20_000)
    assert sound.is_bell
    assert "the sound device hangs" in sound.problem
    qtbot.waitUntil(lambda: mark.exists() and len(mark.read_text().split()) >= 3, timeout=20_000)
    sound.close()
    player.close()
    assert not player.is_playing
    assert all(not Path(f"/proc/{pid}").exists() for pid in mark.read_text().split())


@pytest.mark.parametrize("body", ["echo 'no such device' >&2; exit 1"])
def test_a_program_that_fails_says_why(qtbot: QtBot, tmp_path: Path, body: str) -> None:
    sound = make_sound(program(tmp_path, body))
    player = sound.player
    assert isinstance(player, ProgramPlayer)
    for _ in range(4):
        sound.play(Severity.NOTICE)
        qtbot.waitUntil(lambda: not player.is_playing, timeout=20_000)
    assert sound.is_bell, "the next best takes over"
    assert sound.problem == "alarms are heard by the desktop's bell at most, since pw-play: no such device"
    sound.close()


def test_a_program_that_cannot_be_started_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    sound = make_sound(tmp_path / "pw-play")
    player = sound.player
    assert isinstance(player, ProgramPlayer)
    for _ in range(4):
        sound.play(Severity.NOTICE)
        qtbot.waitUntil(lambda: not player.is_playing, timeout=20_000)
    assert "cannot be started" in sound.problem
    sound.close()


def test_without_any_of_them_it_says_what_to_install(qtbot: QtBot) -> None:
    sound = make_sound(None)
    assert isinstance(sound.player, BellPlayer)
    assert "install pw-play" in sound.words
    assert "libpulse" in sound.why_not_qt
    sound.play(Severity.NOTICE)
    sound.stop()
    sound.close()


def test_the_volume_counts_from_the_next_burst_on(qtbot: QtBot, tmp_path: Path) -> None:
    sound = make_sound(None)
    sound.set_volume(0.2)
    assert sound._file(Severity.ALARM).read_bytes() == wav(Severity.ALARM, 0.2)
    sound.set_volume(7)
    assert sound._file(Severity.ALARM).read_bytes() == wav(Severity.ALARM, 1.0)
    sound.close()
