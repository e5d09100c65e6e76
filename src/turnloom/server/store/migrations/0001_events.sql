-- Events: five tables, all of versions of which the best is read (FINAL). Keys hold nothing that
-- can change, so a row that moves is replaced by its version or buried by a tombstone.

-- One row per span and hour of its start. The hour keeps the lookups of the digest flat as the
-- store grows; a span that is sent again with another start leaves a tombstone in the old hour.
CREATE TABLE IF NOT EXISTS spans
(
    project LowCardinality(String),
    hour UInt32 CODEC(Delta, ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    version UInt128 CODEC(ZSTD(1)),
    is_deleted UInt8 DEFAULT 0,
    parent_id Nullable(String) CODEC(ZSTD(1)),
    name LowCardinality(String),
    kind LowCardinality(String),
    start_us Int64 CODEC(Delta, ZSTD(1)),
    end_us Nullable(Int64) CODEC(ZSTD(1)),
    scope LowCardinality(String),
    service LowCardinality(Nullable(String)),
    session_id Nullable(String) CODEC(ZSTD(1)),
    session_key LowCardinality(Nullable(String)),
    session_rank Nullable(UInt8),
    conversation_id Nullable(String) CODEC(ZSTD(1)),
    conversation_key LowCardinality(Nullable(String)),
    conversation_rank Nullable(UInt8),
    user_id Nullable(String) CODEC(ZSTD(1)),
    user_key LowCardinality(Nullable(String)),
    user_rank Nullable(UInt8),
    turn_number Nullable(Int64) CODEC(ZSTD(1)),
    model LowCardinality(Nullable(String)),
    provider LowCardinality(Nullable(String)),
    tool_name LowCardinality(Nullable(String)),
    agent_name LowCardinality(Nullable(String)),
    input_tokens Nullable(Int64) CODEC(ZSTD(1)),
    output_tokens Nullable(Int64) CODEC(ZSTD(1)),
    cached_input_tokens Nullable(Int64) CODEC(ZSTD(1)),
    cost_usd Nullable(Decimal(38, 15)) CODEC(ZSTD(1)),
    error UInt8,
    error_type LowCardinality(Nullable(String)),
    environment LowCardinality(Nullable(String)),
    release LowCardinality(Nullable(String)),
    -- What a person reads, cut to 400 characters.
    input_text Nullable(String) CODEC(ZSTD(3)),
    output_text Nullable(String) CODEC(ZSTD(3)),
    -- Every other canonical field that has a value, as one JSON object.
    facts String CODEC(ZSTD(3)),
    -- As sent; attributes that became input or output are here and nowhere else.
    input Nullable(String) CODEC(ZSTD(3)),
    output Nullable(String) CODEC(ZSTD(3)),
    attributes String CODEC(ZSTD(3)),
    resource String CODEC(ZSTD(1)),
    events String CODEC(ZSTD(1)),
    links String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(toDateTime(hour * 3600, 'UTC'))
ORDER BY (project, hour, trace_id, span_id)
SETTINGS index_granularity = 1024, min_bytes_for_wide_part = 268435456, merge_selector_base = 12, {durability};

-- Log events, message logs and scores, by what they belong to: `t:<trace id>` or `s:<session id>`.
CREATE TABLE IF NOT EXISTS records
(
    project LowCardinality(String),
    target String CODEC(ZSTD(1)),
    record_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(ZSTD(1)),
    is_deleted UInt8 DEFAULT 0,
    record String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (project, target, record_id)
SETTINGS index_granularity = 512, {durability};

-- One row per trace: the hours its spans lie in and the sessions it is part of. Written last by a
-- digest, so that a digest that was cut short finds here what the one before it had left.
CREATE TABLE IF NOT EXISTS traces
(
    project LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    is_deleted UInt8 DEFAULT 0,
    hours Array(UInt32) CODEC(ZSTD(1)),
    session_ids Array(String) CODEC(ZSTD(1)),
    links Array(Tuple(String, String)) CODEC(ZSTD(1)),
    start_us Int64 CODEC(ZSTD(1)),
    end_us Nullable(Int64) CODEC(ZSTD(1)),
    name LowCardinality(String),
    service LowCardinality(Nullable(String)),
    spans_count UInt32,
    errors UInt32,
    other_traffic UInt8,
    flags Array(LowCardinality(String))
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (project, trace_id)
SETTINGS index_granularity = 512, {durability};

-- One row per exchange of a session, and one per trace for the activity around exchanges.
CREATE TABLE IF NOT EXISTS turns
(
    project LowCardinality(String),
    session_id String CODEC(ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    is_deleted UInt8 DEFAULT 0,
    {turn_columns}
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (project, session_id, trace_id, span_id)
SETTINGS index_granularity = 512, {durability};

-- One row per session: all the list shows, filters and sorts by.
CREATE TABLE IF NOT EXISTS sessions
(
    project LowCardinality(String),
    session_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    is_deleted UInt8 DEFAULT 0,
    {session_columns}
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (project, session_id)
SETTINGS index_granularity = 512, {durability};

-- One row per conversation and session that holds turns of it.
CREATE TABLE IF NOT EXISTS conversations
(
    project LowCardinality(String),
    conversation_id String CODEC(ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    is_deleted UInt8 DEFAULT 0,
    start_us Int64 CODEC(ZSTD(1)),
    end_us Int64 CODEC(ZSTD(1)),
    turns_count UInt32
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (project, conversation_id, session_id)
SETTINGS index_granularity = 512, {durability};

-- Which trace gives a response and which continue it: conversations that have no id but these
-- (OpenAI's Responses API).
CREATE TABLE IF NOT EXISTS links
(
    project LowCardinality(String),
    response_id String CODEC(ZSTD(1)),
    role LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    is_deleted UInt8 DEFAULT 0,
    chain_id String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (project, response_id, role, trace_id)
SETTINGS index_granularity = 512, {durability};
