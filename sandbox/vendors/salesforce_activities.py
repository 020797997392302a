"""Meetings of a world as events, what was promised in them as tasks, and tickets as cases.

Whoever keeps calendars in a CRM meets three things that are no meeting: the copy of an event that
each invited user has (`IsChild`), events called off (`Canceled: ` before the subject), and people
who did not come (`Outcome__c`). Events older than a year are archived: only queryAll shows them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from sandbox.vendors.salesforce_columns import (
    Column,
    days,
    flags,
    ids,
    stamps,
    texts,
    wholes,
    words,
)
from sandbox.vendors.salesforce_store import Table
from sandbox.vendors.salesforce_world import ADMIN, happened, moved, owners_of, table_of
from sandbox.world.model import World

ARCHIVED_AFTER = timedelta(days=365)
COPIES_FROM = 500_000_000  # numbers of the copies that invited users have
KINDS_OF_MEETING = {
    "review": "Business review",
    "check_in": "Check-in",
    "training": "Training",
    "kickoff": "Kickoff",
}
OUTCOMES = {
    "COMPLETED": "Completed",
    "SCHEDULED": "Scheduled",
    "CANCELED": "Canceled",
    "NO_SHOW": "No show",
}
STATUSES = {"new": "New", "open": "Working", "pending": "Working", "hold": "On Hold"} | {
    "solved": "Closed",
    "closed": "Closed",
    "deleted": "Closed",
}
PRIORITIES = {"urgent": "High", "high": "High", "normal": "Medium", "low": "Low"}


def events(world: World, now: datetime) -> Table:
    """Each meeting, then the copies of business reviews: the account's owner brings a colleague."""
    own = happened(world["meetings"], now).sort_values("meeting_no")
    copies = own[own["kind"] == "review"]
    frame = pd.concat([own, copies], ignore_index=True)
    is_copy = np.arange(len(frame)) >= len(own)
    called_off = frame["outcome"] == "CANCELED"
    minutes = (frame["ends_at"] - frame["starts_at"]).dt.total_seconds() / 60
    accounts = ids("001", frame["account_no"])
    owners = owners_of(world, frame["account_no"])
    return table_of(
        "Event",
        {
            "Id": ids("00U", frame["meeting_no"] + np.where(is_copy, COPIES_FROM, 0)),
            "WhatId": accounts,
            "AccountId": list(accounts),
            "Subject": texts(frame["title"].where(~called_off, "Canceled: " + frame["title"])),
            "Type": words(frame["kind"], KINDS_OF_MEETING),
            "IsAllDayEvent": [False] * len(frame),
            "ActivityDateTime": stamps(frame["starts_at"]),
            "ActivityDate": days(frame["starts_at"]),
            "DurationInMinutes": wholes(minutes),
            "StartDateTime": stamps(frame["starts_at"]),
            "EndDateTime": stamps(frame["ends_at"]),
            "OwnerId": _with_colleagues(owners, is_copy),
            "IsChild": flags(is_copy),
            "IsGroupEvent": flags(frame["kind"] == "review"),
            "IsArchived": _archived(frame["ends_at"], now),
            "IsRecurrence": [False] * len(frame),
            "Outcome__c": words(frame["outcome"], OUTCOMES),
            **moved(frame),
        },
    )


def _with_colleagues(owners: Column, is_copy: np.ndarray) -> Column:
    return [ADMIN if copied else owner for owner, copied in zip(owners, is_copy, strict=True)]


def _archived(ended: "pd.Series[pd.Timestamp]", now: datetime) -> Column:
    return flags(ended < now.replace(tzinfo=None) - ARCHIVED_AFTER)


def tasks(world: World, now: datetime) -> Table:
    """A to-do for each business review and kickoff: send the notes on the day after."""
    meetings = happened(world["meetings"], now).sort_values("meeting_no")
    frame = meetings[meetings["kind"].isin(("review", "kickoff"))]
    frame = frame[frame["outcome"].isin(("COMPLETED", "SCHEDULED"))]
    done = frame["outcome"] == "COMPLETED"
    accounts = ids("001", frame["account_no"])
    return table_of(
        "Task",
        {
            "Id": ids("00T", frame["meeting_no"]),
            "WhatId": accounts,
            "AccountId": list(accounts),
            "Subject": texts("Send notes: " + frame["title"]),
            "Status": ["Completed" if one else "Not Started" for one in done],
            "Priority": ["Normal"] * len(frame),
            "ActivityDate": days(frame["ends_at"] + timedelta(days=1)),
            "IsClosed": flags(done),
            "IsHighPriority": [False] * len(frame),
            "CompletedDateTime": stamps(frame["updated_at"].where(done)),
            "TaskSubtype": ["Task"] * len(frame),
            "OwnerId": owners_of(world, frame["account_no"]),
            "IsArchived": _archived(frame["ends_at"], now),
            **moved(frame),
        },
    )


def cases(world: World, now: datetime) -> Table:
    """For companies whose support lives in the CRM: the tickets that its support desk has too."""
    frame = happened(world["tickets"], now).sort_values("ticket_no")
    organizations = world["organizations"].set_index("organization_no")["account_no"]
    account_nos = frame["organization_no"].map(organizations)
    people = world["people"]
    known = people["person_no"][people["is_contact"]]
    closed = frame["status"].isin(("solved", "closed", "deleted"))
    return table_of(
        "Case",
        {
            "Id": ids("500", frame["ticket_no"]),
            "CaseNumber": [f"{int(number):08}" for number in frame["ticket_no"]],
            "ContactId": ids("003", frame["requester_no"].where(frame["requester_no"].isin(known))),
            "AccountId": ids("001", account_nos),
            "Type": texts(frame["type"]),
            "Status": words(frame["status"], STATUSES),
            "Priority": words(frame["priority"], PRIORITIES),
            "Origin": ["Email"] * len(frame),
            "Subject": texts(frame["subject"]),
            "IsClosed": flags(closed),
            "ClosedDate": stamps(frame["solved_at"].where(closed)),
            "IsEscalated": flags(frame["priority"] == "urgent"),
            "OwnerId": owners_of(world, account_nos),
            "IsDeleted": flags(frame["status"] == "deleted"),
            **moved(frame),
        },
    )


MAKERS: dict[str, Callable[[World, datetime], Table]] = {
    "Event": events,
    "Task": tasks,
    "Case": cases,
}
