"""Properties and events that clients write (AMPLITUDE.md part 5)."""

import json


def identify(served, rows, **changes):
    form = {"api_key": served.door.user, "identification": json.dumps(rows), **changes}
    return served.ask("/groupidentify", "POST", data=form)


def upload(served, *rows, path="/2/httpapi", **changes):
    body = {"api_key": served.door.user, "events": list(rows), **changes}
    return served.ask(path, "POST", json=body)


def event(**changes):
    groups = {"account": "t-kite"}
    return {"event_type": "sent", "user_id": "u9", "insert_id": "i1", "groups": groups, **changes}


def test_properties_of_groups_are_taken(serve):
    row = {"group_type": "account", "group_value": "t-kite", "group_properties": {"health": 72}}
    with serve() as served:
        answer = identify(served, [row])
        assert (answer.status_code, answer.text) == (200, "success")
        assert identify(served, row).text == "success"
        assert served.state.journal.entries("amplitude")[0] == {"kind": "group", **row}


def test_wrong_identifications_are_refused_and_change_nothing(serve):
    row = {"group_type": "account", "group_value": "t-kite"}
    with serve() as served:
        assert identify(served, [row], api_key="x").status_code == 400
        assert identify(served, [{"group_type": "account"}]).status_code == 400
        assert identify(served, [row] * 1025).status_code == 413
        assert served.state.journal.entries("amplitude") == []


def test_uploaded_events_are_exported_once_their_hour_can_be(serve):
    """The clock shows 03:00; the hour of the upload is exported two hours after its end."""
    with serve() as served:
        answer = upload(served, event(), event(insert_id="i2", time=1795046400123))
        assert answer.json()["events_ingested"] == 2
        assert upload(served, event()).json()["code"] == 200  # a copy: taken, and kept once
        stored = [entry["event"] for entry in served.state.journal.entries("amplitude")]
        assert [one["event_time"][:10] for one in stored] == ["2026-11-20", "2026-11-19"]
        assert stored[0]["groups"] == {"account": ["t-kite"]}
        assert served.ask(
            "/api/2/export", params={"start": "20261120T03", "end": "20261120T03"}
        ).status_code == 404  # fmt: skip


def test_wrong_uploads_say_what_is_missing(serve):
    with serve() as served:
        assert upload(served, event(), api_key="x").json()["error"].startswith("Invalid API key")
        assert upload(served).json()["missing_field"] == "events"
        answer = upload(served, event(), {"user_id": "u9"}, path="/batch")
        assert answer.json()["events_with_missing_fields"] == {"event_type": [1]}
        assert upload(served, *[event()] * 2001).status_code == 413
        assert served.state.journal.entries("amplitude") == []
