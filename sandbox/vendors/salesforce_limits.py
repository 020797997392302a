"""The org's allowance of calls: counted over 24 hours, told with every answer, and enforced.

Vendor facts: REST API developer guide on limits, checked Nov 2026. Without limits in the sandbox
calls are counted and told all the same, and none is refused.
"""

import time
from collections import deque

from sandbox.vendors.salesforce_http import Call, Json, Refused, Reply
from sandbox.vendors.salesforce_org import Org

DAY_S = 86_400.0
# What else an org may use up in a day, none of which the sandbox counts.
OTHERS = {
    "DailyAsyncApexExecutions": 250_000,
    "DailyBulkApiBatches": 15_000,
    "DailyBulkV2QueryFileStorageMB": 976_562,
    "DailyBulkV2QueryJobs": 10_000,
    "DataStorageMB": 1_024,
    "FileStorageMB": 1_024,
    "HourlyTimeBasedWorkflow": 1_000,
    "SingleEmail": 5_000,
}


class Allowance:
    """Calls in the last 24 hours; refused ones do not count."""

    def __init__(self, most: int, *, is_enforced: bool) -> None:
        self.most = most
        self._is_enforced = is_enforced
        self._taken: deque[float] = deque()

    def take(self) -> None:
        now = time.monotonic()
        while self._taken and self._taken[0] <= now - DAY_S:
            self._taken.popleft()
        if self._is_enforced and self.used >= self.most:
            raise Refused(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        self._taken.append(now)

    @property
    def used(self) -> int:
        return len(self._taken)

    def headers(self) -> dict[str, str]:
        return {"Sforce-Limit-Info": f"api-usage={self.used}/{self.most}"}


def limits(org: Org, allowance: Allowance, call: Call) -> Reply:
    del org, call
    told: Json = {name: {"Max": most, "Remaining": most} for name, most in OTHERS.items()}
    remaining = max(0, allowance.most - allowance.used)
    told["DailyApiRequests"] = {"Max": allowance.most, "Remaining": remaining}
    return Reply(body=told)
