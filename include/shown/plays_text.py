"""Plans in a terminal: lists, one account's, a manager's week."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.text import Text

from include.html_page import printable
from include.plays.review import Team
from include.shown.terminal import account_title, console, show_rows

Row = Mapping[str, Any]
COLUMNS = (
    "account", "playbook", "opened", "then", "now", "band", "renewal", "ARR", "done", "overdue",
    "due",
)  # fmt: skip


def show_plans(plans: Sequence[Row], title: str) -> None:
    """Print open plans, each with its next step."""
    console.print(title, style="bold", markup=False)
    if not plans:
        return
    show_rows([_cells(plan) for plan in plans], COLUMNS)
    console.print("\nNext", style="bold")
    for plan in plans:
        console.print(Text(_next(plan)), soft_wrap=True)


def show_review(teams: Sequence[Team], as_of: date) -> None:
    """Print the open plans of each manager's people, worst first."""
    if not teams:
        console.print(f"No plan is open on {as_of}.")
    for team in teams:
        who = printable(team.manager or "nobody is named as manager")
        show_plans(
            team.plans,
            f"\n{who}, {as_of}: {len(team.plans):,} plans, {team.overdue:,} steps overdue, "
            f"{team.due:,} due within 7 days, ARR {team.at_stake:,.0f}",
        )


def show_account(account: Row, plans: Sequence[Row]) -> None:
    """Print all plans of an account with their steps."""
    console.print(account_title(account), style="bold", markup=False)
    if not plans:
        console.print("No playbook has opened a plan for this account.")
    for plan in plans:
        closed = f" on {plan['closed_on']}" if plan["closed_on"] else ""
        console.print(
            f"\n{plan['playbook']}: {plan['state']}{closed}; opened on {plan['opened_on']} at "
            f"{plan['score_then']:.1f} ({plan['band_then']}). {printable(plan['why'])}",
            markup=False, soft_wrap=True,
        )  # fmt: skip
        for step in plan["steps"]:
            _show_step(step)


def _show_step(step: Row) -> None:
    head = f"  {step['place']}. {step['title']} ({_who(step)}, by {step['due_on']}): "
    console.print(Text(printable(head + step["status"])), soft_wrap=True)
    console.print(Text(printable(f"     {step['body']}"), style="dim"), soft_wrap=True)


def _who(step: Row) -> str:
    return step["owner_name"] or step["owner_email"] or f"nobody found for {step['role']}"


def _cells(plan: Row) -> dict[str, object]:
    return {
        "account": plan["name"] or plan["crm_id"],
        "playbook": plan["playbook"],
        "opened": plan["opened_on"],
        "then": _points(plan["score_then"]),
        "now": _points(plan["score_now"]),
        "band": plan["band_now"] or "unknown",
        "renewal": plan["renewal_date"],
        "ARR": "" if plan["arr"] is None else f"{plan['arr']:,.0f}",
        "done": f"{plan['done']}/{plan['steps']}",
        "overdue": plan["overdue"],
        "due": plan["due"],
    }


def _next(plan: Row) -> str:
    if plan["next_title"] is None:
        return f"  {printable(plan['name'] or plan['crm_id'])}: every step is done."
    who = plan["next_owner"] or "nobody"
    return printable(f"  {plan['next_title']}, {who}, by {plan['next_due_on']}")


def _points(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.1f}"
