# ruff: noqa: RUF001 - closings in the letters of their languages
"""Closing offers by language: questions that end a conversation instead of waiting for an answer.

A pattern is found in the words of the last sentence (casefolded, without punctuation, one space
around each); "…" stands for anything between. Patterns name the offer, not only "anything else",
so that "Did anything else change before the error?" stays a question.
"""

CLOSINGS: dict[str, tuple[str, ...]] = {
    "ar": (
        "شيء آخر…مساعد", "مساعد…شيء آخر", "أي شيء آخر", "أسئلة أخرى", "خدمة أخرى", "مساعدتك في أمر آخر",
    ),
    "cs": (
        "ještě něco…pomo", "pomoci…ještě", "mohu pomoci s něčím dalším", "další otázky",
        "ještě nějak pomo",
    ),
    "da": (
        "andet jeg kan", "hjælpe…med andet", "hjælpe…mere", "andre spørgsmål", "flere spørgsmål",
        "hjælp til andet",
    ),
    "de": (
        "sonst noch etwas", "sonst noch was", "noch etwas für…tun", "noch etwas…helfen",
        "noch weiterhelfen", "weitere fragen", "noch fragen", "anderweitig helfen",
        "etwas anderes…helfen", "noch behilflich sein", "noch bei etwas", "kann ich noch etwas",
        "brauchen sie noch", "brauchst du noch", "weitere hilfe", "sonst noch helfen",
        "weiter behilflich",
    ),
    "el": (
        "κάτι άλλο", "άλλες ερωτήσεις", "βοηθήσω…άλλο",
    ),
    "en": (
        " anything else…help", " anything else…do for", " anything else…assist", " anything else…can i",
        " anything else i ", " anything else…we can", " anything else…you need",
        " anything else…you'd like", " anything else…you would like", " anything else…you want",
        " anything else for you", " anything else for now", " anything else today", "help…anything else",
        "help…with something else", "assist…anything else", "assist…something else",
        " need anything else", "need help with anything else", "something else i can",
        "something else…i can help", "do anything else for you", "get you anything else",
        "like to know anything else", "what else can i", "how else can i", "how else may i",
        "what else may i", "what else would you like", "what else can we", "any other question",
        "any more question", "any further question", "any additional question", "other questions for me",
        "more questions for me", "further assistance", "additional assistance", "any other assistance",
        "any further help", "any other help", "any more help", "more i can help", "more i can do",
        "anything more i can", "anything more…help", "anything further", "be of further",
        "anything you need help with", "other way i can", "other ways i can", "other concerns",
        "any other issue…help", "anything other i can", "anything i can help you with",
        "anything i can do for you", "is that all for",
    ),
    "es": (
        "algo más…ayudar", "ayudar…algo más", "algo más en lo que", "algo más que pueda",
        "algo más que puedo", "ayudar…en algo más", "alguna otra pregunta", "otra pregunta",
        "más preguntas", "otra cosa…ayudar", "ayudar…otra cosa", "alguna otra consulta",
        "alguna otra duda", "otra duda", "necesitas algo más", "necesita algo más", "desea algo más",
        "deseas algo más", "qué más puedo", "alguna otra cosa",
    ),
    "fi": (
        "voinko auttaa…muu", "muuta…auttaa", "muuta kysyttävää", "auttaa jossain muussa", "vielä muuta",
    ),
    "fr": (
        "autre chose…aider", "aider…autre chose", "autre chose que je puisse", "autre chose pour vous",
        "autre chose pour toi", "d'autres questions", "d'autre question", "une autre question",
        "autre chose que je peux", "aider davantage", "besoin d'autre chose",
        "besoin d'aide pour autre chose", "que puis je faire d'autre", "quoi que ce soit d'autre",
        "puis je faire autre chose",
    ),
    "he": (
        "משהו נוסף", "עוד משהו", "שאלות נוספות", "לעזור…עוד",
    ),
    "hi": (
        "और कुछ", "कुछ और", "किसी और", "अन्य प्रश्न", "और कोई सवाल", "कोई और सवाल",
    ),
    "hu": (
        "segíthetek még", "még valamiben", "más kérdés", "további kérdés",
    ),
    "id": (
        "ada lagi yang", "ada hal lain", "bantu…lainnya", "pertanyaan lain",
    ),
    "it": (
        "altro in cui", "aiutar…altro", "qualcos'altro", "altro che posso", "altro per te",
        "altro per lei", "altre domande", "bisogno di altro", "serve altro", "altro con cui",
    ),
    "ja": (
        "他に何か", "ほかに何か", "他にも何か", "他にご質問", "ほかにご質問", "他に質問", "他にお手伝い",
        "ほかにお手伝い", "他にお困り", "ほかにお困り",
        "他にご不明", "何か他に",
    ),
    "ko": (
        "더 도와", "다른 질문", "더 궁금", "또 다른 도움", "추가로 도와", "다른 도움", "더 필요하신",
        "다른 도와",
    ),
    "nl": (
        "nog iets anders", "nog ergens anders mee", "ergens anders mee helpen", "verder nog",
        "verder helpen", "nog iets…helpen", "nog iets voor", "nog andere vragen", "nog vragen",
        "andere vragen", "nog meer vragen",
    ),
    "no": (
        "noe annet jeg kan", "hjelpe…med noe annet", "noe mer jeg kan", "andre spørsmål",
        "flere spørsmål",
    ),
    "pl": (
        "coś jeszcze", "w czymś jeszcze", "jeszcze w czymś", "inne pytania", "więcej pytań",
        "jeszcze jakieś pytania",
    ),
    "pt": (
        "algo mais", "mais alguma coisa", "mais alguma dúvida", "outra coisa…ajudar",
        "ajudar…outra coisa", "ajudar…mais", "outra pergunta", "outras perguntas", "mais perguntas",
        "outra dúvida",
    ),
    "ro": (
        "altceva…ajut", "ajut…altceva", "alte întrebări",
    ),
    "ru": (
        "ещё чем", "еще чем", "чем ещё", "чем еще", "что нибудь ещё", "что нибудь еще", "другие вопросы",
        "ещё вопросы", "еще вопросы", "что то ещё", "что то еще", "ещё что", "еще что",
    ),
    "sv": (
        "något annat jag kan", "hjälpa…med något annat", "något mer jag kan", "hjälpa…något mer",
        "andra frågor", "fler frågor", "något annat…hjälp",
    ),
    "th": (
        "มีอะไรให้ช่วยอีก", "ช่วยอะไรอีก", "มีคำถามอื่น",
    ),
    "tr": (
        "başka bir konuda", "başka nasıl yardımcı", "başka bir şey", "başka sorunuz", "başka bir sorunuz",
        "başka soru",
    ),
    "uk": (
        "ще чимось", "чим ще", "чимось іще", "щось ще", "інші запитання", "ще запитання", "ще питання",
    ),
    "vi": (
        "giúp gì thêm", "giúp gì nữa", "còn câu hỏi nào", "câu hỏi nào khác", "gì khác không",
        "điều gì khác",
    ),
    "zh": (
        "还有什么", "还有其他", "还有别的", "还需要什么", "还需要其他", "其他问题", "其他需要",
        "还有问题", "還有什麼", "還有其他", "還有別的", "還需要什麼",
        "其他問題", "还能帮", "還能幫", "其他可以帮", "其他可以幫",
    ),
}  # fmt: skip
"""Patterns by language (ISO 639-1)."""

WHOLE_CLOSINGS = frozenset(
    {
        "anything else", "something else", "anything more", "what else", "is that all",
        "is that everything", "will that be all", "will there be anything else", "is there anything else",
        "any questions", "do you have any questions", "can i help with anything", "noch etwas",
        "sonst noch was", "noch was", "gibt es noch etwas", "ist das alles", "war das alles",
        "autre chose", "ce sera tout", "est ce tout", "algo más", "es todo", "eso es todo", "altro",
        "è tutto", "é tudo", "is dat alles", "coś jeszcze", "noget andet", "noe annet", "något mer",
        "något annat", "noe mer", "noget mere", "muuta", "ещё что то", "что ещё", "что еще", "başka",
        "以上でよろしいでしょうか", "以上でよろしいですか",
    }
)  # fmt: skip
"""Sentences that are a closing as a whole and no pattern inside another one."""
