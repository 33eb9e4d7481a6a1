"""What is painted over each tile: planned once for each set of switches, whatever the number of tiles. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gui.alarms.signal_phrases import say
from gui.feed import Shown
from gui.looks.scale import CELSIUS, in_unit
from gui.reasons import line_words
from gui.replay.recorded_plan import recorded_plan
from pipeline.overlay import SWITCHES, OverlayOptions, draw_plan
from pipeline.primitives import Primitive


class Plans:
    """The overlay of results, by stream and switches."""

    def __init__(self) -> None:
        self._options = OverlayOptions(say=say, reason=line_words)
        self._kept: dict[tuple[int, OverlayOptions], tuple[Shown, dict[str, list[Primitive]]]] = {}

    def switches(self) -> dict[str, bool]:
        """The window's own, by name."""
        return {key: getattr(self._options, key) for key in SWITCHES}

    def set_switch(self, key: str, on: bool) -> None:
        """Switch a part of the overlay for all tiles that do not say otherwise; others than parts are left alone."""
        if key in SWITCHES:
            self._options = replace(self._options, **{key: on})

    def begin(self, shown: Shown) -> None:
        """A new result: plans of others are kept only while they are asked for."""
        if len(self._kept) > 8:
            self.forget()

    def forget(self) -> None:
        """Plan anew."""
        self._kept.clear()

    def of(self, shown: Shown, stream: str, own: Mapping[str, bool], temperatures: str = CELSIUS) -> list[Primitive]:
        """What is painted over a stream of a result, with a tile's own switches.

        Args:
            temperatures: the unit in which they are written.
        """
        options = replace(self._options, in_unit=in_unit(temperatures), asked=shown.asked)
        if own:
            options = replace(options, **{key: on for key, on in own.items() if key in SWITCHES})
        key = (id(shown), options)
        kept = self._kept.get(key)
        if kept is None or kept[0] is not shown:
            by_stream: dict[str, list[Primitive]] = {}
            computed = draw_plan(shown.frame_set, shown.observation, options)
            for primitive in [*computed, *recorded_plan(shown, options)]:
                by_stream.setdefault(primitive.stream, []).append(primitive)
            kept = self._kept[key] = (shown, by_stream)
        return kept[1].get(stream, [])
