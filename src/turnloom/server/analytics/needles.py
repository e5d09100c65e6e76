"""How a text may be written in what was sent: plainly, or escaped inside JSON."""

import json


def needle_variants(needle: str) -> list[str]:
    """Every spelling under which a text is looked for.

    Args:
        needle: The text as a person writes it.

    Returns:
        The text, and how JSON writes it with and without characters outside ASCII.
    """
    spellings = (needle, json.dumps(needle, ensure_ascii=False)[1:-1], json.dumps(needle)[1:-1])
    return list(dict.fromkeys(spellings))
