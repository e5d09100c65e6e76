"""Cost of a call and limit of its context, from a dated price table.

The table is genai-prices', when it is installed, with the user's own on top. Its own calculation
takes 50 to 75 µs a call, most of it finding the units; where a model's prices are flat, which is
checked, the price of each kind of token is asked for once a day of event time and multiplied here.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, cast

DAY_US = 86_400_000_000

PROBE_TOKENS = 1_000_000
"""Prices are given for a million tokens."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of a call; cached and cache-write are parts of input."""

    input: int
    output: int
    cached_input: int = 0
    cache_write: int = 0


@dataclass(frozen=True, slots=True)
class FlatPrice:
    """USD for one token of each kind, up to an input that a higher tier prices otherwise."""

    input_usd: Decimal
    cached_input_usd: Decimal
    cache_write_usd: Decimal
    output_usd: Decimal
    input_tokens_max: int | None = None

    def covers(self, tokens: Tokens) -> bool:
        """Whether a call is within the lowest tier."""
        return self.input_tokens_max is None or tokens.input < self.input_tokens_max

    def cost_usd(self, tokens: Tokens) -> Decimal:
        """The cost of a call, exact."""
        plain = tokens.input - tokens.cached_input - tokens.cache_write
        return (
            plain * self.input_usd
            + tokens.cached_input * self.cached_input_usd
            + tokens.cache_write * self.cache_write_usd
            + tokens.output * self.output_usd
        )


@lru_cache(maxsize=1)
def price_version() -> str | None:
    """Name and version of the price table in use, None without one."""
    try:
        return f"genai-prices {version('genai-prices')}"
    except PackageNotFoundError:
        return None


def cost_usd(provider: str | None, model: str, tokens: Tokens, at_us: int) -> Decimal | None:
    """The cost of a call.

    Args:
        provider: Provider as reported, if any.
        model: Model as reported; a `provider/` prefix is read as the provider.
        tokens: What the call used.
        at_us: When, microseconds since 1970: prices change.

    Returns:
        USD, exact; None when the model or the table is unknown, or the counts contradict each other.
    """
    if price_version() is None or tokens.cached_input + tokens.cache_write > tokens.input:
        return None
    flat = _flat_price(provider, model, at_us // DAY_US)
    if isinstance(flat, FlatPrice) and flat.covers(tokens):
        return flat.cost_usd(tokens)
    return _table_cost(provider, model, tokens, at_us) if flat else None


@lru_cache(maxsize=4096)
def context_limit(provider: str | None, model: str) -> int | None:
    """Tokens that a model's context holds; None when unknown."""
    if price_version() is None:
        return None
    found = _find(provider, model)
    return getattr(found[1], "context_window", None) if found else None


@lru_cache(maxsize=8192)
def _flat_price(provider: str | None, model: str, day: int) -> FlatPrice | bool:
    """Flat prices; True for a model that is priced otherwise, False for an unknown one."""
    at_us = day * DAY_US

    def price(tokens: Tokens) -> Decimal:
        return _table_cost(provider, model, tokens, at_us) or Decimal(0)

    if _table_cost(provider, model, Tokens(1, 1), at_us) is None:
        return False
    tokens_max = _lowest_tier(provider, model, at_us)
    some = PROBE_TOKENS if tokens_max is None else tokens_max // 2
    flat = FlatPrice(
        price(Tokens(some, 0)) / some,
        price(Tokens(some, 0, cached_input=some)) / some,
        price(Tokens(some, 0, cache_write=some)) / some,
        price(Tokens(0, some)) / some,
        tokens_max,
    )
    samples = (
        Tokens(100, 7, 10, 5),
        Tokens(15_000, 900, 1_000),
        Tokens(some - 1, 50_000, some // 3, some // 9),
    )
    return flat if all(flat.cost_usd(each) == price(each) for each in samples) else True


def _lowest_tier(provider: str | None, model: str, at_us: int) -> int | None:
    """Input tokens at which the first higher tier begins; None without tiers."""
    found = _find(provider, model)
    if found is None:
        return None
    model_prices: Any = found[1].get_prices(datetime.fromtimestamp(at_us / 1_000_000, UTC))
    prices = cast("dict[str, Any]", vars(model_prices))
    starts = [tier.start for price in prices.values() for tier in getattr(price, "tiers", ())]
    return min(starts, default=None)


def _table_cost(provider: str | None, model: str, tokens: Tokens, at_us: int) -> Decimal | None:
    from genai_prices import Usage

    found = _find(provider, model)
    if found is None:
        return None
    usage = Usage(
        input_tokens=tokens.input,
        output_tokens=tokens.output,
        cache_read_tokens=tokens.cached_input or None,
        cache_write_tokens=tokens.cache_write or None,
    )
    prices = found[1].get_prices(datetime.fromtimestamp(at_us / 1_000_000, UTC))
    try:
        return prices.calc_price(usage)["total_price"]
    except ValueError:  # the table has no price for one of the units
        return None


@lru_cache(maxsize=4096)
def _find(provider: str | None, model: str) -> tuple[Any, Any] | None:
    """Provider and model in the table: as reported, by prefix, then by the model's name alone."""
    from genai_prices.data_snapshot import get_snapshot

    prefix, _, rest = model.rpartition("/")
    for provider_id, name in ((provider, model), (prefix or provider, rest or model), (None, rest or model)):
        try:
            return get_snapshot().find_provider_model(name, None, provider_id, None)
        except LookupError:
            continue
    return None
