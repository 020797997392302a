"""Organisations that clients change (vendor documentation, checked Nov 2026)."""

from sandbox.state import Journal

ORGANIZATIONS = [{}, {"organization_no": 4_400_002, "account_no": 2, "name": "Reed"}]
FIELD = {"type": "integer", "title": "Health score", "key": "health_score"}


def add_field(desk, **changes):
    body = {"organization_field": FIELD | changes}
    return desk.ask("/organization_fields", "POST", json=body)


def update_many(desk, rows):
    answer = desk.ask("/organizations/update_many.json", "PUT", json={"organizations": rows})
    return answer.json()["job_status"]


def finished(desk, job):
    assert desk.ask(job["url"]).json()["job_status"]["status"] == "queued"
    desk.state.clock.skip(0.3)
    assert desk.ask(job["url"]).json()["job_status"]["status"] == "working"
    desk.state.clock.skip(0.3)
    return desk.ask(job["url"]).json()["job_status"]


def test_a_field_is_created_once_by_its_key(serve):
    with serve() as desk:
        created = add_field(desk)
        assert created.status_code == 201
        field = created.json()["organization_field"]
        assert (field["key"], field["type"], field["active"]) == ("health_score", "integer", True)
        listed = desk.get("/organization_fields")["organization_fields"]
        assert [row["key"] for row in listed] == ["segment", "health_score"]
        again = add_field(desk)
        assert again.status_code == 422
        problem = again.json()["details"]["key"][0]
        assert problem["error"] == "DuplicateValue"
        assert add_field(desk, key="mood", type="emoji").status_code == 422


def test_a_bulk_update_is_a_job_and_a_finished_job_can_hold_failures(serve):
    with serve(organizations=ORGANIZATIONS) as desk:
        add_field(desk)
        rows = [
            {"id": 4_400_001, "organization_fields": {"health_score": 72, "unknown": 1}},
            {"id": 777, "organization_fields": {"health_score": 5}},
            {"id": 4_400_002, "organization_fields": {"health_score": "high"}},
        ]
        job = update_many(desk, rows)
        assert (job["status"], job["total"], job["results"]) == ("queued", 3, None)
        done = finished(desk, job)
        assert [row["success"] for row in done["results"]] == [True, False, False]
        assert done["results"][0] == {
            "index": 0,
            "id": 4_400_001,
            "action": "update",
            "success": True,
            "status": "Updated",
        }
        assert done["results"][1]["error"] == "RecordNotFound"
        changed = desk.get("/organizations/4400001")["organization"]
        assert changed["organization_fields"] == {"segment": None, "health_score": 72}


def test_one_change_goes_to_many_organizations(serve):
    with serve(organizations=ORGANIZATIONS) as desk:
        path = "/organizations/update_many?ids=4400001,4400002"
        job = desk.ask(path, "PUT", json={"organization": {"notes": "priority"}}).json()
        assert [row["success"] for row in finished(desk, job["job_status"])["results"]] == [
            True
        ] * 2
        rows = desk.get("/organizations")["organizations"]
        assert [row["notes"] for row in rows] == ["priority", "priority"]


def test_a_job_takes_at_most_100_rows(serve):
    with serve(organizations=ORGANIZATIONS) as desk:
        rows = [{"id": 4_400_001}] * 101
        path = "/organizations/update_many"
        assert desk.ask(path, "PUT", json={"organizations": rows}).status_code == 400


def test_at_most_30_jobs_are_under_way(serve):
    with serve(organizations=ORGANIZATIONS) as desk:
        body = {"organizations": [{"id": 4_400_001, "notes": "x"}]}
        answers = [desk.ask("/organizations/update_many", "PUT", json=body) for _ in range(31)]
        assert [answer.status_code for answer in answers[:30]] == [200] * 30
        assert answers[30].status_code == 429
        assert answers[30].json()["error"] == "TooManyJobs"
        assert "Retry-After" in answers[30].headers
        assert finished(desk, answers[29].json()["job_status"])["status"] == "completed"
        assert len(desk.get("/job_statuses")["job_statuses"]) == 30


def test_an_unknown_job_is_not_found(desk):
    assert desk.refused("/job_statuses/8b72")[0] == 404


def test_an_organization_is_created_or_updated_by_its_key(serve):
    with serve(organizations=ORGANIZATIONS[:1]) as desk:
        path = "/organizations/create_or_update"
        new = {"organization": {"name": "New Co", "external_id": "50009"}}
        created = desk.ask(path, "POST", json=new)
        assert created.status_code == 201
        again = desk.ask(
            path, "POST", json={"organization": {"external_id": "50009", "notes": "n"}}
        )
        assert again.status_code == 200
        assert again.json()["organization"]["id"] == created.json()["organization"]["id"]
        clash = desk.ask(path, "POST", json={"organization": {"name": "kite & co"}})
        assert clash.status_code == 422
        assert clash.json()["details"]["name"][0]["error"] == "DuplicateValue"


