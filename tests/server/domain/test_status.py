"""How a turn ended."""

import pytest

from domain.build import llm, one, span

FAILED = {"error": True, "error_type": "Boom"}


@pytest.mark.parametrize(
    ("spans", "status"),
    [
        pytest.param([span("r"), llm("c", "r")], "ok", id="nothing failed"),
        pytest.param([span("r", **FAILED), llm("c", "r")], "error", id="the root"),
        pytest.param([span("r"), llm("c", "r", **FAILED)], "error", id="a child of an unset root"),
        pytest.param(
            [span("r"), llm("c", "r", 0, 1, **FAILED), llm("d", "r", 2, 3, output_text="a")],
            "ok",
            id="a retry worked",
        ),
        pytest.param(
            [span("r"), span("t", "r", "tool", 1, 2, **FAILED), llm("d", "r", 2, 3, output_text="a")],
            "ok",
            id="a tool failed on the way",
        ),
        pytest.param(
            [span("r"), llm("d", "r", 0, 1), span("t", "r", "tool", 1, 2, **FAILED)],
            "error",
            id="a tool failed last",
        ),
        pytest.param(
            [span("r"), llm("d", "r", 0, 1, output_text="a"), span("t", "r", "tool", 1, 2, **FAILED)],
            "ok",
            id="a tool failed after the answer",
        ),
        pytest.param(
            [span("r", kind="agent"), span("t", "r", "tool", **FAILED)], "error", id="no call at all"
        ),
        pytest.param(
            [span("t", is_turn=True, turn_status="cancelled", **FAILED)], "cancelled", id="as reported"
        ),
        pytest.param(
            [span("t", is_turn=True, turn_status="ok"), llm("c", "t", **FAILED)], "ok", id="reported ok"
        ),
        pytest.param([llm("c", None, 0, None)], "running", id="no end, no output"),
        pytest.param([llm("c", None, 0, None, output_text="a")], "ok", id="no end, but an output"),
    ],
)
def test_status(spans, status):
    """Status."""
    assert one(*spans).status == status


def test_errors_are_failed_spans_without_a_failed_span_below():
    """Errors are failed spans without a failed span below."""
    turn = one(
        span("r", error=True),
        span("a", "r", "agent", error=True),
        llm("c", "a", 0, 1, error=True, error_type="First", error_category="transient"),
        llm("d", "a", 2, 3, error=True, error_type="Last", error_category="permanent"),
    )

    assert (turn.errors, turn.error_type, turn.error_category) == (2, "Last", "permanent")
