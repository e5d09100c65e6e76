-- The hours in which the spans of one trace lie.
SELECT hours, spans_count FROM traces FINAL WHERE $where
