"""Support: organisations, tickets and ratings.

A discontented account writes more often, more urgently, waits longer and is less kind in ratings.
Of the tickets 2 % have no organisation, half of them from senders that nobody knows; 0.3 % are
deleted; one rating in five is answered.
"""

import numpy as np
import pandas as pd

from sandbox.world.draws import Floats, Whole, generator, seconds_of, working_time
from sandbox.world.frames import table_of, typed
from sandbox.world.people import PERSON_SPAN, STRANGER_BASE, STRANGERS
from sandbox.world.population import Account
from sandbox.world.satisfaction import Mood

LOST_ORGANIZATION_BASE = 900_000
LOST_ORGANIZATIONS = ("Northwind Partners", "Test organisation", "Community forum")
TICKETS_PER_DAY = 0.012
TICKET_SPAN = 10_000
# By urgency, 0 to 4: the last is for tickets that nobody sorted. Medians in calendar minutes.
PRIORITIES = np.array(["urgent", "high", "normal", "low", None], dtype=object)
FIRST_REPLY_MINUTES = np.array([25, 60, 180, 400, 240])
RESOLUTION_MINUTES = np.array([600, 1500, 2500, 4000, 3000])
SUBJECTS = (
    "Export fails",
    "Cannot log in",
    "Dashboard is slow",
    "Question about the invoice",
    "Integration stopped syncing",
    "Feature request",
)
TYPES = np.array(["question", "incident", "problem", "task", None], dtype=object)
ORPHAN_SHARE = 0.02
DELETED_SHARE = 0.003
LINGERING_SHARE = 0.02
SYSTEM_TOUCH_SHARE = 0.03
ANSWERED_SHARE = 0.2
CLOSED_AFTER = np.timedelta64(4 * 86_400, "s")
OFFERED_AFTER = np.timedelta64(86_400, "s")
MINUTE = np.timedelta64(60, "s")
NEVER = np.datetime64("NaT", "s")


def organize(population: pd.DataFrame, *, until: np.datetime64) -> pd.DataFrame:
    """The table organizations; accounts that never became customers have none."""
    rows = [_organization(account) for account in population.itertuples()]
    for place, name in enumerate(LOST_ORGANIZATIONS, start=1):
        seen = np.datetime64("2024-03-01T09:00:00", "s")
        rows.append((LOST_ORGANIZATION_BASE + place, None, name, None, (), seen, seen, NEVER))
    return table_of("organizations", (row for row in rows if row and row[5] < until))


def _organization(account: Account) -> tuple[object, ...] | None:
    if account.is_prospect or account.is_archived_prospect or account.has_no_organization:
        return None
    lost = account.has_lost_organization
    # Nobody tells support when two CRM records become one: it keeps the id that is gone.
    key = account.merged_crm_ids[0] if account.is_merged else account.crm_id
    is_bare = lost or account.has_bare_organization
    created_at = account.starts_on.to_datetime64().astype("datetime64[s]")
    return (
        account.account_no,
        account.account_no,
        f"Team {account.account_no}" if lost else account.name,
        None if is_bare else key,
        () if lost else (account.mail_domain,),
        created_at,
        created_at,
        NEVER,
    )


