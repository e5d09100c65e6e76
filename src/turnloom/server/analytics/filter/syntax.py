"""What a filter says, as a tree; `str` of a node is a filter again."""

from dataclasses import dataclass, field


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as written; its type depends on the field it stands beside."""

    text: str
    quoted: bool
    column: int = field(default=1, compare=False)

    def __str__(self) -> str:
        return _quoted(self.text) if self.quoted else self.text


@dataclass(frozen=True, slots=True)
class Name:
    """A field, perhaps of turns, perhaps with a key: `score("helpful")`."""

    name: str
    key: str | None = None
    of_turn: bool = False
    column: int = field(default=1, compare=False)

    def __str__(self) -> str:
        key = "" if self.key is None else f"({_quoted(self.key)})"
        return f"{'turn.' if self.of_turn else ''}{self.name}{key}"


@dataclass(frozen=True, slots=True)
class Compare:
    """`cost > 0.50`."""

    name: Name
    operator: str
    value: Literal

    def __str__(self) -> str:
        return f"{self.name} {self.operator} {self.value}"


@dataclass(frozen=True, slots=True)
class Membership:
    """`channel in (web, slack)`."""

    name: Name
    values: tuple[Literal, ...]
    negated: bool

    def __str__(self) -> str:
        return f"{self.name} {'not in' if self.negated else 'in'} ({', '.join(map(str, self.values))})"


@dataclass(frozen=True, slots=True)
class Missing:
    """`cost is missing`."""

    name: Name
    negated: bool

    def __str__(self) -> str:
        return f"{self.name} is {'not ' if self.negated else ''}missing"


@dataclass(frozen=True, slots=True)
class Like:
    """`title like "refund*"`."""

    name: Name
    pattern: str

    def __str__(self) -> str:
        return f"{self.name} like {_quoted(self.pattern)}"


@dataclass(frozen=True, slots=True)
class Bare:
    """A state word, or a boolean field on its own."""

    name: Name

    def __str__(self) -> str:
        return str(self.name)


@dataclass(frozen=True, slots=True)
class EndedBy:
    """`ended by timeout`."""

    reason: Literal

    def __str__(self) -> str:
        return f"ended by {self.reason}"


@dataclass(frozen=True, slots=True)
class Text:
    """`"refund" in any_input`."""

    needle: str
    place: str
    column: int = field(default=1, compare=False)

    def __str__(self) -> str:
        return f"{_quoted(self.needle)} in {self.place}"


@dataclass(frozen=True, slots=True)
class Quantified:
    """`any(turn.latency > 10s and turn.tool = "search")`."""

    quantifier: str
    terms: tuple["Compare | Membership | Missing | Like | Bare", ...]

    def __str__(self) -> str:
        return f"{self.quantifier}({' and '.join(map(str, self.terms))})"


@dataclass(frozen=True, slots=True)
class Not:
    """`not …`."""

    term: "Term"

    def __str__(self) -> str:
        return f"not {_grouped(self.term, And, Or)}"


@dataclass(frozen=True, slots=True)
class And:
    """`… and …`."""

    terms: tuple["Term", ...]

    def __str__(self) -> str:
        return " and ".join(_grouped(term, And, Or) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Or:
    """`… or …`."""

    terms: tuple["Term", ...]

    def __str__(self) -> str:
        return " or ".join(_grouped(term, Or) for term in self.terms)


Atom = Compare | Membership | Missing | Like | Bare | EndedBy | Text | Quantified
Term = Atom | Not | And | Or


def _grouped(term: Term, *kinds: type[object]) -> str:
    return f"({term})" if isinstance(term, kinds) else str(term)
