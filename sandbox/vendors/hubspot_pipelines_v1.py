"""HubSpot's pipelines of version 1, at both of their addresses.

The same pipelines as /crm/v3/pipelines. Vendor facts: legacy pipelines reference, checked Nov 2026.
"""

from typing import Any

from sandbox.vendors.hubspot_http import Call, Reply
from sandbox.vendors.hubspot_store import Store
from sandbox.vendors.hubspot_values import to_epoch_ms

DEFAULT = "default"
WON = 1.0


def list_for_deals(store: Store, _call: Call) -> Reply:
    """GET /deals/v1/pipelines: a bare list; the probability is a number."""
    return Reply(200, [_deal_pipeline(pipeline) for pipeline in store.pipelines])


def list_pipelines(store: Store, call: Call) -> Reply:
    """GET /crm-pipelines/v1/pipelines/{type}: only deals have pipelines here."""
    kind = store.kind(call.path["type"])
    shown = [
        {
            "pipelineId": pipeline["id"],
            "objectType": kind.singular.upper(),
            "objectTypeId": kind.type_id,
            "label": pipeline["label"],
            "displayOrder": pipeline["displayOrder"],
            "active": not pipeline["archived"],
            "default": pipeline["id"] == DEFAULT,
            "stages": [_stage(stage) for stage in pipeline["stages"]],
            "createdAt": to_epoch_ms(pipeline["createdAt"]),
            "updatedAt": to_epoch_ms(pipeline["updatedAt"]),
        }
        for pipeline in (store.pipelines if kind.name == "deals" else ())
    ]
    return Reply(200, {"results": shown})


def _stage(stage: dict[str, Any]) -> dict[str, Any]:
    return {
        "stageId": stage["id"],
        "label": stage["label"],
        "displayOrder": stage["displayOrder"],
        "metadata": stage["metadata"],
        "active": not stage["archived"],
        "createdAt": to_epoch_ms(stage["createdAt"]),
        "updatedAt": to_epoch_ms(stage["updatedAt"]),
    }


def _deal_pipeline(pipeline: dict[str, Any]) -> dict[str, Any]:
    return {
        "pipelineId": pipeline["id"],
        "label": pipeline["label"],
        "displayOrder": pipeline["displayOrder"],
        "active": not pipeline["archived"],
        "staticDefault": pipeline["id"] == DEFAULT,
        "stages": [
            {
                "stageId": stage["id"],
                "label": stage["label"],
                "displayOrder": stage["displayOrder"],
                "probability": (probability := float(stage["metadata"]["probability"])),
                "active": not stage["archived"],
                "closedWon": probability == WON,
            }
            for stage in pipeline["stages"]
        ],
    }
