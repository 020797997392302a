"""Every error the job raises on purpose, named by what happens next.

HealthError
├── RetryLater    the same call may succeed later (429, 5xx, timeout, database restarting)
│   └── NotSent   it was not even made: the vendor's limit is used up for longer than we wait
├── FixConfig     a person must change a credential, a setting or a scorecard; retrying is useless
└── RejectData    the data arrived, but it must not be published; yesterday's scores stay

Messages are sentences that say where it went wrong and what to do. They never hold a secret, a
request body or a query string.
"""


class HealthError(Exception):
    """Base of every error raised on purpose; the command line prints its message, not a trace."""


class RetryLater(HealthError):
    """The same call may succeed later.

    wait_s: seconds the vendor asked us to wait; None: it did not say, the retry policy decides.
    """

    def __init__(self, message: str, *, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class NotSent(RetryLater):
    """The call was not made, so nothing has changed: the vendor's limit is used up for long."""


class FixConfig(HealthError):
    """A person must change something before the same call can succeed."""


class RejectData(HealthError):
    """The data is not fit to publish."""
