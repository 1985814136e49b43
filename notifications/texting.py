"""Text messages: to which number, what they say, and how they are handed over."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.school import school
from notifications import gsm, sms_gateway
from notifications.brief import brief_of
from notifications.models import Channel, Delivery
from notifications.outbox import NotTaken, NotWanted, Ready, Refused, words

NO_NUMBER = _("There is no confirmed number.")


@dataclass(frozen=True)
class Text:
    """A text message, and the number it goes to."""

    to: str
    text: str


class Texts:
    """The way of text messages."""

    def __init__(self) -> None:
        self.gateway: sms_gateway.Gateway | None = None

    def rows(self) -> QuerySet[Delivery]:
        return Delivery.objects.filter(channel=Channel.SMS).select_related("notification")

    def prepare(self, row: Delivery) -> Ready:
        brief = brief_of(row)
        contact = getattr(brief.person, "contact", None)
        if contact is None or contact.phone_confirmed_at is None:
            raise NotWanted(NO_NUMBER)
        said = f"{school().title}: {brief.title}{'.' * bool(brief.text)} {brief.text}"
        return Ready(Text(contact.phone, gsm.compose(said, f"{settings.SITE_URL}{brief.path}")))

    def connect(self) -> None:
        """Nothing is handed over if there is no such gateway."""
        self.gateway = self.gateway or sms_gateway.chosen()

    def hand_over(self, row: Delivery, content: Text) -> str:
        assert self.gateway is not None  # noqa: S101
        try:
            return str(self.gateway.send(content.to, content.text) or "")
        except sms_gateway.TryLater as fault:
            raise NotTaken(words(fault)) from fault
        except sms_gateway.RefusedForGood as fault:
            raise Refused(words(fault)) from fault

    def close(self) -> None:
        self.gateway = None
