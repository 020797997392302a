"""A small world whose scorecard asks for attributes, the month of term, rules and a policy."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from include.pipeline.job import Job
from include.pipeline.verify import verify
from include.scoring.scorecard import load_scorecard
from include.settings import load_settings
from include.warehouse.database import transaction
from tests.database.histories.conftest import Shop

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 12)
ACCOUNTS = 12
CARD = """
name: ruled
version: 1
title: Ruled <b>& shown</b>
outcome: retention
charter: [adopt]
owner: Nobody
approvers: [Nobody]
min_coverage: 0.2
bands:
  - { name: red, from: 0, colour: "#c62828", action: Act. }
  - { name: yellow, from: 50, colour: "#f9a825", action: Look. }
  - { name: green, from: 75, colour: "#2e7d32", action: Wait. }
categories:
  - name: use
    weight: 2
    measures:
      - name: events
        label: Events in a week
        weight: 3
        unit: events
        why: For the test.
        good: the target or more
        reading: { op: sum, series: events, window: 7 }
        target:
          default: 20
          by: segment
          values: { Enterprise: 40, Small: 10 }
          months: [[1, 0.25], [4, 1]]
        curve: [[0, 0], [1, 80], [2, 100]]
      - name: pulse
        label: Pulse
        weight: 1
        unit: level
        why: For the test.
        good: 3 or more
        reading: { op: latest, series: pulse, max_age: 1 }
        when_unknown: { carry_days: 4 }
        beside: [answers]
        curve: [[1, 0], [4, 100]]
      - name: answers
        label: Answers
        weight: 0
        unit: answers
        why: For the test.
        good: many
        reading: { op: sum, series: ratings_answered, window: 90 }
        curve: [[0, 0], [10, 100]]
  - name: help
    weight: 1
    measures:
      - name: tickets
        label: Tickets
        weight: 1
        unit: tickets
        why: For the test.
        good: none
        reading: { op: sum, series: tickets_opened, window: 7 }
        when_unknown: { neutral: 60 }
        curve: [[0, 100], [9, 0]]
rules:
  - name: no_review
    kind: penalty
    why: Nobody met the sponsor for long.
    factor: 0.8
    when:
      - { measure: events, below: 30, by: segment, values: { Small: 5 } }
  - name: loud_and_quiet
    kind: cap
    why: Many tickets outweigh much use.
    at: 70
    when:
      - { measure: tickets, at_least: 6 }
  - name: watched
    kind: red
    why: The account is on the watch list.
    to: 20
    when:
      - { attribute: tier, is: [watch] }
  - name: look
    kind: flag
    why: Nobody set a pulse.
    when:
      - { measure: pulse, at_most: 2 }
    follow_up: Ask the CSM.
    owner: CSM
    within_days: 5
overrides: { allow_raising: true, raise_needs_second: false }
"""
FACTS = """
insert into core.account (source, source_account_id, name, lifecycle, created_at)
select 'hubspot', (1000 + n)::text, 'Company <' || n || '>', 'customer', '2025-10-01'
from generate_series(1, {accounts}) as n order by n;
insert into core.term (account_id, term_no, first_day, origin, spans)
select account_id, 1, date '2025-12-31' - account_id, 'lifecycle',
    datemultirange(daterange(date '2025-12-31' - account_id, null))
from core.account;
insert into core.account_attribute (account_id, attribute, valid_from, value, origin)
select account_id, 'segment', '2025-10-01',
    (array['Enterprise', 'Mid', 'Small'])[account_id % 3 + 1], 'vendor'
from core.account where account_id <= {accounts} - 2;
insert into health.known_from (account_id, role, day)
select account_id, role, date '2026-01-01'
from core.account, unnest(array['crm', 'usage', 'support']) as role
where role != 'support' or account_id % 4 > 0;
insert into health.account_day (series_id, account_id, day, value)
select series.series_id, account.account_id, day::date,
    case series.name when 'pulse' then 1 + (account.account_id + day::date - date '2026-01-01') % 4
    else 1 + (account.account_id * 7 + (day::date - date '2026-01-01') * 3) % 9 end
from core.account
cross join generate_series(date '2026-02-20', date '2026-03-12', interval '1 day') as day
inner join health.series on series.name in ('events', 'tickets_opened', 'pulse')
where (account.account_id * 5 + (day::date - date '2026-01-01') * 2) % 7 < case series.name
    when 'events' then 5 else 2 end;
"""
ATTRIBUTE = """
insert into core.account_attribute (account_id, attribute, valid_from, valid_to, value, origin)
values (:account, :attribute, :since, :until, :value, 'vendor')
"""


class World(Shop):
    """The verbs of `Shop`, and what people change between two days."""

    @property
    def card(self):
        return self.job.cards[0]

    def backfill(self, first, last=None, *, card="ruled.v1", **asked):
        return super().backfill(first, last, card=card, **asked)

    def verify(self, first=FIRST, last=LAST, **only):
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return verify(self.job, days, **only)

    def becomes(self, attribute, value, *, account=1, since=date(2025, 11, 1)):
        """Enter that from the start of a day (UTC) on an attribute has a value."""
        self.execute(
            "update core.account_attribute set valid_to = :since where account_id = :account"
            " and attribute = :attribute and valid_to is null",
            account=account, attribute=attribute, since=since,
        )  # fmt: skip
        self.execute(
            ATTRIBUTE, account=account, attribute=attribute, since=since, until=None, value=value
        )

    def snapshot(self, account, day, columns, basis="live"):
        (row,) = self.rows(
            f"select {columns} from health.snapshot where account_id = :account and as_of = :day"
            " and basis = :basis order by revision desc limit 1",
            account=account, day=day, basis=basis,
        )  # fmt: skip
        return row


@pytest.fixture
def world(store, tmp_path) -> World:
    """Twelve customers, the last two without a segment, on one card with rules."""
    with transaction(store) as connection:
        connection.execute(text(FACTS.format(accounts=ACCOUNTS)))
    path = tmp_path / "ruled.v1.yaml"
    path.write_text(CARD)
    settings = load_settings().model_copy(update={"history_days": 0})
    return World(Job(store, settings, (load_scorecard(path),)), tmp_path)
