"""Sessions of assistants at work: chat, an agent that runs at night, a poem for a stranger."""

from turnloom.demo.script import Exchange, Run, Sitting, Talk, Think, Use, Visitor

SONNET = "claude-sonnet-4-5"


def _answered(says: str, gets: str, intent: str, query: str) -> Exchange:
    """A question that is answered from the wiki."""
    return Exchange(
        says,
        (
            Run(
                "assistant",
                (
                    Use("search_wiki", {"query": query}, [{"title": query, "score": 0.83}], 0.3),
                    Think(SONNET, "anthropic", gets, tokens=(3_400, 140), first_token_s=0.6, lasts_s=2.2),
                ),
            ),
        ),
        gets,
        "answer",
        intent,
    )


THREADS = Sitting(
    "office-slack-priya",
    Visitor("priya.nair@example.org", "slack", client_version="2.0", tags=("internal",)),
    (
        Talk(
            "leave",
            "leave",
            (
                _answered(
                    "How many days of leave can I carry over?",
                    "Five, until the end of March.",
                    "leave",
                    "leave",
                ),
                _answered("And who approves it?", "Your team lead, in the portal.", "leave", "approval"),
            ),
        ),
        Talk(
            "vpn",
            "vpn",
            (_answered("The VPN drops every hour.", "Set the key lifetime to 8 h.", "it_problem", "vpn"),),
        ),
        Talk(
            "expenses",
            "expenses",
            (_answered("What is the daily rate for Lisbon?", "42 EUR.", "expenses", "rates"),),
        ),
    ),
)

_DIGEST = "Revenue +3.1 %, returns -0.4 points; two suppliers late. Details in the sheet."

NIGHT = Sitting(
    "office-night-report",
    Visitor("reports", "schedule", type="agent", metadata={"job": "nightly-report"}, tags=("internal",)),
    (
        Talk(
            "report-week-47",
            "weekly report",
            (
                Exchange(
                    "Write the report of week 47.",
                    (
                        Run(
                            "supervisor",
                            (
                                Think("gpt-5", "openai", tokens=(2_100, 310), lasts_s=2.0),
                                Run(
                                    "researcher",
                                    (
                                        Use("query_sales", {"week": 47}, {"rows": 184}, 0.8),
                                        Use("query_returns", {"week": 47}, {"rows": 22}, 0.6),
                                        Use(
                                            "query_suppliers",
                                            {"week": 47},
                                            fails="column late_days not found",
                                        ),
                                        Use("query_suppliers", {"week": 47}, {"rows": 2}, attempt=1),
                                        Think("acme-finance-7b", "acme", tokens=(6_200, 420), lasts_s=1.5),
                                    ),
                                    "worker",
                                ),
                                Run(
                                    "writer",
                                    (Think("gpt-5", "openai", _DIGEST, tokens=(4_800, 900), lasts_s=4.0),),
                                    "worker",
                                ),
                                Run(
                                    "critic",
                                    (Think("acme-finance-7b", "acme", "No objections.", tokens=(1_700, 60)),),
                                    "critic",
                                ),
                            ),
                            "supervisor",
                        ),
                    ),
                    _DIGEST,
                    "answer",
                    "report",
                ),
            ),
        ),
    ),
    ends="completed",
)

_HAIKU = "Threads cross, one by one / the shuttle knows what was said / a cloth remembers."

POEM = Sitting(
    "office-visitor",
    Visitor(None, "web", locale="en"),
    (
        Talk(
            "poem",
            "poem",
            (
                Exchange(
                    "A haiku about looms, please.",
                    (
                        Think(
                            "mistral-large-latest", "mistral", "Threads cross in silence.", tokens=(120, 30)
                        ),
                    ),
                    "Threads cross in silence.",
                    "answer",
                ),
                Exchange(
                    "A haiku about looms, please.",
                    (
                        Think(
                            "mistral-large-latest",
                            "mistral",
                            _HAIKU,
                            tokens=(120, 42),
                        ),
                    ),
                    _HAIKU,
                    "answer",
                    again=True,
                    thumbs=True,
                ),
            ),
        ),
    ),
)

LEGAL = Sitting(
    "office-contract",
    Visitor("ines.costa@example.org", "web", locale="pt", client_version="1.9", tags=("internal",)),
    (
        Talk(
            "contract-88",
            "contract",
            (),
            unfinished=Exchange(
                "Compare the two drafts of the lease, clause by clause.",
                (Run("reader", (Use("read_file", {"name": "lease-v2.pdf"}, {"pages": 41}, 0.5),)),),
                intent="comparison",
            ),
        ),
    ),
)

SESSIONS = (THREADS, NIGHT, POEM, LEGAL)
