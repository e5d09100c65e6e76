-- One conversation with the sessions that hold turns of it.
SELECT conversation_id, arraySort(groupUniqArray(session_id)), min(start_us), max(end_us), sum(turns_count)
FROM conversations FINAL
WHERE $where
GROUP BY conversation_id
