-- Sessions in which a text occurs: in the spans of their traces, or in what log records said.
SELECT arrayJoin(session_ids) FROM traces FINAL
WHERE project = {project:String} AND trace_id IN (
    SELECT trace_id FROM spans FINAL WHERE project = {project:String}$hours AND $in_spans
)
UNION ALL
SELECT session_id FROM turns FINAL WHERE project = {project:String} AND $in_turns
