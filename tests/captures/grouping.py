"""What reaches the wire of each recording, turn by turn: the truth, and where and why it differs.

Each row is one trace of the truth's turns, in the truth's order:

    session conversation user number tokens [error type] [output]

`=` is as in the truth, `-` is not on the wire. `~` as a session: only the conversation is on the
wire and stands for it (derived). `-` as a session: nothing is, the trace is its own session.
Tokens are input/output, added up by hand over the LLM calls of the trace.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wire:
    """What a recording holds.

    Args:
        rows: One a trace.
        why: Why it differs from what happened.
        beside: Traces that belong to no turn: what becomes of each, by the start of its id.
    """

    rows: str
    why: str = ""
    beside: tuple[tuple[str, str], ...] = ()


EXPECTED = {
    "agent_framework": Wire(
        """
        -            -            -  1  15/14
        ~            =            -  =  14/13
        -            -            -  1  65/21
        ~            =            -  =  -      =
        -            -            -  1  19/17
        -            -            -  1  41/13
        """,
        "no session and no user is given to it; a thread with local history leaves no id at all, one in"
        " the service names itself once and from then on the response before (C3); texts come as logs",
    ),
    "google_adk": Wire(
        """
        ~            =            -  =  28/19
        ~            =            -  =  27/18
        ~            =            -  =  94/29
        ~            =            -  =  -      =
        ~            =            -  =  32/22
        ~            =            -  =  60/18
        """,
        "its own session id is what the application calls a conversation; the user is on no span; it adds"
        " reasoning to an output that already holds it",
    ),
    "langfuse_langgraph": Wire(
        """
        =            =            =  =  15/14
        =            =            =  =  14/13
        =            =            =  =  65/21
        =            =            =  =  -      -
        =            =            =  =  19/17
        =            =            =  =  41/13
        """,
        "Langfuse sends the message of an exception and not its class",
    ),
    "langfuse_mistakes": Wire(
        """
        =            -            -  1  15/15
        =            -            -  2  14/14
        -            -            -  1  -
        -            -            =  1  -
        сессия-1     -            =  1  -
        sess-Y       -            -  1  -
        =            -            =  3  -
        """,
        "the mistakes: no id, an id the SDK drops, another id, and two of them in one trace",
        (("0561c3", "activity sess-X"), ("b41632", "other")),
    ),
    "langfuse_sdk": Wire(
        """
        =            =            =  =  15/14
        =            -            =  =  14/13
        =            =            =  =  65/21
        -            -            -  1  -      -
        =            =            =  =  19/17
        =            =            =  =  41/13
        """,
        "the second person's ids are set after the call, without the conversation; the turn that fails"
        " has none; no class of an exception",
        (("d6d100", "activity -"),),
    ),
    "logfire_openai_agents": Wire(
        """
        ~            =            =  =  15/14
        ~            =            =  =  14/13
        ~            =            =  =  65/21
        ~            =            =  =  -      =
        ~            =            =  =  19/17
        ~            =            =  =  41/13
        """,
        "Logfire scrubs everything whose key holds `session`",
    ),
    "mlflow_otlp": Wire(
        """
        -            -            -  1  13/14
        -            -            -  1  12/13
        -            -            -  1  61/21
        -            -            -  1  -      =
        -            -            -  1  17/17
        -            -            -  1  39/13
        """,
        "no root ever arrives, and the ids are on it",
    ),
    "oi_dspy": Wire(
        """
        =            =            =  =  -
        =            =            =  =  -
        =            =            =  =  -
        =            =            =  =  -      =
        =            =            =  =  -
        =            =            =  =  -
        """,
        "no token counts",
    ),
    "oi_dual_http": Wire(
        """
        =            =            =  =  14/13
        =            =            =  =  15/14
        =            =            =  =  31/17
        =            =            =  =  -      =
        =            =            =  =  19/17
        =            =            =  =  46/13
        """,
    ),
    "oi_langgraph": Wire(
        """
        =            =            =  =  15/14
        ~            =            =  =  14/13
        =            =            =  =  65/21
        ~            =            =  =  -      =
        =            =            =  =  19/17
        =            =            =  =  41/13
        """,
        "the instrumentation writes the thread over the second person's session (C1)",
    ),
    "oi_openai": Wire(
        """
        =            -            -  1  15/14
        =            =            =  =  14/13
        =            -            -  2  31/12  =  -
        =            -            -  3  34/9
        =            =            =  =  -      =
        =            -            -  4  -
        =            -            -  1  41/13
        """,
        "conversation and user are given for the second person only; each call is a trace, so that the"
        " turn with a tool is two unless the project says otherwise; a stream without usage",
    ),
    "openllmetry": Wire(
        """
        =            =            =  =  15/14
        =            =            =  =  14/13
        =            =            =  =  65/21
        =            =            =  =  -      =
        =            =            =  =  19/17
        =            =            =  =  41/13
        """,
        "the ambient conversation leaks from one person to the other and is not believed (C4)",
    ),
    "otel_genai_openai": Wire(
        """
        =            =            =  =  15/14
        ~            =            -  =  12/13
        =            =            =  =  65/21
        ~            =            -  =  -      =
        =            =            =  =  19/17
        =            =            =  =  41/13
        """,
        "the second person's calls carry the conversation and nothing else",
    ),
    "vercel_ai_otlp": Wire(
        """
        =            =            =  =  15/14
        =            =            =  =  14/13
        =            =            =  =  65/21
        =            =            =  =  -      =
        =            =            =  =  19/17
        =            =            =  =  41/13
        """,
    ),
}
