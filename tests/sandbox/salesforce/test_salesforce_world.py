"""How a world looks in Salesforce: objects, roles, meetings, histories, and what describe tells."""

import pytest

from tests.sandbox.salesforce.conftest import ACCOUNT, CONTACT, DEAL


def test_an_account_has_the_worlds_values(org):
    soql = (
        "SELECT Name, Website, Type, NumberOfEmployees, ARR__c, Renewal_Date__c, Segment__c, "
        f"Tenant_Key__c, CreatedDate FROM Account WHERE Id = '{ACCOUNT}'"
    )
    assert org.rows(soql) == [
        {
            "Name": "Kite & Co",
            "Website": "https://kite.example",
            "Type": "Customer",
            "NumberOfEmployees": 120,
            "ARR__c": 48_000.0,
            "Renewal_Date__c": "2027-01-31",
            "Segment__c": "mid_market",
            "Tenant_Key__c": "t-1",
            "CreatedDate": "2026-01-10T08:00:00.000+0000",
        }
    ]


def test_the_pulse_moves_the_stamps(serve):
    with serve(accounts=[{}], pulses=[{}, {"set_at": "2026-11-09T08:00:00", "value": 2}]) as org:
        soql = "SELECT CSM_Pulse__c, CSM_Pulse_Reason__c, SystemModstamp FROM Account"
        assert org.rows(soql) == [
            {
                "CSM_Pulse__c": 2.0,
                "CSM_Pulse_Reason__c": "Steady",
                "SystemModstamp": "2026-11-09T08:00:00.000+0000",
            }
        ]


def test_what_has_not_happened_is_not_there(serve):
    with serve(accounts=[{}, {"account_no": 2, "created_at": "2026-12-01"}]) as org:
        assert org.column("SELECT Id FROM Account") == [ACCOUNT]


def test_everything_has_an_owner_even_what_is_nobodys(org):
    soql = "SELECT Owner.Name FROM Account WHERE Name = 'Wren\\'s'"
    assert org.column(soql) == [{"Name": "Org Admin"}]


def test_users_who_left_are_inactive(serve):
    with serve(accounts=[{}], owners=[{"archived": True}]) as org:
        assert org.column("SELECT IsActive FROM User WHERE Email = 'ann@seller.example'") == [False]


def test_contacts_have_roles_in_accounts_and_opportunities(serve):
    people = [{}, {"person_no": 12, "buying_role": "champion"}]
    with serve(accounts=[{}], people=people, deals=[{}]) as org:
        soql = "SELECT ContactId, Roles FROM AccountContactRelation"
        assert org.column(soql + " WHERE Roles INCLUDES ('Champion')")[0] != CONTACT
        assert len(org.rows(soql + " WHERE Roles INCLUDES ('Decision Maker')")) == 2
        soql = "SELECT OpportunityId, ContactId, Role, IsPrimary FROM OpportunityContactRole"
        assert org.rows(soql) == [
            {
                "OpportunityId": DEAL,
                "ContactId": CONTACT,
                "Role": "Decision Maker",
                "IsPrimary": True,
            }
        ]


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        ("open", ["Renewal Upcoming", False, False, "Pipeline"]),
        ("closedwon", ["Closed Won", True, True, "Closed"]),
        ("closedlost", ["Closed Lost", True, False, "Omitted"]),
    ],
)
def test_an_opportunity_knows_how_it_ended(serve, stage, told):
    closed = None if stage == "open" else "2026-11-05T08:00:00"
    with serve(accounts=[{}], deals=[{"stage": stage, "closed_at": closed}]) as org:
        (row,) = org.rows("SELECT StageName, IsClosed, IsWon, ForecastCategory FROM Opportunity")
        assert list(row.values()) == told


def test_amounts_are_in_major_units_of_their_currency(serve):
    deals = [{}, {"deal_no": 22, "currency": "jpy", "amount_minor": 500_000}]
    with serve(accounts=[{}], deals=deals) as org:
        rows = org.rows("SELECT Amount, CurrencyIsoCode FROM Opportunity")
        assert [list(row.values()) for row in rows] == [[48_000.0, "EUR"], [500_000.0, "JPY"]]


def test_invited_users_have_copies_of_a_review(org):
    soql = "SELECT IsChild, Type, Outcome__c, AccountId FROM Event"
    told = {"Type": "Business review", "Outcome__c": "Completed", "AccountId": ACCOUNT}
    assert org.rows(soql) == [{"IsChild": False, **told}, {"IsChild": True, **told}]


def test_a_meeting_that_was_called_off_says_so_in_its_subject(serve):
    with serve(accounts=[{}], meetings=[{"outcome": "CANCELED", "kind": "check_in"}]) as org:
        assert org.column("SELECT Subject FROM Event")[0].startswith("Canceled: ")


