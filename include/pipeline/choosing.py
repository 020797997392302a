"""Which accounts a card scores on which days, where an outcome has several cards."""

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.pipeline import inputs
from include.pipeline.circumstances import load_attributes
from include.pipeline.inputs import Place
from include.pipeline.spans import Span
from include.scoring.deck import chosen
from include.scoring.readings import NEVER
from include.warehouse.histories import Accounts
from include.warehouse.revisions import Days, Ids

EVERY_ACCOUNT = Accounts(first_account=0, last_account=2**31 - 1)


def is_ours(connection: Connection, span: Span, place: Place) -> NDArray[np.bool_] | None:
    """(account, day) where the span's card applies and none that is asked before it does.

    None: everywhere, for no card concerned says for whom it is.
    """
    if not _names(span):
        return None
    accounts = np.repeat(place.accounts, len(place.days))
    days = np.tile(place.days, len(place.accounts))
    return are_ours(connection, span, accounts, days).reshape(place.shape)


def are_ours(connection: Connection, span: Span, accounts: Ids, days: Days) -> NDArray[np.bool_]:
    """Say the same of single accounts and days, one row each."""
    attributes = load_attributes(connection, sorted(_names(span)), accounts, days)
    return chosen(span.card, span.asked_before, attributes, len(days))


def _names(span: Span) -> set[str]:
    return {name for card in (span.card, *span.asked_before) for name in card.applies_to}


def accounts_of(connection: Connection, span: Span) -> list[int] | None:
    """Return the customers, by rising account_id, that a card scores on the one day of a span.

    None: all customers.
    """
    if not any(card.applies_to for card in (span.card, *span.asked_before)):
        return None
    terms = inputs.terms_of(connection, span, EVERY_ACCOUNT)
    accounts = np.unique(terms.account_id)
    place = inputs.place_of(span, accounts, terms)
    ours = is_ours(connection, span, place)
    assert ours is not None, "a card says for whom it is"
    found: list[int] = accounts[(ours & (place.term_start != NEVER))[:, 0]].tolist()
    return found
