"""Users of two organisations, and users who are gone (vendor references, checked Nov 2026)."""

from datetime import date

from sandbox.world.simulate import simulate
from tests.sandbox.zendesk.conftest import served


def test_the_first_person_of_a_daughter_company_is_in_the_parents_organization_too(serve):
    accounts = [{}, {"account_no": 2, "parent_no": 1}]
    organizations = [{}, {"organization_no": 4_400_002, "account_no": 2, "name": "Reed"}]
    people = [{}, {"person_no": 2_001, "account_no": 2}, {"person_no": 2_002, "account_no": 2}]
    first, second = 7_000_002_001, 7_000_002_002
    with serve(accounts=accounts, organizations=organizations, people=people) as desk:
        rows = desk.get(f"/users/{first}/organization_memberships")["organization_memberships"]
        assert [(row["organization_id"], row["default"]) for row in rows] == [
            (4_400_002, True),
            (4_400_001, False),
        ]
        assert desk.get(f"/users/{first}")["user"]["organization_id"] == 4_400_002
        members = desk.get("/organizations/4400001/users")["users"]
        assert [row["id"] for row in members] == [7_000_000_011, first]
        assert desk.get("/organizations/4400001/related")["organization_related"] == {
            "tickets_count": 0,
            "users_count": 2,
        }
        names = [row["name"] for row in desk.get(f"/users/{first}/organizations")["organizations"]]
        assert names == ["Kite & Co", "Reed"]
        assert len(desk.get(f"/users/{second}/organizations")["organizations"]) == 1
        every = desk.get("/organization_memberships")["organization_memberships"]
        assert [row["id"] for row in every] == sorted({row["id"] for row in every})


def test_users_who_are_gone_are_exported_as_inactive_and_listed_apart():
    world = simulate(accounts=4, seed=7, start=date(2026, 5, 1), end=date(2026, 5, 3))
    with served(world) as desk:
        deleted = desk.get("/deleted_users")["deleted_users"]
        gone = [row["id"] for row in deleted]
        assert len(gone) == 2
        exported = desk.get("/incremental/users/cursor", start_time=0)["users"]
        assert [row["id"] for row in exported if not row["active"]] == gone
        listed = desk.get("/users")
        assert not {row["id"] for row in listed["users"]} & set(gone)
        assert desk.get("/users/count")["count"]["value"] == len(exported) - 2
        for row in deleted:
            assert row["active"] is False
            assert desk.get(f"/deleted_users/{row['id']}") == {"deleted_user": row}
            assert desk.get(f"/users/{row['id']}")["user"]["active"] is False
            assert desk.get("/search", query=f"type:user id:{row['id']}")["count"] == 0
