-- Users, counts and cost of conversations, from their turns.
SELECT
    conversation_id,
    arraySort(groupUniqArrayIf(assumeNotNull(user_id), user_id IS NOT NULL)),
    sum(errors),
    sum(input_tokens),
    sum(output_tokens),
    sum(cost_usd),
    arraySort(arrayDistinct(groupArrayArray(models)))
FROM turns FINAL
WHERE $where
GROUP BY conversation_id
