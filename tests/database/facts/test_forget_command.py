"""`health forget` as the owner of a store types it (docs/privacy.md)."""

import pytest

from tests.database.facts.conftest import company, customer, invoice, organization, ticket
from tests.database.typed import health_on
from tests.end_to_end.secret_sweep import in_database

JANE, BO = "jane.doe@kite.example", "bo@wind.example"
OVERRIDE = {
    "account_id": 1, "to_score": 20, "reason": "other", "evidence": f"said {JANE}",
    "author": "Ada", "valid_from": "2026-03-01", "valid_to": "2026-03-31",
}  # fmt: skip


def contact(contact_id, address, company_id, name="Doe"):
    properties = {"email": address, "firstname": "Jane", "lastname": name, "jobtitle": "CFO"}
    return {
        "id": contact_id, "company_id": company_id, "properties": properties, "archived": False,
        "createdAt": "2025-02-01T00:00:00Z", "updatedAt": "2026-03-01T00:00:00Z",
    }  # fmt: skip


@pytest.fixture
def health(store, conformed, tmp_path):
    """Two accounts with one person each: Jane also writes to support, and pays."""
    conformed(
        companies=[company("100", domain="kite.example"), company("200", domain="wind.example"),
                   company("300")],
        contacts=[contact("1", JANE, "100"), contact("2", BO, "200", "Berg")],
        organizations=[organization(1, external_id="100")],
        users=[{"id": 7, "email": JANE, "name": "Jane Doe", "organization_id": 1,
                "role": "end-user"}],
        tickets=[ticket(1, requester_id=7)],
        customers=[customer("cus_1", email=JANE, account_id="100")],
        invoices=[invoice("in_1")],
    )  # fmt: skip
    return health_on(store, tmp_path)


def test_a_dry_run_counts_and_changes_nothing(store, health):
    done = health("forget", JANE, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 addresses would be forgotten: 2 records of people, ")
    assert in_database(store, {"jane": JANE})


def test_nobody_is_forgotten_without_a_yes(store, health):
    done = health("forget", JANE)
    assert done.returncode == 130
    assert f"Forget {JANE} for good?" in done.stdout
    assert in_database(store, {"jane": JANE})


def test_a_person_is_forgotten_by_address_and_the_others_stay(store, health):
    done = health("forget", JANE.upper(), "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 addresses forgotten: 2 records of people, ")
    assert in_database(store, {"jane": JANE, "local": "jane.doe", "name": "Jane Doe"}) == []
    assert in_database(store, {"bo": BO})
    again = health("forget", JANE, "--yes")
    assert "0 versions of records, 0 cells elsewhere" in again.stdout


@pytest.mark.parametrize("called", ["200", "Company 200"])
def test_an_account_is_forgotten_by_id_or_name(store, health, called):
    done = health("forget", called, "--yes")
    assert done.returncode == 0, done.stderr
    assert in_database(store, {"bo": BO}) == []
    assert in_database(store, {"jane": JANE})


def test_evidence_that_never_changes_is_told(health, put, store):
    with store.begin() as connection:
        columns = ", ".join(OVERRIDE)
        connection.exec_driver_sql(
            f"insert into health.override ({columns}) values"
            f" ({', '.join(f'%({name})s' for name in OVERRIDE)})",
            OVERRIDE,
        )
    done = health("forget", JANE, "--yes")
    assert "1 overrides and receipts name them: these never change" in done.stdout


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("nobody here", "No account is called 'nobody here'"),
        ("300", "No address of anybody at this account is known"),
        ("no@address", "is no e-mail address"),
        ("'; drop table raw.record; --", "No account is called"),
    ],
)
def test_who_is_not_known_ends_with_the_code_for_a_person(health, who, says):
    done = health("forget", who, "--yes")
    assert done.returncode == 78
    assert says in done.stderr
