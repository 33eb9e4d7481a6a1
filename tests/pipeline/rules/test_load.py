"""A file of rules that is wrong is told with line, column, what was found, and what was probably meant."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.rules.errors import RulesError
from pipeline.rules.load import LARGEST, READY, RuleSet, read_rules
from pipeline.rules.words import TEXTS

HEAD = 'name = "mine"\n'
RULE = '[[rule]]\nname = "a"\ntext = "It happens"\nseverity = "warning"\n'
GOOD = HEAD + RULE + 'when = { signal = "perclos", above = 0.15 }\n'


def told(text: str, zones: tuple[str, ...] | None = None) -> str:
    """What is said of a file that must be refused."""
    with pytest.raises(RulesError) as caught:
        read_rules(text, "my.toml", zones)
    return str(caught.value)


def rule(condition: str, more: str = "", head: str = HEAD) -> str:
    return head + RULE + condition + "\n" + more


@pytest.mark.parametrize("name", READY)
def test_the_ready_sets_are_whole(name: str) -> None:
    rules = RuleSet.load(name, zones=()).rules
    assert rules.name == name
    assert len(rules.rule) >= 9


def test_the_sentences_that_can_be_translated_are_those_of_the_sets() -> None:
    texts = [one.text for name in READY for one in RuleSet.load(name).rules.rule]
    assert list(dict.fromkeys(texts)) == list(TEXTS)


def test_a_good_file_is_read() -> None:
    rules = read_rules(GOOD, "my.toml")
    assert rules.rule[0].when is not None
    assert rules.rule[0].when.above == 0.15


def test_an_unknown_signal_is_told_with_the_nearest_name() -> None:
    words = told(rule('when = { signal = "perclose", above = 0.15 }'))
    assert words == "my.toml:6:19: there is no signal 'perclose'; did you mean perclos?"


def test_another_word_for_a_signal_leads_to_its_name() -> None:
    assert "did you mean faces?" in told(rule('when = { signal = "people", above = 2 }'))


def test_a_signal_far_from_any_is_told_with_all_names() -> None:
    assert "the signals are eye_openness_right" in told(rule('when = { signal = "zzz", above = 2 }'))


def test_an_unknown_key_is_told_with_the_nearest() -> None:
    words = told(rule('when = { signal = "perclos", abov = 0.2 }'))
    assert "my.toml:6:30: there is no key 'abov'; did you mean above?" in words


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_file() -> None:
    words = told(HEAD + '[[rule]]\nname = "A B"\nseverity = "urgent"\nfor_s = -1\n').splitlines()
    assert [line.split(": ")[0] for line in words] == ["my.toml:2:3", "my.toml:3:8", "my.toml:4:12", "my.toml:5:9"]
    assert "'text' is missing" in words[0]
    assert "found 'A B'" in words[1]
    assert "'notice', 'warning' or 'alarm', found 'urgent'" in words[2]
    assert "must be greater than or equal to 0, found -1" in words[3]


def test_what_is_no_toml_is_told_with_its_place() -> None:
    assert told("name = \n").startswith("my.toml:1:8: no TOML: ")


def test_two_rules_of_one_name_are_an_error() -> None:
    again = RULE + 'when = { signal = "yawn", above = 0.5 }\n'
    assert "my.toml:8:8: a rule 'a' is there before" in told(GOOD + again)


@pytest.mark.parametrize(
    ("condition", "there", "words"),
    [
        ('{ signal = "perclos", above = 0.1, clear_below = 0.2 }', "0.2", "clear_below must not be greater"),
        ('{ signal = "distance", below = 3, clear_above = 2 }', "2", "clear_above must not be less"),
        ('{ signal = "perclos", clear_below = 0.2, equals = 1 }', "0.2", "belongs to above or at_least"),
        ('{ signal = "perclos", above = 15 }', "15", "lies in 0 to 1, found 15"),
        ('{ signal = "perclos", above = 1 }', "1", "lies in 0 to 1, found 1"),
        ('{ signal = "perclos", above = 0.5, below = 0.4 }', "0.4", "the limits are crossed"),
        ('{ signal = "perclos", above = 0.5, at_least = 0.4 }', "0.4", "one of them is enough"),
        ('{ signal = "perclos", above = 0.5, clear_below = 0 }', "0 }", "it would never end"),
        ('{ signal = "perclos", equals = 0.5, above = 0.4 }', "0.5", "one of them is enough"),
        ('{ signal = "perclos" }', "{", "compared with nothing"),
        ('{ signal = "perclos", label = "mask" }', '"mask"', "a number without a word"),
        ('{ signal = "face_covered", label = "maks" }', '"maks"', "did you mean mask?"),
        ('{ signal = "face_covered", label = ["mask"], not_label = "mask" }', '"mask" }', "stands in label and in"),
        ('{ signal = "perclos", above = nan }', "nan", "finite"),
        ('{ signal = "perclos", above = true }', "true", "must be a number"),
        ('{ signal = "perclos", above = 0.1, min_confidence = 2 }', "2", "less than or equal to 1"),
        ("3", "3", "must be a table"),
    ],
)
def test_a_condition_that_contradicts_itself_is_told(condition: str, there: str, words: str) -> None:
    line = "when = " + condition
    found = told(rule(line))
    assert found.startswith(f"my.toml:6:{line.index(there) + 1}: "), found
    assert words in found


def test_limits_that_never_hold_together_are_told() -> None:
    text = 'all = [\n  { signal = "distance", above = 5 },\n  { signal = "distance", below = 3 },\n]'
    assert "my.toml:8:3: no distance is greater than 5 and less than 3 at once" in told(rule(text))


def test_a_zone_that_no_set_of_zones_has_is_told() -> None:
    text = rule('when = { signal = "gaze_zone", label = "raod" }')
    assert "my.toml:6:40: gaze_zone is never 'raod'; did you mean road?" in told(text, ("road", "lap"))
    assert "its words are lap, road" in told(text.replace("raod", "zzz"), ("road", "lap"))
    assert read_rules(text, "my.toml").rule  # nobody knows the zones


def test_a_rule_has_one_condition() -> None:
    assert "my.toml:2:3: it has no condition" in told(HEAD + RULE)
    both = 'when = { signal = "yawn", above = 0.5 }\nany = [{ signal = "perclos", above = 0.5 }]'
    assert "my.toml:7:7: when and any are both given" in told(rule(both))


def test_a_rule_for_the_scene_asks_for_no_face() -> None:
    assert "distance is said of each face" in told(rule('per = "scene"\nwhen = { signal = "distance", below = 2 }'))


TIERED = rule(
    'when = { signal = "off_road_s", above = 3.5 }\nfor_s = 1.0',
    "[[rule.tier]]\ncontext = { speed_kmh = { below = 50 } }\n",
    head=HEAD + 'context = ["speed_kmh"]\n',
)


@pytest.mark.parametrize(
    ("tier", "place", "words"),
    [
        ('when = { signal = "off_road_s", above = 2 }', "11:41", "the tier begins at 2 already, the rule at 3.5"),
        ("for_s = 0.5", "11:9", "must be the strictest"),
        ('severity = "alarm"', "11:12", "must be the strictest"),
        ("", "9:8", "the tier changes nothing"),
        ("off = true\nfor_s = 5", "12:9", "the rule is off in this tier"),
    ],
)
def test_a_tier_is_never_stricter_than_what_counts_where_the_context_is_unknown(
    tier: str, place: str, words: str
) -> None:
    found = told(TIERED + tier)
    assert found.startswith(f"my.toml:{place}: "), found
    assert words in found


def test_a_series_that_the_file_does_not_name_is_told() -> None:
    text = TIERED.replace("{ speed_kmh =", "{ speed_kph =") + "for_s = 2"
    assert "the file does not name a series 'speed_kph'; did you mean speed_kmh?" in told(text)
    assert "no tier asks for the series 'speed_kmh'" in told(text)


def test_a_range_that_nothing_fits_is_told() -> None:
    text = TIERED.replace("{ below = 50 }", "{ below = 50, above = 60 }") + "for_s = 2"
    assert "my.toml:10:25: nothing is greater than 60 and less than 50" in told(text)
    assert "it has no range" in told(TIERED.replace("{ below = 50 }", "{}") + "for_s = 2")


def test_no_file_may_ask_for_less_valid_time() -> None:
    assert "min_valid_share: must be greater than or equal to 0.7" in told("min_valid_share = 0.5\n" + GOOD)


@given(st.text(max_size=60), st.integers(0, len(GOOD)))
def test_whatever_stands_in_a_file_it_is_read_or_refused(junk: str, at: int) -> None:
    with contextlib.suppress(RulesError):
        read_rules(GOOD[:at] + junk + GOOD[at:], "my.toml")


# -- files ---------------------------------------------------------------------------------------------------------


def write(path: Path, text: str) -> None:
    """As an editor does: with a time that is later than that of the text before."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8")
    if before:
        os.utime(path, ns=(before + 10**9, before + 10**9))


