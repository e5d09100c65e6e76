"""Whether an answer ends in a question to the user (definitions, *Drop-off*, `unanswered_question`)."""

import unicodedata

from turnloom.server.domain.closings import CLOSINGS, WHOLE_CLOSINGS

TAIL_LENGTH = 400
"""Code points from the end in which the last sentence is looked for."""

QUESTION_MARKS = frozenset(
    "?\uff1f\ufe16\ufe56"  # Latin and most others, fullwidth, vertical, small
    "\u061f\u2e2e\u2cfa\u2cfb"  # Arabic, reversed, Coptic
    "\u037e"  # Greek
    "\u1367\u1945\ua60f\ua6f7"  # Ethiopic, Limbu, Vai, Bamum
    "\u2047\u2048\u2049\u203d\u2753\u2754"  # doubled, with exclamation, interrobang, ornaments
    "\U0001e95f\U00011143"  # Adlam, Chakma
)
"""Question marks of all scripts."""

GREEK_MARK = ";"
"""What Greek writes for a question mark on most keyboards."""

ARMENIAN_MARK = "\u055e"
"""Stands inside the word that is asked for, not at the end."""

TERMINATORS = QUESTION_MARKS | frozenset(
    ".!\u2026\n\r"
    "\u3002\uff01\uff0e\uff61"  # CJK and fullwidth
    "\u0964\u0965\u06d4\u0589\u1362\u104b\u17d4"  # danda, Urdu, Armenian, Ethiopic, Myanmar, Khmer
)
"""What a sentence ends with."""

_TRAILING = frozenset(
    {"Zs", "Zl", "Zp", "Cc", "Cf", "So", "Sk", "Sm", "Mn", "Me", "Pe", "Pf", "Pi", "Ps", "Pc"}
)
"""Categories of what may follow the mark: spaces, emoji and their parts, quotes, brackets."""

_OPENING = {")": "(", "]": "[", "\uff09": "\uff08"}
"""Brackets in which a remark may follow a question: "Go on? (yes/no)"."""

_QUOTES = frozenset("\"'*`~#|")


def asks(text: str) -> bool:
    """Whether the last sentence ends in a question mark and is not a closing offer.

    Args:
        text: The whole output.

    Returns:
        True for a question that waits for an answer.
    """
    tail = _without_trailing(text[-TAIL_LENGTH:])
    if not tail or not _is_question(tail):
        return False
    return not is_closing(last_sentence(tail))


def last_sentence(text: str) -> str:
    """The last sentence, with its mark.

    Args:
        text: A text without anything behind its last mark.

    Returns:
        What follows the mark of the sentence before; a dot inside a word or number is no end.
    """
    end = len(text)
    while end and text[end - 1] in TERMINATORS:
        end -= 1
    for place in range(end - 1, -1, -1):
        char = text[place]
        if char in "\n\r" or (char in TERMINATORS and (char not in ".!?" or text[place + 1].isspace())):
            return text[place + 1 :].strip()
    return text.strip()


def is_closing(sentence: str) -> bool:
    """Whether a sentence only offers more help ("Anything else I can help you with?").

    Args:
        sentence: One sentence, in any language.

    Returns:
        True if it is one of the known closings, or all words of a known pattern occur in it in order.
    """
    words = f" {_words(sentence)} "
    if words.strip() in WHOLE_CLOSINGS:
        return True
    return any(_in_order(words, pattern) for patterns in CLOSINGS.values() for pattern in patterns)


def _in_order(text: str, pattern: str) -> bool:
    place = 0
    for part in pattern.split("…"):
        place = text.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return True


def _words(sentence: str) -> str:
    """Casefolded, NFKC, without punctuation, single spaces."""
    folded = unicodedata.normalize("NFKC", sentence).casefold().replace("\u2019", "'")
    kept = "".join(char if char == "'" or char.isalnum() or _is_mark(char) else " " for char in folded)
    return " ".join(kept.split())


def _is_mark(char: str) -> bool:
    """Vowel signs and the like belong to their letter."""
    return unicodedata.category(char) in {"Mn", "Mc"}


def _is_question(tail: str) -> bool:
    last = tail[-1]
    if last in QUESTION_MARKS:
        return True
    if last == GREEK_MARK:
        return any("GREEK" in unicodedata.name(char, "") for char in last_sentence(tail) if char.isalpha())
    return ARMENIAN_MARK in tail and ARMENIAN_MARK in last_sentence(tail)


def _without_trailing(text: str) -> str:
    """Cut spaces, emoji, quotes, Markdown and a last remark in brackets behind the last sentence."""
    end = len(text)
    while end:
        char = text[end - 1]
        if char in QUESTION_MARKS or not (char in _QUOTES or unicodedata.category(char) in _TRAILING):
            break
        end -= 1
        if char in _OPENING:
            remark = text.rfind(_OPENING[char], 0, end)
            if remark > 0 and text[:remark].rstrip()[-1:] in QUESTION_MARKS:
                end = remark
    return text[:end]
