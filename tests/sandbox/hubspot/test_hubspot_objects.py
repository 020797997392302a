"""What deals, meetings, contacts and owners look like in HubSpot."""


def test_a_deals_money_is_in_major_units_and_in_the_portals_currency(serve):
    deals = [
        {},
        {"deal_no": 32, "amount_minor": 50_000, "currency": "jpy"},
        {"deal_no": 33, "amount_minor": 10_000, "currency": "eur"},
        {"deal_no": 34, "amount_minor": 10_000, "currency": "nok"},
    ]
    with serve(accounts=[{}], deals=deals) as portal:
        rows = portal.get(
            "/crm/v3/objects/deals",
            properties="amount,deal_currency_code,amount_in_home_currency",
        )["results"]
    assert [
        (p["amount"], p["deal_currency_code"], p["amount_in_home_currency"])
        for p in (row["properties"] for row in rows)
    ] == [
        ("12500.5", "USD", "12500.5"),
        ("50000", "JPY", "330"),
        ("100", "EUR", "110"),
        ("100", "NOK", None),
    ]


def test_what_is_won_is_said_by_the_stages_and_by_the_deal(serve):
    deals = [
        {},
        {"deal_no": 32, "stage": "closedlost", "kind": "renewal"},
        {"deal_no": 33, "stage": "open", "closed_at": None},
    ]
    with serve(accounts=[{}], deals=deals) as portal:
        pipelines = portal.get("/crm/v3/pipelines/deals")["results"]
        names = "dealstage,pipeline,hs_is_closed,hs_is_closed_won,hs_is_closed_lost,closedate"
        rows = [
            r["properties"]
            for r in portal.get("/crm/v3/objects/deals", properties=names)["results"]
        ]
    told = {(p["id"], s["id"]): s["metadata"] for p in pipelines for s in p["stages"]}
    metadata = [told[row["pipeline"], row["dealstage"]] for row in rows]
    assert [m["probability"] for m in metadata] == ["1.0", "0.0", "0.4"]
    assert [m["isClosed"] for m in metadata] == ["true", "true", "false"]
    assert [row["hs_is_closed"] for row in rows] == ["true", "true", "false"]
    assert [row["hs_is_closed_won"] for row in rows] == ["true", "false", "false"]
    assert [row["hs_is_closed_lost"] for row in rows] == ["false", "true", "false"]
    assert rows[1]["pipeline"] != "default"
    assert rows[2]["closedate"] == "2026-04-10T08:00:00.000Z"


def test_meetings_tell_their_kind_and_times(portal):
    names = "hs_activity_type,hs_meeting_outcome,hs_meeting_start_time,hs_meeting_end_time"
    [row] = portal.get("/crm/v3/objects/meetings", properties=names)["results"]
    assert row["properties"] | {"hs_object_id": "", "hs_createdate": ""} == {
        "hs_activity_type": "Business review",
        "hs_meeting_outcome": "COMPLETED",
        "hs_meeting_start_time": "2026-09-10T15:00:00.000Z",
        "hs_meeting_end_time": "2026-09-10T16:00:00.000Z",
        "hs_lastmodifieddate": "2026-09-10T16:05:00.000Z",
        "hs_object_id": "",
        "hs_createdate": "",
    }


def test_contacts_carry_their_role_and_their_own_modified_date(portal):
    names = "email,hs_buying_role,associatedcompanyid"
    [row] = portal.get("/crm/v3/objects/contacts", properties=names)["results"]
    assert row["properties"]["hs_buying_role"] == "CHAMPION"
    assert row["properties"]["associatedcompanyid"] == "9100000001"
    assert row["properties"]["lastmodifieddate"] == row["updatedAt"] == "2026-03-02T09:00:00.000Z"
    assert "hs_lastmodifieddate" not in row["properties"]


def test_archived_owners_need_a_second_call(serve):
    owners = [{}, {"owner_no": 2, "email": "left@vendor.example", "archived": True}]
    with serve(owners=[*owners, {"owner_no": 3}]) as portal:
        live = portal.get("/crm/v3/owners", limit=1)
        more = portal.get("/crm/v3/owners", limit=1, after=live["paging"]["next"]["after"])
        [gone] = portal.get("/crm/v3/owners", archived="true")["results"]
        one = portal.get(f"/crm/v3/owners/{gone['id']}", archived="true")
        assert portal.refused("GET", f"/crm/v3/owners/{gone['id']}")[0] == 404
    assert [row["id"] for row in live["results"] + more["results"]] == ["5550001", "5550003"]
    assert "paging" not in more
    assert gone == one
    assert gone["email"] == "left@vendor.example"
    assert "userId" not in gone
    assert gone["userIdIncludingInactive"] == 7000002
    assert live["results"][0]["type"] == "PERSON"
    assert live["results"][0]["userId"] == 7000001
