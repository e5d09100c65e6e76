"""Every attribute key that Turnloom writes, once.

Grouped as in the vocabulary, *Attributes of our own*. The client writes these keys, the server
stores them; keys that are not listed are kept too. Keys of other conventions that the client
writes stand at the end, beside the back end that reads them.
"""

from typing import Final

# --- Ours alone ---
SPAN_KIND: Final = "turnloom.span.kind"  # turn, agent, llm, tool; on the client's own spans only

# --- Identity ---
SESSION_ID: Final = "session.id"
SESSION_PREVIOUS_ID: Final = "session.previous_id"
CONVERSATION_ID: Final = "conversation.id"
TURN_ID: Final = "turn.id"
TURN_NUMBER: Final = "turn.number"  # 1-based in its conversation
USER_ID: Final = "user.id"  # hashed unless the application turned that off
USER_PREVIOUS_ID: Final = "user.previous_id"  # login alias
USER_TIER: Final = "user.tier"
USER_ORG_ID: Final = "user.org_id"

USER_KEYS: Final = (  # every key in which an SDK sends a user (vocabulary, Precedence)
    "langfuse.user.id",
    "user.id",
    "user.previous_id",
    "langfuse_user_id",
    "user_id",
    "userId",
    "mlflow.trace.user",
    "enduser.id",
    "enduser.pseudo.id",
    "user.hash",
    "gen_ai.user",
    "customer_id",
)
METADATA_PREFIXES: Final = (  # where a foreign SDK puts metadata: a user key may follow
    "langfuse.observation.metadata.",
    "langfuse.trace.metadata.",
    "traceloop.association.properties.",
    "langsmith.metadata.",
    "ai.telemetry.metadata.",
    "mlflow.traceTag.",
)

# --- Session ---
SESSION_TYPE: Final = "session.type"  # chat, api, batch, agent, voice
SESSION_CHANNEL: Final = "session.channel"  # web, mobile, api, slack, ...
SESSION_CLIENT_VERSION: Final = "session.client_version"
SESSION_LOCALE: Final = "session.locale"  # BCP-47
SESSION_START_TIME: Final = "session.start_time"  # ISO 8601
SESSION_END_TIME: Final = "session.end_time"  # ISO 8601
SESSION_END_REASON: Final = "session.end_reason"
SESSION_BROWSER: Final = "session.browser"
SESSION_COUNTRY: Final = "session.country"  # from the application, never from an IP
SESSION_METADATA_PREFIX: Final = "session.metadata."  # + key; the latest per key wins

# --- Conversation ---
CONVERSATION_SESSION_ID: Final = "conversation.session_id"  # redundant, accepted
CONVERSATION_TOTAL_TURNS: Final = "conversation.total_turns"  # reported
CONVERSATION_INITIATOR: Final = "conversation.initiator"
CONVERSATION_PARTICIPANTS: Final = "conversation.participants"
CONVERSATION_TOPIC: Final = "conversation.topic"
CONVERSATION_MESSAGES_IN_CONTEXT: Final = "conversation.messages_in_context"
CONVERSATION_CONTEXT_TOKENS: Final = "conversation.context_tokens"
CONVERSATION_CONTEXT_WINDOW_PCT: Final = "conversation.context_window_pct"  # ratio <= 1.5, else percent

# --- Turn ---
TURN_ROLE: Final = "turn.role"
TURN_INPUT_LENGTH: Final = "turn.input_length"  # code points
TURN_OUTPUT_LENGTH: Final = "turn.output_length"  # code points
TURN_INPUT_TYPE: Final = "turn.input_type"  # question, command, feedback, other
TURN_OUTPUT_TYPE: Final = "turn.output_type"  # answer, question, refusal, error, handoff
TURN_HAS_ATTACHMENTS: Final = "turn.has_attachments"
TURN_INPUT_HASH: Final = "turn.input_hash"  # keyed, of the normalised text
TURN_REGENERATES: Final = "turn.regenerates"  # the turn id that this turn is a variant of
TURN_INTENT: Final = "turn.intent"
TURN_STATUS: Final = "turn.status"  # ok, error, cancelled, disconnected, timeout, incomplete

# --- Context window ---
CONTEXT_CURRENT_TOKENS: Final = "context.current_tokens"
CONTEXT_NEW_TOKENS: Final = "context.new_tokens"
CONTEXT_LIMIT: Final = "context.limit"
CONTEXT_PRUNED: Final = "context.pruned"
CONTEXT_MESSAGES_PRUNED: Final = "context.messages_pruned"
CONTEXT_TOKENS_ALIASES: Final = ("context.tokens", "context.tokens_used", "context.total_tokens")
CONTEXT_LIMIT_ALIASES: Final = ("context.max_tokens",)

# --- Journey ---
JOURNEY_NAME: Final = "journey.name"
JOURNEY_ID: Final = "journey.id"
JOURNEY_STAGE: Final = "journey.stage"
JOURNEY_STAGE_NUMBER: Final = "journey.stage_number"
JOURNEY_TOTAL_STAGES: Final = "journey.total_stages"
JOURNEY_TIME_IN_STAGE_MS: Final = "journey.time_in_stage_ms"
JOURNEY_CONVERTED: Final = "journey.converted"
JOURNEY_CONVERSION_TURN: Final = "journey.conversion_turn"
JOURNEY_CONVERSION_TIME_MS: Final = "journey.conversion_time_ms"

