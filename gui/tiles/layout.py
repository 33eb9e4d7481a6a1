"""Which tiles there are and what each shows, as values that are saved, loaded and checked. No Qt here."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gui.tiles.face_pictures import KINDS

VERSION = 1

MOST_PLACES = 16
"""Of one layout; the largest arrangement has nine, main and side as many as there are streams and faces in it."""

_LONGEST_NAME = 200  # characters


class LayoutError(ValueError):
    """What should be a layout is none."""


class Arrangement(enum.StrEnum):
    """How the tiles stand."""

    MAIN = "main+side"
    ONE = "1"
    TWO = "2"
    FOUR = "4"
    SIX = "6"
    NINE = "9"

    @property
    def count(self) -> int:
        """How many tiles; 0 for as many as show something."""
        return 0 if self is Arrangement.MAIN else int(self.value)


@dataclass(frozen=True, slots=True)
class Source:
    """What a tile shows: a stream, a picture of a face, or nothing.

    Attributes:
        stream: its name; empty when it is none.
        picture: a kind of gui/tiles/face_pictures.py; empty when it is no face.
        face: the face's id; None follows whichever is nearest.
    """

    stream: str = ""
    picture: str = ""
    face: int | None = None

    @property
    def is_empty(self) -> bool:
        return not self.stream and not self.picture

    @property
    def is_face(self) -> bool:
        return bool(self.picture)

    @property
    def key(self) -> str:
        """A name for it in the settings."""
        if self.is_face:
            return f"face/{'nearest' if self.face is None else self.face}/{self.picture}"
        return f"stream/{self.stream}" if self.stream else ""

    def to_json(self) -> dict[str, Any]:
        if self.is_face:
            return {"picture": self.picture, "face": self.face}
        return {"stream": self.stream} if self.stream else {}

    @classmethod
    def from_json(cls, data: object) -> Source:
        """Back from JSON.

        Raises:
            LayoutError: it says nothing that a tile could show.
        """
        if not isinstance(data, Mapping):
            raise LayoutError(f"what a tile shows is written as an object, found {data!r:.60}")
        stream, picture, face = data.get("stream", ""), data.get("picture", ""), data.get("face")
        if not (isinstance(stream, str) and isinstance(picture, str)) or (stream and picture):
            raise LayoutError(f"a tile shows a stream or a picture of a face, found {dict(data)!r:.80}")
        if len(stream) > _LONGEST_NAME:
            raise LayoutError(f"a stream's name has at most {_LONGEST_NAME} characters, found {len(stream)}")
        if picture and picture not in KINDS:
            raise LayoutError(f"there is no picture of a face called {picture!r:.60}; there are {', '.join(KINDS)}")
        if face is not None and (isinstance(face, bool) or not isinstance(face, int) or not 0 <= face < 2**63):
            raise LayoutError(f"a face has a whole number, found {face!r:.60}")
        return cls(stream, picture, face if picture else None)


EMPTY = Source()


@dataclass(frozen=True, slots=True)
class Place:
    """One tile.

    Attributes:
        overlay: switches of the overlay that differ from the window's, by the option's name.
        detached: it stands in a window of its own.
    """

    source: Source = EMPTY
    overlay: Mapping[str, bool] = field(default_factory=dict)
    detached: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            **self.source.to_json(),
            **({"overlay": dict(self.overlay)} if self.overlay else {}),
            **({"detached": True} if self.detached else {}),
        }

    @classmethod
    def from_json(cls, data: object) -> Place:
        """Back from JSON.

        Raises:
            LayoutError: as :meth:`Source.from_json`, and for switches that are none.
        """
        source = Source.from_json(data)
        assert isinstance(data, Mapping)
        overlay, detached = data.get("overlay", {}), data.get("detached", False)
        if not isinstance(overlay, Mapping) or not all(isinstance(on, bool) for on in overlay.values()):
            raise LayoutError(f"switches of the overlay are true or false, found {overlay!r:.80}")
        if not isinstance(detached, bool):
            raise LayoutError(f"a tile is detached or not, found {detached!r:.60}")
        return cls(source, {str(k): v for k, v in overlay.items()}, detached and not source.is_empty)


@dataclass(frozen=True, slots=True)
class Layout:
    """Tiles in their order: the first is the main one. More of them may be kept than the arrangement shows."""

    arrangement: Arrangement = Arrangement.MAIN
    places: tuple[Place, ...] = ()

    @property
    def shown(self) -> tuple[Place, ...]:
        """The tiles that the arrangement shows, empty ones where nothing was chosen."""
        count = self.arrangement.count
        if not count:
            filled = tuple(p for p in self.places if not p.source.is_empty)
            return filled or (Place(),)
        return (self.places + (Place(),) * count)[:count]

    def arranged(self, arrangement: Arrangement) -> Layout:
        """The same tiles in another arrangement."""
        return replace(self, arrangement=arrangement)

    def swapped(self, a: int, b: int) -> Layout:
        """Two of the tiles that are shown change places."""
        shown = list(self._firm().places)
        shown[a], shown[b] = shown[b], shown[a]
        return replace(self, places=tuple(shown))

    def rotated(self) -> Layout:
        """The next tile that shows something comes to the first place, and the first behind the last."""
        places = self._firm().places
        filled = [p for p in places if not p.source.is_empty]
        turned = iter(filled[1:] + filled[:1])
        return replace(self, places=tuple(p if p.source.is_empty else next(turned) for p in places))

    def with_place(self, index: int, place: Place) -> Layout:
        """One of the tiles that are shown becomes another."""
        places = list(self._firm().places)
        places[index] = place
        return replace(self, places=tuple(places))

    def with_new(self, source: Source) -> Layout:
        """A further thing to show, in the first empty place."""
        places = [*self._firm().places]
        at = next((i for i, p in enumerate(places) if p.source.is_empty), len(places))
        places[at : at + 1] = [Place(source)]
        return replace(self, places=tuple(places[:MOST_PLACES]))

    def _firm(self) -> Layout:
        """With places that stand for every tile that is shown, in the same order."""
        if self.arrangement is Arrangement.MAIN:
            return replace(self, places=self.shown)
        missing = self.arrangement.count - len(self.places)
        return replace(self, places=self.places + (Place(),) * max(missing, 0))

    def streams(self) -> set[str]:
        """Names of the streams in it, shown or kept."""
        return {p.source.stream for p in self.places if p.source.stream}

    def to_json(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "arrangement": self.arrangement.value,
            "tiles": [place.to_json() for place in self.places],
        }

    @classmethod
    def from_json(cls, data: object) -> Layout:
        """Back from JSON.

        Raises:
            LayoutError: it is no layout, with what was found.
        """
        if not isinstance(data, Mapping):
            raise LayoutError(f"a layout is written as an object, found {data!r:.60}")
        if data.get("version") != VERSION:
            raise LayoutError(f"a layout has version {VERSION}, found {data.get('version')!r:.60}")
        try:
            arrangement = Arrangement(data.get("arrangement"))
        except ValueError as error:
            known = ", ".join(Arrangement)
            raise LayoutError(f"arrangements are {known}, found {data.get('arrangement')!r:.60}") from error
        tiles = data.get("tiles")
        if not isinstance(tiles, Sequence) or isinstance(tiles, str) or len(tiles) > MOST_PLACES:
            raise LayoutError(f"a layout has a list of at most {MOST_PLACES} tiles, found {tiles!r:.60}")
        return cls(arrangement, tuple(Place.from_json(tile) for tile in tiles))


def default_layout(streams: Iterable[str], main: str = "") -> Layout:
    """One stream large, the others beside it, in their order."""
    names = list(dict.fromkeys(streams))
    names.sort(key=lambda name: name != main)
    return Layout(Arrangement.MAIN, tuple(Place(Source(stream=name)) for name in names[:MOST_PLACES]))
