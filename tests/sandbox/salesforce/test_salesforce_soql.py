"""Queries: what they find, and what is said of those that cannot be run."""

import pytest

from sandbox.vendors.salesforce_ids import record_id, to_18, with_suffix
from sandbox.vendors.salesforce_org import Settings
from tests.sandbox.salesforce.conftest import ACCOUNT

NAMES = "SELECT Name FROM Account WHERE "


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("Name = 'kite & co'", ["Kite & Co"]),
        ("Name != 'Zephyr'", ["Kite & Co", "Wren's"]),
        (r"Name = 'Wren\'s'", ["Wren's"]),
        ("Name LIKE '%re%'", ["Wren's"]),
        ("Name LIKE '_ite%'", ["Kite & Co"]),
        (r"Name LIKE '\_ite%'", []),
        ("ARR__c > 900.5", ["Kite & Co"]),
        ("ARR__c >= 9.005e2", ["Kite & Co", "Zephyr"]),
        ("ARR__c = null", ["Wren's"]),
        ("ARR__c != null AND Segment__c = null", ["Zephyr"]),
        ("Segment__c != 'smb'", ["Kite & Co", "Zephyr"]),
        ("Segment__c = ''", ["Zephyr"]),
        ("Segment__c IN ('smb', 'enterprise')", ["Wren's"]),
        ("Segment__c NOT IN ('smb', 'enterprise')", ["Kite & Co", "Zephyr"]),
        ("NOT Name LIKE 'Z%'", ["Kite & Co", "Wren's"]),
        ("(Name = 'Zephyr' OR Name = 'Kite & Co') AND ARR__c < 1000", ["Zephyr"]),
        ("Owner.Email = 'ANN@seller.example'", ["Kite & Co", "Zephyr"]),
        ("Parent.Owner.FirstName = 'Ann'", ["Wren's"]),
        ("ParentId != null", ["Wren's"]),
        ("Renewal_Date__c >= 2027-01-31", ["Kite & Co", "Zephyr"]),
        ("CreatedDate >= 2026-06-01T02:00:00+02:00", ["Zephyr"]),
        ("CreatedDate = 2026-01-10T08:00:00.000Z", ["Kite & Co", "Wren's"]),
        ("SystemModstamp >= 2026-11-02T08:00:00Z", ["Kite & Co"]),
        ("CALENDAR_YEAR(CreatedDate) = 2026 AND CALENDAR_MONTH(CreatedDate) = 6", ["Zephyr"]),
        ("DAY_ONLY(CreatedDate) = 2026-06-01", ["Zephyr"]),
        ("Id IN (SELECT AccountId FROM Contact WHERE Email LIKE 'al%')", ["Kite & Co"]),
        ("Id NOT IN (SELECT AccountId FROM Contact)", ["Wren's", "Zephyr"]),
        ("Account.Name = 'Zephyr'", ["Zephyr"]),
    ],
)
def test_a_condition_finds_its_rows(org, where, names):
    assert org.column(NAMES + where) == names


@pytest.mark.parametrize(
    ("literal", "is_found"),
    [
        ("TODAY", False),
        ("LAST_N_DAYS:18", True),  # the 2nd of November; today is the 20th
        ("LAST_N_DAYS:17", False),
        ("THIS_MONTH", True),
        ("LAST_MONTH", False),
        ("THIS_YEAR", True),
        ("THIS_QUARTER", True),
        ("LAST_90_DAYS", True),
        ("N_DAYS_AGO:18", True),
        ("N_WEEKS_AGO:2", True),
        ("LAST_WEEK", False),
        ("LAST_N_MONTHS:3", False),
    ],
)
def test_words_for_days_are_ranges(org, literal, is_found):
    found = org.column(f"{NAMES}Name LIKE 'Kite%' AND LastModifiedDate = {literal}")
    assert bool(found) is is_found


def test_an_id_counts_with_15_and_with_18_characters(org):
    assert len(ACCOUNT) == 18
    for one in (ACCOUNT, ACCOUNT[:15]):
        assert org.column(f"SELECT Id FROM Account WHERE Id = '{one}'") == [ACCOUNT]


def test_ids_that_differ_in_case_alone_have_other_suffixes():
    lower, upper = record_id("001", 36), record_id("001", 10)
    assert lower[:15].lower() == upper[:15].lower()
    assert lower[15:] != upper[15:]
    assert with_suffix("001A0000006Vm9r") == "001A0000006Vm9rIAC"
    assert to_18("001a0000006vm9riac") == "001A0000006Vm9rIAC"
    assert to_18("001A0000006Vm9") is None


def test_parents_are_objects_and_missing_ones_null(org):
    first, second = org.rows("SELECT Name, Owner.Email, Parent.Name FROM Account LIMIT 2")
    assert first == {"Name": "Kite & Co", "Owner": {"Email": "ann@seller.example"}, "Parent": None}
    assert second["Parent"] == {"Name": "Kite & Co"}


def test_records_and_parents_say_what_they_are_and_where(org):
    record = org.query("SELECT Owner.Id FROM Account LIMIT 1")["records"][0]
    assert record["attributes"] == {
        "type": "Account",
        "url": f"/services/data/v66.0/sobjects/Account/{ACCOUNT}",
    }
    assert record["Owner"]["attributes"]["type"] == "User"


def test_a_parent_of_several_kinds_tells_its_own(org):
    (row,) = org.rows("SELECT What.Name, What.Type FROM Event WHERE What.Type = 'Account' LIMIT 1")
    assert row == {"What": {"Name": "Kite & Co", "Type": "Account"}}


