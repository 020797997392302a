"""The one way to write JSON that is compared or hashed."""

import json


def canonical(said: object) -> str:
    """Return JSON without spaces, keys in order."""
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
