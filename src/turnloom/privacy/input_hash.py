"""A keyed hash of what was asked: equal questions are found where no text leaves the process."""

import hashlib
import hmac
import unicodedata

INPUT_CHARS_MAX = 4_000
"""Code points that are normalised: at most 1 ms. Of a longer input the length counts too."""

_ASCII_PUNCTUATION = str.maketrans("", "", "!\"#%&'()*,-./:;?@[\\]_{}")


def normalise_input(text: str) -> str:
    """Reduce a text to what makes two inputs near-equal (definitions, *Journey*, friction).

    Args:
        text: Any text.

    Returns:
        The text in NFKC, casefolded, without punctuation, words separated by one space.
    """
    if text.isascii():
        return " ".join(text.lower().translate(_ASCII_PUNCTUATION).split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(char for char in folded if not unicodedata.category(char).startswith("P"))
    return " ".join(kept.split())


def hash_input(text: str, salt: str | bytes, key_id: int = 1) -> str:
    """Hash an input with a secret.

    Args:
        text: The input.
        salt: The secret.
        key_id: Which secret it is.

    Returns:
        `i<key id>_` and 32 hex digits of HMAC-SHA-256 of the normalised input.
    """
    key = salt.encode() if isinstance(salt, str) else salt
    length = f"{len(text)}\0" if len(text) > INPUT_CHARS_MAX else ""
    message = f"input\0{length}{normalise_input(text[:INPUT_CHARS_MAX])}"
    digest = hmac.new(key, message.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    return f"i{key_id}_{digest[:32]}"
