"""The day-level series a scorecard may read: one number per account and day on which something was.

Three kinds, told apart by how their days add up:
- counts: what happened on that day; days without a row count 0;
- changes: by how much a level moved on that day, so that the running sum is the level;
- values: what was last said; a day without a row says nothing new.
"""

SERIES: dict[str, str] = {
    "seats": "daily change of paid seats",
    "active_users_28d": "daily change of distinct users active in the trailing 28 days",
    "events": "product events of the day",
    "active_features_28d": "daily change of distinct key features used in the trailing 28 days",
    "tickets_opened": "support tickets opened that day",
    "tickets_open": "daily change of open tickets",
    "tickets_urgent_open": "daily change of open tickets of urgent priority",
    "ratings_good": "good satisfaction ratings answered that day",
    "ratings_answered": "satisfaction ratings answered that day",
    "solved": "tickets solved that day",
    "solve_hours": "hours from opening to solving, summed over the tickets solved that day",
    "invoices_due": "invoices that fell due that day",
    "invoices_late": "invoices unpaid on their due day, counted on the day after it",
    "invoices_overdue": "daily change of overdue invoices",
    "reviews_held": "business reviews held that day",
    "meetings_held": "meetings held that day",
    "pulse": "what the customer success manager said, 1 to 5",
}
