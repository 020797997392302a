"""Companies: the scroll, numbered lists, single ones (API description 2.16, checked Nov 2026)."""

from sandbox.state import Journal

MANY = {
    "organizations": [
        {"organization_no": 100 + n, "account_no": n, "name": f"Company {n}"} for n in range(250)
    ],
    "people": [{"person_no": 1_000 * n + 1, "account_no": n} for n in range(250)],
}


def scrolled(client):
    rows, page = [], client.get("/companies/scroll")
    while page["data"]:
        rows += page["data"]
        page = client.get("/companies/scroll", scroll_param=page["scroll_param"])
    return rows, page


def test_a_company_has_the_products_key_and_money_without_currency(client):
    (company,) = client.get("/companies", company_id="t-1")["data"]
    assert company["custom_attributes"] == {"crm_id": "50001"}
    assert (company["user_count"], company["monthly_spend"], company["size"]) == (2, 4000, 85)
    assert company["segments"]["segments"][0]["name"] == "enterprise"
    assert client.get(f"/companies/{company['id']}") == company
    assert client.get("/companies", name="Reed")["data"][0]["company_id"] == "50002"
    assert client.refused("/companies?company_id=x") == (404, "company_not_found")
    assert client.refused("/companies/x") == (404, "company_not_found")


def test_before_version_2_7_a_company_asked_for_by_key_comes_alone(client):
    old = {"Intercom-Version": "2.5"}
    shown = client.ask("/companies?company_id=t-1", headers=old).json()
    assert (shown["type"], shown["company_id"]) == ("company", "t-1")


def test_the_scroll_brings_all_that_somebody_belongs_to_a_hundred_a_page(serve):
    with serve(**MANY) as client:
        rows, last = scrolled(client)
        assert len({row["id"] for row in rows}) == len(rows) == 250
        param = last.pop("scroll_param")
        assert last == {"type": "list", "data": [], "pages": None, "total_count": None}
        assert client.refused(f"/companies/scroll?scroll_param={param}") == (404, "not_found")


def test_a_company_shows_only_what_was_set_of_it(serve):
    with serve(organizations=[{}], accounts=[{}]) as client:
        made = client.post("/companies", {"company_id": "new", "name": "New"})
        known = client.get("/companies", company_id="t-1")["data"][0]
    assert not {"website", "industry", "size", "remote_created_at"} & set(made)
    assert {"industry", "size", "remote_created_at"} <= set(known)


def test_a_company_without_users_shows_in_no_list_but_by_its_key(client):
    rows, _ = scrolled(client)
    listed = client.post("/companies/list", {})
    names = {row["name"] for row in rows}
    assert names == {row["name"] for row in listed["data"]} == {"Kite & Co", "Reed"}
    assert client.get("/companies", name="Nobody")["data"][0]["company_id"] == "org-13"


def test_only_one_scroll_is_open_and_it_ends_after_an_idle_minute(serve):
    with serve(**MANY) as client:
        first = client.get("/companies/scroll")
        assert client.refused("/companies/scroll") == (400, "scroll_exists")
        client.state.clock.skip(59)
        going_on = f"/companies/scroll?scroll_param={first['scroll_param']}"
        assert client.ask(going_on).json()["scroll_param"] == first["scroll_param"]
        client.state.clock.skip(61)
        assert client.refused(going_on) == (404, "not_found")
        assert len(client.get("/companies/scroll")["data"]) == 100


def test_a_page_of_the_scroll_that_got_lost_does_not_come_again(serve):
    with serve(**MANY) as client:
        first = client.get("/companies/scroll")
        param = first["scroll_param"]
        pages = [client.get("/companies/scroll", scroll_param=param)["data"] for _ in range(3)]
        assert [len(page) for page in pages] == [100, 50, 0]


def test_numbered_lists_have_a_next_address_and_end_at_10_000(serve):
    with serve(**MANY) as client:
        page = client.post("/companies/list?per_page=60&page=2", {})
        assert (len(page["data"]), page["total_count"], page["pages"]["total_pages"]) == (
            60,
            250,
            5,
        )
        third = client.post(page["pages"]["next"], {})
        assert third["pages"]["page"] == 3
        assert not {row["id"] for row in page["data"]} & {row["id"] for row in third["data"]}
        assert client.post("/companies/list?per_page=60&page=5", {})["pages"]["next"] is None
        wall = client.refused("/companies/list?per_page=60&page=167", "POST", json={})
        assert wall == (400, "page_limit_reached")
        assert client.refused("/companies/list?per_page=61", "POST", json={})[0] == 400


