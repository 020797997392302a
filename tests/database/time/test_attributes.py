"""What was true of an account from when to when."""

import pytest

from .conftest import company, past


@pytest.fixture
def landed_at(store):
    """Say that everything that landed so far without a time was seen on a day."""

    def say(day):
        with store.begin() as connection:
            connection.exec_driver_sql(
                "update raw.record set observed_at = %(day)s where observed_at > now() - "
                "interval '1 hour'",
                {"day": f"{day}T12:00:00Z"},
            )

    return say


def test_the_vendors_history_says_since_when(arrive, values):
    history = {"segment": past(("2025-02-01", "smb"), ("2025-09-01", "enterprise"))}
    arrive(companies=[company(history=history)])
    assert values("segment") == [
        ("2025-02-01", "2025-09-01", "smb", "vendor"),
        ("2025-09-01", None, "enterprise", "vendor"),
    ]


def test_all_attributes_are_read_and_an_empty_one_is_known_to_be_empty(arrive, values):
    day = "2025-02-01"
    history = {
        "hubspot_owner_id": past((day, "7"), ("2025-03-01", "")),
        "segment": past((day, "smb")),
        "arr": past((day, "1200.50"), ("2025-04-01", "lots")),
        "renewal_date": past((day, "2026-01-31")),
        "hs_parent_company_id": past((day, "200")),
        "lifecyclestage": past((day, "customer")),
    }
    arrive(companies=[company(history=history)])
    assert values("owner")[-1] == ("2025-03-01", None, None, "vendor")
    assert [value for *_, value, _ in values("arr")] == ["1200.50", None]
    assert values("renewal_date")[0][2] == "2026-01-31"
    assert values("parent")[0][2] == "200"
    assert values("lifecycle")[0][2] == "customer"
    assert values("currency") == [("2025-01-01", None, "usd", "observed")]


def test_without_history_a_change_counts_from_the_day_it_was_seen(arrive, values, rows):
    arrive(companies=[company(segment="smb")])
    arrive(companies=[company(segment="enterprise")])
    first, second = values("segment")
    seen = rows("select max(observed_at)::date::text from raw.record")[0][0]
    assert first == ("2025-01-01", seen, "smb", "observed")
    assert second == (seen, None, "enterprise", "observed")


def test_versions_that_nobody_looked_at_yet_all_count(store, arrive, settings, values, landed_at):
    arrive(companies=[company(segment="smb")])
    landed_at("2025-03-01")
    arrive(companies=[company(segment="mid_market")])
    landed_at("2025-06-01")
    with store.begin() as connection:  # as after an upgrade of a store that had landed both
        connection.exec_driver_sql("delete from core.account_attribute")
        connection.exec_driver_sql("update core.account set attributed_batch = null")
    arrive()
    assert values("segment") == [
        ("2025-01-01", "2025-06-01", "smb", "observed"),
        ("2025-06-01", None, "mid_market", "observed"),
    ]


def test_the_same_again_writes_nothing(arrive, values):
    history = {"segment": past(("2025-02-01", "smb"))}
    assert arrive(companies=[company(history=history, arr="5")])["attributes"] > 0
    before = values("segment"), values("arr")
    assert arrive(companies=[company(history=history, arr="5")])["attributes"] == 0
    assert arrive()["attributes"] == 0
    again = company(history=history, arr="5", name="Another name")
    assert arrive(companies=[again])["attributes"] == 0
    assert (values("segment"), values("arr")) == before


def test_the_same_value_set_twice_stays_the_same_value(arrive, values):
    history = {"segment": past(("2025-02-01", "smb"), ("2025-05-01", "smb"))}
    arrive(companies=[company(history=history)])
    assert {value for *_, value, _ in values("segment")} == {"smb"}
    arrive(companies=[company("200", segment="smb")])
    arrive(companies=[company("200", segment="smb", name="Another")])
    assert len(values("segment", "200")) == 1


def test_an_entry_that_arrives_late_takes_its_place(arrive, values):
    arrive(companies=[company(history={"segment": past(("2025-02-01", "a"), ("2025-08-01", "c"))})])
    late = past(("2025-02-01", "a"), ("2025-05-01", "b"), ("2025-08-01", "c"))
    arrive(companies=[company(history={"segment": late})])
    assert [row[:3] for row in values("segment")] == [
        ("2025-02-01", "2025-05-01", "a"),
        ("2025-05-01", "2025-08-01", "b"),
        ("2025-08-01", None, "c"),
    ]


