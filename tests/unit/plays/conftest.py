"""Playbooks and accounts that tests bend one thing of."""

from datetime import date

import pytest

from include.plays.matching import Plan, Standing
from include.plays.playbook import Closes, Playbook, parse_playbook

TEXT = """
name: rescue
version: 1
title: Bring it back
owner: CS Ops
outcome: retention
group: care
priority: 1
when: { band: [red] }
closes: { band: [green], for_days: 3 }
reopens_after: 10
steps:
  - { title: "Call {name}", text: "Why {score}?", owner: csm, due_days: 3 }
"""


@pytest.fixture
def text():
    return TEXT


@pytest.fixture
def playbook():
    """Make the playbook of TEXT with keys changed; when, closes as mappings."""

    def make(**changes):
        plain = parse_playbook(TEXT, "rescue").model_dump(exclude_unset=True)
        return Playbook.model_validate(plain | changes)

    return make


@pytest.fixture
def standing():
    """Make an account that is red, and bend it."""

    def make(account_id=1, score=40.0, band="red", **changes):
        known = {"change": {}, "drivers": (), "flags": frozenset(), "attributes": {}} | changes
        return Standing(account_id, score, band, **known)

    return make


@pytest.fixture
def plan():
    """Make an open plan of account 1 by rescue, and bend it."""

    def make(play_id=7, opened_on=date(2026, 3, 1), **changes):
        known = {"account_id": 1, "playbook": "rescue", "group": "care", "priority": 1}
        closes = Closes(band=("green",), for_days=3)
        return Plan(play_id, **(known | {"closes": closes, "opened_on": opened_on} | changes))

    return make
