"""Search, its export and its count (search reference and issue threads, checked Nov 2026)."""

import pytest

ANA, WHO = 7_000_000_011, 7_000_000_012
NOBODY = 9_900  # the sender of tickets whose sender is unknown
CAP = {
    "error": "invalid",
    "description": "Invalid search: Requested response size was greater than Search Response "
    "Limits",
}


def found(desk, query, **params):
    return [row["id"] for row in desk.get("/search.json", query=query, **params)["results"]]


def many(count):
    return [{"ticket_no": number} for number in range(1, count + 1)]


def test_results_are_whole_records_that_say_what_they_are(desk):
    page = desk.get("/search.json", query="type:ticket 8801")
    ticket = desk.get("/tickets/8801")["ticket"]
    assert page == {
        "results": [{**ticket, "result_type": "ticket"}],
        "facets": None,
        "next_page": None,
        "previous_page": None,
        "count": 1,
    }
    for kind, path in (("user", f"/users/{ANA}"), ("organization", "/organizations/4400001")):
        record = desk.get(path)[kind]
        (result,) = desk.get("/search", query=f"type:{kind} id:{record['id']}")["results"]
        assert result == {**record, "result_type": kind}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("type:ticket", [8801, 8802, 8804, 8805]),
        ("type:ticket status<solved", [8802]),
        ("type:ticket status>=solved", [8801, 8804, 8805]),
        ("type:ticket status:open status:closed", [8802, 8804]),
        ("type:ticket -status:solved", [8802, 8804]),
        ("type:ticket priority:none", [8805]),
        ("type:ticket priority>normal organization:none", []),
        ("type:ticket organization:none", [8805]),
        ('type:ticket organization:"Kite & Co" created<2026-11-01', [8804]),
        ("type:ticket requester:ana@kite.co", [8801, 8802, 8804]),
        ("type:ticket assignee:asha", [8802, 8805]),
        ("type:ticket assignee:me", [8802, 8805]),
        ("type:ticket satisfaction:bad", [8805]),
        ("type:ticket solved:2026-11-12", [8801, 8805]),
        ("type:ticket created>2026-11-10", []),
        ("type:ticket created>=2026-11-10 created<=2026-11-10", [8801, 8802, 8805]),
        ("type:ticket created>2026-11-10T08:59:59Z", [8801, 8802, 8805]),
        ("type:ticket updated>30days", [8801, 8802, 8805]),
        ("type:ticket updated<30days", [8804]),
        ("type:ticket export fails", [8801, 8802, 8804, 8805]),
        ('type:ticket "fails export"', []),
        ("type:ticket subject:exp*", [8801, 8802, 8804, 8805]),
        ("type:user role:end-user", [NOBODY, ANA, WHO]),
        ("type:user updated>2026-01-05 updated<2026-01-07", [ANA, WHO]),
        ("type:user updated>2026-11-20T00:00:00Z updated<2000-01-02T00:00:00Z", []),
        ("type:user email:who@else.example", [WHO]),
        ("type:user organization:4400001", [ANA]),
        ("type:organization", [4_400_001, 4_400_002]),
        ("type:organization external_id:50001", [4_400_001]),
        ("type:organization external_id:none", [4_400_002]),
        ("type:organization reed", [4_400_002]),
        ("type:group", [31_000]),
        ("kite.co type:organization type:user", [ANA, 4_400_001, 4_400_002]),
        ("type:user status:open", []),
        ("weather:fine", []),
    ],
)
def test_properties_dates_words_and_signs_narrow_what_is_found(desk, query, ids):
    assert sorted(found(desk, query)) == sorted(ids)
    assert desk.get("/search/count.json", query=query) == {"count": len(ids)}


@pytest.mark.parametrize("query", ["created>soon", "status<late", "subject>a"])
def test_what_cannot_be_compared_is_refused(desk, query):
    status, body = desk.refused("/search", query=query)
    assert (status, body["error"]) == (422, "invalid")
    assert body["description"].startswith("Invalid search: ")


def test_a_search_without_a_query_is_refused(desk):
    assert desk.refused("/search")[0] == 422
    assert desk.refused("/search/count")[0] == 422


def test_results_come_newest_first_or_in_the_order_asked_for(desk):
    query = "type:ticket"
    assert found(desk, query)[-1] == 8804
    assert found(desk, query, sort_by="status", sort_order="asc")[0] == 8802
    assert found(desk, query, sort_by="updated_at", sort_order="asc")[0] == 8804


def test_pages_end_at_the_1000th_result_though_count_and_links_go_on(serve):
    with serve(tickets=many(1_005)) as desk:
        page = desk.get("/search.json", query="type:ticket", page=10)
        assert (len(page["results"]), page["count"]) == (100, 1_005)
        assert desk.refused(page["next_page"]) == (422, CAP)
        assert desk.refused("/search", query="type:ticket", page=101, per_page=10) == (422, CAP)


def test_the_export_goes_on_by_its_cursor_to_the_very_end(serve):
    with serve(tickets=many(1_005)) as desk:
        options = {"query": "status:solved", "filter[type]": "ticket", "page[size]": 500}
        page = desk.get("/search/export.json", **options)
        seen = [row["id"] for row in page["results"]]
        assert page["results"][0]["result_type"] == "ticket"
        assert (page["facets"], page["links"]["prev"]) == (None, None)
        while page["meta"]["has_more"]:
            page = desk.ask(page["links"]["next"]).json()
            seen += [row["id"] for row in page["results"]]
        assert seen == list(range(1, 1_006))


def test_the_cursor_of_an_export_lives_for_an_hour(serve):
    with serve(tickets=many(3)) as desk:
        options = {"query": "", "filter[type]": "ticket", "page[size]": 2}
        link = desk.get("/search/export", **options)["links"]["next"]
        desk.state.clock.skip(3_500)
        assert [row["id"] for row in desk.ask(link).json()["results"]] == [3]
        desk.state.clock.skip(200)
        status, body = desk.refused(link)
        assert (status, body["errors"][0]["code"]) == (400, "InvalidPaginationParameter")
        assert desk.refused("/search/export", **options, **{"page[after]": "made up"})[0] == 400


def test_an_export_is_of_one_kind_that_its_filter_names(desk):
    assert desk.refused("/search/export", query="status:open")[0] == 400
    status, _ = desk.refused("/search/export", query="type:user", **{"filter[type]": "ticket"})
    assert status == 422
    both = desk.get("/search/export", query="type:ticket", **{"filter[type]": "ticket"})
    assert len(both["results"]) == 4
    many_rows = {"filter[type]": "user", "page[size]": 1_001}
    assert desk.refused("/search/export", query="ana", **many_rows)[0] == 400
