"""Overrides that people type into fields of the CRM, read by the job from its twin."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from include import pipeline
from include.errors import FixConfig
from include.pipeline.job import Job, read_deck
from include.pipeline.sync import catalogue_for
from include.reports.crm import status
from include.settings import Credentials, load_settings
from include.shown import explanation_text
from include.warehouse import overrides
from include.warehouse.database import transaction
from tests.database.crm.conftest import QUICK
from tests.database.crm.desks import both_crms
from tests.database.crm.salesforce.conftest import Admin

ONE_DAY = timedelta(days=1)


@dataclass
class Mouth:
    """Somebody who types into the CRM, and the job that reads it."""

    desk: Any

    def __post_init__(self) -> None:
        self.is_hubspot = self.desk.source == "hubspot"
        named = [f"jo_override{part}" for part in ("", "_reason", "_until")]
        self.names = named if self.is_hubspot else [f"{name}__c" for name in named]
        keys = ("override", "override_reason", "override_until")
        fields = dict(zip(keys, self.names, strict=True))
        source = self.desk.settings.crm_source
        told = source.fields.model_copy(update=fields)
        source = source.model_copy(update={"fields": told})
        others = self.desk.settings.sources[1:]
        self.settings = self.desk.settings.model_copy(update={"sources": (source, *others)})
        self.job = Job(self.desk.engine, self.settings, read_deck(load_settings()).live)
        self.day = self.desk.sandbox.state.world.end
        self.one = self.desk.record_ids[0]
        self.account = self.desk.accounts[self.one]
        self._make_fields()

    def _make_fields(self) -> None:
        if self.is_hubspot:
            for name in self.names:
                kind = "date" if name.endswith("until") else "string"
                form = {"date": "date", "string": "text"}[kind]
                body = {"name": name, "label": name, "type": kind, "fieldType": form,
                        "groupName": "companyinformation"}  # fmt: skip
                where = "/crm/v3/properties/companies"
                self.desk.client.call("POST", where, json=body, accept=(201,))
        else:
            for name in self.names:
                Admin(self.desk).make_field(name, "Text")
                Admin(self.desk).show(name)

    def types(self, value="40", reason="acquired: Bought by a rival.", until=None) -> None:
        until = str(self.day + 30 * ONE_DAY) if until is None else until
        typed = dict(zip(self.names, (value, reason, until), strict=True))
        if self.is_hubspot:
            self.desk.client.call(
                "PATCH", f"/crm/v3/objects/companies/{self.one}", json={"properties": typed},
                headers={"X-Sandbox-Source": "CRM_UI"},
            )  # fmt: skip
        else:
            self.desk.client.call(
                "PATCH", f"/sobjects/Account/{self.one}", accept=(204,),
                json={name: word or None for name, word in typed.items()},
            )  # fmt: skip

    def read(self, days=0) -> dict[str, int]:
        """What the run of a day makes of it, so many days later."""
        day = self.day + days * ONE_DAY
        there = self.desk.sandbox.vendors[self.desk.source]
        credentials = Credentials(there["base_url"], there["token"], there.get("user", ""))
        pipeline.extract(
            self.job, f"run {day}", str(day), self.desk.source, credentials, wire=QUICK
        )
        counts = pipeline.conform(self.job, f"run {day}", str(day))
        return {key.removeprefix("overrides "): count for key, count in counts.items()
                if key.startswith("overrides ")}  # fmt: skip

    def held(self, days=0, basis="live") -> list[float]:
        """The scores that overrides hold the account down to on a day."""
        day = self.day + days * ONE_DAY
        accounts = np.array([self.account], np.int32)
        with transaction(self.desk.engine) as connection:
            found = overrides.in_force(
                connection, accounts, day, day, scorecard="retention", basis=basis
            )
        return found.to.tolist()

    def address_of(self, user_id: str) -> str:
        with transaction(self.desk.engine) as connection:
            asked = text("select email from core.owner where user_id = :user_id")
            return str(connection.scalars(asked, {"user_id": user_id}).one())

    def listed(self) -> list[dict[str, Any]]:
        with transaction(self.desk.engine) as connection:
            return [dict(row) for row in overrides.listed(connection, everything=True)]

    def refused(self) -> list[str]:
        with transaction(self.desk.engine) as connection:
            return [row["refused"] for row in status(connection, self.desk.source)["words"]]


@pytest.fixture
def jo(desk):
    return Mouth(desk)


@both_crms
def test_what_stands_in_the_fields_holds_from_the_day_it_is_seen_and_no_earlier(jo):
    jo.types()
    assert jo.read() == {"heard": 1, "ended": 0, "unheard": 0}
    assert (jo.held(-1), jo.held(), jo.held(30), jo.held(31)) == ([], [40.0], [40.0], [])
    assert jo.held(-1, basis="reconstructed") == []
    [row] = jo.listed()
    author = jo.address_of("7000001") if jo.is_hubspot else "unknown user of the CRM"
    assert (row["source"], row["reason"], row["evidence"], row["author"]) == (
        "crm", "acquired", "Bought by a rival.", author,
    )  # fmt: skip
    said = explanation_text.override({"override": row})
    assert said.startswith(f"{author} in a field of the CRM for acquired; holds until")
    assert jo.read() == {"heard": 0, "ended": 0, "unheard": 0}, "reading again changes nothing"


@both_crms
def test_what_is_taken_away_ends_that_day_and_stays_in_history(jo):
    jo.types()
    jo.read()
    jo.types("", "", "")
    assert jo.read(1) == {"heard": 0, "ended": 1, "unheard": 0}
    assert (jo.held(), jo.held(1)) == ([40.0], [])
    assert [row["state"] for row in jo.listed()] == ["ended"]
    assert jo.read(2) == {"heard": 0, "ended": 0, "unheard": 0}


@both_crms
def test_what_is_changed_is_ended_and_entered_anew(jo):
    jo.types()
    jo.read()
    jo.types("30")
    assert jo.read(1) == {"heard": 1, "ended": 1, "unheard": 0}
    assert (jo.held(), jo.held(1)) == ([40.0], [30.0])
    jo.types("20")
    assert jo.read(1) == {"heard": 1, "ended": 1, "unheard": 0}, "twice on one day"
    assert jo.held(1) == [20.0]


@both_crms
def test_what_lacks_is_not_applied_but_listed_until_it_is_put_right(jo):
    jo.types(reason="")
    assert jo.read() == {"heard": 0, "ended": 0, "unheard": 1}
    assert (jo.held(), jo.refused()) == ([], ["The reason is missing."])
    jo.types(value="140")
    jo.read(1)
    assert jo.refused() == ["140 is out of range: a score is 0 to 100."]
    jo.types()
    assert jo.read(2)["heard"] == 1
    assert (jo.held(1), jo.held(2), jo.refused()) == ([], [40.0], [])


def test_an_override_by_command_stands_before_one_of_a_field(jo):
    by_command = overrides.Override(
        account_id=jo.account, scorecard=None, to=60.0, factor=None, may_raise=False,
        reason="other", evidence="Known.", author="Jo", second=None,
        first_day=jo.day - 10 * ONE_DAY, last_day=jo.day + ONE_DAY,
    )  # fmt: skip
    with transaction(jo.desk.engine) as connection:
        overrides.add(connection, by_command)
    jo.types()
    assert jo.read()["unheard"] == 1
    assert "by Jo) holds until" in jo.refused()[0]
    assert jo.read(2) == {"heard": 1, "ended": 0, "unheard": 0}, "the other one is over"


def test_what_was_ended_by_command_is_not_entered_again(jo):
    jo.types()
    jo.read()
    with transaction(jo.desk.engine) as connection:
        overrides.end(connection, jo.listed()[0]["override_id"], by="Ann")
    assert jo.read(1) == {"heard": 0, "ended": 0, "unheard": 0}
    jo.types("", "", "")
    assert jo.read(2)["ended"] == 0


def test_a_day_of_the_past_hears_nothing(jo):
    jo.types()
    with jo.desk.engine.begin() as connection:
        connection.execute(
            text("insert into health.run (run_id, kind, as_of) values (:run, 'backfill', :day)"),
            {"run": f"run {jo.day}", "day": jo.day},
        )
    assert jo.read() == {"held": 1}
    assert jo.listed() == []


@both_crms
def test_people_s_fields_are_refused_as_fields_of_ours(jo):
    name = jo.names[0]
    named = {"score": load_settings().crm.fields.get("score") or _crm_field(name)}
    crm = jo.settings.crm.model_copy(update={"fields": named})
    settings = jo.settings.model_copy(update={"crm": crm})
    with pytest.raises(FixConfig, match=f"would write {name}, which it also names to be read"):
        catalogue_for(Job(jo.desk.engine, settings, jo.job.deck.live), None)


def _crm_field(name: str) -> Any:
    from include.crm_settings import CrmField

    return CrmField(name=name)
