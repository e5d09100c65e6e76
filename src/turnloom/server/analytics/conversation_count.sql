-- How many conversations there are.
SELECT count() FROM (
    SELECT conversation_id FROM conversations FINAL WHERE $where GROUP BY conversation_id HAVING $having
)
