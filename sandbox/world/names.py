"""Invented names. Domains end in .example, which nobody can own (RFC 2606)."""

# ruff: noqa: SIM905 - long lists of words read better as text

import numpy as np

FIRST_WORDS = (
    "Amber Ardent Azure Birch Bold Brisk Cedar Clear Cobalt Coral Crisp Dapper Ember Fable Fern "
    "Gentle Golden Granite Harbor Hazel Indigo Iron Ivory Jade Juniper Kind Lively Lunar Maple "
    "Meadow Mellow Misty Noble Nordic Olive Opal Pine Quiet Rapid River Sable Silver Solar Steady"
).split()
LAST_WORDS = (
    "Anchor Atlas Beacon Bridge Canvas Compass Crane Delta Falcon Field Forge Foundry Garden "
    "Grove Heron Hill Kite Lantern Ledger Loom Mill Mosaic Orchard Otter Parcel Pebble Pilot "
    "Prairie Quarry Raven Ridge Signal Sparrow Spring Summit Thicket Tide Trail Valley Willow"
).split()
LEGAL_FORMS = ("Inc", "LLC", "Ltd", "GmbH", "& Co", "SA", "")
GIVEN = (
    "Ada Aisha Ana Ben Bruno Chen Clara Dana Diego Elif Emil Eva Femi Finn Grace Hana Hugo Ida "
    "Ines Ivan Jana Jonas Kaito Lea Leo Lina Maya Mei Milo Nadia Nils Noor Olga Omar Priya Rosa "
    "Sam Tara Theo Zoe"
).split()
FAMILY = (
    "Abe Adler Baker Bauer Berg Costa Cruz Diaz Dubois Ekwueme Evans Fischer Garcia Gruber Haas "
    "Hansen Ito Jansen Kaya Khan Kim Klein Larsen Lopez Martin Meyer Nguyen Novak Okafor Patel "
    "Park Reyes Rossi Santos Sato Silva Singh Tanaka Weber Wong"
).split()
INDUSTRIES = (
    "COMPUTER_SOFTWARE",
    "FINANCIAL_SERVICES",
    "HOSPITAL_HEALTH_CARE",
    "LOGISTICS_AND_SUPPLY_CHAIN",
    "RETAIL",
    "EDUCATION_MANAGEMENT",
)
COUNTRIES = ("United States", "United Kingdom", "Germany", "France", "Japan", "Canada")
JOB_TITLES = (
    "Operations Manager",
    "Analyst",
    "Team Lead",
    "Product Manager",
    "Data Engineer",
    "Support Specialist",
)


def company_names(rng: np.random.Generator, count: int) -> list[tuple[str, str]]:
    """Name and domain of each company, no two alike, in one fixed shuffled order."""
    pairs = [(first, last) for first in FIRST_WORDS for last in LAST_WORDS]
    order = rng.permutation(len(pairs))
    forms = rng.integers(0, len(LEGAL_FORMS), count)
    companies = []
    for place in range(count):
        lap, turn = divmod(place, len(pairs))
        first, last = pairs[order[turn]]
        number = f" {lap + 1}" if lap else ""
        name = f"{first} {last}{number} {LEGAL_FORMS[forms[place]]}".strip()
        companies.append((name, f"{first}-{last}{number.strip()}.example".lower()))
    return companies
