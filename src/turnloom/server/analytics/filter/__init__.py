"""The filter language: one parser, one table of fields, compiled to bound parameters."""

from turnloom.server.analytics.filter.compiler import Compiler
from turnloom.server.analytics.filter.errors import FilterError
from turnloom.server.analytics.filter.fields import Field
from turnloom.server.analytics.filter.parser import parse
from turnloom.server.analytics.filter.session_fields import SESSION_FIELDS
from turnloom.server.analytics.filter.turn_fields import TURN_FIELDS

__all__ = ["SESSION_FIELDS", "TURN_FIELDS", "Compiler", "Field", "FilterError", "parse"]
