"""Characters to words: what stands where decides how it is read, so the parser asks for it."""

import re

from turnloom.server.analytics.filter.errors import FilterError, shown
from turnloom.server.analytics.filter.syntax import Literal

SPACE = re.compile(r"\s*")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
RUN = re.compile(r'[^\s()",=<>!]+')
"""A value without quotes: `gpt-4o`, `0.50`, `now-2h`, `2026-01-31T10:00:00Z`."""
OPERATOR = re.compile(r"<=|>=|!=|=|<|>")
STRING = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
ESCAPE = re.compile(r'\\(["\\])')


class Scanner:
    """Reads a filter from left to right.

    Args:
        text: The filter.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._skip()

    @property
    def column(self) -> int:
        """Where the next word begins, from 1."""
        return self._at + 1

    @property
    def at_end(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._text)

    def word(self) -> str | None:
        """Take a name or a keyword, if one stands here."""
        return self._take(WORD)

    def keyword(self, keyword: str) -> bool:
        """Take a keyword, if it stands here, in any case."""
        match = WORD.match(self._text, self._at)
        if match is None or match.group().lower() != keyword:
            return False
        self._move(match.end())
        return True

    def sees(self, *keywords: str) -> bool:
        """Whether one of these keywords stands here."""
        match = WORD.match(self._text, self._at)
        return match is not None and match.group().lower() in keywords

    def sees_sign(self, *signs: str) -> bool:
        """Whether one of these signs stands here."""
        return self._text.startswith(signs, self._at)

    def sign(self, sign: str) -> bool:
        """Take a sign, if it stands here."""
        if not self._text.startswith(sign, self._at):
            return False
        self._move(self._at + len(sign))
        return True

    def operator(self) -> str | None:
        """Take a comparison, if one stands here."""
        return self._take(OPERATOR)

    def value(self) -> Literal:
        """Take a value.

        Raises:
            FilterError: None stands here.
        """
        column = self.column
        if self.sees_sign('"'):
            return Literal(self.string(), quoted=True, column=column)
        run = self._take(RUN)
        if run is None:
            raise FilterError(column, f"expected a value, found {self.rest()}")
        return Literal(run, quoted=False, column=column)

    def string(self) -> str:
        r"""Take a text in double quotes, with `\"` and `\\` escaped.

        Raises:
            FilterError: It does not end, or holds another escape.
        """
        column = self.column
        match = STRING.match(self._text, self._at)
        if match is None:
            reason = (
                'escape only `"` and `\\` with a backslash' if self._closes() else 'a closing `"` is missing'
            )
            raise FilterError(column, f"the text {self.rest()} cannot be read: {reason}")
        self._move(match.end())
        return ESCAPE.sub(r"\1", match.group(1))

    def rest(self) -> str:
        """What is left, as it is quoted in a message."""
        return "the end of the filter" if self.at_end else shown(self._text[self._at :])

    def _closes(self) -> bool:
        return '"' in self._text[self._at + 1 :]

    def _take(self, pattern: re.Pattern[str]) -> str | None:
        match = pattern.match(self._text, self._at)
        if match is None:
            return None
        self._move(match.end())
        return match.group()

    def _move(self, to: int) -> None:
        self._at = to
        self._skip()

    def _skip(self) -> None:
        match = SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