# --- Drop-off: accepted, recomputed by the server ---
DROPOFF_DETECTED: Final = "dropoff.detected"
DROPOFF_LAST_TURN: Final = "dropoff.last_turn"
DROPOFF_LAST_INTENT: Final = "dropoff.last_intent"
DROPOFF_AGENT_LAST_ACTION: Final = "dropoff.agent_last_action"
DROPOFF_TIME_SINCE_LAST_TURN_MS: Final = "dropoff.time_since_last_turn_ms"
SESSION_INACTIVE_TIMEOUT: Final = "session.inactive_timeout"
SESSION_IDLE_TIME_MS: Final = "session.idle_time_ms"

# --- Agents ---
AGENT_NAME: Final = "agent.name"
AGENT_TYPE: Final = "agent.type"  # supervisor, worker, critic
AGENT_RUN_ID: Final = "agent.run_id"
HANDOFF_FROM_AGENT: Final = "handoff.from_agent"
HANDOFF_TO_AGENT: Final = "handoff.to_agent"
HANDOFF_REASON: Final = "handoff.reason"
WORKFLOW_ID: Final = "workflow.id"
WORKFLOW_MODE: Final = "workflow.mode"
WORKFLOW_PHASE: Final = "workflow.phase"
WORKFLOW_PHASE_TIMINGS: Final = "workflow.phase_timings"

# --- Human ---
HUMAN_REQUEST_ID: Final = "human.request_id"
HUMAN_TYPE: Final = "human.type"  # approval, clarification, escalation, feedback
HUMAN_WAIT_TIME_MS: Final = "human.wait_time_ms"
HUMAN_DECISION: Final = "human.decision"

# --- Errors ---
ERROR_CATEGORY: Final = "error.category"  # transient, permanent
RETRY_ATTEMPT: Final = "retry.attempt"
RETRY_MAX_ATTEMPTS: Final = "retry.max_attempts"
RETRY_EXHAUSTED: Final = "retry.exhausted"

# --- Kept and shown in the inspector under their group ---
KEPT_PREFIXES: Final = (
    "guardrail.",
    "prompt.",
    "experiment.",
    "eval.",
    "feedback.",
    "rate_limit.",
    "fallback.",
    "circuit.",
    "decision.",
    "memory.",
    "coordination.",
)

# --- Log events: sent at once, since a span only arrives when it ends ---
EVENT_SESSION_START: Final = "session.start"
EVENT_SESSION_END: Final = "session.end"
EVENT_TURN_START: Final = "turn.start"
EVENT_HUMAN_REQUEST: Final = "human.request"
EVENT_HUMAN_RESPONSE: Final = "human.response"

# --- The same ids in the keys of other back ends, on every span ---
LANGFUSE_SESSION_ID: Final = "langfuse.session.id"
LANGFUSE_USER_ID: Final = "langfuse.user.id"
LANGFUSE_TRACE_TAGS: Final = "langfuse.trace.tags"
LANGFUSE_ENVIRONMENT: Final = "langfuse.environment"
LANGFUSE_RELEASE: Final = "langfuse.release"
GEN_AI_CONVERSATION_ID: Final = "gen_ai.conversation.id"

# --- OpenTelemetry's conventions for generative AI, as far as the client writes them ---
GEN_AI_OPERATION_NAME: Final = "gen_ai.operation.name"  # invoke_agent, chat, execute_tool
GEN_AI_AGENT_NAME: Final = "gen_ai.agent.name"
GEN_AI_PROVIDER_NAME: Final = "gen_ai.provider.name"
GEN_AI_REQUEST_MODEL: Final = "gen_ai.request.model"
GEN_AI_RESPONSE_MODEL: Final = "gen_ai.response.model"
GEN_AI_RESPONSE_ID: Final = "gen_ai.response.id"
GEN_AI_RESPONSE_FINISH_REASONS: Final = "gen_ai.response.finish_reasons"
GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK: Final = "gen_ai.response.time_to_first_chunk"  # seconds
GEN_AI_USAGE_INPUT_TOKENS: Final = "gen_ai.usage.input_tokens"  # includes cached
GEN_AI_USAGE_OUTPUT_TOKENS: Final = "gen_ai.usage.output_tokens"  # includes reasoning
GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: Final = "gen_ai.usage.cache_read.input_tokens"
GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS: Final = "gen_ai.usage.cache_creation.input_tokens"
GEN_AI_USAGE_REASONING_OUTPUT_TOKENS: Final = "gen_ai.usage.reasoning.output_tokens"
GEN_AI_USAGE_COST: Final = "gen_ai.usage.cost"  # USD, as the provider reported it
GEN_AI_INPUT_MESSAGES: Final = "gen_ai.input.messages"  # JSON: role and parts
GEN_AI_OUTPUT_MESSAGES: Final = "gen_ai.output.messages"  # JSON: role and parts
GEN_AI_TOOL_NAME: Final = "gen_ai.tool.name"
GEN_AI_TOOL_CALL_ID: Final = "gen_ai.tool.call.id"
GEN_AI_TOOL_CALL_ARGUMENTS: Final = "gen_ai.tool.call.arguments"  # JSON
GEN_AI_TOOL_CALL_RESULT: Final = "gen_ai.tool.call.result"  # JSON or text
INPUT_VALUE: Final = "input.value"
OUTPUT_VALUE: Final = "output.value"
ERROR_TYPE: Final = "error.type"

# --- Resource ---
SERVICE_NAME: Final = "service.name"
SERVICE_VERSION: Final = "service.version"
DEPLOYMENT_ENVIRONMENT_NAME: Final = "deployment.environment.name"
