"""What happened to a ticket: audits, comments and exported events tell one and the same.

Shapes: Zendesk's audit events reference, public connectors' sources, checked Nov 2026.
"""

from datetime import date

import pytest

from sandbox.world.simulate import simulate
from tests.sandbox.zendesk.conftest import served

EVENTS = "/incremental/ticket_events.json"
ANA, AGENT, SYSTEM = 7_000_000_011, 9_003, -1
WEB = {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}}
OPENED = "Export fails"


def audits_of(desk, ticket_id):
    return desk.get(f"/tickets/{ticket_id}/audits.json")["audits"]


def statuses(audits):
    """The (previous, new) status of each audit that has one."""
    found = [event for audit in audits for event in audit["events"]]
    return [
        (event.get("previous_value"), event["value"])
        for event in found
        if event.get("field_name") == "status"
    ]


def test_the_first_audit_is_the_description_and_each_field_as_it_was_set(desk):
    first = audits_of(desk, 8801)[0]
    audit_id = first["id"]
    comment, *created = first.pop("events")
    assert first == {
        "id": audit_id,
        "ticket_id": 8801,
        "created_at": "2026-11-10T09:00:00Z",
        "author_id": ANA,
        "metadata": {"system": {}, "custom": {}},
        "via": WEB,
    }
    assert comment == {
        "id": audit_id * 100,
        "type": "Comment",
        "author_id": ANA,
        "body": OPENED,
        "html_body": f'<div class="zd-comment"><p>{OPENED}</p></div>',
        "plain_body": OPENED,
        "public": True,
        "attachments": [],
        "audit_id": audit_id,
    }
    assert created[1] == {
        "id": audit_id * 100 + 2,
        "type": "Create",
        "field_name": "status",
        "value": "new",
    }
    assert {event["field_name"]: event["value"] for event in created} == {
        "subject": OPENED, "status": "new", "priority": "high", "type": "incident",
        "requester_id": str(ANA), "organization_id": "4400001", "group_id": "31000",
        "assignee_id": str(AGENT),
    }  # fmt: skip


def test_audits_follow_the_ticket_to_the_status_that_it_has(desk):
    audits = audits_of(desk, 8801)
    solved, again = ("open", "solved"), ("solved", "open")
    assert statuses(audits) == [(None, "new"), ("new", "pending"), ("pending", "solved"), again,
                                solved]  # fmt: skip
    moments = [audit["created_at"] for audit in audits]
    assert moments == sorted(moments)
    assert moments[1] == "2026-11-10T09:35:00Z"  # 35 minutes to the first reply
    metrics = desk.get("/tickets/8801/metrics")["ticket_metric"]
    (last,) = [audit for audit in audits if statuses([audit]) == [solved]]
    assert (last["created_at"], last["author_id"]) == (metrics["solved_at"], AGENT)


def test_an_open_ticket_and_one_closed_by_a_rule_end_as_they_stand(desk):
    assert statuses(audits_of(desk, 8802))[-1] == ("solved", "open")
    closing = audits_of(desk, 8804)[-1]
    assert statuses([closing])[-1][1] == "closed"
    assert (closing["author_id"], closing["via"]["channel"]) == (SYSTEM, "rule")


def test_a_rating_is_a_change_of_the_score_when_offered_and_when_answered(desk):
    offered, answered = audits_of(desk, 8801)[-2:]
    assert (offered["author_id"], offered["created_at"]) == (SYSTEM, "2026-11-13T10:00:00Z")
    assert (answered["author_id"], answered["created_at"]) == (ANA, "2026-11-14T10:00:00Z")
    (change,) = answered["events"]
    assert change == {
        "id": answered["id"] * 100 + 1,
        "type": "Change",
        "field_name": "satisfaction_score",
        "value": "good",
        "previous_value": "offered",
    }
    assert audits_of(desk, 8802)[-1]["events"][0]["value"] == "offered"


def test_comments_are_those_of_the_audits_and_agents_spoke_as_often_as_the_metrics_say(desk):
    comments = desk.get("/tickets/8801/comments")["comments"]
    audits = {audit["id"]: audit for audit in audits_of(desk, 8801)}
    for comment in comments:
        audit = audits[comment["audit_id"]]
        assert comment["created_at"] == audit["created_at"]
        assert audit["events"][0] == {
            key: value
            for key, value in comment.items()
            if key not in ("via", "created_at", "metadata")
        }
    assert comments[0]["plain_body"] == desk.get("/tickets/8801")["ticket"]["description"]
    metrics = desk.get("/tickets/8801/metrics")["ticket_metric"]
    assert [row["author_id"] for row in comments] == [ANA] + [AGENT] * metrics["replies"]
    assert comments[-1]["created_at"] == metrics["latest_comment_added_at"]


