"""Values of attributes that a card or a playbook names and no account has: likely misspelt."""

from include.doctor import work
from include.pipeline.named_values import values_of_nobody
from include.scoring.deck import Deck
from include.scoring.scorecard import parse_scorecard
from include.warehouse.database import transaction
from tests.database.histories.conftest import EVENTS, card_text, shop

__all__ = ["shop"]
SEGMENTS = """
insert into core.account_attribute (account_id, attribute, valid_from, valid_to, value, origin)
select account_id, 'segment', timestamptz '2025-10-01', null::timestamptz, segment, 'vendor'
from core.account
union all select 1, 'segment', '2025-09-01', timestamptz '2025-10-01', 'Gone', 'vendor'
"""
PLAYBOOK = """
name: calls
version: 1
title: Call them
owner: Nobody
outcome: retention
group: care
priority: 1
reopens_after: 90
when: { band: [red], attribute: { segment: [Enterprize, Mid] } }
closes: { band: [green], for_days: 1, after_days: 60 }
steps: [{ title: Call, text: Call., owner: account_owner, due_days: 2 }]
"""


def deck_for(shop, *segments):
    head = f"name: some\napplies_to: {{ segment: [{', '.join(segments)}] }}"
    some = parse_scorecard(card_text(1, events=EVENTS).replace("name: plain", head), "some")
    return Deck((some, *shop.job.cards))


def said(shop, deck, **settings):
    with transaction(shop.engine) as connection:
        changed = shop.job.settings.model_copy(update={"playbooks": (), **settings})
        return values_of_nobody(connection, changed, deck)


def test_a_value_that_no_account_has_now_is_named_with_the_nearest(shop):
    shop.execute(SEGMENTS)
    assert said(shop, deck_for(shop, "Enterprise", "Mid")) == []
    assert said(shop, deck_for(shop, "Enterprize")) == [
        'some.v1 names the segment "Enterprize", which no account has; did you mean "Enterprise"?'
    ]
    assert said(shop, deck_for(shop, "Gone")) == [
        'some.v1 names the segment "Gone", which no account has; valid here: Mid, Enterprise.'
    ]


def test_an_attribute_that_no_account_has_is_said_so(shop):
    assert said(shop, deck_for(shop, "Mid")) == [
        'some.v1 names the segment "Mid", which no account has; no account has any segment.'
    ]


def test_a_playbook_is_looked_at_too(shop, tmp_path):
    shop.execute(SEGMENTS)
    path = tmp_path / "calls.v1.yaml"
    path.write_text(PLAYBOOK)
    (words,) = said(shop, shop.job.deck, playbooks=(path,))
    assert words.startswith('calls.v1 names the segment "Enterprize", which no account has; did')


def test_the_doctor_has_a_line_for_each(shop):
    shop.execute(SEGMENTS)
    settings = shop.job.settings.model_copy(update={"playbooks": ()})
    with transaction(shop.engine) as connection:
        (good,) = work.values(connection, settings, shop.job.deck)
        (look,) = work.values(connection, settings, deck_for(shop, "Enterprize"))
    assert (good.state, look.state) == ("good", "look")
    assert "applies to nobody" in look.words
