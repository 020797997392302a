"""Amplitude's API on the wire."""

from fastapi import FastAPI

from sandbox.state import State


def build(state: State) -> FastAPI:  # noqa: ARG001
    return FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
