-- Log records and scores of traces.
SELECT record FROM records FINAL WHERE $where
