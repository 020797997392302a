"""Carries digests through the mail notifier of Airflow's SMTP provider."""

from datetime import datetime
from typing import TYPE_CHECKING

import pendulum

if TYPE_CHECKING:
    from include.play_settings import Alerts
    from include.plays.digest import Digest


class Mail:
    """Sends e-mail by the connection that health.yaml names; a refusal is an exception."""

    def __init__(self, alerts: "Alerts") -> None:
        self._alerts = alerts

    def now(self) -> datetime:
        return pendulum.now("UTC")

    def send(self, digest: "Digest") -> None:
        from airflow.providers.smtp.notifications.smtp import SmtpNotifier

        SmtpNotifier(
            to=digest.to,
            from_email=self._alerts.sender,
            subject=digest.subject,
            html_content=digest.html,
            smtp_conn_id=self._alerts.connection,
        ).notify({})
