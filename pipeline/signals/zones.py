"""Zones of gaze: polygons in degrees round straight ahead, a file of them for each vehicle or room.

A point belongs to the first zone that holds it. At a border the zone changes only once the point is beyond it by the
hysteresis, so that a gaze along a border does not flicker. Wrong files are told with line and column.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipeline.errors import ConfigError
from pipeline.toml_places import Path as TomlPath
from pipeline.toml_places import Place, TomlError, TomlPlaces

Role = Literal["road", "driving", "off"]
"""``road``: on the task. ``driving``: belongs to it for a short while (mirrors, instruments). ``off``: does not."""

READY: Final = ("car-left-hand-drive", "car-right-hand-drive", "desk")
USUAL: Final = READY[0]
"""Sets that come with the program."""
ELSEWHERE: Final = "elsewhere"
"""Name of what lies in no zone; its role is ``off``."""
LARGEST: Final = 1 << 20
"""Bytes of a file; a larger one is something else."""

Point = tuple[float, float]


class ZonesError(ConfigError):
    """A file of zones cannot be used.

    Attributes:
        problems: place and words of all that was found, in the order of the file.
    """

    def __init__(self, file: str, problems: Sequence[tuple[Place, str]]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: p[0]))
        super().__init__("\n".join(f"{file}:{place.line}:{place.column}: {what}" for place, what in self.problems))


class CameraPlace(BaseModel):
    """How the camera sees a head that looks straight ahead: where the camera stands, in other words."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    yaw_deg: float = Field(0.0, ge=-80, le=80, description="> 0: the head seems turned to its own left")
    pitch_deg: float = Field(0.0, ge=-60, le=60, description="> 0: the head seems raised")
    measured: bool = Field(False, description="whether the two were measured in this vehicle or room")


class Zone(BaseModel):
    """One zone.

    ``polygon``: corners in order, either way round, without crossing itself: [yaw_deg, pitch_deg] each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str = Field(min_length=1, max_length=40, pattern=r"^\S(.*\S)?$", description="as users read it")
    role: Role = Field(description="road, driving or off")
    polygon: tuple[Point, ...] = Field(min_length=3, max_length=64, description="corners: [yaw_deg, pitch_deg]")

    @field_validator("polygon", mode="before")
    @classmethod
    def _numbers(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise ValueError("must be a list of corners, each [yaw_deg, pitch_deg]")
        for corner in value:
            if not isinstance(corner, list | tuple) or len(corner) != 2:
                raise ValueError(f"each corner must be two numbers, [yaw_deg, pitch_deg], found {corner!r}")
            for angle in corner:
                if isinstance(angle, bool) or not isinstance(angle, int | float) or not -180 <= angle <= 180:
                    raise ValueError(f"angles must be numbers from -180 to 180 degrees, found {angle!r}")
        return value

    @field_validator("polygon")
    @classmethod
    def _simple(cls, value: tuple[Point, ...]) -> tuple[Point, ...]:
        if (crossing := _crossing(value)) is not None:
            raise ValueError(f"the polygon crosses itself between corners {crossing[0] + 1} and {crossing[1] + 1}")
        if abs(_area(value)) < 1.0:
            raise ValueError("the polygon has an area of less than one square degree")
        return value


class ZoneSet(BaseModel):
    """All zones of a vehicle or a room."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    version: Literal[1] = Field(description="of the format")
    camera: CameraPlace = Field(default_factory=CameraPlace)
    zones: tuple[Zone, ...] = Field(min_length=1, max_length=64)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all zones, and of what lies in none."""
        return (*dict.fromkeys(zone.name for zone in self.zones), ELSEWHERE)

    def role(self, name: str) -> Role:
        """Of a zone by its name."""
        return next((zone.role for zone in self.zones if zone.name == name), "off")


@dataclass(frozen=True, slots=True)
class ZoneHit:
    """Where a gaze lies.

    Attributes:
        name, role: of the zone.
        margin_deg: from the nearest border of this zone, or of one that comes before it; < 0 where the gaze is beyond
            it and only held by the hysteresis.
    """

    name: str
    role: Role
    margin_deg: float


class ZoneFinder:
    """Zones with a memory of the last one."""

    def __init__(self, zones: ZoneSet, hysteresis_deg: float = 2.0) -> None:
        """
        Args:
            hysteresis_deg: how far beyond a border the gaze must be to leave a zone, >= 0.
        """
        self._zones = zones
        self._edges = tuple(_edges(zone.polygon) for zone in zones.zones)
        self._hysteresis_deg = hysteresis_deg
        self._last: int | None = None
        """Index of the zone; one more than the last is elsewhere."""

    def reset(self) -> None:
        """Forget the last zone."""
        self._last = None

    def step(self, yaw_deg: float, pitch_deg: float) -> ZoneHit:
        """The zone of a gaze."""
        zones, last = self._zones.zones, self._last
        # How far within the last zone, and how far within the deepest of those that were looked at.
        depth, before = -math.inf, -math.inf
        found, margin = len(zones), 0.0
        for index, edges in enumerate(self._edges):
            inside = _inside(edges, yaw_deg, pitch_deg)
            if index == last:
                depth = min(inside, -before)
            if inside >= 0.0 and found == len(zones):
                found, margin = index, min(inside, -before)
            before = max(before, inside)
            if found < len(zones) and (last is None or last <= index):
                break
        else:
            if found == len(zones):
                margin = -before
            if last == len(zones):
                depth = -before
        if last is not None and last != found and depth >= -self._hysteresis_deg:
            found, margin = last, depth
        self._last = found
        if found == len(zones):
            return ZoneHit(ELSEWHERE, "off", margin)
        return ZoneHit(zones[found].name, zones[found].role, margin)


def inside_deg(polygon: Sequence[Point], point: Point) -> float:
    """How far a point is from a polygon's border, in degrees: > 0 inside, < 0 outside."""
    return _inside(_edges(polygon), *point)


