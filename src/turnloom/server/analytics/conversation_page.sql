-- One page of conversations with the sessions that hold turns of them.
SELECT conversation_id, sort_value, session_ids, started_us, ended_us, turns FROM (
    SELECT
        conversation_id,
        arraySort(groupUniqArray(session_id)) AS session_ids,
        min(start_us) AS started_us,
        max(end_us) AS ended_us,
        sum(turns_count) AS turns,
        $sort AS sort_value
    FROM conversations FINAL
    WHERE $where
    GROUP BY conversation_id
    HAVING $having
)
WHERE $after
ORDER BY $order
LIMIT {limit:UInt32}
