-- Spans of one trace.
SELECT $columns FROM spans FINAL WHERE $where AND hour IN {hours:Array(UInt32)}
