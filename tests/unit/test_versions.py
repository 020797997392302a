"""The versions of the vendors' APIs: one place, and the documentation says the same."""

from pathlib import Path
from typing import get_args

import pytest

from include.vendor_settings import HubSpot, Salesforce, Source
from include.vendor_settings.base import ApiSource
from include.vendor_settings.versions import HUBSPOT_DATED, VERSIONS

TABLE, _, _ = Path("docs/sources.md").read_text().partition("## What becomes what")
ROWS = {
    line.split(" | ")[0].removeprefix("| ").lower(): line
    for line in TABLE.splitlines()
    if line.startswith("| ")
}
NAMED = {
    path: path.read_text()
    for folder in ("include/sources", "include/crm", "include/vendor_settings")
    for path in Path(folder).rglob("*.py")
}


def test_every_vendor_with_an_api_has_its_version():
    kinds = [kind for kind in get_args(get_args(Source)[0]) if issubclass(kind, ApiSource)]
    vendors = {get_args(kind.model_fields["vendor"].annotation)[0] for kind in kinds}
    assert vendors - {"inputs", "warehouse"} == set(VERSIONS)


@pytest.mark.parametrize("vendor", VERSIONS)
def test_the_documentation_names_version_page_and_date(vendor):
    row, pinned = ROWS[vendor], VERSIONS[vendor]
    assert all(part in row for part in pinned.asked.split(", "))
    assert f"({pinned.page}); {pinned.checked} |" in row


def test_settings_that_change_a_version_know_the_pinned_one():
    assert Salesforce.model_fields["api_version"].default == VERSIONS["salesforce"].asked
    assert HUBSPOT_DATED in get_args(HubSpot.model_fields["api_version"].annotation)


@pytest.mark.parametrize(
    "words",
    [
        "2026-10-28.endive",
        '"2.16"',
        '"66.0"',
        "/crm/v3",
        "/v4/assoc",
        "/2026-03/",
        "/api/v2",
        "/api/2",
    ],
)
def test_no_other_module_names_a_version(words):
    naming = [path.name for path, text in NAMED.items() if words in text]
    assert naming in ([], ["versions.py"])
