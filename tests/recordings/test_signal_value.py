"""A SignalValue is made quickly, and is what a frozen dataclass is: it cannot change, and can be compared."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.observation import SignalValue

values = st.builds(
    SignalValue,
    st.floats(allow_nan=False, allow_infinity=False),  # a signal is always a number
    st.text(max_size=5),
    st.floats(0, 1),
    st.text(max_size=5),
    label=st.text(max_size=5),
    source=st.text(max_size=5),
)


def test_what_is_left_out_is_empty() -> None:
    value = SignalValue(1.5, "deg", 0.5)

    assert (value.value, value.unit, value.confidence) == (1.5, "deg", 0.5)
    assert (value.reason, value.label, value.source) == ("", "", "")
    assert value.is_valid
    assert repr(value) == "SignalValue(value=1.5, unit='deg', confidence=0.5, reason='', label='', source='')"


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(SignalValue)])
def test_no_field_can_be_changed_or_taken_away(field: str) -> None:
    value = SignalValue(1.0, "s", 0.5, "why", "word", "thermal")

    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, field, "another")
    with pytest.raises(dataclasses.FrozenInstanceError):
        delattr(value, field)
    assert value == SignalValue(1.0, "s", 0.5, "why", "word", "thermal")


def test_a_value_without_unit_and_confidence_is_none() -> None:
    with pytest.raises(TypeError, match="unit"):
        SignalValue(1.0)  # type: ignore[call-arg]  # what is tested


@given(values, values)
def test_equal_are_those_whose_fields_are(one: SignalValue, other: SignalValue) -> None:
    fields = dataclasses.astuple(one)

    assert (one == other) == (fields == dataclasses.astuple(other))
    assert one == SignalValue(*fields)
    assert hash(one) == hash(SignalValue(*fields))
    assert one != fields


@given(values)
def test_copies_and_pickles_are_the_same(value: SignalValue) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(value, protocol))
        assert again == value
        assert type(again) is SignalValue
    assert copy.copy(value) == copy.deepcopy(value) == value
    assert dataclasses.replace(value, label="another") == SignalValue(
        value.value, value.unit, value.confidence, value.reason, "another", value.source
    )
    assert SignalValue.from_json(value.to_json()) == value
