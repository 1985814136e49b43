"""The admin's words for apps, tables and columns, in the language of who reads.

They are called by their names in the code: here each gets its words once, without a migration.
"""

from collections.abc import Iterable

from django.apps import AppConfig
from django.db.models import Model
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

# fmt: off
ROOMS = {
    _("Accounts"), _("Activity"), _("Assessments"), _("Billing"), _("Certificates"), _("Courses"),
    _("Enrollments"), _("Gamification"), _("Notifications"), _("Progress"),
}
TABLES = {
    _("analytics event"), _("analytics events"), _("answer"), _("asset"), _("assets"),
    _("assignment"), _("assignments"), _("attempt"), _("attempt analyses"), _("attempt analysis"),
    _("attempts"), _("audit entries"), _("audit entry"), _("award"), _("awards"), _("backfill run"),
    _("backfill runs"), _("bank"), _("board"), _("board choice"), _("board choices"), _("boards"),
    _("certificate"), _("certificates"), _("challenge"), _("challenge entries"),
    _("challenge entry"), _("challenge task"), _("challenges"), _("checkout"), _("checkouts"),
    _("course"), _("course progress"), _("courses"), _("customer"), _("customers"), _("deliveries"),
    _("delivery"), _("draft"), _("drafts"), _("due enrollment"), _("due enrollments"),
    _("enrollment"), _("enrollments"), _("event"), _("events"), _("grant"), _("grants"),
    _("help request"), _("help requests"), _("invoice"), _("invoices"), _("lesson"), _("lessons"),
    _("mail"), _("mails"), _("model run"), _("model runs"), _("module"), _("modules"),
    _("multiplier"), _("multipliers"), _("notification"), _("notifications"), _("option"),
    _("payment method"), _("payment methods"), _("plan"), _("plans"), _("policy"), _("price"),
    _("prices"), _("programming language"), _("programming languages"), _("question"),
    _("question report"), _("question reports"), _("questions"), _("quiz"), _("quizzes"),
    _("reconciliation"), _("reconciliations"), _("rejudging"), _("rejudgings"), _("remark"),
    _("remark rating"), _("remark ratings"), _("remarks"), _("replies"), _("reply"), _("review"),
    _("reviews"), _("run"), _("runner check"), _("runner checks"), _("runs"), _("season"),
    _("season result"), _("season results"), _("seasons"), _("seat"), _("seats"), _("signing key"),
    _("signing keys"), _("snippet"), _("snippets"), _("standing"), _("standings"), _("submission"),
    _("submission analyses"), _("submission analysis"), _("submissions"), _("subscription"),
    _("subscriptions"), _("test result"), _("test results"), _("transaction"), _("transactions"),
    _("trial"), _("trials"), _("user"), _("users"), _("webhook deliveries"), _("webhook delivery"),
}
COLUMNS = {
    _("about"), _("accept"), _("active days"), _("actor"), _("address"), _("amount"), _("analysis"),
    _("asked"), _("asked by"), _("author"), _("authors"), _("base"), _("best practices"),
    _("billed to"), _("board points"), _("bonuses pay"), _("brand"), _("cancels at"), _("captions"),
    _("case"), _("cases"), _("changes"), _("channel"), _("chosen"), _("claim"), _("claimed at"),
    _("claimed until"), _("closed at"), _("closes at"), _("code"), _("compare"),
    _("compile output"), _("completed at"), _("completion"), _("content"), _("correct"), _("cost"),
    _("cover"), _("created at"), _("credential"), _("currency"), _("data"), _("date joined"),
    _("deadline"), _("decided at"), _("decision"), _("deleted at"), _("description"),
    _("difficulty"), _("done"), _("done at"), _("drafted"), _("due at"), _("earlier"),
    _("earned at"), _("efficiency"), _("email"), _("ended at"), _("ends at"), _("engine"),
    _("enrolled at"), _("error"), _("expected"), _("expected stdout"), _("expires at"),
    _("expires month"), _("expires year"), _("explanation"), _("extra time"), _("factor"),
    _("fault"), _("features"), _("feedback"), _("figures accepted"), _("file"), _("findings"),
    _("finished at"), _("first reason"), _("for alike"), _("form"), _("form places"),
    _("frozen at"), _("fuel"), _("function"), _("given by"), _("goal"), _("goal days"), _("got"),
    _("graded"), _("handle"), _("happened at"), _("has extra time"), _("held"), _("hint"),
    _("hints"), _("holder"), _("icon"), _("id"), _("includes tax"), _("inserted"), _("interval"),
    _("invitation"), _("invited at"), _("is active"), _("is cut"), _("is default"), _("is helpful"),
    _("is listed"), _("is preview"), _("is private"), _("is published"), _("is taken back"),
    _("is top"), _("issued at"), _("issued by"), _("keep until"), _("key"), _("kind"),
    _("language"), _("languages"), _("last active at"), _("last4"), _("layout"), _("leased until"),
    _("level"), _("licence"), _("line"), _("lines"), _("looked at"), _("lower"), _("made by"),
    _("mail at"), _("memory"), _("mended"), _("metric"), _("minor"), _("minutes"), _("model"),
    _("model answer"), _("name"), _("next try at"), _("nickname"), _("note"), _("number"),
    _("offered"), _("opened at"), _("opens at"), _("out of"), _("outcome"), _("overall"),
    _("owner"), _("paid"), _("paid at"), _("passed"), _("past due since"), _("path"), _("percent"),
    _("period"), _("period ends at"), _("person"), _("pick"), _("points"), _("position"),
    _("poster"), _("practice"), _("prerequisite"), _("prompt"), _("prompt version"),
    _("provider id"), _("published at"), _("push subscription"), _("quantity"), _("raises"),
    _("rank"), _("rated at"), _("reached"), _("read at"), _("readability"), _("reason"),
    _("received at"), _("refunded"), _("removed at"), _("renewal amount"), _("replied at"),
    _("replied by"), _("request"), _("required"), _("required plan"), _("retired at"),
    _("reverses"), _("reviewer"), _("revision"), _("revoked at"), _("revoked by"), _("role"),
    _("rule"), _("rules"), _("runner"), _("runtime"), _("saved at"), _("scope"), _("score"),
    _("seconds"), _("section"), _("self check"), _("seller"), _("sent at"), _("sha256"),
    _("show points"), _("shown"), _("size"), _("slug"), _("snapshot"), _("solution"), _("source"),
    _("source key"), _("source type"), _("started at"), _("started by"), _("starter"),
    _("starts at"), _("state"), _("status"), _("stderr"), _("stdin"), _("stdout"),
    _("stripe customer id"), _("stripe id"), _("stripe invoice id"), _("stripe object id"),
    _("stripe payment method id"), _("stripe subscription id"), _("structure rev"),
    _("stuck since"), _("subject"), _("subtotal"), _("summary"), _("superseded by"), _("syllabus"),
    _("synced at"), _("tags"), _("taken at"), _("target"), _("taught in"), _("tax"), _("text"),
    _("text accepted"), _("theme"), _("tier"), _("time limit"), _("title"), _("to"), _("tokens in"),
    _("tokens out"), _("told at"), _("tolerance"), _("topics"), _("total"), _("total xp"),
    _("trial days"), _("trial ends at"), _("tries"), _("trouble"), _("type"), _("unmatched"),
    _("until"), _("updated at"), _("users done"), _("users total"), _("value"), _("verdict"),
    _("version"), _("view"), _("visible"), _("wait"), _("waiting since"), _("walls"),
    _("was visible"), _("weight"), _("what"), _("when"), _("where"), _("why"), _("widget"),
    _("widget height"), _("withdrawn at"), _("words"), _("writer"), _("written"), _("XP"),
}
# fmt: on


def name_rooms(rooms: Iterable[AppConfig]) -> None:
    """Let what is called by these names say them in the reader's language."""
    for room in rooms:
        if room.verbose_name in ROOMS:
            room.verbose_name = gettext_lazy(str(room.verbose_name))
        name_tables(room.get_models())


def name_tables(models: Iterable[type[Model]]) -> None:
    """The same of tables and their columns."""
    for model in models:
        opts = model._meta
        for kind in ("verbose_name", "verbose_name_plural"):
            # What has words of its own in the code is translated there.
            is_plain = isinstance(opts.original_attrs.get(kind, ""), str)
            if is_plain and (name := str(getattr(opts, kind))) in TABLES:
                setattr(opts, kind, gettext_lazy(name))
        for field in opts.local_fields:
            if isinstance(field.verbose_name, str) and field.verbose_name in TABLES | COLUMNS:
                field.verbose_name = gettext_lazy(field.verbose_name)
            # For lists of another table that show it: the admin asks for no other words there.
            field.short_description = field.verbose_name  # type: ignore[attr-defined]
