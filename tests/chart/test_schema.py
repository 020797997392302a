"""deploy/kubernetes/values.yaml against the chart's own schema: `make chart CHART=folder`.

The folder is the chart's, as `helm pull --untar` makes it; the schema is not ours to keep here.
"""

import json
import os
from pathlib import Path

import jsonschema
import pytest
import yaml

CHART = Path(os.environ["AIRFLOW_CHART"])
VALUES = yaml.safe_load(
    (Path(__file__).parents[2] / "deploy/kubernetes/values.yaml").read_text(encoding="utf-8")
)


def test_the_chart_s_own_schema_accepts_them():
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    with_defaults = merged(yaml.safe_load((CHART / "values.yaml").read_text()), VALUES)
    for values in (VALUES, with_defaults):
        jsonschema.validate(values, schema)
    with pytest.raises(jsonschema.ValidationError, match="celeri"):
        jsonschema.validate({"workers": {"celeri": {}}}, schema)


def merged(below, above):
    """Lay one tree of values over another, as Helm does."""
    both = {
        key: merged(below[key], value)
        if isinstance(value, dict) and isinstance(below.get(key), dict)
        else value
        for key, value in above.items()
    }
    return {**below, **both}
