"""Pages of a query and their cursors; what was deleted or archived."""

from tests.sandbox.salesforce.conftest import ACCOUNT

MANY = [{"person_no": number, "email": f"p{number}@kite.example"} for number in range(1, 451)]
SMALL = {"headers": {"Sforce-Query-Options": "batchSize=200"}}


def test_a_query_is_paged_by_paths_that_are_followed_as_given(serve):
    with serve(accounts=[{}], people=MANY) as org:
        page = org.query("SELECT Id FROM Contact ORDER BY Id", **SMALL)
        assert page["totalSize"] == 450
        ids = [record["Id"] for record in page["records"]]
        pages = 1
        while not page["done"]:
            assert page["nextRecordsUrl"].startswith("/services/data/v66.0/query/0r8")
            page = org.get(page["nextRecordsUrl"], **SMALL)
            ids += [record["Id"] for record in page["records"]]
            pages += 1
        assert pages == 3
        assert "nextRecordsUrl" not in page
        assert len(set(ids)) == 450


def test_a_page_can_be_read_again(serve):
    with serve(accounts=[{}], people=MANY) as org:
        path = org.query("SELECT Id FROM Contact", **SMALL)["nextRecordsUrl"]
        assert org.get(path, **SMALL)["records"] == org.get(path, **SMALL)["records"]


def test_a_page_shows_what_is_there_when_it_is_read(serve):
    """A cursor is not a snapshot: a row that was written in between comes as it is now."""
    with serve(accounts=[{}], people=MANY) as org:
        page = org.query("SELECT Id, Title FROM Contact ORDER BY Id", **SMALL)
        following = org.get(page["nextRecordsUrl"], **SMALL)["records"][0]["Id"]
        org.ask("PATCH", f"/sobjects/Contact/{following}", json={"Title": "Changed"})
        assert org.get(page["nextRecordsUrl"], **SMALL)["records"][0]["Title"] == "Changed"


def test_a_cursor_that_is_not_there_is_refused(org):
    for locator in ("0r85a00000000zzAAA-2000", "nonsense"):
        status, code, _ = org.refused("GET", f"/query/{locator}")
        assert (status, code) == (400, "INVALID_QUERY_LOCATOR")


def test_batches_have_200_to_2000_rows(org):
    for size in ("199", "2001", "many"):
        headers = {"Sforce-Query-Options": f"batchSize={size}"}
        options = {"params": {"q": "SELECT Id FROM Account"}, "headers": headers}
        assert org.refused("GET", "/query", **options)[0] == 400


def test_only_query_all_shows_what_was_deleted_and_who_took_it_in(org):
    soql = "SELECT Id, IsDeleted, MasterRecordId FROM Account WHERE IsDeleted = true"
    assert org.rows(soql) == []
    (merged,) = org.rows(soql, everything=True)
    (winner,) = org.column("SELECT Id FROM Account WHERE Name = 'Zephyr'")
    assert merged["MasterRecordId"] == winner
    assert merged["Id"] != winner


def test_the_recycle_bin_keeps_15_days(serve):
    accounts = [
        {"account_no": 1, "archived_at": "2026-11-10T08:00:00"},
        {"account_no": 2, "archived_at": "2026-10-10T08:00:00"},
    ]
    with serve(accounts=accounts) as org:
        soql = "SELECT Id FROM Account"
        assert org.column(soql) == []
        assert org.column(soql, everything=True) == [ACCOUNT]


def test_old_events_are_archived(serve):
    old = {"starts_at": "2025-06-01T09:00:00", "ends_at": "2025-06-01T10:00:00"}
    meetings = [
        {},
        old | {"meeting_no": 32, "created_at": "2025-05-01", "updated_at": "2025-06-01"},
    ]
    with serve(accounts=[{}], meetings=meetings) as org:
        soql = "SELECT IsArchived FROM Event WHERE IsChild = false ORDER BY StartDateTime"
        assert org.column(soql) == [False]
        assert org.column(soql, everything=True) == [True, False]