def test_an_entry_that_the_vendor_took_back_goes_and_one_it_forgot_stays(arrive, values):
    entries = (("2025-02-01", "a"), ("2025-05-01", "b"), ("2025-08-01", "c"))
    arrive(companies=[company(history={"segment": past(*entries)})])
    arrive(companies=[company(history={"segment": past(entries[0], entries[2])})])
    assert [value for *_, value, _ in values("segment")] == ["a", "c"]
    arrive(companies=[company(history={"segment": past(entries[2], ("2025-09-01", "d"))})])
    assert [value for *_, value, _ in values("segment")] == ["a", "c", "d"]


def test_a_vendors_history_replaces_what_was_only_seen(arrive, values):
    arrive(companies=[company(segment="smb")])
    arrive(companies=[company(history={"segment": past(("2025-07-01", "smb"))})])
    assert values("segment") == [("2025-07-01", None, "smb", "vendor")]


def test_a_record_that_says_more_than_its_history_is_believed_from_now_on(arrive, values):
    history = {"segment": past(("2025-02-01", "smb"))}
    arrive(companies=[company(history=history, segment="enterprise")])
    assert [row[2:] for row in values("segment")] == [
        ("smb", "vendor"),
        ("enterprise", "observed"),
    ]


def test_another_property_is_another_history(arrive, values, settings):
    history = {"segment": past(("2025-02-01", "smb")), "tier": past(("2025-03-01", "gold"))}
    arrive(companies=[company(history=history)])
    (crm,) = [source for source in settings.sources if source.role == "crm"]
    fields = crm.fields.model_copy(update={"segment": "tier"})
    others = [source for source in settings.sources if source.role != "crm"]
    renamed = settings.model_copy(
        update={"sources": (crm.model_copy(update={"fields": fields}), *others)}
    )
    arrive(renamed)
    assert values("segment") == [("2025-03-01", None, "gold", "vendor")]


def test_a_re_segmented_account_does_not_rewrite_its_past(arrive, rows):
    history = {
        "segment": past(("2025-02-01", "smb"), ("2026-03-10", "enterprise")),
        "arr": past(("2025-02-01", "1000"), ("2026-03-10", "9000")),
    }
    arrive(companies=[company(history=history)])
    on_day = {"first_account": 1, "last_account": 9}
    (before,) = rows("attributes/on_day", until="2026-03-10T00:00:00Z", **on_day)
    (after,) = rows("attributes/on_day", until="2026-03-11T00:00:00Z", **on_day)
    assert (before[2], int(before[3]), before[4]) == ("smb", 1000, "usd")
    assert (after[2], int(after[3])) == ("enterprise", 9000)


def test_a_day_ends_where_the_organisation_is_also_when_clocks_change(arrive, rows, settings):
    # Berlin: 29 March 2026 has 23 hours and ends at 22:00 UTC, the 28th at 23:00 UTC.
    there = settings.model_copy(update={"time_zone": "Europe/Berlin"})
    history = {
        "segment": past(("2026-03-28T22:59:59Z", "a"), ("2026-03-28T23:00:00Z", "b"),
                        ("2026-03-29T22:00:00Z", "c")),
    }  # fmt: skip
    arrive(there, companies=[company(history=history)])
    days = """
        select d::text, (select segment from core.attributes_on(core.end_of(d)))
        from unnest(array['2026-03-28', '2026-03-29', '2026-03-30']::date[]) as d
    """
    assert rows(days) == [("2026-03-28", "a"), ("2026-03-29", "b"), ("2026-03-30", "c")]


def test_a_later_value_changes_no_earlier_day(arrive, rows):
    entries = [("2025-02-01", "a"), ("2025-06-01", "b")]
    arrive(companies=[company(history={"segment": past(*entries)})])
    day = "select segment from core.attributes_on('2025-12-01T00:00:00Z')"
    assert rows(day) == [("b",)]
    arrive(companies=[company(history={"segment": past(*entries, ("2025-12-01", "c"))})])
    assert rows(day) == [("b",)]


def test_any_attribute_that_the_settings_name_is_kept_in_time(arrive, values, settings):
    history = {"industry": past(("2025-02-01", "retail"), ("2025-06-01", "banking"))}
    arrive(companies=[company(history=history)])
    assert values("vertical") == []
    (crm,) = [source for source in settings.sources if source.role == "crm"]
    others = [source for source in settings.sources if source.role != "crm"]
    asked = crm.model_copy(update={"attributes": {"vertical": "industry"}})
    arrive(settings.model_copy(update={"sources": (asked, *others)}))
    assert values("vertical") == [
        ("2025-02-01", "2025-06-01", "retail", "vendor"),
        ("2025-06-01", None, "banking", "vendor"),
    ]
    arrive(settings)
    assert values("vertical") == []