_Edge = tuple[float, float, float, float, float, float]
"""A corner x, y; the next one's y; the way there x, y; and that way's square."""


def _edges(polygon: Sequence[Point]) -> tuple[_Edge, ...]:
    found = []
    ax, ay = polygon[-1]
    for bx, by in polygon:
        ex, ey = bx - ax, by - ay
        found.append((ax, ay, by, ex, ey, ex * ex + ey * ey))
        ax, ay = bx, by
    return tuple(found)


def _inside(edges: Sequence[_Edge], x: float, y: float) -> float:
    nearest, is_inside = math.inf, False
    for ax, ay, by, ex, ey, square in edges:
        px, py = x - ax, y - ay
        along = (px * ex + py * ey) / square if square else 0.0
        along = 0.0 if along < 0.0 else 1.0 if along > 1.0 else along
        dx, dy = px - along * ex, py - along * ey
        away = dx * dx + dy * dy
        if away < nearest:
            nearest = away
        if (ay > y) != (by > y) and px < ex * py / ey:
            is_inside = not is_inside
    return math.sqrt(nearest) if is_inside else -math.sqrt(nearest)


def load_zones(source: str | Path) -> ZoneSet:
    """A set by its name, or of a file.

    Raises:
        ZonesError: it cannot be read, is no TOML, or says something wrong; all of that with line and column.
    """
    if isinstance(source, str) and source in READY:
        return _ready(source)
    path = Path(source)
    try:
        if path.exists() and not path.is_file():  # a pipe or a device may never end
            raise ZonesError(str(path), [(Place(1, 1), "is no file of zones")])
        if path.stat().st_size > LARGEST:
            raise ZonesError(str(path), [(Place(1, 1), f"larger than {LARGEST} bytes: no file of zones")])
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}; ready sets are {', '.join(READY)}"
        raise ZonesError(str(path), [(Place(1, 1), what)]) from error
    except UnicodeDecodeError as error:
        raise ZonesError(str(path), [(Place(1, 1), "is no text in UTF-8")]) from error
    return read_zones(text, str(path))


