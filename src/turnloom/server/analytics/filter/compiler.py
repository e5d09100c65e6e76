"""A filter's tree to one SQL condition with bound values.

Conditions are true or false, never NULL: a missing value satisfies no comparison, so that `not`
and De Morgan hold.
"""

from collections.abc import Mapping

from turnloom.server.analytics.bindings import Bindings
from turnloom.server.analytics.filter.errors import FilterError, listing, nearest, shown
from turnloom.server.analytics.filter.fields import Field
from turnloom.server.analytics.filter.literals import bound
from turnloom.server.analytics.filter.parser import STATE_WORDS
from turnloom.server.analytics.filter.patterns import like_pattern, prefix_of
from turnloom.server.analytics.filter.session_fields import SESSION_FIELDS
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
from turnloom.server.analytics.filter.text_search import text_condition
from turnloom.server.analytics.filter.turn_fields import FAILED, TURN_FIELDS
from turnloom.server.analytics.scope import among

ORDERED = frozenset({"number", "duration", "money", "time"})
"""Types with more and less."""

SAME = frozenset({"=", "!="})
"""Comparisons that fit every type."""

PLACED = "position IS NOT NULL"
"""Rows of `turns` that are turns, and neither activity nor parts of others."""

CONVERTED = (
    "arrayExists(step -> JSONExtractString(step, 'converted') IN ('true', 'True', '1')"
    " OR (JSONHas(step, 'total_stages') AND JSONExtractString(step, 'stage_number') ="
    " JSONExtractString(step, 'total_stages')), JSONExtract(facts, 'journey_steps', 'Array(String)'))"
)
"""An explicit conversion, or the last stage (definitions, *Journey*)."""


