"""Sessions of a travel planner: one conversation goes on in a second session."""

from turnloom.demo.script import Exchange, Run, Sitting, Talk, Think, Use, Visitor

FLASH = "gemini-2.5-flash"
PROVIDER = "google"
NOOR = "noor.haddad@example.org"

_FLIGHTS = [{"flight": "TP 531", "price": "189 EUR"}, {"flight": "LH 1166", "price": "214 EUR"}]

FIRST_EVENING = Sitting(
    "travel-noor-1",
    Visitor(NOOR, "web", locale="en", client_version="5.0", tags=("planner",)),
    (
        Talk(
            "trip-lisbon",
            "Lisbon",
            (
                Exchange(
                    "Four days in Lisbon in May for two, by train or plane.",
                    (
                        Run(
                            "planner",
                            (
                                Think(FLASH, PROVIDER, tokens=(1_500, 210), lasts_s=1.6),
                                Use("search_flights", {"to": "LIS", "month": 5}, _FLIGHTS, 1.1),
                                Use("search_trains", {"to": "Lisboa"}, fails="no route within 24 h"),
                                Think(
                                    FLASH,
                                    PROVIDER,
                                    "TP 531 for 189 EUR each is the best way. Which weekend suits you?",
                                    tokens=(2_900, 160),
                                    first_token_s=0.5,
                                    lasts_s=2.4,
                                ),
                            ),
                        ),
                    ),
                    "TP 531 for 189 EUR each is the best way. Which weekend suits you?",
                    "question",
                    "trip",
                ),
                Exchange(
                    "I have to ask my sister first. Talk to you tomorrow!",
                    (
                        Think(
                            FLASH,
                            PROVIDER,
                            "I keep the plan. Until tomorrow!",
                            tokens=(3_100, 20),
                            first_token_s=0.3,
                        ),
                    ),
                    "I keep the plan. Until tomorrow!",
                    "answer",
                ),
            ),
        ),
    ),
)

SECOND_EVENING = Sitting(
    "travel-noor-2",
    Visitor(NOOR, "mobile", locale="en", client_version="5.0", tags=("planner",)),
    (
        Talk(
            "trip-lisbon",
            "Lisbon",
            (
                Exchange(
                    "She can do the second weekend. Book TP 531 for both of us.",
                    (
                        Run(
                            "planner",
                            (
                                Use("book_flight", {"flight": "TP 531", "seats": 2}, {"code": "Q7X2LM"}, 1.8),
                                Think(
                                    FLASH,
                                    PROVIDER,
                                    "Booked: Q7X2LM, 378 EUR in all.",
                                    tokens=(3_600, 60),
                                    first_token_s=0.4,
                                ),
                            ),
                        ),
                    ),
                    "Booked: Q7X2LM, 378 EUR in all.",
                    "answer",
                    "booking",
                    thumbs=True,
                ),
            ),
        ),
    ),
    ends="completed",
    previous_id="travel-noor-1",
    stars=5,
    after=1,
)

KYOTO = Sitting(
    "travel-京都",
    Visitor("aiko.tanaka@example.org", "line", locale="ja", tags=("planner",)),
    (
        Talk(
            "旅行-京都",
            "京都",
            (
                Exchange(
                    "京都で静かなお寺を教えてください。",
                    (
                        Run(
                            "planner",
                            (
                                Use(
                                    "search_places", {"query": "静かな お寺 京都"}, ["詩仙堂", "圓光寺"], 0.7
                                ),
                                Think(FLASH, PROVIDER, "詩仙堂と圓光寺がおすすめです。", tokens=(1_300, 48)),
                            ),
                        ),
                    ),
                    "詩仙堂と圓光寺がおすすめです。",
                    "answer",
                    "places",
                ),
                Exchange(
                    "駅から歩いて行きたいです。 🚶‍♀️",
                    (
                        Think(
                            FLASH, PROVIDER, "はい、駅から15分です。", tokens=(1_420, 24), first_token_s=0.3
                        ),
                    ),
                    "はい、駅から15分です。",
                    "answer",
                    thumbs=True,
                ),
            ),
        ),
    ),
)

SESSIONS = (FIRST_EVENING, SECOND_EVENING, KYOTO)
