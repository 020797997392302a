"""The endpoints of the workspace's own people: admins, teams, who is asking."""

from sandbox.vendors import intercom_render as render
from sandbox.vendors.intercom_fields import WORKSPACE_ZONE
from sandbox.vendors.intercom_http import Call, not_found
from sandbox.vendors.intercom_rows import ADMIN_ID, AGENTS, TEAM_ID, Row


class Team:
    """Handlers; each takes a call and gives a body."""

    def __init__(self, started_at: int) -> None:
        self._started_at = started_at

    def me(self, _call: Call) -> Row:
        app = {
            "type": "app",
            "id_code": render.APP_ID,
            "name": "Sandbox",
            "created_at": self._started_at,
            "secure": False,
            "identity_verification": False,
            "timezone": WORKSPACE_ZONE.key,
            "region": "US",
        }
        return render.admin(0) | {"email_verified": True, "app": app}

    def admins(self, _call: Call) -> Row:
        shown = [render.admin(place) for place in range(len(AGENTS))]
        return {"type": "admin.list", "admins": shown}

    def admin(self, call: Call) -> Row:
        place = int(call.ids["id"]) - ADMIN_ID if call.ids["id"].isdecimal() else -1
        if not 0 <= place < len(AGENTS):
            raise not_found("Admin not found", "admin_not_found")
        return render.admin(place)

    def activity(self, _call: Call) -> Row:
        """Nobody does anything here that would be logged."""
        pages = {"type": "pages", "next": None, "page": 1, "per_page": 20, "total_pages": 0}
        return {"type": "activity_log.list", "pages": pages, "activity_logs": []}

    def teams(self, _call: Call) -> Row:
        return {"type": "team.list", "teams": [render.team()]}

    def team(self, call: Call) -> Row:
        if call.ids["id"] != str(TEAM_ID):
            raise not_found("Team not found", "team_not_found")
        return render.team()
