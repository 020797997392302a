"""How the desk is set up, and totals (vendor references, checked Nov 2026)."""

ANA, ASHA = 7_000_000_011, 9_001


def test_every_status_of_a_ticket_is_one_of_the_custom_statuses(desk):
    statuses = {row["id"]: row for row in desk.get("/custom_statuses")["custom_statuses"]}
    for ticket in desk.get("/tickets")["tickets"]:
        status = statuses[ticket["custom_status_id"]]
        assert status["status_category"] == ticket["status"]
        path = f"/custom_statuses/{status['id']}.json"
        assert desk.get(path) == {"custom_status": status}
    assert sorted(statuses[2]) == [
        "active", "agent_label", "created_at", "default", "description", "end_user_description",
        "end_user_label", "id", "raw_agent_label", "raw_description", "raw_end_user_description",
        "raw_end_user_label", "status_category", "updated_at", "url",
    ]  # fmt: skip
    some = desk.get("/custom_statuses", status_categories="open,hold")["custom_statuses"]
    assert [row["agent_label"] for row in some] == ["Open", "Hold"]
    assert desk.refused("/custom_statuses/77")[0] == 404


def test_every_agent_is_in_the_one_group(desk):
    (group,) = desk.get("/groups")["groups"]
    members = desk.get("/group_memberships", **{"page[size]": 100})["group_memberships"]
    agents = desk.get("/users", **{"role[]": ["agent", "admin"]})["users"]
    assert [row["user_id"] for row in members] == [row["id"] for row in agents]
    assert {row["group_id"] for row in members} == {group["id"]}
    assert desk.get(f"/groups/{group['id']}/memberships")["group_memberships"] == members
    assert desk.get(f"/users/{ASHA}/group_memberships")["group_memberships"] == members[:1]
    assert desk.refused("/groups/1/memberships")[0] == 404


def test_totals_count_what_the_lists_have(desk):
    related = desk.get("/organizations/4400001/related.json")["organization_related"]
    tickets = desk.get("/organizations/4400001/tickets")["count"]
    assert related == {"tickets_count": tickets, "users_count": 1}
    assert tickets == 2
    assert desk.get(f"/users/{ANA}/related")["user_related"]["requested_tickets"] == tickets
    assert desk.refused("/organizations/4400003/related")[0] == 404
    assert desk.refused("/users/1/related")[0] == 404


def test_the_account_says_what_is_switched_on(desk):
    settings = desk.get("/account/settings.json")["settings"]
    assert settings["active_features"]["customer_satisfaction"] is True
    # Asked for by a public connector before it reads anything.
    assert settings["active_features"]["organization_access_enabled"] is True
    assert settings["tickets"]["custom_statuses_enabled"] is True
    assert settings["localization"]["time_zone"] == "UTC"
