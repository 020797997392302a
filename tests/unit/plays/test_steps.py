"""What a step says, who does it, and by when."""

from datetime import date

import pytest

from include.errors import FixConfig
from include.play_settings import Plays
from include.plays.due import due_on
from include.plays.fit import Surroundings, check_fit
from include.plays.playbook import Step
from include.plays.roles import NOBODY, Person, person_for
from include.plays.texts import Values, fill
from include.scoring.scorecard import load_scorecard
from include.settings import ROOT, load_settings, parse_settings

ANN = Person("11", "Ann", "Ann@example.com")
BOSS = Person("12", "Bo", "bo@example.com")
PLAYS = Plays(
    roles={"csm": "account_owner", "lead": "owners_manager", "desk": "Desk@example.com"},
    managers={"Bo@example.com": ("ann@example.com",)},
)
FRIDAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("due_days", "counted", "day"),
    [
        (0, "working", FRIDAY),
        (1, "working", date(2026, 3, 9)),
        (5, "working", date(2026, 3, 13)),
        (6, "working", date(2026, 3, 16)),
        (1, "calendar", date(2026, 3, 7)),
    ],
)
def test_001_25_a_step_is_due_after_working_or_calendar_days(due_days, counted, day):
    step = Step(title="a", text="b", owner="csm", due_days=due_days, counted=counted)
    assert due_on(step, FRIDAY) == day


def test_no_working_days_from_a_saturday_is_the_monday_after():
    step = Step(title="a", text="b", owner="csm", due_days=0)
    assert due_on(step, date(2026, 3, 7)) == date(2026, 3, 9)


def test_a_text_is_filled_with_what_is_known_and_says_what_is_not():
    text = "{name}: {score}. {reason} {next_step} {renewal_date} {{as is}}"
    known = Values("Kite {score}", 61.25, "Use fell.", "Train them.", date(2026, 9, 1))
    assert fill(text, known) == "Kite {score}: 61.2. Use fell. Train them. 2026-09-01 {as is}"
    said = fill(text, Values(None, None, None, None, None))
    assert said.startswith("this account: unknown. No reason is known.")
    assert "None" not in said


def test_roles_find_the_owner_their_manager_and_a_named_person():
    people = {"bo@example.com": BOSS}
    assert person_for("csm", ANN, PLAYS, people) == ANN
    assert person_for("lead", ANN, PLAYS, people) == BOSS
    assert person_for("desk", ANN, PLAYS, people) == Person(None, None, "desk@example.com")
    assert person_for("lead", NOBODY, PLAYS, people) == NOBODY


def test_playbooks_that_name_what_is_not_there_are_refused_with_the_nearest_name(playbook):
    card = load_scorecard(ROOT / "scorecards/retention.v1.yaml")
    around = Surroundings({"retention": (card,)}, {"csm"}, {"segment"})
    check_fit([playbook(when={"band": ("red",)})], around)
    wrong = playbook(
        when={"band": ("rad",), "driver": ("csm_puls",), "attribute": {"segmnt": ("a",)}},
        steps=({"title": "a", "text": "b", "owner": "csn", "due_days": 1},),
    )
    with pytest.raises(FixConfig) as told:
        check_fit([wrong], around)
    for said in (
        'rescue.v1, when.band: there is no band "rad"; did you mean "red"?',
        'when.driver: there is no measure "csm_puls"; did you mean "csm_pulse"?',
        'when.attribute: there is no attribute "segmnt"; did you mean "segment"?',
        'steps[0].owner: there is no role of health.yaml "csn"; did you mean "csm"?',
    ):
        assert said in str(told.value)
    with pytest.raises(FixConfig, match="rescue is named in two versions"):
        check_fit([playbook(), playbook(version=2)], around)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("plays: {roles: {csm: owner}}", "a role is account_owner, owners_manager or an e-mail"),
        ("plays: {rols: {}}", "did you mean roles"),
        ("plays: {managers: {boss: [a@example.com]}}", "boss is no e-mail address"),
    ],
)
def test_settings_of_plays_are_told_what_is_wrong(line, said):
    text = (ROOT / "health.yaml").read_text()
    start, end = text.index("plays:\n"), text.index("history_days")
    with pytest.raises(FixConfig, match=said):
        parse_settings(text[:start] + line + "\n" + text[end:], where="health.yaml")


def test_the_settings_that_come_along_name_playbooks_that_fit():
    from include.pipeline.job import read_deck
    from include.pipeline.playbooks import read_playbooks

    settings = load_settings(ROOT / "health.yaml")
    assert len(read_playbooks(settings, read_deck(settings))) == len(settings.playbooks) > 3
