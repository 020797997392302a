"""Manual inputs: the folder into which people drop CSV and XLSX files, and what they may enter."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from include.vendor_settings.base import SourceBase, Strict

MEASURE = r"^[a-z][a-z0-9_]{0,40}$"
MeasureName = Annotated[str, Field(pattern=MEASURE)]
Value = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]


class Range(Strict):
    """What a value of a measure may be, both ends included; None: any number."""

    lowest: Value | None = None
    highest: Value | None = None

    @model_validator(mode="after")
    def rises(self) -> Self:
        if None not in (self.lowest, self.highest) and self.lowest >= self.highest:  # type: ignore[operator]
            raise ValueError("lowest must be below highest")
        return self


class Inputs(SourceBase):
    """folder: a relative path is taken from the folder of health.yaml's project.

    measures: the only ones that may be entered, with their ranges; none named: any name, any value.
    quiet_s: a file that changes within so many seconds is still being copied.
    """

    vendor: Literal["inputs"]
    role: Literal["inputs"] = "inputs"
    folder: Path
    measures: Annotated[dict[MeasureName, Range], Field(max_length=200)] = {}
    quiet_s: Annotated[float, Field(ge=0, le=60)] = 2.0
