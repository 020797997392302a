"""When an invoice is paid: at once, late, after failed attempts, or never."""

from dataclasses import dataclass

import numpy as np

from sandbox.world.draws import Floats

# Card payments are tried again after these days (a vendor's usual retry plan), then given up.
RETRY_AFTER_DAYS = (0, 3, 8, 15)
CARD_GIVEN_UP_AFTER_DAYS = 30
TERMS_DAYS = 30
INVOICE_GIVEN_UP_AFTER_DAYS = 150
DAY = np.timedelta64(86_400, "s")
HOUR = np.timedelta64(3_600, "s")
NEVER = np.datetime64("NaT", "s")


@dataclass(frozen=True, slots=True)
class Payment:
    """How paying goes in the end; NaT for never. attempts are the moments a card is charged."""

    attempts: tuple[np.datetime64, ...]
    due_at: np.datetime64
    late_from: np.datetime64
    paid_at: np.datetime64
    given_up_at: np.datetime64


def pay_by_card(created_at: np.datetime64, content: float, draws: Floats) -> Payment:
    """Charged an hour after creation. content: recent satisfaction; it and the draws: 0 to 1."""
    first = created_at + HOUR
    attempts = tuple(first + days * DAY for days in RETRY_AFTER_DAYS)
    fails, cured, which = draws
    if fails > 0.02 + 0.10 * (1 - content):
        return Payment(attempts[:1], NEVER, NEVER, first, NEVER)
    if cured < 0.25 + 0.65 * content:
        last = 1 + int(which * (len(attempts) - 1))
        return Payment(attempts[: last + 1], NEVER, first, attempts[last], NEVER)
    given_up_at = created_at + CARD_GIVEN_UP_AFTER_DAYS * DAY
    return Payment(attempts, NEVER, first, NEVER, given_up_at)


def pay_by_transfer(created_at: np.datetime64, content: float, draws: Floats) -> Payment:
    """Due after 30 days. content: recent satisfaction; it and the draws: 0 to 1."""
    due_at = created_at + TERMS_DAYS * DAY
    never, late, days = draws
    given_up_at = created_at + INVOICE_GIVEN_UP_AFTER_DAYS * DAY
    if never < 0.08 * (1 - content) ** 2:
        return Payment((), due_at, due_at, NEVER, given_up_at)
    if late < 0.05 + 0.45 * (1 - content):
        paid_at = due_at + int((2 + 50 * days) * 86_400)
        return Payment((paid_at,), due_at, due_at, paid_at, NEVER)
    paid_at = created_at + int((4 + 24 * days) * 86_400)
    return Payment((paid_at,), due_at, NEVER, paid_at, NEVER)
