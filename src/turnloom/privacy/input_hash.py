"""A keyed hash of what was asked: equal questions are found where no text leaves the process."""

import hashlib
import hmac
import unicodedata


def normalise_input(text: str) -> str:
    """Reduce a text to what makes two inputs near-equal (definitions, *Journey*, friction).

    Args:
        text: Any text.

    Returns:
        The text in NFKC, casefolded, without punctuation, words separated by one space.
    """
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
    message = b"input\0" + normalise_input(text).encode("utf-8", "surrogatepass")
    return f"i{key_id}_{hmac.new(key, message, hashlib.sha256).hexdigest()[:32]}"
