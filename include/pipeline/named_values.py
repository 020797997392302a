"""Values of attributes that cards and playbooks name, held against those that accounts have."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from sqlalchemy import Connection

from include.pipeline.playbooks import read_playbooks
from include.scoring.advice import values_named
from include.scoring.deck import Deck, label_of
from include.scoring.strict import did_you_mean
from include.settings import Settings
from include.warehouse.database import query

SHOWN = 10  # values of an attribute in a sentence


def values_of_nobody(connection: Connection, settings: Settings, deck: Deck) -> list[str]:
    """Return a sentence for each value that a card or a playbook names and no account has now.

    Nobody is scored, or gets a plan, for a value that is misspelt; one may also be early.
    """
    named = {label_of(card): values_named(card) for card in deck.all}
    named |= {one.label: one.when.attribute for one in read_playbooks(settings, deck)}
    names = sorted({name for values in named.values() for name in values})
    held: dict[str, list[str]] = {name: [] for name in names}
    for row in connection.execute(query("attributes/held"), {"names": names}) if names else ():
        held[row.attribute].append(row.value)
    return [words for label, values in named.items() for words in _said(label, values, held)]


def _said(
    label: str, values: Mapping[str, tuple[str, ...]], held: Mapping[str, list[str]]
) -> Iterator[str]:
    for name, words in values.items():
        for word in words:
            if word in held[name]:
                continue
            known = get_close_matches(word, held[name], n=1) or held[name][:SHOWN]
            hint = did_you_mean(word, known) if known else f"no account has any {name}."
            yield f'{label} names the {name} "{word}", which no account has; {hint}'