def test_what_hangs_on_a_record_comes_as_a_list_within(org):
    first, second, _ = org.query("SELECT Name, (SELECT Email FROM Contacts) FROM Account")[
        "records"
    ]
    assert first["Contacts"]["totalSize"] == 2
    assert second["Contacts"] is None


def test_order_puts_missing_values_first_unless_told(org):
    arr = "SELECT ARR__c FROM Account ORDER BY ARR__c"
    assert org.column(arr) == [None, 900.5, 48_000.0]
    assert org.column(f"{arr} DESC NULLS LAST") == [48_000.0, 900.5, None]
    both = "SELECT Name FROM Account ORDER BY Owner.LastName, Name DESC"
    assert org.column(both) == ["Wren's", "Zephyr", "Kite & Co"]


def test_limit_and_offset_cut_the_rows(org):
    assert org.column("SELECT Name FROM Account ORDER BY Name LIMIT 1 OFFSET 1") == ["Wren's"]


def test_names_count_in_any_case_and_come_back_as_they_are(org):
    record = org.query("select id, owner.email from account limit 1")["records"][0]
    assert set(record) == {"attributes", "Id", "Owner"}


def test_counting_gives_a_number_and_no_records(org):
    answer = org.query("SELECT COUNT() FROM Account WHERE ARR__c > 0")
    assert answer == {"totalSize": 2, "done": True, "records": []}


def test_groups_are_counted_and_summed(org):
    soql = "SELECT Owner.Name, COUNT(Id) n, SUM(ARR__c) FROM Account GROUP BY Owner.Name"
    rows = org.rows(f"{soql} ORDER BY COUNT(Id) DESC")
    assert {row["Name"]: (row["n"], row["expr0"]) for row in rows} == {
        "Ann Ray": (2, 48_900.5),
        "Org Admin": (1, None),
    }


def test_all_fields_can_be_asked_for_with_a_limit(org):
    (row,) = org.rows("SELECT FIELDS(ALL) FROM Account LIMIT 1")
    assert {"Id", "ARR__c", "OwnerId", "BillingAddress"} <= set(row)
    assert org.bad_query("SELECT FIELDS(ALL) FROM Account")[0] == "MALFORMED_QUERY"


def test_a_compound_field_is_an_object(serve):
    with serve(accounts=[{"country": "Norway"}]) as org:
        assert org.column("SELECT BillingAddress FROM Account")[0]["country"] == "Norway"


def test_money_has_a_currency_only_where_the_org_has_several(org, serve):
    assert org.column("SELECT CurrencyIsoCode FROM Opportunity") == ["EUR"]
    with serve(accounts=[{}], settings=Settings(multi_currency=False)) as single:
        assert single.bad_query("SELECT CurrencyIsoCode FROM Account")[0] == "INVALID_FIELD"


@pytest.mark.parametrize(
    ("soql", "code", "said"),
    [
        ("SELECT Nope FROM Account", "INVALID_FIELD", "No such column 'Nope' on entity 'Account'"),
        ("SELECT Nope.Id FROM Account", "INVALID_FIELD", "Didn't understand relationship 'Nope'"),
        ("SELECT Id FROM Nope", "INVALID_TYPE", "sObject type 'Nope' is not supported"),
        ("SELECT Id Account", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM Account WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM Account LIMIT x", "MALFORMED_QUERY", "unexpected token: 'x'"),
        ("SELECT Id, Id FROM Account", "MALFORMED_QUERY", "duplicate field selected: Id"),
        (NAMES + "Name='a' AND Name='b' OR Name='c'", "MALFORMED_QUERY", "unexpected token: 'OR'"),
        (NAMES + "Name = TODAY", "INVALID_FIELD", "must be of type string"),
        (NAMES + "CreatedDate = SOMEDAY", "MALFORMED_QUERY", "unexpected token: 'SOMEDAY'"),
        (NAMES + "CreatedDate > '2026-01-01'", "INVALID_FIELD", "should not be enclosed in quotes"),
        (NAMES + "CreatedDate > 2026-01-01", "INVALID_FIELD", "must be of type dateTime"),
        (NAMES + "ARR__c > 'x'", "INVALID_FIELD", "must be of type currency"),
        (NAMES + "Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: x"),
        (NAMES + "BillingAddress = 'x'", "INVALID_FIELD", "can not be filtered"),
        (
            "SELECT Id FROM AccountHistory WHERE NewValue = 'x'",
            "INVALID_FIELD",
            "field 'NewValue' can not be filtered in a query call",
        ),
        # A plus sign that was not encoded arrives as a blank.
        (NAMES + "CreatedDate > 2026-01-01T00:00:00 00:00", "MALFORMED_QUERY", "unexpected token"),
        ("SELECT Name, COUNT(Id) FROM Account", "MALFORMED_QUERY", "must be grouped or aggregated"),
        ("SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "offset"),
    ],
)
def test_a_query_that_cannot_be_run_is_named(org, soql, code, said):
    got, message = org.bad_query(soql)
    assert got == code
    assert said in message


def test_a_message_shows_the_place(org):
    _, message = org.bad_query("SELECT Id,\nNope FROM Account")
    assert "\nNope FROM Account\n^\nERROR at Row:2:Column:1\n" in message


def test_a_missing_query_is_malformed(org):
    assert org.refused("GET", "/query")[1] == "MALFORMED_QUERY"
