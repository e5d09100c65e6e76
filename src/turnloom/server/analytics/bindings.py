"""Values of a query: bound, never written into its text."""


class Bindings:
    """Collects values and gives the placeholders that stand for them.

    Args:
        project: The project that every query is about.
        now_us: The clock, microseconds since 1970.
        bookmarked: Ids of bookmarked sessions.
    """

    def __init__(self, project: str, now_us: int, bookmarked: tuple[str, ...] = ()) -> None:
        self.now_us = now_us
        self.values: dict[str, object] = {"project": project}
        self._bookmarked = bookmarked

    def bind(self, value: object, kind: str) -> str:
        """Bind a value.

        Args:
            value: The value.
            kind: The engine's type.

        Returns:
            Its placeholder.
        """
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"{{{name}:{kind}}}"

    def fill(self, sql: str, key: str | None = None) -> str:
        """Put placeholders for the clock, the bookmarks and a key into the expression of a field."""
        if "$now" in sql:
            self.values["now"] = self.now_us
            sql = sql.replace("$now", "{now:Int64}")
        if "$bookmarked" in sql:
            self.values["bookmarked"] = list(self._bookmarked)
            sql = sql.replace("$bookmarked", "{bookmarked:Array(String)}")
        if "$key" in sql:
            sql = sql.replace("$key", self.bind(key, "String"))
        return sql