def test_a_file_that_is_not_there_is_told_with_the_nearest_ready_set(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean the ready set in-car"):
        RuleSet.load("incar")
    with pytest.raises(ConfigError, match="ready sets are in-car, night-watch"):
        RuleSet.load(tmp_path / "qqq")


def test_a_folder_a_huge_file_and_one_that_is_no_text_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read"):
        RuleSet.load(tmp_path)
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(ConfigError, match="at most"):
        RuleSet.load(huge)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'name = "a"\ntext = "caf\xe9"\n')
    with pytest.raises(ConfigError, match=r"latin.toml:2:12: no UTF-8"):
        RuleSet.load(latin)


@pytest.mark.parametrize("number", ["1" + 5000 * "0", "0x" + 5000 * "f"])
def test_a_number_of_thousands_of_digits_is_told(number: str) -> None:
    assert "my.toml:1:18: no TOML: " in told(f"min_confidence = {number}\n" + GOOD)


def test_a_name_that_no_disk_takes_is_told() -> None:
    with pytest.raises(ConfigError, match="cannot read the rules") as caught:
        RuleSet.load("a" * 5000)
    assert len(str(caught.value)) < 300
    with pytest.raises(ConfigError):
        RuleSet.load("a\0b")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with a name")
def test_a_pipe_and_a_device_are_refused_at_once_also_where_a_file_becomes_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(ConfigError, match="no regular file"):
            RuleSet.load(path)
    path = tmp_path / "my.toml"
    write(path, GOOD)
    rules = RuleSet.load(path)
    pipe.replace(path)
    assert not rules.reload_if_changed()
    assert "no regular file" in rules.problem
    assert rules.rules.rule


