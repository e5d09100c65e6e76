"""What every call of the API returns: a context manager, a decorator, or something started by hand."""

import copy
import functools
import inspect
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar, ParamSpec, Self, TypeVar, cast

from turnloom.sdk.border import shielded, warn_once
from turnloom.sdk.current import running_client
from turnloom.sdk.frame import Frame

if TYPE_CHECKING:
    from turnloom.sdk.client import Client

P = ParamSpec("P")
R = TypeVar("R")

NEW, STARTED, ENDED, COPIED = range(4)
"""Phases of a handle; COPIED is one that decorates a function and is itself never started."""


class Handle(ABC):
    """Something that is entered once and left once.

    Use it with `with` or `async with`, as a decorator of a function, or call `start` and `end`.
    """

    kind: ClassVar[str]

    # Class attributes, not set in __init__: a handle of a disabled client must cost next to nothing.
    _phase: int = NEW
    _client: "Client | None" = None
    _frame: Frame | None = None

    def start(self) -> Self:
        """Enter by hand; `end` leaves.

        Returns:
            The handle itself.
        """
        if self._phase != NEW:
            warn_once(f"restart {self.kind}", "turnloom: a %s is started once; make a new one", self.kind)
            return self
        self._phase = STARTED
        client = running_client()
        if client is not None:
            self._client = client
            shielded(f"start of a {self.kind}", lambda: self._open(client))
        return self

    def end(self) -> None:
        """Leave by hand; a second call does nothing."""
        self._finish(None, lexical=False)

    def _finish(self, error: BaseException | None, *, lexical: bool) -> None:
        if self._phase != STARTED:
            return
        self._phase = ENDED
        if self._client is None:
            return
        try:
            shielded(f"end of a {self.kind}", lambda: self._close(error))
        finally:
            frame, self._frame = self._frame, None
            if frame is not None:
                frame.leave(lexical=lexical)

    @abstractmethod
    def _open(self, client: "Client") -> None:
        """Build the frame and enter it."""

    @abstractmethod
    def _close(self, error: BaseException | None) -> None:
        """Send what there is to send; the frame is left after it."""

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finish(error, lexical=True)

    async def __aenter__(self) -> Self:
        return self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finish(error, lexical=True)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Decorate a function: each of its calls enters a fresh handle.

        Args:
            function: A function or a coroutine function.

        Returns:
            The function, wrapped.

        Raises:
            TypeError: The function is a generator: it runs after the call has returned.
        """
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(f"{function.__name__} is a generator; enter the {self.kind} inside of it")
        self._phase = COPIED
        if inspect.iscoroutinefunction(function):
            return cast("Callable[P, R]", self._wrap_async(function))
        return self._wrap_sync(function)

    def _wrap_sync(self, function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            if running_client() is None:
                return function(*args, **kwargs)
            with self._fresh() as handle:
                handle._called(function, args, kwargs)  # noqa: SLF001 - one of our own
                result = function(*args, **kwargs)
                handle._returned(result)  # noqa: SLF001 - one of our own
                return result

        return wrapped

    def _wrap_async(self, function: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        @functools.wraps(function)
        async def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            if running_client() is None:
                return await function(*args, **kwargs)
            async with self._fresh() as handle:
                handle._called(function, args, kwargs)  # noqa: SLF001 - one of our own
                result = await function(*args, **kwargs)
                handle._returned(result)  # noqa: SLF001 - one of our own
                return result

        return wrapped

    def _fresh(self) -> Self:
        """A handle of the same arguments that is not started."""
        fresh = copy.copy(self)
        fresh._phase = NEW  # noqa: SLF001 - one of our own
        return fresh

    def _called(  # noqa: B027 - most kinds leave it empty
        self, function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]
    ) -> None:
        """What a decorated function was given; most kinds take no interest."""

    def _returned(self, result: object) -> None:  # noqa: B027 - most kinds leave it empty
        """What a decorated function returned; most kinds take no interest."""

    def __del__(self) -> None:
        if self._phase == ENDED:
            return
        if self._phase == STARTED and self._client is not None:
            self._forgotten()
        elif self._phase == NEW and running_client() is not None:
            warn_once(
                f"unused {self.kind}",
                "turnloom: a %s was made and never entered; use `with`, a decorator, or start() and end()",
                self.kind,
            )

    def _forgotten(self) -> None:  # noqa: B027 - a scope without a span may outlive its handle
        """The handle was dropped without `end`."""
