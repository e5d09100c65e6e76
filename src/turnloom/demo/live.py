"""Visits that go on while the demo runs."""

from dataclasses import replace

from turnloom.demo.office import THREADS
from turnloom.demo.shop import DELIVERY, PAYMENT, REFUND
from turnloom.demo.travel import FIRST_EVENING, KYOTO

VISITS = tuple(
    replace(each, ends="completed", previous_id=None)
    for each in (REFUND, KYOTO, THREADS, PAYMENT, FIRST_EVENING, DELIVERY)
)
