"""Profiles and events that clients write (MIXPANEL.md part 6)."""

import base64
import gzip
import json

NOON = 1795089600  # 2026-11-19T12:00:00Z
GROUP = {"$token": "t", "$group_key": "account_id", "$group_id": "t-kite"}
COMPANIES = {"data_group_id": "4561230984571230984"}


def event(insert_id="i1", **changes):
    properties = {"time": NOON, "distinct_id": "u9", "$insert_id": insert_id, **changes}
    return {"event": "imported", "properties": properties}


def import_events(served, rows, **params):
    return served.ask("/import", "POST", json=rows, params={"strict": "1", **params})


def test_a_groups_properties_are_set_and_read_back(serve):
    with serve() as served:
        body = [{**GROUP, "$set": {"health_score": 72}}]
        assert served.ask("/groups", "POST", json=body).text == "1"
        form = {"data": json.dumps([{**GROUP, "$set_once": {"health_score": 1, "tier": 2}}])}
        assert served.ask("/groups", "POST", data=form, params={"verbose": "1"}).json() == {
            "status": 1,
            "error": None,
        }
        kite = served.get("/api/query/engage", **COMPANIES)["results"][0]
        assert (kite["$properties"]["health_score"], kite["$properties"]["tier"]) == (72, 2)
        served.ask("/groups", "POST", json=[{**GROUP, "$unset": ["tier"]}])
        served.ask("/groups", "POST", json=[{**GROUP, "$group_id": "t-reed", "$delete": ""}])
        (kite,) = served.get("/api/query/engage", **COMPANIES)["results"]
        assert "tier" not in kite["$properties"]


def test_a_wrong_write_is_a_0_with_status_200_and_changes_nothing(serve):
    with serve() as served:
        for body in ([{"$group_id": "x", "$set": {}}], [], [GROUP] * 201, "text"):
            answer = served.ask("/groups", "POST", json=body)
            assert (answer.status_code, answer.text) == (200, "0")
        told = served.ask("/groups", "POST", json=[], params={"verbose": "1"}).json()
        assert (told["status"], bool(told["error"])) == (0, True)
        assert served.state.journal.entries("mixpanel") == []


def test_imported_events_are_exported_and_kept(serve):
    with serve() as served:
        answer = import_events(served, [event(), event("i2", time=NOON * 1000)])
        assert answer.json() == {"code": 200, "num_records_imported": 2, "status": "OK"}
        packed = gzip.compress("\n".join(json.dumps(event(f"g{n}")) for n in (1, 2)).encode())
        answer = served.ask("/import", "POST", data=packed, headers={"Content-Encoding": "gzip"})
        assert answer.json()["num_records_imported"] == 2
        rows = served.export("2026-11-19", event='["imported"]')
        assert [row["properties"]["$insert_id"] for row in rows] == ["i1", "i2", "g1", "g2"]
        assert {row["properties"]["time"] for row in rows} == {NOON}
        journal = served.state.journal
    with serve(journal=journal) as again:
        assert again.export("2026-11-19", event='["imported"]') == rows


def test_a_strict_import_tells_what_is_wrong_with_each_and_takes_the_rest(serve):
    with serve() as served:
        rows = [event(), event(""), event("i3", time="x"), event("i4", time=1), {"event": "x"}]
        answer = import_events(served, rows)
        assert answer.status_code == 400
        body = answer.json()
        assert (body["num_records_imported"], body["status"]) == (1, "Bad Request")
        assert [one["index"] for one in body["failed_records"]] == [1, 2, 3, 4]
        assert [one["field"] for one in body["failed_records"]] == [
            "properties.$insert_id", "properties.time", "properties.time", "event",
        ]  # fmt: skip
        assert len(served.export("2026-11-19", event='["imported"]')) == 1
        assert import_events(served, [event()] * 2001).status_code == 413


def test_older_clients_send_forms_also_in_base64(serve):
    """They expect the answer that tracked events get."""
    with serve() as served:
        rows = [{"$token": "t", "$distinct_id": "user_11", "$set": {"tier": 2}}]
        data = base64.b64encode(json.dumps(rows).encode()).decode()
        told = served.ask("/engage", "POST", data={"data": data, "verbose": "1"}).json()
        assert told == {"status": 1, "error": None}
        ana = served.get("/api/query/engage", distinct_id="user_11")["results"][0]
        assert ana["$properties"]["tier"] == 2
        form = {"data": json.dumps(event()), "verbose": "1"}
        assert served.ask("/import", "POST", data=form).json() == told
        assert len(served.export("2026-11-19", event='["imported"]')) == 1


def test_tracked_events_need_no_credential(serve):
    with serve() as served:
        body = [{"event": "imported", "properties": {"token": "t", "distinct_id": "u9"}}]
        served.session.auth = None
        assert (
            served.ask("/track", "POST", json=body, params={"verbose": "1"}).json()["status"] == 1
        )
        assert served.ask("/import", "POST", json=[event()]).status_code == 400
        served.session.auth = (served.state.doors["mixpanel"].secret, "")
        (row,) = served.export("2026-11-20", "2026-11-20", event='["imported"]')
        assert "token" not in row["properties"]
