"""What Salesforce answers for each record of a collection, and what becomes of it."""

from dataclasses import dataclass
from typing import Any

import pytest

from include.crm.values import Sentences
from include.errors import FixConfig, RejectData, RetryLater

RULE = "FIELD_CUSTOM_VALIDATION_EXCEPTION"
LOCKED = "UNABLE_TO_LOCK_ROW"


@dataclass
class Rows:
    """A client before whose n-th write one record meets a rule, a lock or another refusal.

    The others are written; `times`: how often it is refused.
    """

    client: Any
    record_id: str
    code: str
    times: int = 1

    def call(self, method: str, path: str, *, json: Any = None, **how: Any) -> Any:
        rows = (json or {}).get("records", ()) if method == "PATCH" else ()
        places = [n for n, row in enumerate(rows) if row["id"] == self.record_id]
        if not places or not self.times:
            return self.client.call(method, path, json=json, **how)
        self.times -= 1
        rest = [row for row in rows if row["id"] != self.record_id]
        answer = self.client.call(method, path, json=json | {"records": rest}, **how)
        error = {"statusCode": self.code, "message": f"{self.code} of the org", "fields": []}
        answer.body.insert(places[0], {"success": False, "errors": [error]})
        return answer

    def hold(self, seconds: float) -> None:
        self.client.hold(seconds)


@pytest.fixture
def scored(desk):
    """All accounts are to show 50; the fields are there."""
    desk.score_all(50.0)
    desk.crm().make(desk.crm().lacking(desk.catalogue.fields))
    desk.sandbox.reset_requests()
    return desk


def test_the_first_push_writes_every_field_of_every_live_account(desk):
    ids = desk.record_ids
    scores = {record_id: float(n % 100) for n, record_id in enumerate(ids)}
    desk.score(scores)
    counts = desk.push()
    assert counts["acknowledged"] == counts["changed"] == len(ids) > 200
    assert (counts["properties_created"], counts["requests"]) == (10, 2)
    assert desk.shown("cs_health_score") == {one: f"{score:g}" for one, score in scores.items()}
    assert desk.shown("cs_health_as_of") == dict.fromkeys(ids, "2026-11-01")
    assert desk.shown("cs_health_reason") == dict.fromkeys(ids, "Usage fell.")
    assert desk.shown("cs_health_change_30d") == dict.fromkeys(ids, "")
    assert set(desk.written().values()) == {1}


def test_a_second_push_on_the_same_day_writes_nothing(scored):
    scored.push()
    scored.sandbox.reset_requests()
    counts = scored.push()
    assert (counts["requests"], counts["changed"]) == (0, 0)
    assert scored.calls() == {}


@pytest.mark.parametrize("times", [1, 2])
def test_a_locked_record_alone_is_written_again_after_a_wait(scored, times):
    one = scored.record_ids[7]
    counts = scored.push(client=Rows(scored.client, one, LOCKED, times))
    assert counts["acknowledged"] == len(scored.record_ids)
    assert counts["requests"] == 2 + times
    assert sum(scored.held) >= 1.9 * times
    assert set(scored.written().values()) == {1}


def test_a_record_that_stays_locked_is_missed_and_written_by_the_next_run(scored):
    one = scored.record_ids[7]
    counts = scored.push(client=Rows(scored.client, one, LOCKED, 9))
    assert (counts["missed"], counts["rejected"]) == (1, 0)
    assert scored.answers("missed")[one] == f"{LOCKED}: {LOCKED} of the org"
    assert scored.push()["acknowledged"] == 1
    assert scored.shown("cs_health_score") == dict.fromkeys(scored.record_ids, "50")


@pytest.mark.parametrize(
    "code", [RULE, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "STRING_TOO_LONG", "DUPLICATE_VALUE"]
)
def test_a_rule_of_the_org_rejects_its_record_alone_with_its_words(scored, code):
    one = scored.record_ids[7]
    counts = scored.push(client=Rows(scored.client, one, code))
    assert (counts["rejected"], counts["acknowledged"]) == (1, len(scored.record_ids) - 1)
    assert counts["requests"] == 2
    assert scored.answers("rejected") == {one: f"{code}: {code} of the org"}


def test_a_deleted_and_a_merged_account_are_rejected_alone(scored):
    gone, merged = scored.record_ids[:2]
    scored.delete(gone)
    counts = scored.push(client=Rows(scored.client, merged, "INVALID_CROSS_REFERENCE_KEY"))
    assert counts["rejected"] == 2
    said = scored.answers("rejected")
    assert said[gone].endswith("(ENTITY_IS_DELETED)")
    assert said[merged].endswith("(INVALID_CROSS_REFERENCE_KEY)")
    assert all(words.startswith("the CRM does not know this record") for words in said.values())


