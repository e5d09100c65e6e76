"""All sessions that are there when the demo opens."""

from turnloom.demo import office, shop, travel

SAMPLES = (*shop.SESSIONS, *office.SESSIONS, *travel.SESSIONS)
