"""A Salesforce id is the same with 15 and with 18 characters, in whatever case the 18 came."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.reports import find_account
from include.warehouse.database import transaction
from include.warehouse.landing import land
from include.warehouse.page import Page
from tests.database.facts.conftest import AS_OF
from tests.database.salesforce.conftest import KITE, account

SUFFIX = string.ascii_uppercase + "012345"
ids = st.text(string.ascii_letters + string.digits, min_size=12, max_size=12).map("001".__add__)
same_store = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def with_checksum(entered: str) -> str:
    """The rule as the vendor's documents tell it: a letter for each five characters."""
    groups = (entered[start : start + 5] for start in (0, 5, 10))
    return entered + "".join(
        SUFFIX[sum(1 << place for place, sign in enumerate(group) if sign.isupper())]
        for group in groups
    )


@pytest.fixture
def plain(rows):
    def compared(entered):
        return rows("select core.plain_key(:entered)", entered=entered)[0][0]

    return compared


def test_the_documents_example(plain):
    assert plain("001D000000IqhSL") == "001D000000IqhSLIAZ"


@same_store
@given(ids)
def test_fifteen_characters_become_the_eighteen_of_the_checksum(plain, entered):
    assert plain(f" {entered} ") == with_checksum(entered)


@same_store
@given(ids)
def test_eighteen_characters_stay_even_where_their_case_got_lost(plain, entered):
    whole = with_checksum(entered)
    assert plain(whole) == plain(whole.lower()) == plain(whole.upper()) == whole


@pytest.mark.parametrize("key", ["t-00001", "9100000024", "003AA000001ZZZZ", "001", "001AA00000"])
def test_other_keys_stay_as_they_are(plain, key):
    assert plain(key) == key


def test_a_spreadsheet_that_lowered_fifteen_characters_names_another_account(plain):
    assert plain("001aa000001zzzz") != plain("001AA000001ZZZZ")


@pytest.mark.parametrize("typed", [KITE, KITE[:15], KITE.lower()])
def test_people_may_type_an_account_in_any_of_these_ways(arrive, store, typed):
    arrive(accounts=[account(Name="Kite & Co")])
    with transaction(store) as connection:
        assert find_account(connection, typed)["crm_id"] == KITE


def test_keys_of_others_and_lines_of_people_may_have_fifteen(
    arrive, rows, settings, store, tmp_path
):
    path = tmp_path / "mapping.csv"
    path.write_text(
        "source,object,source_key,account,who,why\n"
        f"zendesk,organization,2,{KITE[:15]},ann,known for years\n"
    )
    by_people = settings.identity.model_copy(update={"mapping_file": path})
    for number, key in ((1, KITE[:15]), (2, None)):
        land(
            store, run_id=f"zendesk-{number}", as_of=AS_OF, source="zendesk", vendor="zendesk",
            stream="organizations", pages=[Page([{"id": number, "external_id": key}])],
        )  # fmt: skip
    arrive(settings=settings.model_copy(update={"identity": by_people}), accounts=[account()])
    assert rows("select source_key, method from core.account_link order by 1") == [
        ("1", "key"),
        ("2", "mapping"),
    ]
