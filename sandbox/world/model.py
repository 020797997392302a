"""What is true in a sandbox world, before any vendor puts it into its own words.

A world is a set of tables. Vendors (`sandbox/vendors/`) render them on the wire; nothing here knows
a path, an envelope or a vendor's id format beyond the ids listed below. All times are UTC
(`datetime64[s]`, no zone attached); money is in the currency's minor unit; `NaT`, `None` and `NA`
mean "has not happened" or "nobody entered it". Both `start` and `end` are included days.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

COLUMNS: dict[str, tuple[str, ...]] = {
    # One row a CRM company. crm_id is the HubSpot record id as text. arr is in major units of the
    # portal's currency (USD). segment: smb | mid_market | enterprise. tenant_key: the product's own
    # id for the account, used as analytics group key and often as metadata elsewhere; None where
    # the CRM does not know it. lifecycle: lead | opportunity | customer | other (left), HubSpot's
    # words. merged_crm_ids is a tuple of ids that this record took in.
    "accounts": (
        "account_no",
        "crm_id",
        "tenant_key",
        "name",
        "domain",
        "website",
        "segment",
        "industry",
        "country",
        "employees",
        "owner_no",
        "parent_no",
        "arr",
        "renewal_date",
        "lifecycle",
        "created_at",
        "updated_at",
        "archived_at",
        "merged_crm_ids",
    ),
    # Every value that the columns owner_no, segment, arr, renewal_date, parent_no and lifecycle of
    # an account have had, as text, and since when; None: cleared. The newest is the account's own.
    # A world made from other people's tables has no rows here.
    "account_changes": ("account_no", "at", "attribute", "value"),
    "owners": ("owner_no", "email", "first_name", "last_name", "archived"),
    # People at customers. buying_role: executive_sponsor | champion | decision_maker | end_user |
    # None.
    # is_contact: known to the CRM; is_user: uses the product; is_requester: writes to support.
    "people": (
        "person_no",
        "account_no",
        "email",
        "first_name",
        "last_name",
        "job_title",
        "buying_role",
        "is_contact",
        "is_user",
        "is_requester",
        "created_at",
        "updated_at",
    ),
    # csm_pulse as people set it in the CRM: 1 (worst) to 5, with a reason; newest row wins.
    "pulses": ("account_no", "set_at", "value", "reason"),
    # kind: review (an executive business review) | check_in | training | kickoff.
    # outcome: COMPLETED | SCHEDULED | CANCELED | NO_SHOW.
    "meetings": (
        "meeting_no",
        "account_no",
        "kind",
        "title",
        "starts_at",
        "ends_at",
        "outcome",
        "created_at",
        "updated_at",
    ),
    # kind: newbusiness | renewal | expansion; stage: open | closedwon | closedlost.
    "deals": (
        "deal_no",
        "account_no",
        "kind",
        "name",
        "amount_minor",
        "currency",
        "stage",
        "created_at",
        "closed_at",
        "updated_at",
    ),
    # One row a support organisation. external_id is the CRM id where somebody wrote it, else None
    # (in worlds from tables: the tenant_key). domains is a tuple of text.
    "organizations": (
        "organization_no",
        "account_no",
        "name",
        "external_id",
        "domains",
        "created_at",
        "updated_at",
        "deleted_at",
    ),
    # Status is one of new, open, pending, hold, solved, closed, deleted; priority one of None, low,
    # normal, high, urgent. organization_no is NA for unknown senders. Minutes are calendar minutes.
    # solved_at is the last solution, NaT while the ticket is open again; first_solved_at stays, and
    # reopened_at is the last reopening.
    "tickets": (
        "ticket_no",
        "organization_no",
        "requester_no",
        "subject",
        "priority",
        "type",
        "status",
        "created_at",
        "updated_at",
        "generated_at",
        "solved_at",
        "first_solved_at",
        "reopened_at",
        "first_reply_minutes",
        "resolution_minutes",
        "reopens",
        "replies",
    ),
    # score: offered | good | bad.
    "ratings": (
        "rating_no",
        "ticket_no",
        "score",
        "comment",
        "created_at",
        "updated_at",
    ),
    # What contacts answered to surveys of the CRM. kind: nps (rating 0 to 10) | csat (0 unhappy, 1
    # neutral, 2 happy).
    "surveys": ("answer_no", "account_no", "person_no", "kind", "rating", "comment", "answered_at"),
    # One row a billing customer; an account may have none or several. metadata is a dict of text.
    "customers": (
        "customer_no",
        "customer_id",
        "account_no",
        "name",
        "email",
        "currency",
        "metadata",
        "created_at",
        "deleted_at",
    ),
    # State at the end of the world; how it came about is in subscription_changes.
    # status: Stripe's words. interval: month | year. unit_amount_minor is per seat and interval.
    "subscriptions": (
        "subscription_no",
        "subscription_id",
        "customer_no",
        "status",
        "started_at",
        "ended_at",
        "canceled_at",
        "cancel_at_period_end",
        "period_start",
        "period_end",
        "seats",
        "unit_amount_minor",
        "currency",
        "interval",
        "plan",
        "metadata",
        "created_at",
    ),
    # previous holds only the columns of subscriptions that changed, with the values they had before
    # (times as Timestamp), e.g. {"status": "active"}, {"seats": 10} or, when a period rolled over,
    # {"period_start": ..., "period_end": ...}. kind: created | updated | deleted.
    "subscription_changes": ("subscription_no", "at", "kind", "previous"),
    # status: draft | open | paid | uncollectible | void, at the end of the world.
    "invoices": (
        "invoice_no",
        "invoice_id",
        "customer_no",
        "subscription_no",
        "status",
        "currency",
        "amount_minor",
        "amount_paid_minor",
        "seats",
        "unit_amount_minor",
        "period_start",
        "period_end",
        "created_at",
        "finalized_at",
        "due_at",
        "paid_at",
        "attempt_count",
        "next_attempt_at",
        "billing_reason",
        "collection_method",
    ),
    # Product analytics: one row an event, in order of time. tenant_key is "" for events without a
    # group. event and tenant_key may be categoricals: there are millions of rows.
    "events": ("event", "at", "person_no", "tenant_key"),
    # The answer key: the hidden state that drives both behaviour and churn, one row an account and
    # day. hazard is the probability to churn at the next renewal if it were decided on that day.
    # A world made from other people's tables has no rows here.
    "truth": ("account_no", "day", "satisfaction", "hazard"),
    # kind: churn | contraction | renewal | expansion; amount is the change of ARR, minor units.
    "outcomes": ("account_no", "on", "kind", "amount_minor", "currency"),
}


@dataclass(frozen=True, slots=True)
class World:
    """Tables by name, each with the columns of `COLUMNS`, and the days they cover.

    asked_accounts is what the simulator was asked for, so that the same world can grow by days;
    0 for a world made from other people's tables.
    """

    name: str
    seed: int
    start: date
    end: date
    tables: dict[str, pd.DataFrame]
    asked_accounts: int = 0

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def __post_init__(self) -> None:
        for table, columns in COLUMNS.items():
            missing = set(columns) - set(self.tables[table].columns)
            if missing:
                raise ValueError(f"world {self.name}: table {table} lacks {sorted(missing)}")
