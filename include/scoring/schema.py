"""The JSON Schema of scorecards, so that editors complete keys and underline mistakes.

It says of a file what one key at a time can say; what several must say together (names that point
at others, percentages that sum to 100) only `health scorecard check` knows.
"""

import json
from typing import Any

from include.scoring.key_words import words_for
from include.scoring.rules import SIGNS
from include.scoring.scorecard import Scorecard
from include.scoring.series import ENTERED, MEASURE, SERIES, TEMPLATES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE = "scorecard.schema.json"

Schema = dict[str, Any]


def schema_text() -> str:
    """The schema as the published file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> Schema:
    """The schema of the newest form of scorecards."""
    found = Scorecard.model_json_schema(by_alias=True)
    models: dict[str, Schema] = found["$defs"]
    models["Measure"]["required"].remove("curve")
    models["Measure"]["oneOf"] = _one_of("curve", "levels")
    models["Comparison"]["oneOf"] = _one_of(*SIGNS)
    found["properties"]["applies_to"]["additionalProperties"] = False
    _describe("Scorecard", found)
    for name, model in models.items():
        _describe(name, model)
    return {"$schema": DIALECT, **found}


def _describe(model: str, said: Schema) -> None:
    """Give every key its words; a series is one of those there are."""
    for key, value in said["properties"].items():
        value.pop("title", None)
        value["description"] = words_for(model, key)
        if key == "series":
            value["anyOf"] = _series()


def _one_of(*keys: str) -> list[Schema]:
    return [{"required": [key]} for key in keys]


def _series() -> list[Schema]:
    windows = [template.name.replace("{n}", "[1-9][0-9]{0,2}") for template in TEMPLATES]
    entered = [template.name.replace("{measure}", MEASURE) for template in ENTERED]
    return [{"enum": sorted(SERIES)}, {"pattern": f"^({'|'.join(windows + entered)})$"}]
