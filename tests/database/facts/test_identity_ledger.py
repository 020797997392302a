"""What people map by hand, what is kept of links that were, and what a loss of links does."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from include.checks.stages import HOLDS, hold_fallen_roles
from include.errors import FixConfig
from include.reports.matching import accept_shares, held_roles, matching
from include.warehouse.conform import conform
from include.warehouse.mapping import read_mapping

from .conftest import AS_OF, company, customer, invoice, organization, subscription, usage

HEAD = "source,object,source_key,account,valid_from,valid_to,who,why\n"
THREE = [company("100"), company("200"), company("300", domain="hill.com")]


@pytest.fixture
def rows(store):
    def read(statement, **binds):
        with store.begin() as connection:
            return [tuple(row) for row in connection.execute(text(statement), binds)]

    return read


@pytest.fixture
def links(rows):
    def read():
        found = rows(
            "select source_key, coalesce(source_account_id, 'nobody'), method"
            " from core.account_link left join core.account using (account_id)"
        )
        return {key: (account, method) for key, account, method in found}

    return read


@pytest.fixture
def mapped(store, settings, tmp_path):
    """Link with these lines of a mapping file; returns what conform counted."""

    def run(*lines, head=HEAD, encoding="utf-8"):
        file = tmp_path / "mapping.csv"
        file.write_text(head + "\n".join(lines), encoding=encoding)
        identity = settings.identity.model_copy(update={"mapping_file": file})
        return conform(store, settings.model_copy(update={"identity": identity}))

    return run


def test_peoples_word_comes_first_and_may_be_nobody(conformed, mapped, links, rows):
    conformed(
        companies=THREE,
        customers=[
            customer("cus_1", hubspot_company_id="100"),
            customer("cus_2", email="pay@hill.com"),
            customer("cus_3"),
        ],
    )
    mapped(
        "stripe,customer,cus_1,200,,,ann,they moved",
        "stripe,customer,cus_2,,,,ann,our own test",
        'stripe,customer,cus_3,300,,,ann,"by phone, Monday"',
    )
    assert links() == {
        "cus_1": ("200", "mapping"), "cus_2": ("nobody", "mapping"), "cus_3": ("300", "mapping"),
    }  # fmt: skip
    assert rows("select * from core.unmatched") == []
    mapped()
    assert links() == {"cus_1": ("100", "key"), "cus_2": ("300", "domain")}


def test_a_subscription_that_is_nobodys_leaves_its_customers_account(conformed, mapped, rows):
    conformed(
        companies=THREE,
        customers=[customer("cus_1", hubspot_company_id="100")],
        subscriptions=[subscription("sub_1"), subscription("sub_2")],
        invoices=[invoice("in_1", subscription="sub_1"), invoice("in_2", subscription="sub_2")],
    )
    mapped("stripe,subscription,sub_2,,,,ann,a test")
    assert rows("select subscription_id from core.subscription_account") == [("sub_1",)]
    assert rows("select invoice_id from core.invoice_account") == [("in_1",)]


def test_a_line_counts_on_its_days_only(conformed, mapped, links):
    conformed(companies=THREE, organizations=[organization(at) for at in (1, 2, 3, 4)])
    day = timedelta(days=1)
    mapped(
        f"zendesk,organization,1,100,{AS_OF},{AS_OF},ann,today",
        f"zendesk,organization,2,100,{AS_OF + day},,ann,from tomorrow",
        f"zendesk,organization,3,100,,{AS_OF - day},ann,until yesterday",
        f"zendesk,organization,4,100,,{AS_OF - day},ann,until yesterday",
        f"zendesk,organization,4,200,{AS_OF},,ann,from today",
    )
    assert links() == {"1": ("100", "mapping"), "4": ("200", "mapping")}


def test_bad_lines_are_told_with_number_and_reason_and_the_rest_counts(
    conformed, mapped, links, rows
):
    conformed(companies=[*THREE, company("400", archived=True)], customers=[customer("cus_1")])
    counts = mapped(
        "stripe,customer,cus_1,100,,,ann,right",
        "striped,customer,cus_1,100,,,ann,no such source",
        "stripe,organization,cus_1,100,,,ann,no such object",
        "hubspot,company,1,100,,,ann,not to be mapped",
        "stripe,customer,,100,,,ann,no key",
        "stripe,customer,cus_2,999,,,ann,no such record",
        "stripe,customer,cus_2,400,,,ann,archived",
        "stripe,customer,cus_2,100,2026-13-01,,ann,no day",
        "stripe,customer,cus_2,100,2026-02-01,2026-01-01,ann,ends before",
        "stripe,customer,cus_2,100,,,,nobody said so",
        "stripe,customer,cus_2,100",
        'stripe,customer,"cus_2,100,,,ann,why',
        "stripe,customer,cus_3,100,,,ann,one thing",
        "stripe,customer,cus_3,,,,bob,another",
        "stripe,customer,a\0b,100,,,ann,why",
        ",,,,,,,",
    )
    assert links() == {"cus_1": ("100", "mapping")}
    assert counts["mapping lines refused"] == 14
    assert dict(rows("select line_no, state from core.link_mapping")) == {
        2: "in force",
        3: "health.yaml has no source 'striped'",
        4: "of stripe, customer or subscription can be mapped, not 'organization'",
        5: "of hubspot, nothing can be mapped, not 'company'",
        6: "source_key is empty",
        7: "the CRM has no live record 999",
        8: "the CRM has no live record 400",
        9: "a day must be written as YYYY-MM-DD",
        10: "it ends on 2026-01-01, before it begins on 2026-02-01",
        11: "who is empty",
        12: "has 4 cells, the first line has 8",
        13: "has a quote that does not close",
        14: "contradicted",
        15: "contradicted",
        16: "has a cell with a NUL or of more than 1,000 characters",
    }


def test_a_mapped_record_that_was_merged_stands_for_the_winner(conformed, mapped, links):
    conformed(
        companies=[company("100"), company("200", hs_merged_object_ids="100")],
        customers=[customer("cus_1")],
    )
    mapped("stripe,customer,cus_1,100,,,ann,as of old")
    assert links() == {"cus_1": ("200", "mapping")}


def test_a_file_from_a_spreadsheet_is_read(conformed, mapped, links):
    conformed(companies=THREE, customers=[customer("cus_1")])
    mapped(
        "100;cus_1;customer;stripe;Jörg;why, though", encoding="utf-8-sig",
        head="Account;source_key;object;SOURCE;who;why\n",
    )  # fmt: skip
    assert links() == {"cus_1": ("100", "mapping")}


def test_a_mapping_file_that_is_missing_or_none_is_a_mistake_to_mend(settings, tmp_path):
    with pytest.raises(FixConfig, match=r"Cannot read the mapping file .*: No such file"):
        read_mapping(tmp_path / "none.csv", settings)
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(FixConfig, match="lacks the columns source, object, source_key, account"):
        read_mapping(other, settings)
    other.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FixConfig, match="not UTF-8"):
        read_mapping(other, settings)


def test_what_a_link_was_is_kept_when_it_goes_elsewhere_ends_and_comes_back(
    conformed, mapped, rows
):
    conformed(companies=THREE, customers=[customer("cus_1", hubspot_company_id="100")])
    mapped("stripe,customer,cus_1,200,,,ann,moved")
    conformed(customers=[customer("cus_1")])
    conformed(customers=[customer("cus_1", hubspot_company_id="100")])

    ledger = rows(
        "select source_account_id, method, confidence, valid_to is null, valid_from <= last_seen,"
        " first_seen = min(first_seen) over () from core.link_ledger"
        " inner join core.account using (account_id) order by valid_from"
    )
    assert ledger == [
        ("100", "key", 1.0, False, True, True),
        ("200", "mapping", 1.0, False, True, False),
        ("100", "key", 1.0, True, True, True),
    ]
    gaps = rows(
        "select valid_to = lead(valid_from) over (order by valid_from) from core.link_ledger"
    )
    assert [gap for (gap,) in gaps] == [True, False, None]


def test_a_run_that_changes_nothing_writes_no_link(conformed, mapped, rows, store):
    conformed(
        companies=THREE,
        customers=[customer("cus_1", hubspot_company_id="100"), customer("cus_2")],
        organizations=[organization(1, domains=["hill.com"]), organization(2, external_id="x")],
        usage_day=[usage("2026-03-01", key=str(at)) for at in range(50)],
    )
    lines = ("stripe,customer,cus_2,,,,ann,ours", "stripe,customer,cus_9,9,,,ann,bad")
    mapped(*lines)
    tables = ("account_link", "account_link_past", "link_doubt", "link_mapping", "domain")
    statement = " union all ".join(
        f"select xmin::text, '{name}' from core.{name}" for name in tables
    )
    before = sorted(rows(statement))
    assert len(before) > 5
    assert {"links new", "links changed", "links dropped"} <= mapped(*lines).keys()
    assert sorted(rows(statement)) == before


BINDS = {"sources": ["zendesk", "stripe", "posthog"]}


@pytest.fixture
def closed(store, settings, rows):
    """Count the shares of one day and hold what must be held, as the checks on facts do."""

    def close(day, kind="daily"):
        ((run_no,),) = rows(
            "insert into health.run (run_id, kind, as_of) values (:id, :kind, :day)"
            " on conflict (run_id) do update set kind = excluded.kind returning run_no",
            id=f"{kind} {day}", kind=kind, day=day,
        )  # fmt: skip
        limits = {name: getattr(settings.identity, name) for name in HOLDS}
        binds = {**BINDS, **limits, "run_no": run_no, "as_of": day}
        with store.begin() as connection:
            hold_fallen_roles(connection, binds)
        return run_no

    return close


def held(store, day):
    with store.begin() as connection:
        return [(row["role"], row["reason"]) for row in held_roles(connection, day)]


def test_a_fall_in_the_matched_share_holds_its_role_until_it_is_the_usual_one(
    conformed, closed, store
):
    linked = [customer(f"cus_{at}", hubspot_company_id="100") for at in range(10)]
    conformed(companies=THREE, customers=linked, usage_day=[usage("2026-03-01", key="100")])
    days = [AS_OF + timedelta(days=at) for at in range(12)]
    for day in days[:5]:
        closed(day)
        assert held(store, day) == []
    conformed(customers=[customer(f"cus_{at}") for at in range(2)])
    was_held = []
    for day in days[5:]:
        closed(day)
        was_held.append([role for role, _ in held(store, day)])
    assert was_held == [["billing"]] * 4 + [[]] * 3


def test_what_hangs_on_links_counts_as_well_as_their_number(conformed, closed, store, rows):
    conformed(
        companies=THREE,
        customers=[customer(f"cus_{at}", hubspot_company_id="100") for at in range(20)],
        invoices=[invoice("in_1", customer="cus_1", subscription=None, amount=90_000),
                  invoice("in_2", customer="cus_2", subscription=None, amount=10_000)],
    )  # fmt: skip
    closed(AS_OF)
    conformed(customers=[customer("cus_1")])
    tomorrow = AS_OF + timedelta(days=1)
    closed(tomorrow)
    assert held(store, tomorrow) == [
        (
            "billing",
            "stripe: 10.0 % of its revenue belong to an account, 100.0 % is usual (1 days before)",
        )
    ]
    assert rows("select weight, linked_weight from health.matched_share order by run_no") == [
        (1000, 1000), (1000, 100),
    ]  # fmt: skip


def test_people_may_accept_a_fall(conformed, closed, store):
    linked = [customer(f"cus_{at}", hubspot_company_id="100") for at in range(10)]
    conformed(companies=THREE, customers=linked)
    for at in range(5):
        closed(AS_OF + timedelta(days=at))
    conformed(customers=[customer(f"cus_{at}") for at in range(5)])
    days = [AS_OF + timedelta(days=at) for at in range(5, 8)]
    number = closed(days[0])
    assert [role for role, _ in held(store, days[0])] == ["billing"]
    with store.begin() as connection:
        assert accept_shares(connection, number, who="ann", why="we sold that part") == 1
    assert held(store, days[0]) == []
    for day in days:
        closed(day)
        assert held(store, day) == []
    with store.begin() as connection, pytest.raises(FixConfig, match="Run 999 is no daily run"):
        accept_shares(connection, 999, who="ann", why="none")


def test_a_backfill_and_a_later_try_of_the_day_are_no_usual_day(conformed, closed, store):
    conformed(companies=THREE, customers=[customer("cus_1", hubspot_company_id="100")])
    closed(AS_OF)
    conformed(customers=[customer("cus_1")])
    tomorrow = AS_OF + timedelta(days=1)
    closed(tomorrow)
    closed(AS_OF + timedelta(days=2), kind="backfill")
    assert [role for role, _ in held(store, tomorrow)] == ["billing"]
    conformed(customers=[customer("cus_1", hubspot_company_id="100")])
    closed(tomorrow)
    assert held(store, tomorrow) == []


@pytest.mark.parametrize("again", ["released", "held"])
def test_a_published_day_after_it_leaves_an_older_day_its_reasons(
    conformed, closed, store, rows, again
):
    linked, lost = customer("cus_1", hubspot_company_id="100"), customer("cus_1")
    older, newer = (AS_OF + timedelta(days=at) for at in (1, 2))
    conformed(companies=THREE, customers=[linked])
    closed(AS_OF)
    conformed(customers=[lost if again == "released" else linked])
    closed(older)
    before = held(store, older)
    assert [role for role, _ in before] == (["billing"] if again == "released" else [])
    number = closed(newer)
    rows(
        "with card as (insert into health.scorecard (name, version, digest, body)"
        " values ('a', 1, '', '{}') returning scorecard_id)"
        " insert into health.publication (as_of, scorecard_id, run_no)"
        " select :day, scorecard_id, :number from card returning 1",
        day=newer, number=number,
    )  # fmt: skip
    conformed(customers=[linked if again == "released" else lost])
    closed(older)
    closed(older, kind="backfill")
    assert held(store, older) == before
    still = held(store, newer)
    closed(newer, kind="backfill")
    assert held(store, newer) == still
    closed(newer)
    assert [role for role, _ in held(store, newer)] == ([] if again == "released" else ["billing"])


def test_the_report_says_what_is_matched_what_is_not_and_what_changed(
    conformed, closed, store, rows
):
    conformed(
        companies=[*THREE, company("400", domain="hill.com")],
        customers=[
            customer("cus_1", hubspot_company_id="100"),
            customer("cus_2", hubspot_company_id="100"),
            customer("cus_3", email="pay@hill.com"),
        ],
        invoices=[invoice("in_3", customer="cus_3", subscription=None, amount=5_000)],
        usage_day=[usage(f"{AS_OF - timedelta(days=1)}", key="100", events=7)],
    )
    number = closed(AS_OF - timedelta(days=1))
    rows(
        "insert into health.run_stage (run_no, stage, counts, seconds, finished_at)"
        " values (:run_no, 'conform', '{}', 1, now()) returning 1",
        run_no=number,
    )
    conformed(
        customers=[
            customer("cus_1", hubspot_company_id="200"),
            customer("cus_2"),
            customer("cus_4", hubspot_company_id="300"),
        ]
    )
    with store.begin() as connection:
        found = matching(connection, since_run=None, top=2)

    assert found.since["run_no"] == number
    shares = {row["object"]: (row["linked_objects"], row["objects"]) for row in found.shares}
    assert shares == {"customer": (2, 4), "group": (1, 1)}
    changes = {row["source_key"]: (row["kind"], row["old_account"], row["account"])
               for row in found.changes}  # fmt: skip
    assert changes == {
        "cus_1": ("re-linked", "100 Company 100", "200 Company 200"),
        "cus_2": ("lost", "100 Company 100", ""),
        "cus_4": ("new", "", "300 Company 300"),
    }
    assert [(row["source_key"], row["candidates"]) for row in found.ambiguous] == [
        ("cus_3", ["300 Company 300", "400 Company 400"])
    ]
    unmatched = [(row["source_key"], float(row["weight"])) for row in found.unmatched]
    assert unmatched == [("cus_3", 50.0), ("cus_2", 0.0)]
    with store.begin() as connection, pytest.raises(FixConfig, match="Run 999 linked nothing"):
        matching(connection, since_run=999, top=2)


def test_nothing_to_report_before_the_first_linking(store):
    with store.begin() as connection, pytest.raises(FixConfig, match="Nothing has been linked"):
        matching(connection, since_run=None, top=2)


def test_a_later_day_brings_a_mapping_line_into_force(conformed, mapped, links, store):
    conformed(companies=THREE, customers=[customer("cus_1")])
    tomorrow = date.fromordinal(AS_OF.toordinal() + 1)
    line = f"stripe,customer,cus_1,100,{tomorrow},,ann,from then on"
    mapped(line)
    assert links() == {}
    with store.begin() as connection:
        connection.execute(text("update raw.batch set as_of = :day"), {"day": tomorrow})
    mapped(line)
    assert links() == {"cus_1": ("100", "mapping")}
