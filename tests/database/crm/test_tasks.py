"""Steps of plans as tasks in the CRM: each once, whatever is lost, and read back."""

from datetime import date

import pytest
from sqlalchemy import text

from include.crm.assign import assign
from include.crm.hubspot.tasks import HubSpotTasks
from include.crm.salesforce.tasks import SalesforceTasks
from include.crm.tasks import mark_of
from include.errors import RejectData, RetryLater
from sandbox.vendors.salesforce_ids import record_id as salesforce_id
from tests.database.crm.desks import both_crms

DUE = date(2026, 11, 5)
PLAY = """
insert into health.play (
    account_id, playbook_id, outcome, play_group, opened_on, run_no, why, score, band
) values (:account, :playbook, 'retention', 'care', :day, :run_no, 'Red.', 20, 'red')
returning play_id
"""
STEP = """
insert into health.play_step (play_id, place, title, body, role, due_on)
values (:play, :place, :title, 'Ask <them> & write it down.', 'csm', :due)
"""


class Office:
    """A CRM's tasks, and plans of its first accounts with three steps each."""

    def __init__(self, desk, plans=4):
        self.desk, self.is_hubspot = desk, desk.source == "hubspot"
        self.path = "/crm/v3/objects/tasks/batch/create" if self.is_hubspot else desk.update
        with desk.engine.begin() as connection:
            playbook = connection.scalar(
                text(
                    "insert into health.playbook (name, version, digest, body)"
                    " values ('rescue', 1, '', '') returning playbook_id"
                )
            )
        self.playbook = playbook
        self.records = desk.record_ids[:plans]
        for record_id in self.records:
            self.open_plan(record_id)

    def lose(self, record_id):
        """The CRM has no record of that id; the store does not know it yet."""
        gone = "9" * 11 if self.is_hubspot else salesforce_id("001", 999_999)
        with self.desk.engine.begin() as connection:
            connection.execute(
                text("update core.account set source_account_id = :gone where account_id = :id"),
                {"gone": gone, "id": self.desk.accounts[record_id]},
            )

    def open_plan(self, record_id):
        desk = self.desk
        run_no = desk.run_no
        with desk.engine.begin() as connection:
            binds = {
                "account": desk.accounts[record_id], "playbook": self.playbook, "day": desk.day,
                "run_no": run_no,
            }  # fmt: skip
            play = connection.scalar(text(PLAY), binds)
            for place in (1, 2, 3):
                binds = {"play": play, "place": place, "title": f"Step {place}", "due": DUE}
                connection.execute(text(STEP), binds)

    def tasks(self):
        client = self.desk.client
        return HubSpotTasks(client, "numbered") if self.is_hubspot else SalesforceTasks(client)

    def assign(self):
        return assign(self.desk.engine, self.tasks(), self.desk.source)

    def mark(self, record_id, place):
        return mark_of(record_id, "rescue.v1", self.desk.day, place)

    def there(self):
        """The ids of all tasks in the CRM, by mark."""
        marks = [self.mark(record, place) for record in self.records for place in (1, 2, 3)]
        return self.tasks().find(self.records, marks)

    def made(self):
        """How many tasks the CRM has made, ever."""
        kind = "tasks" if self.is_hubspot else "Task"
        entries = self.desk.sandbox.state.journal.entries(self.desk.source)
        return sum(
            len(entry["rows"])
            for entry in entries
            if entry["op"] in ("write", "create") and entry.get("type") == kind
        )

    def finish(self, task_id):
        if self.is_hubspot:
            body = {"properties": {"hs_task_status": "COMPLETED"}}
            self.desk.client.call("PATCH", f"/crm/v3/objects/tasks/{task_id}", json=body)
        else:
            path = f"/sobjects/Task/{task_id}"
            self.desk.client.call("PATCH", path, json={"Status": "Completed"}, accept=(204,))

    def delete(self, task_id):
        path = (
            f"/crm/v3/objects/tasks/{task_id}" if self.is_hubspot else f"/sobjects/Task/{task_id}"
        )
        self.desk.client.call("DELETE", path, accept=(204,))

    def statuses(self):
        with self.desk.engine.begin() as connection:
            rows = connection.execute(
                text("select status, count(*) from health.play_step group by status")
            )
            return dict(tuple(row) for row in rows)

    def order(self, **fault):
        self.desk.sandbox.faults = [
            {"vendor": self.desk.source, "path": self.path, "method": "POST", **fault}
        ]


@pytest.fixture
def office(desk):
    return Office(desk)


@both_crms
def test_004_14_each_step_becomes_one_task_of_its_account(office):
    assert office.assign() == {
        "found": 0, "made": 12, "refused": 0, "open": 12, "done": 0, "deleted": 0,
    }  # fmt: skip
    assert (len(office.there()), office.made()) == (12, 12)
    assert office.assign()["made"] == 0
    assert office.made() == 12


@both_crms
@pytest.mark.parametrize(
    "fault",
    [{"fault": "cut"}, {"fault": "status", "code": 503}, {"fault": "truncated_json"}],
    ids=["cut", "refused", "garbled"],
)
def test_a_task_whose_answer_was_lost_is_found_again_and_never_made_twice(office, fault):
    office.order(**fault, times=-1)
    with pytest.raises((RetryLater, RejectData)):
        office.assign()
    assert office.statuses() == {"sent": 12}
    office.desk.sandbox.faults = []
    counts = office.assign()
    assert counts["found"] + counts["made"] == 12
    assert (len(office.there()), office.made()) == (12, 12)
    assert office.statuses() == {"open": 12}


@both_crms
def test_000_24_what_people_did_with_tasks_is_read_back(office):
    office.assign()
    there = office.there()
    office.finish(there[office.mark(office.records[0], 1)])
    office.delete(there[office.mark(office.records[1], 2)])
    counts = office.assign()
    assert (counts["open"], counts["done"], counts["deleted"]) == (10, 1, 1)
    again = office.assign()
    assert (again["made"], again["deleted"]) == (0, 0)
    assert office.statuses() == {"open": 10, "done": 1, "deleted": 1}


@both_crms
def test_a_task_that_the_crm_refuses_leaves_the_others_alone(office):
    office.lose(office.records[1])
    counts = office.assign()
    assert (counts["made"], counts["refused"]) == (9, 3)
    assert office.statuses() == {"open": 9, "refused": 3}
    assert office.assign()["refused"] == 0


@both_crms
def test_a_crm_that_refuses_every_task_is_no_green_run(desk):
    office = Office(desk, plans=1)
    office.lose(office.records[0])
    with pytest.raises(RejectData, match="refused all 3 new tasks"):
        office.assign()


@both_crms
def test_closed_plans_are_left_alone(office):
    with office.desk.engine.begin() as connection:
        connection.execute(
            text("update health.play set state = 'recovered', closed_on = '2026-11-02'")
        )
    assert office.assign()["made"] == 0
