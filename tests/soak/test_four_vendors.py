"""HubSpot, Zendesk, Stripe and PostHog: days of storms end as the same days without."""

from include.settings import ROOT
from tests.soak.laws import *  # noqa: F403

SETTINGS = ROOT / "health.yaml"