def write_tickets(
    population: pd.DataFrame, seats: Whole, mood: Mood, *, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables tickets and ratings as they stand at the end of the world."""
    until = (mood.days[-1] + 1).astype("datetime64[s]")
    courses = _courses(population, seats, mood, seed)
    tickets = typed("tickets", _as_of(courses, until))
    return tickets, _ratings(courses, seed, until)


def _courses(population: pd.DataFrame, seats: Whole, mood: Mood, seed: int) -> pd.DataFrame:
    """How every ticket goes in the end, in order of day and account."""
    unease = 0.5 + 1.9 * (1 - mood.satisfaction)
    rate = TICKETS_PER_DAY * np.sqrt(seats) * unease * population["chattiness"].to_numpy()
    count = generator(seed, "ticket counts").poisson(rate)
    day, place = (part.repeat(count[count > 0]) for part in np.nonzero(count))
    tickets = pd.DataFrame({"day": day, "place": place, "content": mood.satisfaction[day, place]})
    ordinal = tickets.groupby("place").cumcount().to_numpy()
    account_no = population["account_no"].to_numpy()[place]
    tickets["ticket_no"] = account_no * TICKET_SPAN + ordinal
    seconds = working_time(generator(seed, "ticket times"), len(tickets))
    tickets["created_at"] = seconds_of(mood.days[day], seconds)
    _add_senders(tickets, population, seed)
    _add_matter(tickets, seed)
    _add_course(tickets, seed)
    return tickets


def _add_senders(tickets: pd.DataFrame, population: pd.DataFrame, seed: int) -> None:
    draws = generator(seed, "ticket senders").random((len(tickets), 3))
    account_no = population["account_no"].to_numpy()[tickets["place"]]
    # Persons 1 and 3 of an account have been there from its first day and use the product.
    person = account_no * PERSON_SPAN + np.where(draws[:, 0] < 0.7, 1, 3)
    stranger = STRANGER_BASE + 1 + (draws[:, 1] * STRANGERS).astype(int)
    orphan = draws[:, 2] < ORPHAN_SHARE
    unknown = draws[:, 2] < ORPHAN_SHARE / 2
    tickets["requester_no"] = np.where(unknown, stranger, person)
    homeless = population["has_no_organization"].to_numpy()[tickets["place"]]
    organization = pd.array(account_no, dtype="Int64")
    organization[orphan | homeless] = pd.NA
    tickets["organization_no"] = organization


def _add_matter(tickets: pd.DataFrame, seed: int) -> None:
    draws = generator(seed, "ticket matters").random((len(tickets), 3))
    unease = 1 - tickets["content"].to_numpy()
    urgent = 0.02 + 0.14 * unease
    steps = np.stack([urgent, urgent + 0.10 + 0.22 * unease, np.full(len(tickets), 0.8)])
    quiet = np.where(draws[:, 1] < 0.5, 3, 4)
    rank = (draws[:, 0] > steps).sum(axis=0)
    tickets["urgency"] = np.where(rank == 3, quiet, rank)
    tickets["priority"] = PRIORITIES[tickets["urgency"]]
    place = (draws[:, 2] * len(SUBJECTS)).astype(int)
    tickets["subject"] = np.array(SUBJECTS, dtype=object)[place]
    tickets["type"] = TYPES[place % len(TYPES)]


def _add_course(tickets: pd.DataFrame, seed: int) -> None:
    """First reply, solution, reopening, deletion: what will have happened in the end."""
    spread = generator(seed, "ticket durations").standard_normal((len(tickets), 2))
    draws = generator(seed, "ticket courses").random((len(tickets), 5))
    unease = 1 - tickets["content"].to_numpy()
    reply = FIRST_REPLY_MINUTES[tickets["urgency"]]
    solve = RESOLUTION_MINUTES[tickets["urgency"]]
    reply = reply * np.exp(0.8 * spread[:, 0]) * (0.7 + 0.8 * unease)
    solve = reply + solve * np.exp(0.7 * spread[:, 1]) * (0.6 + 1.4 * unease)
    solve = np.where(draws[:, 0] < LINGERING_SHARE, solve + 60 * 24 * 90, solve)
    created_at = tickets["created_at"].to_numpy()
    tickets["reply_minutes"] = np.maximum(1, reply).astype(int)
    tickets["solve_minutes"] = np.maximum(2, solve).astype(int)
    tickets["replied_at"] = created_at + tickets["reply_minutes"].to_numpy() * MINUTE
    first_solved = created_at + tickets["solve_minutes"].to_numpy() * MINUTE
    tickets["first_solved_at"] = first_solved
    reopens = draws[:, 1] < 0.03 + 0.14 * unease
    again = first_solved + (draws[:, 2] * 3 * 86_400).astype("timedelta64[s]")
    tickets["reopened_at"] = np.where(reopens, again, NEVER)
    extra = ((0.2 + draws[:, 3]) * 2 * 86_400).astype("timedelta64[s]")
    tickets["last_solved_at"] = np.where(reopens, again + extra, first_solved)
    tickets["closed_at"] = tickets["last_solved_at"].to_numpy() + CLOSED_AFTER
    deleted_at = tickets["replied_at"].to_numpy() + np.timedelta64(2 * 86_400, "s")
    tickets["deleted_at"] = np.where(draws[:, 4] < DELETED_SHARE, deleted_at, NEVER)


def _as_of(courses: pd.DataFrame, until: np.datetime64) -> pd.DataFrame:
    """The columns of tickets from what has happened before `until`."""
    tickets = courses.copy()
    happened = {name: courses[name].to_numpy() < until for name in MILESTONES}
    is_open_again = happened["reopened_at"] & ~happened["last_solved_at"]
    is_solved = happened["first_solved_at"] & ~is_open_again
    solved = np.where(
        happened["last_solved_at"], courses["last_solved_at"], courses["first_solved_at"]
    )
    tickets["solved_at"] = np.where(is_solved, solved, NEVER)
    for name in ("first_solved_at", "reopened_at"):
        tickets[name] = np.where(happened[name], courses[name], NEVER)
    tickets["status"] = _status(happened, is_solved)
    tickets["reopens"] = happened["reopened_at"].astype(int)
    further = (courses["ticket_no"] % 4) * happened["first_solved_at"]
    tickets["replies"] = happened["replied_at"] + further
    minutes = (tickets["solved_at"] - tickets["created_at"]) // pd.Timedelta(minutes=1)
    tickets["resolution_minutes"] = minutes.where(is_solved)
    tickets["first_reply_minutes"] = courses["reply_minutes"].where(happened["replied_at"])
    touched = [
        np.where(happened[name], courses[name], courses["created_at"]) for name in MILESTONES
    ]
    tickets["updated_at"] = np.max(touched, axis=0)
    system = (courses["ticket_no"] * 7919 % 1000) < SYSTEM_TOUCH_SHARE * 1000
    generated = tickets["updated_at"].to_numpy() + system.to_numpy() * np.timedelta64(7200, "s")
    tickets["generated_at"] = np.minimum(generated, until - 1)
    return tickets


MILESTONES = (
    "replied_at",
    "first_solved_at",
    "reopened_at",
    "last_solved_at",
    "closed_at",
    "deleted_at",
)


def _status(happened: dict[str, np.ndarray], is_solved: np.ndarray) -> np.ndarray:
    steps = [
        (happened["deleted_at"], "deleted"),
        (happened["closed_at"], "closed"),
        (is_solved, "solved"),
        (happened["reopened_at"], "open"),
        (happened["replied_at"], "pending"),
    ]
    conditions, names = zip(*steps, strict=True)
    return np.select(conditions, [np.array(name, dtype=object) for name in names], "new")


def _ratings(courses: pd.DataFrame, seed: int, until: np.datetime64) -> pd.DataFrame:
    """Offered a day after the first solution, where one is asked; changed when answered."""
    draws = generator(seed, "ratings").random((len(courses), 4))
    offered_at = courses["first_solved_at"].to_numpy() + OFFERED_AFTER
    answered_at = offered_at + (draws[:, 0] * 3 * 86_400).astype("timedelta64[s]")
    answers = draws[:, 1] < ANSWERED_SHARE
    is_answered = answers & (answered_at < until)
    speed: Floats = np.exp(-courses["solve_minutes"].to_numpy() / 8000)
    pleased = draws[:, 2] < 0.15 + 0.55 * courses["content"].to_numpy() + 0.3 * speed
    answer = np.where(pleased, "good", "bad").astype(object)
    remark = np.where(pleased, "Quick and helpful", "Took too long").astype(object)
    frame = pd.DataFrame(
        {
            "rating_no": courses["ticket_no"],
            "ticket_no": courses["ticket_no"],
            "score": np.where(is_answered, answer, "offered"),
            "comment": np.where(is_answered & (draws[:, 3] < 0.3), remark, None),
            "created_at": offered_at,
            "updated_at": np.where(is_answered, answered_at, offered_at),
        }
    )
    is_kept = courses["deleted_at"].isna().to_numpy()
    return typed("ratings", frame[(offered_at < until) & is_kept])
