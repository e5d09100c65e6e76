"""Who may do what, as parameters of routes: `project: Reading` is the project that may be read.

They are coroutines because they only look into memory: no thread is needed for that.
"""

from typing import Annotated

from fastapi import Depends, Request

from turnloom.server.api.state import Given, Services
from turnloom.server.auth.grant import Grant
from turnloom.server.auth.origin import is_from_here


def granted(request: Request, given: Services, *, public_is_enough: bool = False) -> Grant:
    """What a request may do.

    Raises:
        UnknownCredentialsError: Nothing (401).
    """
    return given.gatekeeper.grant(
        request.headers.get("authorization", ""),
        from_here=is_from_here(request.client.host if request.client else None, request.headers),
        public_is_enough=public_is_enough,
    )


async def writing(request: Request, given: Given) -> str:
    """The project that a request may send to; 401 or 403 otherwise."""
    return granted(request, given).require("write").project


async def scoring(request: Request, given: Given) -> str:
    """The same for scores, for which Langfuse's clients show a public key alone."""
    return granted(request, given, public_is_enough=True).require("write").project


async def reading(request: Request, given: Given) -> str:
    """The project that a request may read; 401 or 403 otherwise."""
    return granted(request, given).require("read").project


async def administering(request: Request, given: Given) -> Grant:
    """What a request may administer; 401 or 403 otherwise."""
    return granted(request, given).require("admin")


async def knowing(request: Request, given: Given) -> Grant:
    """What a request may do, whatever that is: to ask who one is, any key will do."""
    return granted(request, given)


Writing = Annotated[str, Depends(writing)]
Scoring = Annotated[str, Depends(scoring)]
Reading = Annotated[str, Depends(reading)]
Administering = Annotated[Grant, Depends(administering)]
Knowing = Annotated[Grant, Depends(knowing)]
