"""An application that is instrumented with Langfuse's SDK alone; prints what it did as JSON."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Sequence

from langfuse import get_client, observe, propagate_attributes

RUN = os.environ["RUN"]
SUPPORT, THREAD = f"support {RUN}", f"thread-{RUN}"
FIRST, SECOND = f"first-{RUN}", f"second-{RUN}"

langfuse = get_client()


@observe(as_type="tool")
def find_invoice(month: str) -> list[dict[str, object]]:
    """A tool."""
    if not month:
        raise ValueError("no month given")
    return [{"month": month, "usd": 12}]


@observe(as_type="generation", name="answer")
def answer(question: str) -> str:
    """A model call."""
    reply = f"Reply to: {question}"
    langfuse.update_current_generation(
        model="gpt-4o-mini",
        input=[{"role": "user", "content": question}],
        output={"role": "assistant", "content": reply},
        usage_details={"input": 1_000, "output": 100},
    )
    return reply


@observe(as_type="agent", name="billing")
def billing(question: str, month: str) -> str:
    """An agent with a tool."""
    find_invoice(month)
    return answer(question)


@observe(name="chat-turn")
def turn(question: str, month: str = "May", rating: bool | None = None) -> str:
    """One exchange; the trace's id."""
    billing(question, month)
    if rating is not None:
        langfuse.score_current_trace(
            name="helpful", value=int(rating), data_type="BOOLEAN", comment="as told"
        )
    return str(langfuse.get_current_trace_id())


@observe(name="failing-turn")
def failing_turn(question: str) -> str:
    """An exchange whose tool fails, and which goes on."""
    try:
        find_invoice("")
    except ValueError:
        answer(question)
    return str(langfuse.get_current_trace_id())


@observe(name="streamed-turn")
def streamed_turn(question: str) -> Iterator[str]:
    """An exchange whose output comes in pieces."""
    yield from ("Reply", " to: ", question)


@observe(name="async-turn")
async def async_turn(question: str) -> str:
    """An exchange that waits for something."""
    await asyncio.sleep(0.01)
    answer(question)
    await asyncio.sleep(0.01)
    return str(langfuse.get_current_trace_id())


async def visit(session_id: str, user_id: str) -> list[str]:
    """Three turns of one of two sessions that run at the same time."""
    with propagate_attributes(session_id=session_id, user_id=user_id):
        return [await async_turn(f"{session_id} {number}") for number in (1, 2, 3)]


def support() -> dict[str, object]:
    """One session: a rated turn, one that fails, one that streams, and scores from outside."""
    with propagate_attributes(
        session_id=SUPPORT,
        user_id="ada@example.org",
        tags=["prod", "beta"],
        metadata={"conversation_id": THREAD, "plan": {"seats": 3}},
        version="7",
    ):
        rated = turn("Where is my invoice?", rating=True)
        failed = failing_turn("And the other one?")
        "".join(streamed_turn("Thanks"))
    langfuse.create_score(name="accuracy", value=0.75, trace_id=failed)
    langfuse.create_score(name="mood", value="calm", data_type="CATEGORICAL", trace_id=failed)
    langfuse.create_score(name="csat", value=4, session_id=SUPPORT)
    return {"id": SUPPORT, "thread": THREAD, "rated": rated, "failed": failed}


async def both() -> Sequence[list[str]]:
    """Two sessions at the same time in one event loop."""
    return await asyncio.gather(visit(FIRST, "u1"), visit(SECOND, "u2"))


def main() -> None:
    """Do everything and send it."""
    sent: dict[str, object] = {"auth": langfuse.auth_check(), "support": support()}
    first, second = asyncio.run(both())
    sent |= {"first": {"id": FIRST, "traces": first}, "second": {"id": SECOND, "traces": second}}
    sent["alone"] = turn("Nobody's session")
    langfuse.flush()
    langfuse.shutdown()
    json.dump(sent, sys.stdout)


if __name__ == "__main__":
    main()
