"""The client: scope, spans, handles, processor, exporters and lifecycle."""