class Compiler:
    """Compiles filters of sessions.

    Args:
        bindings: Where values go.
        from_us: Start of the time range in which text is looked for; None for any.
        to_us: Its end.
    """

    def __init__(self, bindings: Bindings, from_us: int | None = None, to_us: int | None = None) -> None:
        self._bindings = bindings
        self._from_us = from_us
        self._to_us = to_us

    def compile(self, term: Term) -> str:
        """The condition over the columns of `sessions`.

        Raises:
            FilterError: A field or a value does not exist, or they do not fit each other.
        """
        match term:
            case And() | Or():
                word = " AND " if isinstance(term, And) else " OR "
                return f"({word.join(self.compile(each) for each in term.terms)})"
            case Not():
                return f"NOT ({self.compile(term.term)})"
            case Text():
                return text_condition(self._bindings, term.needle, term.place, self._from_us, self._to_us)
            case Quantified():
                return self._quantified(term)
            case _:
                return self._simple(term)

    def _simple(self, term: Compare | Membership | Missing | Like | Bare | EndedBy) -> str:
        if isinstance(term, EndedBy):
            return self._condition(Compare(Name("end_reason"), "=", term.reason), SESSION_FIELDS)
        if isinstance(term, Bare) and str(term) in STATE_WORDS:
            return self._state(term.name.name)
        return self._condition(term, SESSION_FIELDS)

    def _state(self, word: str) -> str:
        if word == "converted":
            return _turns_with(CONVERTED)
        equal = {
            "live": ("state", "live"),
            "idle": ("state", "idle"),
            "ended": ("state", "ended"),
            "dropped": ("outcome", "dropped"),
            "resolved": ("outcome", "resolved"),
            "bookmarked": ("bookmarked", "true"),
            "ungrouped": ("grouped", "false"),
        }
        if word in equal:
            name, value = equal[word]
            return self._condition(Compare(Name(name), "=", Literal(value, quoted=False)), SESSION_FIELDS)
        return f"(errors > 0 OR hasAny(strip_outcomes, {FAILED.replace('(', '[').replace(')', ']')}))"

    def _quantified(self, term: Quantified) -> str:
        condition = " AND ".join(self._condition(each, TURN_FIELDS) for each in term.terms)
        if term.quantifier == "all":
            return f"(turns_count > 0 AND NOT {_turns_with(f'NOT ({condition})')})"
        found = _turns_with(condition)
        return found if term.quantifier == "any" else f"NOT {found}"

    def _condition(
        self, term: Compare | Membership | Missing | Like | Bare, fields: Mapping[str, Field]
    ) -> str:
        field = self._field(term.name, fields)
        sql = self._bindings.fill(field.sql, term.name.key)
        match term:
            case Compare():
                return self._compare(field, sql, term)
            case Membership():
                return self._membership(field, sql, term)
            case Missing():
                return _missing(field, sql, negated=term.negated)
            case Like():
                return self._like(field, sql, term)
            case Bare():
                if field.kind != "boolean":
                    raise FilterError(
                        term.name.column,
                        f"{shown(str(term.name))} needs a comparison, such as {_example(field)}",
                    )
                return f"({sql})"

    def _field(self, name: Name, fields: Mapping[str, Field]) -> Field:
        if name.of_turn and fields is not TURN_FIELDS:
            raise FilterError(
                name.column, f"{shown(str(name))} is about turns; write any({name} …), all(…) or no(…)"
            )
        field = fields.get(name.name)
        if field is None:
            known = [*fields, *(STATE_WORDS if fields is SESSION_FIELDS else ())]
            raise FilterError(name.column, f"{shown(str(name))} is no field{nearest(name.name, known)}")
        if field.keyed and name.key is None:
            raise FilterError(
                name.column, f'`{name.name}` needs a key, as in {name.name}("{(*field.words, "name")[0]}")'
            )
        if not field.keyed and name.key is not None:
            raise FilterError(name.column, f"`{name.name}` takes no key; write {name.name} alone")
        if name.name == "source" and name.key not in field.words:
            raise FilterError(
                name.column, f"`source` is known of {listing(field.words)}; found {shown(name.key or '')}"
            )
        return field

    def _compare(self, field: Field, sql: str, term: Compare) -> str:
        if term.operator not in SAME and field.kind not in ORDERED:
            raise FilterError(
                term.name.column,
                f"`{field.name}` has no order: `{term.operator}` does not fit, use `=`, `!=` or `in`",
            )
        value = self._bindings.bind(*bound(field, term.value, self._bindings.now_us))
        if field.kind == "set":
            return (
                f"has({sql}, {value})"
                if term.operator == "="
                else f"(notEmpty({sql}) AND NOT has({sql}, {value}))"
            )
        return _known(field, f"{sql} {term.operator} {value}")

    def _membership(self, field: Field, sql: str, term: Membership) -> str:
        bounds = [bound(field, literal, self._bindings.now_us) for literal in term.values]
        values = ", ".join(self._bindings.bind(*each) for each in bounds)
        if field.kind == "set":
            found = f"hasAny({sql}, [{values}])"
            return f"(notEmpty({sql}) AND NOT {found})" if term.negated else found
        return _known(field, f"{sql} {'NOT IN' if term.negated else 'IN'} ({values})")

    def _like(self, field: Field, sql: str, term: Like) -> str:
        if field.kind not in {"string", "set", "enum"}:
            raise FilterError(
                term.name.column, f"`{field.name}` is no text: `like` does not fit, use `=`, `<` or `>`"
            )
        prefix = prefix_of(term.pattern)
        pattern = self._bindings.bind(like_pattern(term.pattern) if prefix is None else prefix, "String")
        test = f"startsWith($, {pattern})" if prefix is not None else f"$ LIKE {pattern}"
        if field.kind == "set":
            return f"arrayExists(each -> {test.replace('$', 'each')}, {sql})"
        return _known(field, test.replace("$", sql))


def _turns_with(condition: str) -> str:
    return among("session_id", "turns", f"{PLACED} AND {condition}")


def _known(field: Field, comparison: str) -> str:
    return f"ifNull({comparison}, 0)" if field.nullable else f"({comparison})"


def _missing(field: Field, sql: str, *, negated: bool) -> str:
    if field.kind == "set":
        return f"{'notEmpty' if negated else 'empty'}({sql})"
    if not field.nullable:
        return "1" if negated else "0"
    return f"({sql} IS {'NOT ' if negated else ''}NULL)"


def _example(field: Field) -> str:
    examples = {"number": "> 5", "money": "> 0.50", "duration": "> 10s", "time": "> now-2h"}
    return f"{field.name} {examples.get(field.kind, '= ' + (field.words or ('…',))[0])}"
