"""Salesforce, Intercom, Chargebee, Mixpanel and Amplitude: storms end as days without."""

from pathlib import Path

from tests.soak.laws import *  # noqa: F403

SETTINGS = Path(__file__).parent / "salesforce.yaml"
