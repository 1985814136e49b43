"""Everybody's pages, read by a machine: no leak, no foreign word, no open door."""

import hashlib
import re

from django.db import connection

from api.root import schema
from tests.scans.crawler import Crawler, open_to_others, taken_without_token
from tests.scans.planting import DRAFTS, HIDDEN, KEYS, Planted, crowd
from tests.scans.statements import Statements

# A key that opens nothing, or a page that its owner has opened to all.
SHARED = re.compile(r"/(lessons|quizzes|assignments|courses|announcements|certificates)/|/api/")
# What a look may leave: sessions, that somebody was here, that a page or a message was seen; a
# certificate is signed, and a link of invitation made, when they are first asked for; that staff
# took a file of somebody's data along is noted.
MAY_CHANGE = {
    "django_session", "usersessions_usersession", "accounts_user", "accounts_apitoken",
    "progress_lessonview", "activity_analyticsevent", "activity_dailysalt",
    "notifications_notification", "assessments_remark", "assessments_submissionanalysis",
    "certificates_certificate", "certificates_signingkey", "gamification_referrallink",
    "accounts_auditentry",
}  # fmt: skip


def learner_marks(planted: Planted, user) -> dict[str, str]:
    """What neither a guest nor a learner may be sent."""
    others = [one for one in planted.people if one != user]
    emails = {f"the address of {one.email}": one.email for one in others}
    private = {
        f"the words of {email}": mark
        for email, mark in planted.private.items()
        if user is None or email != user.email
    }
    return {**KEYS, **HIDDEN, **DRAFTS, **emails, **private}


def reviewer_marks(planted: Planted) -> dict[str, str]:
    """Reviewers read code and hidden tests; keys of quizzes and addresses are none of theirs."""
    others = [one for one in planted.people if one != planted.kim]
    emails = {f"the address of {one.email}": one.email for one in others}
    return {**KEYS, **DRAFTS, **emails}


def seeds(planted: Planted) -> list[str]:
    """The front door, and whatever the API shows."""
    found = ["/"]
    for path, methods in schema()["paths"].items():
        names = re.findall(r"{(\w+)}", path)
        if "get" in methods and planted.keys.keys() >= set(names):
            found.append(path.format(**planted.keys))
    return found


def rows() -> dict[str, str]:
    """Each table as one hash, but for those that a look may change."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            if table not in MAY_CHANGE:
                cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
                found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


def test_what_learners_and_guests_are_shown_and_what_it_costs(planted):
    crowd(planted)
    before, asked, crawlers = rows(), Statements(), {}
    for user in (None, planted.ada, planted.bob):
        crawler = Crawler(user, learner_marks(planted, user), statements=asked)
        crawlers[user] = crawler.crawl(*seeds(planted))
    found = [fault for crawler in crawlers.values() for fault in crawler.found]
    for owner, other in ((planted.ada, planted.bob), (planted.ada, None), (planted.bob, None)):
        found += open_to_others(crawlers[owner], other, SHARED)
    found += [*asked.repeated(), *asked.scans()]
    assert not found, "\n".join(dict.fromkeys(found))
    assert [name for name, hashed in rows().items() if before[name] != hashed] == []
    assert len(crawlers[planted.ada].pages) > 70
    assert taken_without_token(crawlers[planted.ada]) == []


def test_what_reviewers_and_staff_are_shown_and_nobody_else_and_what_it_costs(planted):
    crowd(planted)
    before, asked = rows(), Statements()
    kim = Crawler(planted.kim, reviewer_marks(planted), statements=asked)
    kim.crawl(*seeds(planted), "/studio/reviews/")
    # Where many rooms are alike, one page of each route tells enough.
    root = Crawler(planted.root, {}, each=1, statements=asked).crawl("/studio/", "/", "/admin/")
    found = [*kim.found, *root.found, *asked.repeated(), *asked.scans()]
    ada = Crawler(planted.ada, learner_marks(planted, planted.ada))
    for address in sorted({*kim.pages, *root.pages}):
        if address.startswith(("/studio/", "/admin/")) and "?" not in address:
            ada.visit(address)
    assert not found + ada.found, "\n".join(dict.fromkeys(found + ada.found))
    assert [name for name, hashed in rows().items() if before[name] != hashed] == []
    assert len(root.pages) > 200
