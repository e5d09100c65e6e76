"""A filter's text to a tree: recursive descent, one method per rule of the grammar."""

from turnloom.server.analytics.filter.errors import FilterError, listing, nearest, shown
from turnloom.server.analytics.filter.scanner import Scanner
from turnloom.server.analytics.filter.syntax import (
    And,
    Bare,
    Compare,
    EndedBy,
    Like,
    Literal,
    Membership,
    Missing,
    Name,
    Not,
    Or,
    Quantified,
    Term,
    Text,
)

LENGTH_MAX = 2_000
"""Characters of a filter."""
DEPTH_MAX = 20
"""Parentheses and `not` inside each other."""
TERMS_MAX = 100
"""Comparisons and the like in one filter."""

PLACES = ("any_input", "any_output", "any_text", "title")
QUANTIFIERS = ("any", "all", "no")
STATE_WORDS = (
    "live", "idle", "ended", "dropped", "converted", "resolved", "failing", "ungrouped", "bookmarked",
)  # fmt: skip

TurnTerm = Compare | Membership | Missing | Like | Bare


def parse(text: str) -> Term | None:
    """Read a filter.

    Args:
        text: The filter; empty means everything.

    Returns:
        The tree, or None for an empty filter.

    Raises:
        FilterError: It cannot be read, or is longer, deeper or larger than allowed.
    """
    if len(text) > LENGTH_MAX:
        raise FilterError(
            LENGTH_MAX + 1, f"the filter has {len(text)} characters; at most {LENGTH_MAX} are read"
        )
    if "\x00" in text:
        raise FilterError(text.index("\x00") + 1, "found a NUL character; remove it")
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._scan = Scanner(text)
        self._depth = 0
        self._terms = 0

    def whole(self) -> Term | None:
        if self._scan.at_end:
            return None
        term = self._or()
        if not self._scan.at_end:
            raise FilterError(
                self._scan.column, f"expected `and`, `or` or the end, found {self._scan.rest()}"
            )
        return term

    def _or(self) -> Term:
        terms = [self._and()]
        while self._scan.keyword("or"):
            terms.append(self._and())
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def _and(self) -> Term:
        terms = [self._not()]
        while self._scan.keyword("and"):
            terms.append(self._not())
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def _not(self) -> Term:
        if not self._scan.sees("not"):
            return self._atom()
        self._enter()
        self._scan.keyword("not")
        term = Not(self._not())
        self._depth -= 1
        return term

    def _atom(self) -> Term:
        if self._scan.sees_sign("("):
            self._enter()
            self._scan.sign("(")
            term = self._or()
            self._close("(")
            self._depth -= 1
            return term
        self._count()
        if self._scan.sees_sign('"'):
            return self._text()
        name = self._name()
        if name.name in QUANTIFIERS and name.key is None and self._scan.sees_sign("("):
            return self._quantified(name.name)
        if name.name == "ended" and self._scan.keyword("by"):
            return EndedBy(self._scan.value())
        return self._condition(name)

    def _text(self) -> Text:
        column = self._scan.column
        needle = self._scan.string()
        if not self._scan.keyword("in"):
            raise FilterError(
                self._scan.column,
                f'expected `in` after a text, as in "refund" in any_input; found {self._scan.rest()}',
            )
        place_column, place = self._scan.column, (self._scan.word() or "")
        if place.lower() not in PLACES:
            found = shown(place) if place else self._scan.rest()
            raise FilterError(
                place_column, f"{found} holds no text; use {listing(PLACES)}{nearest(place, PLACES)}"
            )
        if not needle.strip():
            raise FilterError(column, "the text to look for is empty")
        return Text(needle, place.lower(), column)

    def _name(self) -> Name:
        column = self._scan.column
        word = self._scan.word()
        if word is None:
            raise FilterError(column, f"expected a field, found {self._scan.rest()}")
        of_turn = word.lower() == "turn" and self._scan.sign(".")
        if of_turn:
            word = self._scan.word() or ""
        word = word.lower()
        if word in QUANTIFIERS and not of_turn:
            return Name(word, column=column)
        if not self._scan.sign("("):
            return Name(word, None, of_turn, column)
        key = self._scan.value().text
        self._close(f"{word}(")
        return self._keyed(Name(word, key, of_turn, column))

    def _keyed(self, name: Name) -> Name:
        if name.name == "journey":
            raise FilterError(
                name.column,
                "journey(…) cannot be filtered by yet; use `journeys` = name, or the word `converted`",
            )
        return name

    def _quantified(self, quantifier: str) -> Quantified:
        self._enter()
        self._scan.sign("(")
        terms = [self._turn_term()]
        while self._scan.keyword("and"):
            self._count()
            terms.append(self._turn_term())
        self._close(f"{quantifier}(")
        self._depth -= 1
        return Quantified(quantifier, tuple(terms))

    def _turn_term(self) -> TurnTerm:
        column = self._scan.column
        name = self._name()
        if not name.of_turn:
            raise FilterError(
                column,
                f"{shown(str(name))} is not about turns; inside any, all and no write `turn.` and a field",
            )
        return self._condition(name)

    def _condition(self, name: Name) -> TurnTerm:
        if operator := self._scan.operator():
            return Compare(name, operator, self._scan.value())
        if self._scan.keyword("like"):
            if not self._scan.sees_sign('"'):
                raise FilterError(
                    self._scan.column, f"expected a text in quotes after `like`, found {self._scan.rest()}"
                )
            return Like(name, self._scan.string())
        if self._scan.keyword("is"):
            negated = self._scan.keyword("not")
            if not self._scan.keyword("missing"):
                raise FilterError(
                    self._scan.column, f"expected `missing` after `is`, found {self._scan.rest()}"
                )
            return Missing(name, negated)
        negated = self._scan.keyword("not")
        if self._scan.keyword("in"):
            return Membership(name, self._values(), negated)
        if negated:
            raise FilterError(
                self._scan.column, f"expected `in` after `{name} not`, found {self._scan.rest()}"
            )
        return Bare(name)

    def _values(self) -> tuple[Literal, ...]:
        if not self._scan.sign("("):
            raise FilterError(
                self._scan.column, f"expected `(` and a list of values, found {self._scan.rest()}"
            )
        values = [self._scan.value()]
        while self._scan.sign(","):
            values.append(self._scan.value())
        self._close("in (")
        return tuple(values)

    def _close(self, opened: str) -> None:
        if not self._scan.sign(")"):
            raise FilterError(
                self._scan.column, f"expected `)` to close `{opened}`, found {self._scan.rest()}"
            )

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise FilterError(self._scan.column, f"parentheses and `not` are more than {DEPTH_MAX} deep")

    def _count(self) -> None:
        self._terms += 1
        if self._terms > TERMS_MAX:
            raise FilterError(self._scan.column, f"more than {TERMS_MAX} terms; split the filter")
