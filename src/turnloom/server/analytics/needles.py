"""How a text may be written in what was sent: plainly, or escaped inside JSON."""

import json


def needle_variants(needle: str) -> list[str]:
    """Every spelling under which a text is looked for.

    Args:
        needle: The text as a person writes it.

    Returns:
        The text, and how JSON writes it with and without characters outside ASCII.
    """
    # The engine folds case, but not of what JSON has escaped.
    cases = (needle,) if needle.isascii() else (needle, needle.lower(), needle.upper())
    spellings = [
        needle,
        json.dumps(needle, ensure_ascii=False)[1:-1],
        *(json.dumps(each)[1:-1] for each in cases),
    ]
    return list(dict.fromkeys(spellings))
