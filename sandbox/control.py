"""The sandbox's own port: look at the world, let days pass, order faults, count requests."""

from datetime import date
from typing import Annotated, Any, Protocol

from fastapi import Body, FastAPI, HTTPException


class Controlled(Protocol):
    """What the control port needs of a sandbox."""

    faults: Any

    def describe_world(self) -> dict[str, Any]: ...
    def advance(self, to: date) -> None: ...
    def requests(self) -> list[dict[str, Any]]: ...
    def reset_requests(self) -> None: ...


def build_control(sandbox: Controlled) -> FastAPI:
    """Wrong input answers 400 with `detail`; nothing has changed then."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/world")
    def world() -> dict[str, Any]:
        return sandbox.describe_world()

    @app.post("/advance")
    def advance(to: Annotated[str, Body(embed=True)]) -> dict[str, Any]:
        try:
            sandbox.advance(date.fromisoformat(to))
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
        return sandbox.describe_world()

    @app.get("/requests")
    def requests() -> list[dict[str, Any]]:
        return sandbox.requests()

    @app.post("/reset-requests")
    def reset_requests() -> dict[str, Any]:
        sandbox.reset_requests()
        return {}

    _add_faults(app, sandbox)
    return app


def _add_faults(app: FastAPI, sandbox: Controlled) -> None:
    @app.get("/faults")
    def faults() -> list[dict[str, Any]]:
        return list(sandbox.faults)

    @app.post("/faults")
    def replace_faults(rules: Annotated[object, Body()]) -> list[dict[str, Any]]:
        try:
            sandbox.faults = rules
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
        return list(sandbox.faults)

    @app.delete("/faults")
    def clear_faults() -> list[dict[str, Any]]:
        """How often each of the rules that are taken away had fired."""
        before = list(sandbox.faults)
        sandbox.faults = []
        return before
