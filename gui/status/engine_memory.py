"""What the operator chose to run each model on, from one start to the next. No Qt here."""

from __future__ import annotations

from engines.errors import PolicyError
from engines.policy import parse_policy
from gui.settings import Settings

PREFIX = "engines.model."
"""Behind it the model's name; the value is a wish as a policy spells it, such as ``openvino:int8``."""

_LONGEST = 40


class EngineMemory:
    """Model -> what is to run it. What makes no sense is told by :meth:`problem` and never used."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def of(self, model: str) -> str:
        """What is remembered and can be asked for; empty where nothing is."""
        value = self._settings.get(PREFIX + model)
        return value if isinstance(value, str) and not self.problem(model) else ""

    def problem(self, model: str) -> str:
        """Why what is remembered cannot be asked for; empty where it can, or nothing is."""
        value = self._settings.get(PREFIX + model)
        if value is None:
            return ""
        if not isinstance(value, str) or not value:
            return f"{str(value)[:_LONGEST]!r}"
        try:
            one = len(parse_policy(value).wishes) == 1 and " " not in value
        except PolicyError as error:
            return str(error)
        return "" if one else f"{value[:_LONGEST]!r}"

    def is_there(self, model: str) -> bool:
        """Whether anything is remembered, be it nonsense."""
        return self._settings.get(PREFIX + model) is not None

    def keep(self, model: str, wish: str) -> None:
        """Remember it; nothing takes it away."""
        if wish:
            self._settings.set(PREFIX + model, wish)
        else:
            self._settings.forget(PREFIX + model)
