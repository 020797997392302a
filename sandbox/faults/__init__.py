"""Faults on purpose: what real vendors do on bad days, between a vendor's app and its socket.

A rule is a mapping with `vendor` (a name, a list of names, or all), `path` (a prefix, or a glob
when it holds `*`, `?` or `[`), `fault` and, optionally, `method`, `after` (how many matching
requests pass first; default 0), `times` (how often it fires; -1: always), `chance` (of each
matching request, above 0 to 1) and `seed` (a whole number; the same one draws the same, request by
request). `times` is 1 by default, with a chance -1. Rules are tried in the order of the list, and a
request answered by one is not seen by those below it. A rule for several vendors counts for each.
`n` counts records of a page from 0. docs/faults.md has an example.

| fault | keys of its own | what the client sees |
|---|---|---|
| status | code, headers, body, applied | that answer; without body the vendor's own error body |
| retry_after | seconds, code (429) | the vendor's own error with that `Retry-After`, also a text |
| expire_token | for_good | 401 in the vendor's words; for_good: this token from now on |
| html | code (502), applied | an HTML error page |
| slow | seconds, pieces (1) | headers at once, the body in pieces over that many seconds |
| cut | - | full content-length, half the body, then the connection closes |
| truncated_json | - | half the body, with a right length, whatever its form |
| invalid_json | - | a body that is no JSON, with a right length |
| lost_lines | - | JSON Lines, CSV: half of the lines, ended properly |
| terminated_early | - | JSON Lines: half of the lines, then Mixpanel's `terminated early` |
| split_line | n (0) | JSON Lines: the n-th line broken in two |
| broken_archive | how: bytes, file, cut | zip: other bytes, a file that is no gzip, half of it |
| clock_skew | seconds | a `Date` header that is off by that much |
| repeated_cursor | - | a later page of a list: the page before once more |
| empty_page | - | no records but "there is more"; the page held back comes next |
| duplicate | where: next (default), same | the page's last record again, on the next or same page |
| edited | field, value | the page's last record with that value, and again as it is |
| late | n (0; -1: the last), requests or days | a record that lists lack until then |
| reorder | - | the page's records backwards |
| new_field | field, value, n | a field that was not there, in every record or the n-th |
| drop_field | field, n | without that field: in every record, or only in the n-th |
| rename_field | field, to, n | that field's last part renamed |
| retype_field | field, to, n | the value as text, number, list or object |
| no_id | n (0) | the n-th record without its id |
| set | field, value, n (0) | that value in the n-th record |

`applied: true` lets the vendor do what was asked before the error is answered. `field` is dotted
(`properties.renewal_date`, `items.data.0.quantity`), or names a column of a query's rows or of CSV.
Records are those of lists in JSON, JSON Lines, CSV, and archives of JSON Lines.
"""

from sandbox.faults.rules import Faults, Rule, read_rules
from sandbox.faults.wrapper import FaultyApp

__all__ = ["Faults", "FaultyApp", "Rule", "read_rules"]
