"""Our fields in a Salesforce org: made where missing, shown to us, never taken from anybody."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from include.crm.catalogue import MARK
from include.crm.provision import checked
from include.errors import FixConfig

FIELD = "/services/data/v66.0/tooling/sobjects/CustomField"
GRANT = "/services/data/v66.0/sobjects/FieldPermissions"
SET = "/services/data/v66.0/sobjects/PermissionSet"
SCORE = "CS_Health_Score__c"
OURS = f"0 to 100. {MARK}"


def order(desk, **fault):
    desk.sandbox.faults = [{"vendor": "salesforce", "method": "POST", **fault}]


def test_a_plan_says_every_step_and_changes_nothing(desk, fields):
    before = desk.sandbox.state.journal.entries("salesforce")
    lacking = checked(desk.crm(), fields)
    assert len(lacking.missing) == 10
    assert lacking.steps[0] == "create the field Account.CS_Health_Score__c (Health score)"
    assert lacking.steps[10] == f"let the permission set Customer_Health_Job edit {SCORE}"
    assert len(lacking.steps) == 20
    assert desk.sandbox.state.journal.entries("salesforce") == before


def test_everything_missing_is_made_and_shown_to_the_job(admin, make):
    assert len(make().created) == 10
    shown = admin.fields()
    assert len(shown) == 10
    assert all(row["updateable"] for row in shown.values())
    assert {name: shown[name]["type"] for name in shown} == {
        SCORE: "double",
        "CS_Health_Band__c": "picklist",
        "CS_Health_Change_30d__c": "double",
        "CS_Health_Trend__c": "picklist",
        "CS_Health_Reason__c": "textarea",
        "CS_Health_Next_Step__c": "textarea",
        "CS_Health_Coverage__c": "double",
        "CS_Health_Floor__c": "double",
        "CS_Health_Ceiling__c": "double",
        "CS_Health_As_Of__c": "date",
    }
    words = [one["value"] for one in shown["CS_Health_Band__c"]["picklistValues"]]
    assert words == ["red", "yellow", "green", "unknown"]


def test_a_second_time_is_two_reads_and_no_write(desk, make):
    make()
    desk.sandbox.reset_requests()
    again = make()
    assert (again.created, again.extended) == ((), ())
    assert [(row["method"], row["path"], row["count"]) for row in desk.sandbox.requests()] == [
        ("GET", "/services/data/v{version}/sobjects/{object}/describe", 1),
        ("GET", "/services/data/v{version}/tooling/query", 1),
    ]


def test_a_field_of_ours_that_nobody_sees_is_shown_and_not_made_again(desk, admin, make):
    """As where a run ended between the field and its field-level security."""
    admin.make_field(SCORE, description=OURS)
    assert SCORE not in admin.fields()
    done = make()
    assert (len(done.created), done.extended) == (9, (SCORE,))
    assert admin.fields()[SCORE]["updateable"]
    made = [entry["name"] for entry in desk.entries("field", "Account")]
    assert made.count(SCORE) == 1


def test_a_field_of_ours_that_was_hidden_is_shown_again(admin, make):
    make()
    admin.hide(SCORE)
    assert make().extended == (SCORE,)
    assert admin.fields()[SCORE]["updateable"]


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        ({"description": "The old score."}, "that somebody else made"),
        ({"description": None}, "that somebody else made"),
        ({"kind": "Text", "description": OURS}, "of type string, not double"),
    ],
)
def test_a_field_that_somebody_else_made_is_never_touched(desk, admin, make, theirs, words):
    admin.make_field(SCORE, **theirs)
    admin.show(SCORE)
    before = list(desk.sandbox.state.journal.entries("salesforce"))
    with pytest.raises(FixConfig, match=f"has a field {SCORE} on Account {words}"):
        make()
    assert desk.sandbox.state.journal.entries("salesforce") == before


def test_somebody_else_s_field_that_we_do_not_even_see_is_left_hidden(admin, make):
    admin.make_field(SCORE, description="The old score.")
    with pytest.raises(FixConfig, match=f"has a field {SCORE} on Account that somebody else made"):
        make()
    assert admin.fields() == {}


def test_a_field_that_this_user_may_not_edit_is_named(admin, make):
    """Our set grants it, but read only: somebody wants it so."""
    make()
    admin.lock(SCORE)
    with pytest.raises(FixConfig, match=f"does not let this user edit {SCORE}"):
        make()


def test_two_runs_at_once_make_each_field_once(desk, admin, make):
    with ThreadPoolExecutor(2) as pool:
        assert len([one.result() for one in [pool.submit(make), pool.submit(make)]]) == 2
    assert len(admin.fields()) == 10
    assert len(list(desk.entries("field", "Account"))) == 10
    assert len(admin.select("SELECT Id FROM FieldPermissions")) == 10


@pytest.mark.parametrize("path", [FIELD, GRANT, SET])
@pytest.mark.parametrize(
    "lost",
    [
        {"fault": "cut"},
        {"fault": "status", "code": 500, "applied": True},
        {"fault": "status", "code": 503},
    ],
)
def test_a_lost_answer_is_made_up_for(desk, admin, make, path, lost):
    order(desk, path=path, **lost)
    make()
    assert desk.sandbox.faults[0]["fired"] == 1
    assert len(admin.fields()) == 10
    assert len(list(desk.entries("field", "Account"))) == 10


def test_a_refusal_is_shown_in_the_vendor_s_words(desk, make):
    body = [{"errorCode": "LIMIT_EXCEEDED", "message": "You have reached the maximum number."}]
    order(desk, path=FIELD, fault="status", code=400, body=body)
    with pytest.raises(FixConfig, match=r"refused the field .*LIMIT_EXCEEDED: You have reached"):
        make()


def test_a_user_who_may_not_make_fields_is_told_so(desk, make):
    body = [{"errorCode": "INSUFFICIENT_ACCESS", "message": "insufficient access rights"}]
    order(desk, path=FIELD, fault="status", code=403, body=body)
    with pytest.raises(FixConfig, match="403 INSUFFICIENT_ACCESS: the user lacks a permission"):
        make()


@pytest.fixture
def nightly(desk, make):
    """The fields are there; from now on we are a user who may not look at definitions."""
    make()
    body = [{"errorCode": "INVALID_TYPE", "message": "sObject type 'CustomField' is not supported"}]
    desk.sandbox.faults = [
        {
            "vendor": "salesforce", "path": "/services/data/v66.0/tooling",
            "fault": "status", "code": 400, "body": body, "times": -1,
        }
    ]  # fmt: skip
    return desk


def test_the_nightly_user_needs_no_right_to_look_at_definitions(nightly):
    nightly.score_all(50.0)
    assert nightly.push()["acknowledged"] == len(nightly.record_ids)


def test_a_nightly_user_without_our_permission_set_is_told_what_to_do(nightly, admin, make):
    admin.hide(SCORE)
    with pytest.raises(FixConfig, match="Give it the permission set Customer_Health_Job, or let"):
        make()


def test_after_our_fields_were_purged_everything_is_sent_anew(desk):
    """What the ledger believed about a field ends with the field."""
    desk.score_all(50.0)
    desk.push()
    desk.start_over()
    counts = desk.push()
    assert counts["properties_created"] == 10
    assert counts["acknowledged"] == len(desk.record_ids)
    assert set(desk.shown("cs_health_score").values()) == {"50"}
