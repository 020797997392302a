"""Whether this installation is fit to run, and what to do where it is not. Reads only.

Parts: `found` (what a finding is), `installation` (settings, connections, versions, disk), `store`
(the database), `work` (what waits, what is old). `examine` asks all of them.
"""

from include.doctor.examine import Examined, examine
from include.doctor.found import Found

__all__ = ["Examined", "Found", "examine"]
