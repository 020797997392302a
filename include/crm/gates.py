"""What stops a plan before anything of it is sent: too much would change at once. Pure."""

from include.crm.plan import Survey
from include.errors import RejectData


def check_plan(found: Survey, *, max_flipped: float, max_count: float) -> None:
    """Raise RejectData when too many bands would flip, or too many scores would come or go.

    Shares of the accounts with an acknowledged band. They count only where such accounts are at
    least half of all: on a first push there is nothing to compare with.
    """
    if found.with_band * 2 < found.accounts:
        return
    _check_flips(found, max_flipped)
    for moved, word in ((found.emptied, "lose their score"), (found.filled, "get a first score")):
        if moved > max_count * found.with_band:
            raise RejectData(
                f"{moved:,} accounts would {word} in the CRM at once; {found.with_band:,} show one"
                f" now; crm.max_count_change_share allows {max_count:.0%}. Nothing was sent. Look"
                " for accounts or sources that went missing or came twice; if the change is right,"
                " raise the limit in health.yaml for one run."
            )


def _check_flips(found: Survey, max_share: float) -> None:
    if found.flipped <= max_share * found.with_band:
        return
    share = found.flipped / found.with_band
    raise RejectData(
        f"{found.flipped:,} of {found.with_band:,} accounts ({share:.0%}) would change their band"
        f" in the CRM at once; crm.max_band_change_share allows {max_share:.0%}. Nothing was sent."
        " Look for broken data or a new scorecard; if the change is right, raise the limit in"
        " health.yaml for one run."
    )
