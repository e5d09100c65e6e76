"""What can go wrong at the door to the databases."""


class StoreError(Exception):
    """Base of every error of the store."""


class EngineMissingError(StoreError):
    """The engine's package is not installed.

    Args:
        package: Name of the module that could not be imported.
    """

    def __init__(self, package: str) -> None:
        super().__init__(
            f"The event store needs the package {package!r}, which is not installed. "
            "Install the server: pip install 'turnloom[server]' (about 0.8 GB with the embedded engine)"
        )


class QueryRefusedError(StoreError):
    """The engine refused a query, or stopped it at a limit."""


class InsertRefusedError(StoreError):
    """The engine refused rows.

    Args:
        table: Where they were to go.
        reason: The engine's words.
    """

    def __init__(self, table: str, reason: str) -> None:
        super().__init__(f"The engine refused rows for {table}: {reason}")
        self.table = table
        self.reason = reason

    def __reduce__(self) -> tuple[type["InsertRefusedError"], tuple[str, str]]:
        """Made again from its parts: it goes through a pipe to the digest's process."""
        return type(self), (self.table, self.reason)


class EngineTroubleError(StoreError):
    """The engine cannot insert at present: its disk, its memory, or the way to it; try again later."""


class DataFolderInUseError(StoreError):
    """Another process has the data folder.

    Args:
        folder: The folder.
        holder: What that process wrote about itself: process id and address.
    """

    def __init__(self, folder: str, holder: str) -> None:
        super().__init__(
            f"{folder} is in use by another turnloom ({holder or 'it left no name'}). "
            "Stop that one, or give this one its own folder with --data"
        )


class ControlUnavailableError(StoreError):
    """The control database cannot be opened, read or written.

    Args:
        place: Where it is, without a password.
        reason: The driver's words.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"The control database {place} is not available: {reason}. Check the setting `control`"
        )


class ControlTooNewError(StoreError):
    """A later version of Turnloom has written the control database.

    Args:
        version: Its schema version.
        known: The last schema version that this Turnloom knows.
    """

    def __init__(self, version: int, known: int) -> None:
        super().__init__(
            f"The control database has schema version {version}; this Turnloom knows versions up to {known}. "
            "Start the newer Turnloom, or restore the backup made before it was first started"
        )