def test_a_file_that_grows_while_it_is_read_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(b"#" * (3 * LARGEST))
    monkeypatch.setattr("pipeline.rules.load._stamp", lambda _: (1, 1, 1))  # it was small a moment ago
    with pytest.raises(ConfigError, match=f"has {LARGEST + 1} bytes"):
        RuleSet.load(path)


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    write(path, GOOD)
    rules = RuleSet.load(path)
    assert not rules.reload_if_changed()
    write(path, GOOD.replace("0.15", "0.25"))
    assert rules.reload_if_changed()
    assert rules.rules.rule[0].when is not None
    assert rules.rules.rule[0].when.above == 0.25
    assert not rules.reload_if_changed()


def test_a_file_of_the_same_time_and_size_is_read_again_while_it_is_young(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    write(path, GOOD)
    rules = RuleSet.load(path)
    stamp = path.stat().st_mtime_ns
    path.write_text(GOOD.replace("0.15", "0.25"), encoding="utf-8")
    os.utime(path, ns=(stamp, stamp))
    assert rules.reload_if_changed()


def test_a_file_that_was_only_touched_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    write(path, GOOD)
    rules = RuleSet.load(path)
    before = rules.rules
    write(path, "# a comment\n" + GOOD)
    assert not rules.reload_if_changed()
    assert rules.rules is before


def test_a_broken_file_leaves_the_rules_as_they_are_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    write(path, GOOD)
    rules = RuleSet.load(path)
    before = rules.rules
    write(path, GOOD.replace("perclos", "perclose"))
    assert not rules.reload_if_changed()
    assert rules.rules is before
    assert "my.toml:6:19: there is no signal 'perclose'" in rules.problem
    write(path, GOOD)
    assert not rules.reload_if_changed()
    assert rules.problem == ""


def test_a_file_that_goes_and_comes_back_is_told_and_read(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    write(path, GOOD)
    rules = RuleSet.load(path)
    path.unlink()
    assert not rules.reload_if_changed()
    assert "No such file" in rules.problem
    write(path, GOOD.replace("0.15", "0.3"))
    assert rules.reload_if_changed()
    assert rules.problem == ""


def test_a_ready_set_never_changes() -> None:
    assert not RuleSet.load("in-car").reload_if_changed()


@pytest.mark.parametrize("wrong", ["[5]", "5", "[0, 0]", "[-1, 2]", "[true, 2]", '["a", 2]', "[601, 0]", "[1, 2, 3]"])
def test_seconds_of_a_clip_that_are_none_are_told_with_their_place(wrong: str) -> None:
    text = f'name = "a"\n[[rule]]\nname = "x"\ntext = "t"\nseverity = "alarm"\nclip_s = {wrong}\n'
    with pytest.raises(RulesError, match=r"a\.toml:6:\d+: .*must be seconds before and after"):
        read_rules(text + 'when = { signal = "distance", below = 1.0 }\n', "a.toml")


@pytest.mark.parametrize("name", READY)
def test_the_alarms_of_the_ready_sets_want_a_clip_and_nothing_else_does(name: str) -> None:
    for rule in RuleSet.load(name).rules.rule:
        assert (rule.clip_s is not None) == (rule.severity == "alarm"), rule.name
