"""Carry digests to people through Airflow's providers: by e-mail, in Slack, or by Apprise.

FixConfig: a provider, a connection or a right is missing. RetryLater: it may pass. RejectData: this
one recipient cannot be reached. Messages name what is configured, never a secret or an address.
"""

import importlib
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pendulum

from include.errors import FixConfig, RejectData, RetryLater

if TYPE_CHECKING:
    from include.pipeline.alerts import Courier
    from include.play_settings import Alerts
    from include.plays.digest import Digest

EVERYBODY = "digests"  # the tag of Apprise services that get every digest
LONGEST = 30_000  # characters of one Slack message, which it cuts above 40,000 without a word
# What Slack says of one person, and what may pass (chat.postMessage, users.lookupByEmail, checked
# Nov 2026). All else is for whoever looks after the app: a token, a scope, a channel.
NOBODY = ("users_not_found",)
PASSING = ("ratelimited", "service_unavailable", "internal_error", "fatal_error", "request_timeout")
NAME = "Customer health"


def courier_for(alerts: "Alerts") -> "Courier":
    """Return who carries the digests, by `channel`; FixConfig where its provider is missing."""
    return COURIERS[alerts.channel or "email"](alerts)


class Mail:
    """By the mail notifier of the SMTP provider."""

    def __init__(self, alerts: "Alerts") -> None:
        self._alerts = alerts
        self._notifier = _provider("smtp.notifications.smtp", "smtp").SmtpNotifier

    def now(self) -> datetime:
        return pendulum.now("UTC")

    def send(self, digest: "Digest") -> None:
        from smtplib import SMTPException, SMTPRecipientsRefused

        from airflow.sdk import BaseHook

        connection = self._alerts.connection_name
        notifier = self._notifier(
            to=digest.to, from_email=self._alerts.sender, subject=digest.subject,
            html_content=digest.html, smtp_conn_id=connection,
        )  # fmt: skip
        try:
            BaseHook.get_connection(connection)  # of one that lacks, the notifier says only that
            notifier.notify({})
        except _not_found():
            raise _no_connection(connection) from None
        except ValueError:  # of the notifier, where nobody names a sender
            raise FixConfig(
                "E-mails have no sender: name alerts.sender in health.yaml, or from_email in the"
                f" extra of Airflow connection {connection}."
            ) from None
        except SMTPRecipientsRefused as error:
            [(code, _), *_] = error.recipients.values()
            raise RejectData(f"The mail server refused a recipient ({code}).") from None
        except (SMTPException, OSError) as error:
            raise RetryLater(
                f"The mail server of connection {connection} did not take an e-mail"
                f" ({type(error).__name__})."
            ) from None


class Slack:
    """As a message to the person with the owner's address, by the notifier of Slack's provider."""

    def __init__(self, alerts: "Alerts") -> None:
        self._alerts = alerts
        self._notifier = _provider("slack.notifications.slack", "slack").SlackNotifier

    def now(self) -> datetime:
        return pendulum.now("UTC")

    def send(self, digest: "Digest") -> None:
        notifier = self._notifier(
            slack_conn_id=self._alerts.connection_name, text=to_slack(digest), username=NAME,
            unfurl_links=False, unfurl_media=False,
        )  # fmt: skip
        notifier.channel = self._place_of(digest.to, notifier.hook)
        self._asked(lambda: notifier.notify({}))

    def _place_of(self, address: str, hook: Any) -> str:  # noqa: ANN401 - the provider's
        """Return the person's id; of an address that Slack does not know, the room."""
        try:
            found = self._asked(lambda: hook.call("users.lookupByEmail", params={"email": address}))
        except RejectData:
            if self._alerts.room is None:
                raise
            return self._alerts.room
        return str(found["user"]["id"])

    def _asked(self, ask: Callable[[], Any]) -> Any:  # noqa: ANN401 - Slack's answer
        from slack_sdk.errors import SlackApiError, SlackClientError

        try:
            return ask()
        except _not_found():
            raise _no_connection(self._alerts.connection_name) from None
        except SlackApiError as error:
            raise self._meant(error.response) from None
        except (SlackClientError, OSError) as error:
            raise RetryLater(f"Slack did not answer ({type(error).__name__}).") from None

    def _meant(self, response: Any) -> FixConfig | RetryLater | RejectData:  # noqa: ANN401
        said, status = str(response.get("error") or ""), response.status_code
        if said in NOBODY:
            return RejectData("Slack knows nobody by a recipient's address (users_not_found).")
        if said in PASSING or status == 429 or status >= 500:
            return RetryLater(f"Slack did not take a message ({said or status}).")
        return FixConfig(
            f"Slack refuses messages by connection {self._alerts.connection_name}"
            f" ({said or status}): docs/plays.md lists the scopes that its token needs."
        )


class Apprise:
    """By the services of an Apprise connection that have the owner's address, or `digests`, as tag.

    By the provider's hook: its notifier does not say when a service refused.
    """

    def __init__(self, alerts: "Alerts") -> None:
        self._alerts = alerts
        self._hook = _provider("apprise.hooks.apprise", "apprise").AppriseHook
        self._to = importlib.import_module("apprise").Apprise

    def now(self) -> datetime:
        return pendulum.now("UTC")

    def send(self, digest: "Digest") -> None:
        services = self._services()
        tags = [digest.to, EVERYBODY]
        if not any(services.find(tag=tags)):
            raise RejectData(
                f"No service of connection {self._alerts.connection_name} has a recipient's"
                f" address, or {EVERYBODY}, as its tag."
            )
        subject = f"{digest.subject} ({digest.to})"
        if not services.notify(body=digest.text, title=subject, tag=tags):
            raise RetryLater(
                f"A service of connection {self._alerts.connection_name} did not take a digest."
            )

    def _services(self) -> Any:  # noqa: ANN401 - Apprise's
        """Return the connection's services; FixConfig where there are none that Apprise reads."""
        name, services = self._alerts.connection_name, self._to()
        hook = self._hook(apprise_conn_id=name)
        try:
            hook.set_config_from_conn(conn=hook.get_connection(name), apprise_obj=services)
        except _not_found():
            raise _no_connection(name) from None
        except (KeyError, TypeError, ValueError):
            services = []
        if not services:
            raise FixConfig(
                f"Airflow connection {name} names no service in the field config of its extra that"
                " Apprise can read: docs/plays.md has an example."
            )
        return services


COURIERS: dict[str, Callable[["Alerts"], "Courier"]] = {
    "email": Mail, "slack": Slack, "apprise": Apprise,
}  # fmt: skip


def to_slack(digest: "Digest") -> str:
    """Return a digest as Slack's text, in which three characters have a meaning of their own."""
    said = f"*{digest.subject}*\n\n{digest.text}"
    for plain, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        said = said.replace(plain, escaped)
    if len(said) <= LONGEST:
        return said
    return said[:LONGEST].rsplit("\n", 1)[0] + "\n\n… and more: `health plays review`"


def _provider(module: str, extra: str) -> Any:  # noqa: ANN401 - a module
    try:
        return importlib.import_module(f"airflow.providers.{module}")
    except ImportError:
        raise FixConfig(
            f"apache-airflow-providers-{extra} is not installed, and health.yaml sends alerts by"
            f" it: install the extra {extra} of this project where Airflow runs."
        ) from None


def _not_found() -> type[Exception]:
    from airflow.sdk.exceptions import AirflowNotFoundException

    return AirflowNotFoundException


def _no_connection(name: str) -> FixConfig:
    return FixConfig(
        f"Airflow has no usable connection {name}, by which health.yaml sends alerts: docs/plays.md"
        " says what it holds."
    )
