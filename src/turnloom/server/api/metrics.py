"""What the server has done, for Prometheus."""

from collections.abc import Iterator

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from turnloom.server.api.access import Reading
from turnloom.server.api.state import Given, Services

router = APIRouter(tags=["Health"])


@router.get("/metrics", summary="Counters in Prometheus' text format", response_class=Response)
def get_metrics(given: Given, project: Reading) -> Response:
    """Answer with the counters of this process."""
    del project
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(given))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class _Collector:
    """Reads the services when asked, so that nothing is counted twice."""

    def __init__(self, given: Services) -> None:
        self._given = given

    def collect(self) -> Iterator[Metric]:
        """All metrics."""
        counts, intake = self._given.intake.counts, self._given.intake
        yield _counter("accepted_spans", "Spans acknowledged", counts.accepted_spans)
        yield _counter("refused_spans", "Spans refused, by partial success", counts.refused_spans)
        yield _counter("digested_spans", "Spans digested", self._given.digester.digested_spans)
        yield _counter("accepted_logs", "Log records acknowledged", counts.accepted_logs)
        yield _counter("accepted_scores", "Scores acknowledged", counts.accepted_scores)
        yield _counter("refused_scores", "Scores refused", counts.refused_scores)
        yield _counter("dropped_metrics", "Metric requests taken and dropped", counts.dropped_metrics)
        yield _counter("accepted_body_bytes", "Bytes of accepted requests, as received", counts.body_bytes)
        refused = CounterMetricFamily("turnloom_refused_requests", "Requests refused", labels=["status"])
        for status, number in sorted(counts.refused_requests.items()):
            refused.add_metric([str(status)], number)
        yield refused
        yield _gauge("requests_in_progress", "Ingest requests in progress", intake.gate.requests)
        yield _gauge("backlog_items", "Items acknowledged and not yet visible", intake.backlog())
        yield _gauge("lag_seconds", "Age of the oldest segment not yet visible", intake.lag_s())
        yield _gauge("quarantined", "Things that could not be stored", self._given.quarantine.count)


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(f"turnloom_{name}", text, value=value)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"turnloom_{name}", text, value=value)
