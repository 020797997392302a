"""What a person sees of a score with targets, rules, a carried reading and an override."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from include.reports.receipt import make_receipt
from include.shown import receipt_page
from include.warehouse.database import transaction
from tests.database.scores.circumstances.conftest import FIRST

ROOT = Path(__file__).parents[4]
EVIL = "\"'><script>alert(1)</script> ]]> \x1b[31m\u202e" + "y" * 20_000
OVERRIDE = """
insert into health.override (account_id, to_score, reason, evidence, author, second_person,
    valid_from, valid_to, entered_at)
values (:account, 9.5, 'outage', :evidence, :author, 'Ben', '2026-03-01', '2026-03-31',
    '2026-02-01')
"""


def receipt_of(world, account, day=FIRST):
    with transaction(world.engine) as connection:
        entered = str(1000 + account)
        return make_receipt(world.job, connection, entered=entered, day=day, labels=["ruled.v1"])


class Seen(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.words, self.tags, self.attributes = "", [], []
        self.feed(text)

    def handle_data(self, data):
        self.words += data

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


def printed(world, *arguments):
    address = world.engine.url.render_as_string(hide_password=False)
    settings = world.folder / "health.yaml"
    cards = f"[{world.folder / 'ruled.v1.yaml'}]"
    plain = (ROOT / "health.yaml").read_text()
    settings.write_text(re.sub(r"(?m)^scorecards: \[.*\]", f"scorecards: {cards}", plain))
    environment = {
        "PYTHONPATH": str(ROOT), "HEALTH_SETTINGS": str(settings), "HEALTH_DATABASE_URL": address
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", "from include.cli import main; main()", *map(str, arguments)],
        env=os.environ | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_receipt_names_targets_policies_rules_flags_and_who_overrode(world):
    for day in (FIRST, FIRST + timedelta(days=1)):
        world.run(day)
    world.execute(OVERRIDE, account=6, evidence="They were down for a week.", author="Ann")
    for day in (FIRST, FIRST + timedelta(days=1)):
        world.run(day, run_id=f"again {day}")
    found = receipt_of(world, 6, FIRST + timedelta(days=1)).explanation
    use, helped = found.categories
    events, pulse, answers = use.measures
    assert (events.target, found.attributes, found.month) == (30.0, {"segment": "Enterprise"}, 3)
    assert events.of_target == pytest.approx(events.reading / 30)
    assert pulse.policy == "the last reading holds for 4 days more"
    assert [one.name for one in pulse.beside] == ["answers"]
    assert answers.weight == 0
    assert helped.measures[0].policy == "60 points, which count as unknown"
    kinds = [step.kind for step in found.steps]
    assert kinds == ["penalty", "override"]
    assert [step.does for step in found.steps] == ["score x 0.8, 20 % off the top", "at most 9.5"]
    assert found.steps[0].before == found.base
    assert [step.before for step in found.steps[1:]] == [step.after for step in found.steps[:-1]]
    assert found.steps[-1].after == found.score == 9.5
    assert [rule.not_known for rule in found.undecided if rule.name == "watched"] == [("tier",)]
    given = sum(round(part.contributed * 10**9) for part in found.categories)
    assert given == round(found.base * 10**9)


def test_a_carried_reading_says_from_when_and_a_neutral_one_what_it_is_worth(world):
    days = [FIRST + timedelta(days=n) for n in range(4)]
    for day in days:
        world.run(day)
    (account, age), *_ = world.rows(
        "select account_id, (carried ->> 'pulse')::int from health.reading"
        " where carried is not null and as_of = :day order by 2 desc, 1",
        day=days[-1],
    )
    pulse = receipt_of(world, account, days[-1]).explanation.categories[0].measures[1]
    assert pulse.carried_days == age
    since = days[-1] - timedelta(days=age)
    assert pulse.policy_used == (
        f"carried forward: the reading of {since} is {age} day{'s' * (age > 1)} old"
    )
    tickets = receipt_of(world, 4, days[-1]).explanation.categories[1].measures[0]
    assert (tickets.reading, tickets.points) == (None, 60)
    assert tickets.policy_used == "60 points, which count as unknown"
    assert tickets.unknown_because


def test_a_target_that_cannot_be_known_says_why(world):
    world.run(FIRST)
    events = receipt_of(world, 12).explanation.categories[0].measures[0]
    assert (events.reading is None, events.points, events.target) == (False, None, None)
    assert events.unknown_because == (
        "its target depends on the account's segment, which is not known"
    )


def test_whatever_people_wrote_the_page_shows_as_text_and_stays_small(world):
    world.becomes("tier", EVIL, account=6)
    world.becomes("segment", EVIL, account=7)
    world.execute(OVERRIDE, account=6, evidence=EVIL, author=EVIL)
    world.run(FIRST)
    for account in (6, 7):
        text = receipt_page.page(receipt_of(world, account))
        seen = Seen(text)
        assert "<script>alert(1)</script>" in seen.words
        assert not {"script", "img", "link", "iframe", "form"} & set(seen.tags)
        assert not [name for name, _ in seen.attributes if name.startswith("on")]
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert len(text) < 120_000
    said = Seen(receipt_page.page(receipt_of(world, 6))).words
    for words in ("From base to score", "holds until 2026-03-31", "Ruled <b>"):
        assert words in said
    assert "Undecided rules" in Seen(receipt_page.page(receipt_of(world, 7))).words


def test_the_commands_print_steps_rules_flags_and_all_of_a_long_value_as_json(world):
    world.becomes("tier", "watch", account=6)
    world.becomes("segment", EVIL, account=7)
    world.execute(OVERRIDE, account=6, evidence=EVIL, author="Ann")
    world.run(FIRST)
    text = " ".join(printed(world, "receipt", 1006, FIRST, "--scorecard", "ruled.v1").split())
    for words in (
        "From base to score", "watched (red) hard red: score at most 20",
        "override (override) at most 9.5",
        "Ann, with Ben for outage; holds until 2026-03-31", "the target is 30, of which it is",
        "tier watch", "Flags", "Ask the CSM. CSM, by 2026-03-06",
        "the same to the last bit",
    ):  # fmt: skip
        assert words in text
    assert "\x1b" not in text
    explained = printed(world, "explain", 1007, "--as-of", FIRST)
    assert "\u202e" not in explained
    assert len(explained) < 10_000
    found = json.loads(printed(world, "explain", 1007, "--as-of", FIRST, "--json"))
    assert found["explanation"]["attributes"]["segment"] == EVIL
    assert found["context"]["attributes"]["segment"] == EVIL
    taken = json.loads(printed(world, "receipt", 1006, FIRST, "--scorecard", "ruled.v1", "--json"))
    assert taken["override"]["evidence"] == EVIL
    assert taken["explanation"]["steps"][-1]["after"] == 9.5
    assert taken["comes_out_the_same"] is True
    assert "9.5" in printed(world, "path", 1006, "--as-of", FIRST)