@lru_cache(maxsize=len(READY))
def _ready(name: str) -> ZoneSet:
    file = resources.files("pipeline.signals") / "zone_sets" / f"{name}.toml"
    return read_zones(file.read_text(encoding="utf-8"), f"{name}.toml")


def read_zones(text: str, file: str) -> ZoneSet:
    """The zones of a text.

    Args:
        file: its name, for errors.

    Raises:
        ZonesError: it is no TOML, or a key or value is wrong; all that was found is told.
    """
    try:
        places = TomlPlaces(text)
    except TomlError as error:
        raise ZonesError(file, [(error.place, f"no TOML: {error.what}")]) from error
    try:
        zones = ZoneSet.model_validate(places.data)
    except ValidationError as error:
        told = error.errors(include_url=False)
        # Of a list whose parts are all wrong it is also said that it is too short.
        deeper = {e["loc"][:depth] for e in told for depth in range(len(e["loc"]))}
        told = [e for e in told if e["loc"] not in deeper]
        raise ZonesError(file, [_problem(e, places) for e in told]) from error
    problems = list(_contradictions(zones, places))
    if problems:
        raise ZonesError(file, problems)
    return zones


def _problem(error: Mapping[str, Any], places: TomlPlaces) -> tuple[Place, str]:
    path: TomlPath = tuple(error["loc"])
    kind = error["type"]
    name = path[-1] if path else ""
    if kind == "extra_forbidden":
        model: type[BaseModel] = ZoneSet if len(path) == 1 else Zone if path[0] == "zones" else CameraPlace
        allowed = ", ".join(model.model_fields)
        return places.key(path), f"the key {name!r} is not known here; known are {allowed}"
    if kind == "missing":
        return places.key(path[:-1]), f"the key {name!r} is missing"
    if kind == "value_error":
        return places.value(path), f"{name}: {error['ctx']['error']}"
    if kind in ("too_short", "too_long"):
        bound = error["ctx"].get("min_length", error["ctx"].get("max_length"))
        what = "at least" if kind == "too_short" else "at most"
        return places.value(path), f"{name}: {what} {bound} were expected, found {error['ctx']['actual_length']}"
    words = error["msg"].replace("Input should", "must")
    return places.value(path), f"{name}: {words[:1].lower()}{words[1:]}, found {_short(error['input'])}"


def _short(value: Any) -> str:
    words = repr(value)
    return words if len(words) <= 60 else words[:57] + "..."


def _contradictions(zones: ZoneSet, places: TomlPlaces) -> list[tuple[Place, str]]:
    out, roles = [], dict[str, Role]()
    for index, zone in enumerate(zones.zones):
        if zone.name == ELSEWHERE:
            out.append((places.value(("zones", index, "name")), f"{ELSEWHERE!r} is what lies in no zone"))
        elif roles.setdefault(zone.name, zone.role) != zone.role:
            what = f"the zone {zone.name!r} was {roles[zone.name]!r} above and is {zone.role!r} here"
            out.append((places.value(("zones", index, "role")), what))
    if all(zone.role != "road" for zone in zones.zones):
        out.append((places.key(("zones", 0)), "no zone has the role 'road': nobody could ever be on the task"))
    return out


def _area(polygon: Sequence[Point]) -> float:
    return 0.5 * sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(polygon, (*polygon[1:], polygon[0]), strict=True))


def _crossing(polygon: Sequence[Point]) -> tuple[int, int] | None:
    """Two sides (by their first corners) that cross or touch without being neighbours."""
    count = len(polygon)
    for i in range(count):
        for j in range(i + 2, count):
            if i == 0 and j == count - 1:
                continue
            if _cross(polygon[i], polygon[i + 1], polygon[j], polygon[(j + 1) % count]):
                return i, j
    return None


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) <= 0.0 and side(c, d, a) * side(c, d, b) <= 0.0