def test_contacts_belong_to_companies_and_companies_to_contacts(client):
    (kite,) = client.get("/companies", company_id="t-1")["data"]
    people = client.get(f"/companies/{kite['id']}/contacts")
    assert {row["email"] for row in people["data"]} == {"ana@kite.co", "bo@reed.co"}
    bo = next(row for row in people["data"] if row["email"] == "bo@reed.co")
    assert bo["companies"]["total_count"] == 2
    names = {row["name"] for row in client.get(f"/contacts/{bo['id']}/companies")["data"]}
    assert names == {"Kite & Co", "Reed"}


def test_segments_are_those_of_the_companies(client):
    segment, _ = client.get("/segments", include_count="true")["segments"]
    assert (segment["name"], segment["count"]) == ("enterprise", 1)
    (kite,) = client.get("/companies", segment_id=segment["id"])["data"]
    assert kite["company_id"] == "t-1"
    assert client.get(f"/companies/{kite['id']}/segments")["data"][0]["id"] == segment["id"]


def test_an_attribute_must_exist_before_it_is_written(serve):
    with serve(organizations=[{}], accounts=[{}]) as client:
        body = {"company_id": "t-1", "custom_attributes": {"health_score": 72}}
        assert client.refused("/companies", "POST", json=body) == (400, "parameter_invalid")
        made = client.post(
            "/data_attributes", {"name": "health_score", "model": "company", "data_type": "integer"}
        )
        assert made["full_name"] == "custom_attributes.health_score"
        again = {"name": "Health_Score", "model": "company", "data_type": "integer"}
        assert client.refused("/data_attributes", "POST", json=again)[1] == "parameter_invalid"
        assert client.post("/companies", body)["custom_attributes"]["health_score"] == 72
        wrong = {"company_id": "t-1", "custom_attributes": {"health_score": "high"}}
        assert client.refused("/companies", "POST", json=wrong) == (400, "parameter_invalid")
        own = [row["name"] for row in client.get("/data_attributes", model="company")["data"]]
        assert own[-2:] == ["crm_id", "health_score"]
        assert client.refused("/data_attributes?model=conversation")[0] == 422


def test_a_company_is_made_or_changed_by_its_key_which_never_changes(serve):
    with serve(organizations=[{}], accounts=[{}]) as client:
        new = client.post("/companies", {"company_id": "t-9", "name": "New"})
        changed = client.post("/companies", {"company_id": "t-9", "plan": "Pro"})
        assert (changed["id"], changed["plan"]["name"]) == (new["id"], "Pro")
        path = f"/companies/{new['id']}"
        put = client.ask(path, "PUT", json={"website": "https://new.example"}).json()
        assert (put["website"], put["name"]) == ("https://new.example", "New")
        refused = client.ask(path, "PUT", json={"company_id": "t-8"})
        assert refused.json()["errors"][0]["message"] == "bad 'company_id' parameter"
        assert client.refused("/companies", "POST", json={"name": "x"})[1] == "parameter_not_found"
        assert client.ask(path, "DELETE").json()["deleted"] is True
        assert client.refused(path) == (404, "company_not_found")


def test_a_new_start_repeats_what_was_written(serve):
    journal = Journal()
    with serve(organizations=[{}], accounts=[{}], journal=journal) as client:
        (kite,) = client.get("/companies", company_id="t-1")["data"]
        client.post("/companies", {"company_id": "t-1", "custom_attributes": {"crm_id": "7"}})
        client.post("/companies", {"company_id": "t-9"})
    with serve(organizations=[{}], accounts=[{}], journal=journal) as client:
        again = client.get(f"/companies/{kite['id']}")
        assert again["custom_attributes"] == {"crm_id": "7"}
        assert client.get("/companies", company_id="t-9")["total_count"] == 1
        assert client.refused("/companies", "POST", data="{") == (400, "bad_request")
