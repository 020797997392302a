"""The playbooks that health.yaml names, read and checked against cards, roles and attributes."""

from include.plays.fit import Surroundings, check_fit
from include.plays.playbook import Playbook, load_playbook
from include.scoring.deck import Deck
from include.settings import ROOT, Settings
from include.vendor_settings import OWN_ATTRIBUTES


def read_playbooks(settings: Settings, deck: Deck) -> tuple[Playbook, ...]:
    """Read every playbook at work; FixConfig names each mistake."""
    playbooks = tuple(load_playbook(ROOT / path) for path in settings.playbooks)
    attributes = (*OWN_ATTRIBUTES, *settings.crm_source.attributes)
    check_fit(playbooks, Surroundings(deck.outcomes, settings.plays.roles, attributes))
    return playbooks
