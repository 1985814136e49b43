"""What tests of the editors share: a course that was just made, and forms as pages send them."""

from studio.outline import new_course

HTMX = {"HTTP_HX_REQUEST": "true"}


def page(course):
    return f"/studio/courses/{course.slug}/"


def made(title="Loops for all", **fields):
    return new_course({"title": title, "summary": "Learn loops.", **fields})


def sent_by(answer, which, **fields):
    """What the form of that page sends unchanged, but for these fields."""
    form = answer.context[which]
    sent = {form.add_prefix(one): form[one].value() for one in form.fields}
    sent = {one: value for one, value in sent.items() if value is not None and value is not False}
    return {**sent, "version": answer.context["version"], **fields}


def lesson_form(desk, lesson, **fields):
    return sent_by(desk.get(f"/studio/lessons/{lesson.pk}/"), "form", **fields)


def options(*texts, right=0, initial=0, keys=()):
    """The rows of the options, as the page sends them."""
    sent = {"options-TOTAL_FORMS": len(texts), "options-INITIAL_FORMS": initial}
    for place, text in enumerate(texts):
        sent |= {f"options-{place}-text": text, f"options-{place}-position": place + 1}
        if place < len(keys):
            sent[f"options-{place}-id"] = str(keys[place])
        if place == right:
            sent[f"options-{place}-is_correct"] = "on"
    return sent


def question_form(desk, question, **fields):
    """What the page of a question sends unchanged, with its options, but for these fields."""
    answer = desk.get(f"/studio/questions/{question.pk}/")
    sent = sent_by(answer, "question_form")
    if answer.context["rows"]:
        standing = list(question.options.order_by("position"))
        keys = [one.pk for one in standing]
        right = next(n for n, one in enumerate(standing) if one.is_correct)
        texts = [one.text for one in standing]
        sent |= options(*texts, right=right, initial=len(texts), keys=keys)
    return {**sent, **fields}


def rules_form(desk, quiz, *banks, **fields):
    """The rules as they stand, with these banks: pairs of a row and what is typed."""
    answer = desk.get(f"/studio/quizzes/{quiz.pk}/edit/")
    saved = sum(bank is not None for bank, _ in banks)
    sent = {"banks-TOTAL_FORMS": len(banks), "banks-INITIAL_FORMS": saved}
    for place, (bank, values) in enumerate(banks):
        sent |= {f"banks-{place}-{name}": value for name, value in values.items()}
        if bank:
            sent[f"banks-{place}-id"] = str(bank.pk)
    return {**sent_by(answer, "rules"), **sent, **fields}
