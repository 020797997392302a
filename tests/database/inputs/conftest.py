"""A store with companies of a CRM, a folder into which people drop files, a day's verbs."""

import csv
import io
from datetime import date
from itertools import count

import pytest
from sqlalchemy import text

from include import pipeline
from include.pipeline.job import Job
from include.settings import Credentials, load_settings
from include.vendor_settings import HubSpot, Inputs
from include.warehouse.landing import land
from include.warehouse.page import Page

AS_OF = date(2026, 3, 31)
HEAD = "who,when,account,measure,value,comment"
RUNS = count(1)


def company(crm_id, name, domain=None, **properties):
    entered = {"name": name, "domain": domain, "lifecyclestage": "customer", **properties}
    return {"id": crm_id, "properties": entered, "createdAt": "2025-01-01T00:00:00Z",
            "archived": False}  # fmt: skip


COMPANIES = (
    company("100", "Kite", "kite.example", tenant_key="kite-prod"),
    company("101", "Mast", "mast.example"),
    company("102", "Twin", "twin.example"),
    company("103", "Twin", "gemini.example"),
)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "inputs"
    place.mkdir()
    return place


@pytest.fixture
def drop(folder):
    """Write a file into the folder: drop("a.csv", "ann,2026-03-01,100,fit,4,")."""

    def write(name, *rows, head=HEAD, encoding="utf-8"):
        path = folder / name
        path.write_bytes("\n".join([head, *rows, ""]).encode(encoding))
        return path

    return write


@pytest.fixture
def job(store, folder):
    shipped = load_settings()
    crm = next(one for one in shipped.sources if isinstance(one, HubSpot))
    inputs = Inputs(name="inputs", vendor="inputs", folder=folder, quiet_s=0.01)
    settings = shipped.model_copy(update={"sources": (crm, inputs)})
    return Job(store, settings, ())


@pytest.fixture
def land_companies(job):
    def run(run_id, companies):
        land(job.engine, run_id=run_id, as_of=AS_OF, source="hubspot", vendor="hubspot",
             stream="companies", pages=[Page(list(companies))])  # fmt: skip

    return run


@pytest.fixture
def run_day(job, land_companies):
    """Run a day up to its series; returns what extracting the folder and conforming counted."""

    def run(companies=COMPANIES):
        run_id = f"run-{next(RUNS)}"
        land_companies(run_id, companies)
        extracted = pipeline.extract(job, run_id, AS_OF.isoformat(), "inputs", Credentials("", ""))
        conformed = pipeline.conform(job, run_id, AS_OF.isoformat())
        pipeline.roll_up(job, run_id, AS_OF.isoformat())
        return extracted | conformed

    return run


@pytest.fixture
def said(store):
    """The values of one measure's series: {(CRM id, day): value}."""

    def read(series):
        asked = text(
            "select source_account_id, day, value from health.account_day"
            " join health.series using (series_id) join core.account using (account_id)"
            " where series.name = :series order by 1, 2"
        )
        with store.connect() as connection:
            rows = connection.execute(asked, {"series": series}).all()
        return {(row.source_account_id, row.day.isoformat()): row.value for row in rows}

    return read


def returned(path):
    """The rows of a CSV file that went back, each by column."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
