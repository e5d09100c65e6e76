# ruff: noqa: RUF001 - sentences in the letters of their languages
"""A corpus of last sentences: real questions and closing offers, in many languages."""

import pytest

from turnloom.server.domain.question import asks, last_sentence

QUESTIONS = [
    "Which city do you mean?",
    "I found two orders. Which one should I cancel?",
    "Is it the red or the blue one? (yes/no)",
    "**Should I go on?** 😊",
    'Did you mean "Python 3.12?"',
    "Can you send me the order number?\n\n",
    "Did anything else change before the error?",
    "Was anything else in the log?",
    "Would you like a refund or something else?",
    "What else did the customer say?",
    "Do you have questions about the invoice from May or from June?",
    "Shall I proceed?!?",
    "Really‽",
    "Welche Rechnung meinen Sie?",
    "Quelle est votre adresse ?",
    "¿Cuál es tu número de pedido?",
    "Qual è il tuo numero?",
    "Jaki jest numer zamówienia?",
    "Какой номер заказа?",
    "Ποια πόλη εννοείς;",
    "Ո՞ր քաղաքը։",
    "ما هو رقم الطلب؟",
    "מה מספר ההזמנה?",
    "आपका ऑर्डर नंबर क्या है?",
    "您的订单号是多少？",
    "ご注文番号は何ですか？",
    "주문 번호가 무엇인가요?",
    "የትኛው ከተማ፧",
    "Sipariş numaranız nedir?",
]

CLOSINGS = [
    "Your order is on its way. Anything else I can help you with?",
    "Is there anything else I can help you with today?",
    "Is there anything else I can assist you with? 😊",
    "Is there anything else you would like to know?",
    "Anything else?",
    "Is there anything else?",
    "Can I help you with anything else?",
    "May I help you with anything else today?",
    "Do you need anything else?",
    "Do you need help with anything else?",
    "Do you have any other questions?",
    "Do you have any further questions for me?",
    "Any more questions?",
    "What else can I do for you?",
    "How else can I help?",
    "How else may I assist you today?",
    "Is there something else I can help with?",
    "Would you like help with anything else?",
    "Can I do anything else for you?",
    "Will there be anything else today?",
    "Is that all for today?",
    "Do you need any further assistance?",
    "Kann ich Ihnen sonst noch etwas helfen?",
    "Kann ich sonst noch etwas für Sie tun?",
    "Gibt es noch etwas, wobei ich Ihnen helfen kann?",
    "Haben Sie noch weitere Fragen?",
    "Hast du noch Fragen?",
    "Puis-je vous aider avec autre chose ?",
    "Y a-t-il autre chose que je puisse faire pour vous ?",
    "Avez-vous d’autres questions ?",
    "¿Hay algo más en lo que pueda ayudarte?",
    "¿Puedo ayudarle en algo más?",
    "¿Tienes alguna otra pregunta?",
    "C'è altro in cui posso aiutarti?",
    "Posso aiutarti con qualcos'altro?",
    "Há mais alguma coisa em que posso ajudar?",
    "Posso ajudar em algo mais?",
    "Kan ik u nog ergens anders mee helpen?",
    "Heeft u nog andere vragen?",
    "Czy mogę w czymś jeszcze pomóc?",
    "Kan jag hjälpa dig med något annat?",
    "Er der andet, jeg kan hjælpe med?",
    "Kan jeg hjelpe deg med noe annet?",
    "Voinko auttaa jossain muussa?",
    "Mohu vám ještě nějak pomoci?",
    "Size başka bir konuda yardımcı olabilir miyim?",
    "Могу ли я ещё чем-нибудь помочь?",
    "Чем ещё могу помочь?",
    "Чи можу я ще чимось допомогти?",
    "Μπορώ να βοηθήσω σε κάτι άλλο;",
    "هل هناك أي شيء آخر يمكنني مساعدتك به؟",
    "האם יש עוד משהו שאוכל לעזור בו?",
    "क्या मैं आपकी और कुछ मदद कर सकता हूँ?",
    "还有什么我可以帮您的吗？",
    "請問還有什麼可以幫您的嗎？",
    "他に何かお手伝いできることはありますか？",
    "다른 도움이 필요하신가요?",
    "Bạn có cần giúp gì thêm không?",
    "Ada lagi yang bisa saya bantu?",
]

STATEMENTS = [
    "",
    "Done.",
    "You asked: what is Python? It is a language.",
    "Why? Because it rains.",
    "List:\n- a\n- b",
    "x = a ? b : c;",
    "for (;;) {}",
    "¿Sí? Claro.",
    "注文しました。",
]


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_waits_for_an_answer(text):
    """A question waits for an answer."""
    assert asks(text)


@pytest.mark.parametrize("text", CLOSINGS)
def test_a_closing_offer_does_not(text):
    """A closing offer does not."""
    assert not asks(text)


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_does_not(text):
    """A statement does not."""
    assert not asks(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One. Two?", "Two?"),
        ("Version 3.12 or 3.13?", "Version 3.12 or 3.13?"),
        ("First line\nsecond?", "second?"),
        ("好的。哪一个？", "哪一个？"),
        ("", ""),
    ],
)
def test_the_last_sentence(text, sentence):
    """The last sentence."""
    assert last_sentence(text) == sentence


def test_only_the_end_of_a_long_text_is_looked_at():
    """Only the end of a long text is looked at."""
    assert asks("word " * 300_000 + "Which one?")
