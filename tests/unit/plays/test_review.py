"""The weekly review: whose plans are whose."""

from include.plays.review import by_manager

MANAGER_OF = {"ann@example.com": "max@example.com", "bob@example.com": "eve@example.com"}


def plan(account_id, owner, *, arr=None, overdue=0, due=0):
    return {
        "account_id": account_id, "owner_email": owner, "arr": arr, "overdue": overdue, "due": due,
    }  # fmt: skip


def test_001_25_plans_come_by_manager_those_with_most_overdue_first():
    plans = [
        plan(1, "Ann@example.com", arr=10, overdue=1),
        plan(2, "bob@example.com", arr=20, overdue=2, due=1),
        plan(3, "ann@example.com", due=4),
        plan(4, None, overdue=9),
    ]
    teams = by_manager(plans, MANAGER_OF)
    assert [team.manager for team in teams] == ["eve@example.com", "max@example.com", None]
    assert [(team.overdue, team.due) for team in teams] == [(2, 1), (1, 4), (9, 0)]
    assert [one["account_id"] for one in teams[1].plans] == [1, 3]


def test_what_is_at_stake_counts_an_account_once():
    plans = [plan(1, "ann@example.com", arr=10), plan(1, "ann@example.com", arr=10)]
    [team] = by_manager(plans, MANAGER_OF)
    assert (len(team.plans), team.at_stake) == (2, 10.0)


def test_accounts_of_a_manager_are_reviewed_with_their_people():
    [team] = by_manager([plan(1, "max@example.com"), plan(2, "ann@example.com")], MANAGER_OF)
    assert team.manager == "max@example.com"
