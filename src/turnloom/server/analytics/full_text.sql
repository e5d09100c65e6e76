-- The texts of spans, found by their traces' hours.
SELECT trace_id, span_id, input, output FROM spans FINAL
WHERE project = {project:String}
    AND (hour, trace_id) IN (
        SELECT arrayJoin(hours), trace_id FROM traces FINAL
        WHERE project = {project:String} AND trace_id IN {traces:Array(String)}
    )
    AND span_id IN {spans:Array(String)}