def test_exported_events_are_the_audits_of_all_tickets(desk):
    exported = desk.get(EVENTS, start_time=0, include="comment_events")["ticket_events"]
    assert [row["timestamp"] for row in exported] == sorted(row["timestamp"] for row in exported)
    events = [row for row in exported if row["ticket_id"] == 8801]
    audits = audits_of(desk, 8801)
    for event, audit in zip(events, audits, strict=True):
        assert (event["id"], event["created_at"]) == (audit["id"], audit["created_at"])
        assert event["updater_id"] == audit["author_id"]
        assert [(child["id"], child["event_type"]) for child in event["child_events"]] == [
            (one["id"], one["type"]) for one in audit["events"]
        ]
    assert events[-1]["child_events"][0] == {
        "id": audits[-1]["events"][0]["id"],
        "via": "Web form",
        "via_reference_id": None,
        "event_type": "Change",
        "satisfaction_score": "good",
        "previous_value": "offered",
    }


def test_exported_events_have_the_words_of_comments_only_for_who_includes_them(desk):
    def first(**params):
        events = desk.get(EVENTS, start_time=0, **params)["ticket_events"]
        return next(row for row in events if row["ticket_id"] == 8801)["child_events"][0]

    plain, full = first(), first(include="comment_events")
    assert plain == {
        "id": full["id"],
        "via": "Web form",
        "via_reference_id": None,
        "comment_present": True,
        "comment_public": True,
        "event_type": "Comment",
    }
    (listed, *_) = desk.get("/tickets/8801/comments")["comments"]
    assert full == {**listed, "via_reference_id": None, "event_type": "Comment"}


def test_a_deleted_ticket_has_no_audits_and_no_words_in_its_events(desk):
    assert desk.refused("/tickets/8803/audits")[0] == 404
    assert desk.refused("/tickets/8803/comments")[0] == 404
    exported = desk.get(EVENTS, start_time=0, include="comment_events")["ticket_events"]
    events = [row for row in exported if row["ticket_id"] == 8803]
    words = {child["body"] for row in events for child in row["child_events"] if "body" in child}
    assert words == {"SCRUBBED"}
    assert events[-1]["child_events"][0]["status"] == "deleted"


def test_audits_come_in_pages_one_by_one_and_both_ways_round(desk):
    whole = audits_of(desk, 8801)
    page = desk.get("/tickets/8801/audits", **{"page[size]": 3})
    seen = page["audits"]
    while page["meta"]["has_more"]:
        page = desk.ask(page["links"]["next"]).json()
        seen += page["audits"]
    assert seen == whole
    assert desk.get("/tickets/8801/audits", sort_order="desc")["audits"] == whole[::-1]
    one = whole[2]
    assert desk.get(f"/tickets/8801/audits/{one['id']}.json") == {"audit": one}
    assert desk.refused("/tickets/8801/audits/1")[0] == 404


def test_the_audits_of_all_tickets_are_walked_from_the_newest_back(desk):
    newest = desk.get("/ticket_audits.json", limit=4, sort_order="desc")
    walked, page = newest["audits"], newest
    while page["audits"]:
        page = desk.ask(page["before_url"]).json()
        walked += page["audits"]
    assert (page["before_url"], page["after_url"]) == (None, None)
    moments = [audit["created_at"] for audit in walked]
    assert moments == sorted(moments, reverse=True)
    expected = [audit for ticket in (8801, 8802, 8805) for audit in audits_of(desk, ticket)]
    assert {audit["id"]: audit for audit in walked} == {audit["id"]: audit for audit in expected}
    assert len(walked) == len(expected)
    assert desk.ask(newest["after_url"]).json()["audits"] == []
    assert desk.refused("/ticket_audits", cursor="made up")[0] == 400


@pytest.fixture(scope="module")
def days():
    """The exported events of one simulated customer base, as of two days."""
    found = []
    for end in (date(2026, 5, 20), date(2026, 6, 10)):
        world = simulate(accounts=30, seed=7, start=date(2026, 5, 1), end=end)
        with served(world) as desk:
            page = desk.get(EVENTS, start_time=0, include="comment_events")
            assert page["end_of_stream"]
            found.append(page["ticket_events"])
    return found


def test_later_days_only_add_events_behind_those_that_were_read(days):
    before, after = days
    read = {row["id"]: row for row in before}
    assert len(read) == len(before) > 50
    assert [row for row in after if row["id"] in read] == before
    assert all(row["timestamp"] >= before[-1]["timestamp"] for row in after[len(before) :])
