"""When a step is due."""

from datetime import date, timedelta

from include.plays.playbook import Step

SATURDAY = 5


def due_on(step: Step, opened_on: date) -> date:
    """Return the step's last day: so many days after the opening, all or Monday to Friday only.

    Holidays are not known. 0 working days from a Saturday is the Monday after.
    """
    if step.counted == "calendar":
        return opened_on + timedelta(days=step.due_days)
    day, left = opened_on, step.due_days
    while left or day.weekday() >= SATURDAY:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY and left > 0
    return day