def test_what_was_written_moves_the_update_time_and_reaches_the_export(serve, at):
    with serve(organizations=ORGANIZATIONS) as desk:
        body = {"organization": {"notes": "hello"}}
        changed = desk.ask("/organizations/4400001", "PUT", json=body).json()["organization"]
        assert changed["updated_at"] >= "2026-11-20T03:00:00Z"
        page = desk.get("/incremental/organizations", start_time=at("2026-11-01"))
        assert page["organizations"] == []  # within the last minute


def test_a_new_start_repeats_what_was_written(serve):
    journal = Journal()
    with serve(organizations=ORGANIZATIONS, journal=journal) as desk:
        add_field(desk)
        body = {"organization": {"organization_fields": {"health_score": 41}}}
        desk.ask("/organizations/4400001", "PUT", json=body)
        before = desk.get("/organizations/4400001")
    with serve(organizations=ORGANIZATIONS, journal=journal) as desk:
        assert desk.get("/organizations/4400001")["organization"] == before["organization"] | {
            "url": f"{desk.url}/api/v2/organizations/4400001.json"
        }
        assert before["organization"]["organization_fields"]["health_score"] == 41


def test_a_body_that_is_no_json_is_unprocessable(desk):
    answer = desk.ask("/organizations/4400001", "PUT", data="{")
    assert answer.status_code == 422
    assert desk.ask("/organizations/4400001", "PUT", json={"name": "x"}).status_code == 400


def write_ticket(desk, **ticket):
    return desk.ask("/tickets.json", "POST", json={"ticket": ticket})


def test_a_ticket_that_was_written_is_everywhere(serve, at):
    journal = Journal()
    words = {"subject": "Printer", "comment": {"body": "It is on fire"}}
    with serve(people=[{}], organizations=[{}], tickets=[{}], journal=journal) as desk:
        desk.get("/incremental/tickets/cursor", start_time=0)  # before there is more
        written = write_ticket(
            desk, **words, requester={"email": "ANA@kite.co"}, priority="urgent", tags=["hot"]
        )
        assert written.status_code == 201
        ticket, audit = written.json()["ticket"], written.json()["audit"]
        assert written.headers["Location"] == ticket["url"]
        assert (ticket["status"], ticket["priority"], ticket["tags"]) == ("new", "urgent", ["hot"])
        assert (ticket["subject"], ticket["description"]) == ("Printer", "It is on fire")
        assert (ticket["requester_id"], ticket["organization_id"]) == (7_000_000_011, 4_400_001)
        path = f"/tickets/{ticket['id']}"
        assert desk.get(path)["ticket"] == ticket
        assert desk.get(f"{path}/audits")["audits"] == [audit]
        assert desk.get(f"{path}/comments")["comments"][0]["body"] == "It is on fire"
        (found,) = desk.get("/search", query="type:ticket fire tags:hot")["results"]
        assert found["id"] == ticket["id"]
        desk.state.clock.skip(120)
        for export in ("/incremental/tickets/cursor", "/incremental/ticket_events"):
            page = desk.get(export, start_time=at("2026-11-20T03:00:00"))
            rows = page.get("tickets") or page["ticket_events"]
            assert ticket["id"] in {row.get("ticket_id", row["id"]) for row in rows}
    with serve(people=[{}], organizations=[{}], tickets=[{}], journal=journal) as desk:
        again = desk.get(path)["ticket"]
        assert again | {"url": ""} == ticket | {"url": ""}


def test_a_ticket_needs_words_known_people_and_values_that_can_be(serve):
    words = {"comment": {"body": "Help"}}
    with serve(people=[{}]) as desk:
        problems = [
            ({"subject": "No words"}, "base"),
            ({**words, "priority": "soon"}, "priority"),
            ({**words, "requester": {"email": "nobody@else.example"}}, "requester"),
            ({**words, "assignee_id": 7_000_000_011}, "assignee_id"),
        ]
        for ticket, name in problems:
            answer = write_ticket(desk, **ticket)
            assert (answer.status_code, answer.json()["error"]) == (422, "RecordInvalid")
            assert list(answer.json()["details"]) == [name]
        assert write_ticket(desk, **words).json()["ticket"]["requester_id"] == 9_001
        assert desk.get("/tickets/count")["count"]["value"] == 1
