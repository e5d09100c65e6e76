"""Agent frameworks, as their instrumentation writes them (where possible, from what it really sent)."""

from .made import ERROR, Made
from .synthetic import UNGROUPED, Row, SetUp, answer, chat, family, js, oi_llm, oi_usage, parts, usage

WEATHER = "What is the weather in Oslo?"
DEGREES = "It is 7 degrees."
TOMORROW = "And tomorrow?"
RAIN = "It will rain."


def _strands(trace: str, at: float, text: str, reply: str, total: tuple[int, int]) -> list[Made]:
    """Strands: ids from trace_attributes on every span, messages in events, the agent repeats the sum."""
    ids = {"session.id": "s1", "user.id": "u1", "gen_ai.system": "strands-agents"}
    scope = "strands.telemetry.tracer"
    user = ("gen_ai.user.message", {"content": js([{"text": text}])})
    choice = ("gen_ai.choice", {"finish_reason": "end_turn", "message": js([{"text": reply}])})
    whole = ("gen_ai.choice", {"finish_reason": "end_turn", "message": f"{reply}\n"})
    agent = {**ids, "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "support", **usage(*total)}
    cycle = {
        **ids,
        "gen_ai.operation.name": "execute_event_loop_cycle",
        "event_loop.cycle_id": f"cycle-{trace}",
    }
    call = {**ids, "gen_ai.operation.name": "chat", **usage(31, 12), "gen_ai.usage.prompt_tokens": 31}
    return [
        Made(trace, "invoke_agent support", agent, at=at, lasts=2, scope=scope, events=(user, whole)),
        Made(
            trace, "execute_event_loop_cycle", cycle, "invoke_agent support", at, scope=scope, events=(user,)
        ),
        Made(trace, "chat", call, "execute_event_loop_cycle", at, scope=scope, events=(user, choice)),
    ]


def _pydantic(trace: str, at: float, text: str, reply: str, metadata: str | None = None) -> list[Made]:
    """pydantic-ai: metadata on the agent's span only, the conversation on all, aggregated usage apart."""
    ids = {"gen_ai.conversation.id": "c1", "gen_ai.agent.name": "support"}
    agent = {
        **ids, "gen_ai.operation.name": "invoke_agent", "agent_name": "support", "final_result": reply,
        "pydantic_ai.all_messages": parts(text, reply), "metadata": metadata, "logfire.msg": "support run",
        "gen_ai.aggregated_usage.input_tokens": 60, "gen_ai.aggregated_usage.output_tokens": 15,
    }  # fmt: skip
    call = {
        **ids, "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o-mini", **usage(60, 15),
        "gen_ai.input.messages": parts(text), "gen_ai.output.messages": answer(reply),
    }  # fmt: skip
    return [
        Made(trace, "invoke_agent support", agent, at=at, scope="pydantic-ai"),
        Made(trace, "chat gpt-4o-mini", call, "invoke_agent support", at, scope="pydantic-ai"),
    ]


def _openai_agents(trace: str, at: float, ids: dict[str, str], text: str, reply: str) -> list[Made]:
    """OpenAI Agents over OpenInference: five levels, message 0 is left to instructions that are not sent."""
    scope = "openinference.instrumentation.openai_agents"
    kind = "openinference.span.kind"
    return [
        Made(trace, "workflow", {**ids, kind: "AGENT"}, at=at, scope=scope),
        Made(trace, "task", {**ids, kind: "CHAIN"}, "workflow", at, scope=scope),
        Made(trace, "support", {**ids, kind: "AGENT", "agent.name": "support"}, "task", at, scope=scope),
        Made(trace, "turn", {**ids, kind: "CHAIN"}, "support", at, scope=scope),
        Made(
            trace, "response", {**ids, **oi_llm(text, reply, first=1), **oi_usage(31, 12)}, "turn", at,
            scope=scope,
        ),
    ]  # fmt: skip


def _crew(trace: str, at: float, question: str, reply: str) -> list[Made]:
    """CrewAI over OpenInference: using_attributes around kickoff; LLM calls by LiteLLM's instrumentation."""
    ids = {"session.id": "s1", "user.id": "u1", "metadata": js({"conversation_id": "c1"})}
    kickoff = {
        **ids, "openinference.span.kind": "CHAIN", "crew_key": "k", "input.value": js({"question": question}),
        "output.value": reply,
    }  # fmt: skip
    scope = "openinference.instrumentation.crewai"
    work = {**ids, "openinference.span.kind": "AGENT", "graph.node.id": "Researcher", "output.value": reply}
    return [
        Made(trace, "Crew.kickoff", kickoff, at=at, lasts=3, scope=scope),
        Made(trace, "Agent._execute_core", work, "Crew.kickoff", at, scope=scope),
        Made(
            trace, "completion", {**ids, **oi_llm(f"Current Task: {question}", "I think"), **oi_usage(40, 4)},
            "Agent._execute_core", at,
        ),
        Made(
            trace, "completion", {**ids, **oi_llm(f"Current Task: {question}", "I think", "Go on", reply),
            **oi_usage(50, 6)}, "Agent._execute_core", at + 1, salt="2",
        ),
    ]  # fmt: skip


def _traceloop(trace: str, at: float, text: str, reply: str) -> list[Made]:
    """LangGraph over Traceloop: the configuration's metadata as association properties."""
    prefix = "traceloop.association.properties"
    ids = {f"{prefix}.session_id": "s1", f"{prefix}.thread_id": "c1", f"{prefix}.user_id": "u1"}
    human = {"lc": 1, "id": ["langchain", "schema", "messages", "HumanMessage"], "kwargs": {"content": text}}
    given = {"inputs": {"messages": [human]}, "tags": [], "metadata": {"thread_id": "c1"}, "kwargs": {}}
    root = {
        **ids, "traceloop.span.kind": "workflow", "traceloop.entity.name": "LangGraph",
        "traceloop.entity.input": js(given),
    }  # fmt: skip
    call = {
        **ids, "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o-mini", **usage(14, 13),
        **family("gen_ai.prompt", chat(text)), **family("gen_ai.completion", chat("", reply)[1:]),
    }  # fmt: skip
    scope = "opentelemetry.instrumentation.langchain"
    return [
        Made(trace, "LangGraph.workflow", root, at=at, scope=scope),
        Made(
            trace, "agent.task", {**ids, "traceloop.span.kind": "task"}, "LangGraph.workflow", at, scope=scope
        ),
        Made(trace, "ChatOpenAI.chat", call, "agent.task", at, scope=scope),
    ]


def _langsmith(trace: str, at: float, text: str, reply: str) -> list[Made]:
    """LangSmith over OpenTelemetry: the chain repeats the usage; the session_name is the project."""
    ids = {
        "langsmith.metadata.thread_id": "c1", "langsmith.metadata.user_id": "u1",
        "langsmith.trace.session_name": "default", "langsmith.trace.session_id": "project-1", **usage(3, 2),
    }  # fmt: skip
    human = {"lc": 1, "id": ["langchain", "schema", "messages", "HumanMessage"], "kwargs": {"content": text}}
    ai = {"lc": 1, "id": ["langchain", "schema", "messages", "AIMessage"], "kwargs": {"content": reply}}
    chain = {
        **ids, "langsmith.span.kind": "chain", "gen_ai.operation.name": "chain",
        "gen_ai.prompt": js({"question": text}),
        "gen_ai.completion": js({"output": {"content": reply, "type": "ai", "tool_calls": []}}),
    }  # fmt: skip
    call = {
        **ids, "langsmith.span.kind": "llm", "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.prompt": js({"messages": [[human]]}),
        "gen_ai.completion": js({"generations": [[{"text": reply, "message": ai}]]}),
    }  # fmt: skip
    return [
        Made(trace, "RunnableSequence", chain, at=at, scope="langsmith"),
        Made(trace, "ChatOpenAI", call, "RunnableSequence", at, scope="langsmith"),
    ]


def _mlflow(trace: str, at: float, text: str, reply: str) -> list[Made]:
    """MLflow whose roots arrive: ids on the root only, every value JSON."""
    root = {
        "mlflow.trace.session": '"s1"', "mlflow.trace.user": '"u1"', "mlflow.spanType": '"CHAIN"',
        "mlflow.spanInputs": js({"question": text}), "mlflow.spanOutputs": js(reply),
        "mlflow.trace.tokenUsage": js({"input_tokens": 13, "output_tokens": 14, "total_tokens": 27}),
    }  # fmt: skip
    call = {
        "mlflow.spanType": '"CHAT_MODEL"', "mlflow.llm.model": '"gpt-4o-mini"',
        "mlflow.spanInputs": js({"messages": chat(text), "model": "gpt-4o-mini"}),
        "mlflow.spanOutputs": js({"choices": [{"message": {"role": "assistant", "content": reply}}]}),
        "mlflow.chat.tokenUsage": js({"input_tokens": 13, "output_tokens": 14, "total_tokens": 27}),
    }  # fmt: skip
    return [Made(trace, "predict", root, at=at), Made(trace, "Completions", call, "predict", at)]


def _llama_index(trace: str, at: float, text: str, reply: str) -> list[Made]:
    """LlamaIndex over OpenInference with Phoenix' using_session: a retriever beside the call."""
    ids = {"session.id": "s1"}
    kind = "openinference.span.kind"
    root = {**ids, kind: "CHAIN", "input.value": text, "output.value": reply}
    found = {**ids, kind: "RETRIEVER", "input.value": text, "retrieval.documents.0.document.content": "Tea"}
    return [
        Made(trace, "BaseQueryEngine.query", root, at=at),
        Made(trace, "retrieve", found, "BaseQueryEngine.query", at),
        Made(trace, "embed", {**ids, kind: "EMBEDDING", **oi_usage(6, 0)}, "retrieve", at),
        Made(trace, "chat", {**ids, **oi_llm(f"Context: Tea. Query: {text}", reply), **oi_usage(20, 5)},
             "BaseQueryEngine.query", at + 0.5),
    ]  # fmt: skip


def _failing(trace: str) -> list[Made]:
    """An agent whose call fails: the class in an exception event, the status on every level."""
    thrown = (("exception", {"exception.type": "openai.RateLimitError", "exception.message": "429"}),)
    agent = {"gen_ai.operation.name": "invoke_agent", "session.id": "s1", "gen_ai.conversation.id": "c1"}
    call = {"gen_ai.operation.name": "chat", "gen_ai.input.messages": parts("Please FAIL")}
    return [
        Made(trace, "agent", agent, at=5, status=ERROR),
        Made(trace, "chat", call, "agent", 5, status=ERROR, events=thrown),
    ]


def _smolagents(trace: str, text: str, reply: str) -> list[Made]:
    """smolagents over OpenInference: the task among the arguments, usage on the agent as well."""
    task = js({"task": text, "stream": False, "reset": True, "images": None})
    kind = "openinference.span.kind"
    agent = {kind: "AGENT", "session.id": "s1", "input.value": task, "output.value": reply, **oi_usage(9, 3)}
    return [
        Made(trace, "CodeAgent.run", agent, lasts=3),
        Made(trace, "Step 1", {kind: "CHAIN"}, "CodeAgent.run"),
        Made(trace, "generate", {**oi_llm(f"New task: {text}", reply), **oi_usage(9, 3)}, "Step 1"),
    ]


def _azure(trace: str, text: str, reply: str) -> list[Made]:
    """Azure's inference client: each message as JSON in an event of its own."""
    call = {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o",
        "session.id": "s1",
        **usage(5, 2),
    }
    events = (
        ("gen_ai.user.message", {"gen_ai.event.content": js({"role": "user", "content": text})}),
        ("gen_ai.choice", {"gen_ai.event.content": js({"message": {"content": reply}, "index": 0})}),
    )
    return [Made(trace, "chat gpt-4o", call, events=events)]


SET_UPS = {
    "smolagents over openinference": SetUp(
        _smolagents("a", WEATHER, DEGREES), [Row("a", "s1", None, None, 1, WEATHER, DEGREES, (9, 3))]
    ),
    "azure's events": SetUp(
        _azure("a", WEATHER, DEGREES), [Row("a", "s1", None, None, 1, WEATHER, DEGREES, (5, 2))]
    ),
    "strands": SetUp(
        _strands("a", 0, WEATHER, DEGREES, (31, 12)) + _strands("b", 9, TOMORROW, RAIN, (62, 24)),
        [
            Row("a", "s1", None, "u1", 1, WEATHER, f"{DEGREES}\n", (31, 12)),
            Row("b", "s1", None, "u1", 2, TOMORROW, f"{RAIN}\n", (31, 12)),
        ],
    ),
    "pydantic-ai": SetUp(
        _pydantic("a", 0, WEATHER, DEGREES, js({"session_id": "s1", "user_id": "u1"}))
        + _pydantic("b", 9, TOMORROW, RAIN),
        [
            Row("a", "s1", "c1", "u1", 1, WEATHER, DEGREES, (60, 15)),
            Row("b", "~c1", "c1", None, 2, TOMORROW, RAIN, (60, 15)),  # nobody gave this run its session
        ],
    ),
    "pydantic-ai under logfire": SetUp(
        [
            Made(
                "a",
                "turn",
                {"session_id": "[Scrubbed due to 'session']", "user.id": "u1"},
                lasts=2,
                scope="logfire",
            ),
            *[
                Made("a", each.name, each.attributes, each.parent or "turn", each.at, scope=each.scope)
                for each in _pydantic(
                    "a", 0, WEATHER, DEGREES, js({"session_id": "[Scrubbed due to 'session']"})
                )
            ],
        ],
        [Row("a", "~c1", "c1", "u1", 1, WEATHER, DEGREES, (60, 15))],
    ),
    "openai agents over openinference": SetUp(
        _openai_agents("a", 0, {"session.id": "s1"}, WEATHER, DEGREES)
        + _openai_agents("b", 9, {"session.id": "s1"}, TOMORROW, RAIN)
        + _openai_agents("c", 18, {}, TOMORROW, RAIN),
        [
            Row("a", "s1", None, None, 1, WEATHER, DEGREES, (31, 12)),
            Row("b", "s1", None, None, 2, TOMORROW, RAIN, (31, 12)),
            Row("c", UNGROUPED, None, None, 1, TOMORROW, RAIN, (31, 12)),
        ],
    ),
    "crewai over openinference": SetUp(
        _crew("a", 0, "Who won?", "Nobody.") + _crew("b", 60, "Why?", "Rain."),
        [
            Row("a", "s1", "c1", "u1", 1, "Who won?", "Nobody.", (90, 10)),
            Row("b", "s1", "c1", "u1", 2, "Why?", "Rain.", (90, 10)),
        ],
    ),
    "langgraph over traceloop": SetUp(
        _traceloop("a", 0, "Hello there", "Hi.") + _traceloop("b", 9, WEATHER, DEGREES),
        [
            Row("a", "s1", "c1", "u1", 1, "Hello there", "Hi.", (14, 13)),
            Row("b", "s1", "c1", "u1", 2, WEATHER, DEGREES, (14, 13)),
        ],
    ),
    "langsmith over opentelemetry": SetUp(
        _langsmith("a", 0, "Hello there", "Hi.") + _langsmith("b", 9, WEATHER, DEGREES),
        [
            Row("a", "~c1", "c1", "u1", 1, "Hello there", "Hi.", (3, 2)),
            Row("b", "~c1", "c1", "u1", 2, WEATHER, DEGREES, (3, 2)),
        ],
    ),
    "mlflow with its roots": SetUp(
        _mlflow("a", 0, "Hello there", "Hi.") + _mlflow("b", 9, WEATHER, DEGREES),
        [
            Row("a", "s1", None, "u1", 1, "Hello there", "Hi.", (13, 14)),
            Row("b", "s1", None, "u1", 2, WEATHER, DEGREES, (13, 14)),
        ],
    ),
    "llama-index under using_session": SetUp(
        _llama_index("a", 0, "What is tea?", "A drink.") + _llama_index("b", 9, "Where from?", "China."),
        [
            Row("a", "s1", None, None, 1, "What is tea?", "A drink.", (26, 5)),
            Row("b", "s1", None, None, 2, "Where from?", "China.", (26, 5)),
        ],
    ),
    "a call that fails": SetUp(
        _failing("a"),
        [Row("a", "s1", "c1", None, 1, "Please FAIL", None, error="RateLimitError")],
    ),
}
