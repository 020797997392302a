"""Faults on purpose: what real vendors do on bad days, between a vendor's app and its socket.

A rule is a mapping with `vendor`, `path` (a prefix, or a glob when it holds `*`, `?` or `[`),
`fault` and, optionally, `method`, `times` (how often it fires; default 1, -1: always) and `after`
(how many matching requests pass first; default 0). Rules are tried in the order of the list, and a
request answered by one is not seen by those below it. `n` counts records of a page from 0.

| fault | keys of its own | what the client sees |
|---|---|---|
| status | code, headers, body, applied | that answer; without body the vendor's own error body |
| retry_after | seconds, code (429) | the vendor's own error with that `Retry-After`, also a text |
| expire_token | - | 401 in the vendor's words; "after N requests" is `after: N, times: -1` |
| html | code (502), applied | an HTML error page |
| slow | seconds, pieces (1) | headers at once, the body in pieces over that many seconds |
| cut | - | full content-length, half the body, then the connection closes |
| truncated_json | - | half the body, with a right length |
| invalid_json | - | a body that is no JSON, with a right length |
| clock_skew | seconds | a `Date` header that is off by that much |
| repeated_cursor | - | the answer before this one, once more |
| empty_page | - | no records but "there is more"; the page held back comes next |
| duplicate | where: next (default), same | the page's last record again, on the next or same page |
| reorder | - | the page's records backwards |
| drop_field | field, n | without that field: in every record, or only in the n-th |
| rename_field | field, to, n | that field's last part renamed |
| retype_field | field, to, n | the value as text, number, list or object |
| no_id | n (0) | the n-th record without its id |
| set | field, value, n (0) | that value in the n-th record |

`applied: true` lets the vendor do what was asked before the error is answered. `field` is dotted
(`properties.renewal_date`, `items.data.0.quantity`), or names a column of a query's rows.
"""

from sandbox.faults.rules import Faults, Rule, read_rules
from sandbox.faults.wrapper import FaultyApp

__all__ = ["Faults", "FaultyApp", "Rule", "read_rules"]