def test_notes_are_to_be_sent_after_a_review(org):
    (task,) = org.rows("SELECT Status, IsClosed, TaskSubtype, ActivityDate FROM Task")
    assert task == {
        "Status": "Completed",
        "IsClosed": True,
        "TaskSubtype": "Task",
        "ActivityDate": "2026-10-06",
    }


def test_tickets_are_cases_for_those_who_want_them(serve):
    with serve(accounts=[{}], people=[{}], organizations=[{}], tickets=[{}]) as org:
        (case,) = org.rows("SELECT AccountId, ContactId, Priority, IsClosed, ClosedDate FROM Case")
        assert case == {
            "AccountId": ACCOUNT,
            "ContactId": CONTACT,
            "Priority": "High",
            "IsClosed": True,
            "ClosedDate": "2026-11-02T09:00:00.000+0000",
        }


CHANGES = [
    {},
    {"at": "2026-03-01T08:00:00", "value": "mid_market"},
    {"at": "2026-03-01T08:00:00", "attribute": "owner_no", "value": "2"},
    {"at": "2026-04-01T08:00:00", "attribute": "arr", "value": "48000.0"},
]
OWNERS = [{}, {"owner_no": 2, "first_name": "Bo", "email": "bo@seller.example"}]


def test_history_has_a_row_a_field_and_two_for_a_lookup(serve):
    first = {"attribute": "owner_no", "value": "1"}
    with serve(accounts=[{}], owners=OWNERS, account_changes=[first, *CHANGES]) as org:
        soql = "SELECT Field, OldValue, NewValue FROM AccountHistory ORDER BY CreatedDate"
        rows = [tuple(row.values()) for row in org.rows(soql)]
        owners = org.column("SELECT Id FROM User WHERE LastName = 'Ray' ORDER BY FirstName")
        assert rows == [
            ("created", None, None),
            ("Segment__c", "smb", "mid_market"),
            ("Owner", "Ann Ray", "Bo Ray"),
            ("Owner", *owners),
            ("ARR__c", None, 48_000.0),
        ]


def test_history_is_kept_for_two_years(serve):
    old = {"at": "2024-10-01T08:00:00", "value": "enterprise"}
    with serve(accounts=[{"created_at": "2024-01-10"}], account_changes=[old, CHANGES[1]]) as org:
        assert org.column("SELECT NewValue FROM AccountHistory") == ["mid_market"]


def test_an_opportunity_remembers_its_stages(serve):
    closed = {"stage": "closedwon", "closed_at": "2026-11-05T08:00:00"}
    with serve(accounts=[{}], deals=[closed]) as org:
        soql = "SELECT Field, OldValue, NewValue FROM OpportunityFieldHistory"
        assert [tuple(row.values()) for row in org.rows(soql)] == [
            ("created", None, None),
            ("StageName", "Renewal Upcoming", "Closed Won"),
        ]


def test_describe_tells_what_can_be_done_with_a_field(org):
    described = org.get("/sobjects/Account/describe")
    fields = {field["name"]: field for field in described["fields"]}
    assert fields["ARR__c"]["custom"]
    assert (fields["ARR__c"]["type"], fields["ARR__c"]["precision"]) == ("currency", 16)
    assert fields["Tenant_Key__c"]["externalId"]
    assert not fields["SystemModstamp"]["updateable"]
    assert fields["OwnerId"]["referenceTo"] == ["User"]
    assert fields["OwnerId"]["relationshipName"] == "Owner"
    assert "smb" in [one["value"] for one in fields["Segment__c"]["picklistValues"]]
    history = org.get("/sobjects/AccountHistory/describe")["fields"]
    assert not next(field for field in history if field["name"] == "OldValue")["filterable"]
    names = {one["name"] for one in org.get("/sobjects")["sobjects"]}
    assert {"Account", "OpportunityFieldHistory", "FieldPermissions"} <= names


def test_every_described_object_answers_a_query_of_all_its_fields(org):
    for one in org.get("/sobjects")["sobjects"]:
        fields = org.get(f"{one['urls']['sobject']}/describe")["fields"]
        names = ", ".join(field["name"] for field in fields)
        assert "records" in org.query(f"SELECT {names} FROM {one['name']}")


def test_an_object_that_is_not_there_is_not_found(org):
    assert org.refused("GET", "/sobjects/Nope/describe")[:2] == (404, "NOT_FOUND")


def test_the_identity_of_a_token_is_told(org):
    assert org.get("/services/oauth2/userinfo")["username"] == org.door.extra["username"]


def test_account_ids_are_the_same_when_the_world_grows(serve):
    later = {"account_no": 2, "created_at": "2026-11-01"}
    with serve(accounts=[{}]) as before, serve(accounts=[later, {}]) as after:
        assert set(before.column("SELECT Id FROM Account")) < set(
            after.column("SELECT Id FROM Account")
        )
