"""deploy/kubernetes/values.yaml against the chart itself: `make chart CHART=folder`.

The folder is the chart's, as `helm pull --untar` makes it; what is in it is not ours to keep here.
"""

import json
import os
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

CHART = Path(os.environ["AIRFLOW_CHART"])
ROOT = Path(__file__).parents[2]
VALUES = yaml.safe_load((ROOT / "deploy/kubernetes/values.yaml").read_text(encoding="utf-8"))


def test_the_chart_s_own_schema_accepts_them():
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    with_defaults = merged(yaml.safe_load((CHART / "values.yaml").read_text()), VALUES)
    for values in (VALUES, with_defaults):
        jsonschema.validate(values, schema)
    with pytest.raises(jsonschema.ValidationError, match="celeri"):
        jsonschema.validate({"workers": {"celeri": {}}}, schema)


def test_what_it_runs_by_a_path_is_in_the_image():
    templates = [path for path in (CHART / "templates").rglob("*") if path.is_file()]
    run = {
        name
        for path in templates
        for name in re.findall(r"exec (/[\w/-]+)", path.read_text(encoding="utf-8"))
    }
    assert run
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert not [name for name in run if f" {name}\n" not in dockerfile]


def test_no_part_of_it_has_the_sidecar_that_the_image_cannot_run():
    defaults = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    cleaning = {
        name
        for name, one in defaults.items()
        if isinstance(one, dict) and "logGroomerSidecar" in one
    }
    assert "scheduler" in cleaning
    for name in cleaning:
        assert merged(defaults, VALUES)[name]["logGroomerSidecar"]["enabled"] is False


def merged(below, above):
    """Lay one tree of values over another, as Helm does."""
    both = {
        key: merged(below[key], value)
        if isinstance(value, dict) and isinstance(below.get(key), dict)
        else value
        for key, value in above.items()
    }
    return {**below, **both}
