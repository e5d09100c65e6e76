"""Sessions of an online shop's support: web, mobile, WhatsApp, telephone."""

from turnloom.demo.script import Exchange, Run, Sitting, Talk, Think, Use, Visitor

MINI = "gpt-5-mini"
RATE_LIMITED = "429 Too Many Requests: rate limit reached for requests per minute"

_ARRIVED = "Your lamp reached us on Monday. Shall I pay the 89.00 EUR back to your card?"

_ORDER = {"order": "A-4711", "status": "returned", "total": "89.00 EUR", "items": ["desk lamp"]}

REFUND = Sitting(
    "shop-refund",
    Visitor("mira.hoffmann@example.org", "web", locale="en-DE", client_version="3.2.0", tags=("support",)),
    (
        Talk(
            "refund-A-4711",
            "refund",
            (
                Exchange(
                    "I sent the desk lamp back a week ago. Where is my money?",
                    (
                        Run(
                            "support",
                            (
                                Think(MINI, "openai", tokens=(1_240, 64), lasts_s=0.9),
                                Use("find_order", {"email": "mira.hoffmann@example.org"}, _ORDER),
                                Think(
                                    MINI,
                                    "openai",
                                    _ARRIVED,
                                    tokens=(1_610, 92),
                                    cached_tokens=1_024,
                                    first_token_s=0.4,
                                ),
                            ),
                        ),
                    ),
                    _ARRIVED,
                    "question",
                    "refund_status",
                ),
                Exchange(
                    "Yes please.",
                    (
                        Run(
                            "support",
                            (
                                Use(
                                    "refund", {"order": "A-4711", "amount": "89.00"}, {"refund": "R-902"}, 0.9
                                ),
                                Think(
                                    MINI,
                                    "openai",
                                    "Done: refund R-902 over 89.00 EUR. It takes two working days.",
                                    tokens=(1_830, 71),
                                    cached_tokens=1_536,
                                    first_token_s=0.3,
                                ),
                            ),
                        ),
                    ),
                    "Done: refund R-902 over 89.00 EUR. It takes two working days.",
                    "answer",
                    "refund",
                    thumbs=True,
                ),
                Exchange(
                    "Great, thank you!",
                    (Think(MINI, "openai", "You are welcome.", tokens=(1_950, 12), lasts_s=0.5),),
                    "You are welcome.",
                    "answer",
                ),
            ),
        ),
    ),
    ends="completed",
    stars=5,
)

PAYMENT = Sitting(
    "shop-payment",
    Visitor("jonas.weber@example.org", "mobile", locale="de", client_version="3.1.4", tags=("support",)),
    (
        Talk(
            "payment-A-4802",
            "payment",
            (
                Exchange(
                    "Meine Zahlung wird immer wieder abgelehnt.",
                    (
                        Run(
                            "support",
                            (
                                Think(MINI, "openai", tokens=(1_180, 58)),
                                Use(
                                    "payment_status",
                                    {"order": "A-4802"},
                                    fails="gateway timeout after 2 s",
                                    lasts_s=2.0,
                                ),
                                Use(
                                    "payment_status",
                                    {"order": "A-4802"},
                                    {"status": "declined", "reason": "3-D Secure"},
                                    attempt=1,
                                ),
                                Think(
                                    MINI,
                                    "openai",
                                    "Ihre Bank hat die Bestätigung (3-D Secure) nicht bekommen.",
                                    tokens=(1_420, 88),
                                ),
                            ),
                        ),
                    ),
                    "Ihre Bank hat die Bestätigung (3-D Secure) nicht bekommen.",
                    "answer",
                    "payment_declined",
                ),
                Exchange(
                    "Ich habe sie zweimal bestätigt!",
                    (
                        Run(
                            "support",
                            (
                                Use(
                                    "payment_log", {"order": "A-4802"}, fails="403 Forbidden: scope payments"
                                ),
                                Think(
                                    MINI,
                                    "openai",
                                    "Das kann ich von hier aus nicht prüfen.",
                                    tokens=(1_690, 40),
                                ),
                            ),
                        ),
                    ),
                    "Das kann ich von hier aus nicht prüfen.",
                    "refusal",
                    "payment_declined",
                    thumbs=False,
                    comment="Hilft mir nicht",
                ),
            ),
        ),
    ),
)

DELIVERY = Sitting(
    "shop-delivery",
    Visitor("lucia.romero@example.org", "whatsapp", locale="es", tags=("support",)),
    (
        Talk(
            "delivery-A-4790",
            "delivery",
            (
                Exchange(
                    "¿Cuándo llega mi pedido? 📦",
                    (
                        Run(
                            "support",
                            (
                                Think("claude-haiku-4-5", "anthropic", fails=RATE_LIMITED, lasts_s=0.3),
                                Think("claude-haiku-4-5", "anthropic", tokens=(980, 45), attempt=1),
                                Use("track_parcel", {"order": "A-4790"}, {"eta": "tomorrow, 9 to 12"}),
                                Think(
                                    "claude-haiku-4-5",
                                    "anthropic",
                                    "Llega mañana entre las 9 y las 12. ✅",
                                    tokens=(1_130, 38),
                                    first_token_s=0.3,
                                ),
                            ),
                        ),
                    ),
                    "Llega mañana entre las 9 y las 12. ✅",
                    "answer",
                    "delivery_time",
                ),
                Exchange(
                    "¡Perfecto, gracias! 🙏",
                    (
                        Think(
                            "claude-haiku-4-5", "anthropic", "¡A usted! 😊", tokens=(1_190, 10), lasts_s=0.4
                        ),
                    ),
                    "¡A usted! 😊",
                    "answer",
                    thumbs=True,
                ),
            ),
        ),
    ),
    ends="completed",
)

OUTAGE = Sitting(
    "shop-outage",
    Visitor("sam.okafor@example.org", "web", locale="en-GB", client_version="3.2.0", tags=("support",)),
    (
        Talk(
            "warranty-A-4655",
            "warranty",
            (
                Exchange(
                    "Is the kettle still under warranty?",
                    (
                        Run(
                            "support",
                            (
                                Think(
                                    "gpt-5",
                                    "openai",
                                    fails="503 Service Unavailable: overloaded",
                                    lasts_s=3.0,
                                ),
                                Think(
                                    "gpt-5",
                                    "openai",
                                    fails="503 Service Unavailable: overloaded",
                                    lasts_s=3.0,
                                    attempt=1,
                                ),
                            ),
                        ),
                    ),
                    fails="no model answered after 2 attempts",
                    intent="warranty",
                ),
            ),
        ),
    ),
)

HOTLINE = Sitting(
    "shop-hotline",
    Visitor("walter.brandt@example.org", "telephone", type="voice", locale="en-US"),
    (
        Talk(
            "call-2291",
            "opening hours",
            tuple(
                Exchange(
                    says,
                    (
                        Think(
                            "gpt-realtime",
                            "openai",
                            gets,
                            tokens=(310 + 120 * number, 36),
                            first_token_s=0.2 + 0.05 * number,
                            lasts_s=1.1,
                        ),
                    ),
                    gets,
                    "answer",
                    reading_s=0.5,
                )
                for number, (says, gets) in enumerate(
                    (
                        ("Hello, are you open today?", "Good morning! We are open until eight."),
                        ("And on Sunday?", "On Sundays we are closed."),
                        ("Can I park there?", "Yes, the car park is behind the house and free."),
                        ("Thanks, bye.", "Goodbye!"),
                    )
                )
            ),
        ),
    ),
    ends="user_exit",
)

SESSIONS = (REFUND, PAYMENT, DELIVERY, OUTAGE, HOTLINE)