def test_a_field_that_became_read_only_rejects_every_record_and_stops_the_run(scored, admin):
    @dataclass
    class Meddler:
        """An administrator who locks a field just before the first write."""

        def call(self, method: str, path: str, **how: Any) -> Any:
            if method == "PATCH":
                admin.lock("CS_Health_Reason__c")
            return scored.client.call(method, path, **how)

    with pytest.raises(RejectData, match=r"did not take .* INVALID_FIELD_FOR_INSERT_UPDATE"):
        scored.push(client=Meddler())
    assert scored.ledger() == {"rejected": len(scored.record_ids)}
    assert scored.written() == {}


def test_a_field_hidden_while_the_job_runs_refuses_the_call_and_is_named(scored, admin):
    @dataclass
    class Meddler:
        """An administrator who hides a field just before the first write."""

        def call(self, method: str, path: str, **how: Any) -> Any:
            if method == "PATCH":
                admin.hide("CS_Health_Reason__c")
            return scored.client.call(method, path, **how)

        def hold(self, seconds: float) -> None:
            scored.client.hold(seconds)

    with pytest.raises(FixConfig, match="No such column 'CS_Health_Reason__c'"):
        scored.push(client=Meddler())
    assert scored.ledger()["sent"] == 0
    assert scored.written() == {}
    assert scored.push()["acknowledged"] == len(scored.record_ids)


def test_a_field_that_is_too_new_for_the_org_gets_some_seconds(scored):
    body = [{"errorCode": "INVALID_FIELD", "message": "No such column 'CS_Health_Score__c'"}]
    scored.order({"fault": "status", "code": 400, "body": body, "times": 2})
    assert scored.push()["acknowledged"] == len(scored.record_ids)
    assert set(scored.written().values()) == {1}


def test_a_call_that_is_refused_whole_is_halved_to_the_guilty_record(scored):
    bad = scored.record_ids[42]

    @dataclass
    class Strict:
        """An org that cannot read the body while it holds one certain record."""

        calls: int = 0

        def call(self, method: str, path: str, *, json: Any = None, **how: Any) -> Any:
            if method == "PATCH":
                self.calls += 1
                json = json | {"records": [self._spoilt(row) for row in json["records"]]}
            return scored.client.call(method, path, json=json, **how)

        def _spoilt(self, row: dict[str, Any]) -> dict[str, Any]:
            return row | {"CS_Health_Score__c": "fifty"} if row["id"] == bad else row

    strict = Strict()
    counts = scored.push(client=strict)
    assert (counts["rejected"], counts["acknowledged"]) == (1, len(scored.record_ids) - 1)
    assert strict.calls <= 2 + 16
    assert scored.answers("rejected")[bad].startswith("JSON_PARSER_ERROR: ")
    assert set(scored.written().values()) == {1}


def test_answers_in_another_order_are_not_believed_and_looked_up(scored):
    scored.order({"fault": "reorder"})
    counts = scored.push()
    assert scored.sandbox.faults[0]["fired"] == 1
    assert (counts["acknowledged"], counts["rejected"]) == (len(scored.record_ids), 0)
    assert set(scored.written().values()) == {1}


def test_the_org_s_calls_of_a_day_end_the_run_and_the_next_one_goes_on(scored):
    body = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]
    scored.order({"fault": "status", "code": 403, "body": body, "after": 1, "times": -1})
    with pytest.raises(RetryLater, match="calls of 24 hours are used up"):
        scored.push()
    assert scored.ledger()["sent"] == 0
    scored.order()
    scored.push()
    assert scored.shown("cs_health_score") == dict.fromkeys(scored.record_ids, "50")
    assert set(scored.written().values()) == {1}


def test_too_many_calls_at_a_time_are_waited_out(scored):
    said = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
    body = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": said}]
    scored.order({"fault": "status", "code": 403, "body": body, "times": 2})
    assert scored.push()["acknowledged"] == len(scored.record_ids)
    assert sum(scored.held) >= 1.9


def test_a_user_who_may_not_write_stops_the_run_and_leaves_no_doubt(scored):
    body = [{"errorCode": "INSUFFICIENT_ACCESS", "message": "insufficient access rights"}]
    scored.order({"fault": "status", "code": 403, "body": body, "times": -1})
    with pytest.raises(FixConfig, match="does not let this user write accounts"):
        scored.push()
    assert scored.ledger()["sent"] == 0
    assert scored.calls()[403] <= 2


def test_an_empty_value_clears_a_field_and_what_is_not_named_stays(scored):
    scored.push()
    one = scored.record_ids[0]
    scored.edit(one, cs_health_next_step="Mine.")
    later = scored.day.replace(day=2)
    scores = dict.fromkeys(scored.record_ids, 50.0) | {one: None}
    scored.score(scores, later)
    scored.push(later, say=lambda ids: dict.fromkeys(ids, Sentences("Silence.", "Call.")))
    assert scored.shown("cs_health_score")[one] == ""
    assert scored.shown("cs_health_band")[one] == "unknown"
    assert scored.shown("cs_health_next_step")[one] == "Mine."
