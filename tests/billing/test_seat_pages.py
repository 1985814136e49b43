"""The pages about seats: whoever pays, whoever is invited, and everybody else."""

import logging
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils.timezone import now

from billing import due_mail, seats, syncing
from billing.models import Customer, Seat, Subscription
from billing.places import places_of
from courses.models import Tier
from tests.accounts.conftest import code_in_mail, form
from tests.billing.rows import all_seated, crowd, make_seats, promised, seated
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
SEATS, QUANTITY, TAKING = "/billing/seats/", "/billing/seats/quantity/", "/billing/seats/taking/"


@pytest.fixture
def letters(settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    return mail.outbox


def bought(stripe, owner, quantity):
    """Seats of the owner's as Stripe tells of them."""
    paid = make_seats(owner, quantity)
    stripe.price(paid.price.stripe_price_id, 1200, "eur", "month")
    customer = stripe.customer(owner.email, owner.name)
    made = stripe.subscribe(customer, paid.price.stripe_price_id, quantity=quantity)
    Customer.objects.update(stripe_customer_id=customer["id"])
    Subscription.objects.update(stripe_subscription_id=made["id"])
    syncing.sync(Customer.objects.get())
    return Subscription.objects.get()


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def address(seat):
    return f"{SEATS}{seat.invitation}/"


def test_where_nothing_is_sold_there_are_no_such_pages(grace, bob, as_, settings):
    settings.STRIPE_SECRET_KEY = ""
    seat = promised(make_seats(grace))
    held = f"{SEATS}{seat.pk}"
    for path in (SEATS, QUANTITY, f"{held}/removal/", f"{held}/leaving/", address(seat)):
        assert as_(grace).get(path).status_code == 404
        assert Client().get(path).status_code == 404
    for path in (SEATS, QUANTITY, TAKING, f"{held}/mail/", f"{SEATS}earlier/"):
        assert as_(grace).post(path).status_code == 404


def test_guests_are_sent_to_sign_in_and_back_to_a_page(grace, selling):
    seat = promised(make_seats(grace))
    held = f"{SEATS}{seat.pk}"
    for path in (SEATS, QUANTITY, f"{held}/removal/", f"{held}/leaving/"):
        assert Client().get(path).url == f"/accounts/login/?next={path}"
    for path in (f"{held}/mail/", f"{SEATS}earlier/"):
        assert Client().post(path).url == f"/accounts/login/?next={SEATS}"
    answer = Client().post(TAKING, {"invitation": seat.invitation})
    assert answer.url == f"/accounts/login/?next={address(seat)}"


def test_other_methods_are_refused(grace, as_, selling):
    seat = promised(make_seats(grace))
    held = f"{SEATS}{seat.pk}"
    for path in (TAKING, f"{held}/mail/", f"{SEATS}earlier/"):
        assert as_(grace).get(path).status_code == 405
    assert as_(grace).post(address(seat)).status_code == 405
    for path in (SEATS, QUANTITY, f"{held}/removal/", address(seat)):
        assert as_(grace).put(path).status_code == 405


def test_what_is_not_mine_is_not_there(grace, bob, as_, selling):
    seat = seated(make_seats(grace), bob)
    assert as_(bob).get(f"{SEATS}{seat.pk}/removal/").status_code == 404
    assert as_(bob).post(f"{SEATS}{seat.pk}/removal/").status_code == 404
    assert as_(bob).post(f"{SEATS}{seat.pk}/mail/").status_code == 404
    assert as_(grace).get(f"{SEATS}{seat.pk}/leaving/").status_code == 404
    assert as_(grace).post(f"{SEATS}{seat.pk}/leaving/").status_code == 404
    assert Seat.objects.get().removed_at is None


def test_whoever_pays_for_none_is_told_how_to(bob, as_, selling):
    make_seats(bob, tier=Tier.PRO)
    answer = as_(bob).get(SEATS)
    assert answer.status_code == 200
    assert b"You pay for no seats" in answer.content
    refused = as_(bob).post(SEATS, {"emails": "zoe@example.org"})
    assert refused.status_code == 422
    assert as_(bob).post(f"{SEATS}earlier/").url == SEATS
    assert as_(bob).get(QUANTITY).url == SEATS


def test_the_owner_sees_numbers_people_and_states(grace, bob, as_, selling):
    paid = make_seats(grace, 4)
    seated(paid, bob)
    promised(paid, "zoe@example.org")
    late = promised(paid, "eve@example.org")
    Seat.objects.filter(pk=late.pk).update(expires_at=now())
    answer = as_(grace).get(SEATS)
    page = answer.context["page"]
    assert (page.places.paid, page.places.taken, page.places.promised, page.places.free) == (
        4, 1, 1, 2,
    )  # fmt: skip
    assert [line.state for line in page.lines] == ["taken", "ran out", "promised"]
    assert "48\xa0€ a month for 4 seats" in answer.content.decode()


@pytest.mark.parametrize("there", [1, 60, 500])
def test_the_owners_page_takes_the_same_queries_however_many_there_are(
    grace, as_, selling, django_assert_num_queries, there
):
    paid = make_seats(grace, 500)
    all_seated(paid, there)
    browser = as_(grace)
    # Session and person; the subscription, counts, what is left behind, how many, and a page.
    with django_assert_num_queries(8):
        answer = browser.get(SEATS)
    assert len(answer.context["page"].lines) == min(there, 50)
    last = browser.get(f"{SEATS}?page=999").context["page"]
    assert len(last.lines) == (there - 1) % 50 + 1


def test_with_nobody_invited_the_page_says_so(grace, as_, selling, django_assert_num_queries):
    make_seats(grace, 500)
    browser = as_(grace)
    with django_assert_num_queries(7):
        answer = browser.get(SEATS)
    assert b"Nobody yet" in answer.content


def test_several_are_invited_at_once(grace, as_, selling):
    paid = make_seats(grace, 3)
    promised(paid, "known@example.org")
    text = "  Bob@Example.org\r\n\r\nzoe@bücher.example; known@example.org"
    answer = as_(grace).post(SEATS, {"emails": text}, follow=True)
    assert answer.redirect_chain == [(SEATS, 303)]
    assert told(answer) == ["2 invited. 1 has a seat or an invitation already."]
    emails = set(Seat.objects.values_list("email", flat=True))
    assert emails == {"bob@example.org", "zoe@xn--bcher-kva.example", "known@example.org"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter an email address."),
        ("  \n ,", "Enter an email address."),
        ("bob@example.org\nBcc: zoe@example.org", "“Bcc: zoe@example.org”: Enter a valid email"),
        ("bob@example.org%0aBcc:zoe@example.org", "Enter a valid email address."),
        ("bob@example.org\x0bzoe@example.org", "Enter a valid email address."),
        ("Bob <bob@example.org>", "“Bob <bob@example.org>”: Enter a valid email address."),
        ("a@[127.0.0.1]", "Enter a valid email address."),
        ("x" * 250 + "@example.org", "Email is longer than 254 characters."),
        ("bob@example.org\x00", "This text holds characters that cannot be kept."),
        ("\n".join(f"no{n}" for n in range(9)), "4 more are no email addresses."),
        ("\n".join(f"p{n}@example.org" for n in range(101)), "These are 101: 100 at most at once."),
        ("\n".join(f"p{n}@example.org" for n in range(4)), "3 of your seats are free"),
        ("x" * 40_000, "longer than 30000 characters"),
    ],
    ids=lambda text: str(text)[:20],
)
def test_what_cannot_be_invited_is_said_and_kept(grace, as_, selling, typed, said):
    make_seats(grace, 3)
    answer = as_(grace).post(SEATS, {"emails": typed})
    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors["emails"])
    assert answer.context["form"]["emails"].value() == typed
    assert not Seat.objects.exists()


def test_too_many_mails_are_429_and_say_when(grace, as_, selling):
    make_seats(grace, 40)
    for number in range(30):
        assert as_(grace).post(SEATS, {"emails": f"p{number}@example.org"}).status_code == 303
    answer = as_(grace).post(SEATS, {"emails": "one-more@example.org"})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert b"one-more@example.org" in answer.content


def test_the_mail_invites_once_and_names_nobody_in_a_header(grace, as_, selling, letters):
    grace.name = "Grace <b>Hopper</b> & Co"
    grace.save()
    make_seats(grace)
    as_(grace).post(SEATS, {"emails": "bob@example.org"})
    assert due_mail.mail_invitations() == 1
    assert due_mail.mail_invitations() == 0
    (letter,) = letters
    seat = Seat.objects.get()
    assert (letter.to, letter.subject) == (["bob@example.org"], "A seat at Waymark is kept for you")
    assert "Grace <b>Hopper</b> & Co keeps a seat for you" in letter.body
    assert f"{site.SITE_URL}{address(seat)}" in letter.body
    headers = dict(letter.extra_headers)
    assert headers.pop("Message-ID").endswith("@127.0.0.1>")
    assert headers == {"Keywords": "billing", "Auto-Submitted": "auto-generated"}


def test_a_mail_that_fails_is_tried_again_and_holds_up_no_page(
    grace, as_, selling, letters, monkeypatch, time_machine
):
    time_machine.move_to("2026-11-21T12:00:00Z", tick=False)
    paid = make_seats(grace, 3)

    def broken(self):
        raise OSError("away")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", broken)
        assert as_(grace).post(SEATS, {"emails": "a@example.org\nb@example.org"}).status_code == 303
        assert due_mail.mail_invitations() == 0
    # The one that failed waits a while; the other goes out at the next look.
    assert due_mail.mail_invitations() == 1
    time_machine.shift(timedelta(minutes=10))
    assert due_mail.mail_invitations() == 1
    assert {letter.to[0] for letter in letters} == {"a@example.org", "b@example.org"}
    seats.remove(grace, promised(paid, "c@example.org"))
    assert due_mail.mail_invitations() == 0


def test_what_is_sent_again_while_it_is_sent_is_due_again(grace, letters, monkeypatch):
    seat, send = promised(make_seats(grace)), EmailMessage.send

    def resent_meanwhile(letter):
        seats.resend(seat)
        return send(letter)

    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", resent_meanwhile)
        assert due_mail.mail_invitations() == 1
    assert due_mail.mail_invitations() == 1
    seat.refresh_from_db()
    assert [seat.invitation in letter.body for letter in letters] == [False, True]
    assert due_mail.mail_invitations() == 0


def test_sent_again_the_old_link_is_dead(grace, bob, as_, selling, letters):
    seat = promised(make_seats(grace))
    answer = as_(grace).post(f"{SEATS}{seat.pk}/mail/", follow=True)
    assert told(answer) == ["A new invitation goes to bob@example.org."]
    assert due_mail.mail_invitations() == 1
    assert as_(bob).get(address(seat)).status_code == 404
    seat.refresh_from_db()
    assert as_(bob).get(address(seat)).status_code == 200
    seats.take(bob, seat.invitation)
    assert told(as_(grace).post(f"{SEATS}{seat.pk}/mail/", follow=True)) == []


def test_a_seat_is_taken_back_in_two_presses(grace, bob, as_, selling):
    paid = make_seats(grace)
    seat, promise = seated(paid, bob), promised(paid, "zoe@example.org")
    assert b"They lose the plan at once" in as_(grace).get(f"{SEATS}{seat.pk}/removal/").content
    assert b"stops working" in as_(grace).get(f"{SEATS}{promise.pk}/removal/").content
    assert places_of(paid).free == 1
    for one in (seat, promise):
        answer = as_(grace).post(f"{SEATS}{one.pk}/removal/", follow=True)
        assert told(answer) == ["The seat is free again."]
    assert places_of(paid).free == 3
    assert as_(grace).post(f"{SEATS}{seat.pk}/removal/").status_code == 404


def test_a_holder_gives_a_seat_back_in_two_presses(grace, bob, as_, selling):
    seat = seated(make_seats(grace), bob)
    page = as_(bob).get(f"{SEATS}{seat.pk}/leaving/")
    assert b"<bdi>Grace</bdi> pays for it" in page.content
    answer = as_(bob).post(f"{SEATS}{seat.pk}/leaving/")
    assert (answer.status_code, answer.url) == (303, "/billing/")
    assert as_(bob).get(f"{SEATS}{seat.pk}/leaving/").status_code == 404


def test_an_invitation_says_what_by_whom_and_until_when(grace, as_, selling):
    seat = promised(make_seats(grace))
    answer = Client().get(address(seat))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<bdi>Grace</bdi> pays for the plan Enterprise" in page
    assert f'datetime="{seat.expires_at.isoformat()}' in page
    assert f"/accounts/signup/?next={address(seat)}" in page
    assert f"/accounts/login/?next={address(seat)}" in page
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store, private"


def test_strangers_learn_no_address(grace, ada, as_, selling):
    seat = promised(make_seats(grace), "robert.miller@example.org")
    for browser in (Client(), as_(ada)):
        page = browser.get(address(seat)).content.decode()
        assert "r…@example.org" in page
        assert "robert" not in page


def test_another_address_is_told_so_and_takes_nothing(grace, ada, as_, selling):
    seat = promised(make_seats(grace))
    answer = as_(ada).post(TAKING, {"invitation": seat.invitation}, follow=True)
    assert answer.redirect_chain == [(address(seat), 303)]
    assert answer.context["page"].state == "elsewhere"
    assert b"You are signed in as ada@example.org" in answer.content
    assert Seat.objects.get().user is None


def test_one_press_takes_the_seat(grace, bob, as_, selling):
    seat = promised(make_seats(grace))
    assert as_(bob).get(address(seat)).context["page"].state == "open"
    answer = as_(bob).post(TAKING, {"invitation": seat.invitation}, follow=True)
    assert answer.redirect_chain == [("/billing/", 303)]
    assert told(answer) == ["You have a seat. It is paid by Grace."]
    assert "paid by <bdi>Grace</bdi>" in answer.content.decode()
    assert as_(bob).get(address(seat)).context["page"].state == "yours"
    assert Client().get(address(seat)).status_code == 404
    assert as_(grace).get(address(seat)).status_code == 404


def test_what_does_not_work_any_more_says_why(grace, bob, as_, selling):
    paid = make_seats(grace, 2)
    seat, newer = promised(paid), promised(paid, "zoe@example.org")
    zoe = make_person("zoe@example.org", "Zoe")
    Subscription.objects.update(quantity=1)
    assert as_(bob).get(address(seat)).context["page"].state == "open"
    answer = as_(zoe).get(address(newer))
    assert (answer.status_code, answer.context["page"].state) == (404, "gone")
    assert b"<bdi>Grace</bdi> can send you a new one" in answer.content
    Subscription.objects.update(status="canceled")
    answer = as_(bob).get(address(seat))
    assert (answer.status_code, answer.context["page"].state) == (200, "closed")
    Subscription.objects.update(status="active")
    Seat.objects.update(expires_at=now())
    assert as_(bob).get(address(seat)).status_code == 404
    assert as_(bob).post(TAKING, {"invitation": seat.invitation}).url == address(seat)


def test_who_has_a_seat_is_told_that_one_is_enough(grace, bob, as_, selling):
    paid = make_seats(grace)
    seated(paid, bob)
    bob.emailaddress_set.create(email="robert@example.org", verified=True)
    again = promised(paid, "robert@example.org")
    answer = as_(bob).post(TAKING, {"invitation": again.invitation}, follow=True)
    assert answer.context["page"].state == "seated"


def test_billing_leads_there(grace, bob, as_, selling):
    seat = seated(make_seats(grace), bob)
    assert f'href="{SEATS}"' in as_(grace).get("/billing/").content.decode()
    page = as_(bob).get("/billing/").content.decode()
    assert f'href="{SEATS}{seat.pk}/leaving/"' in page
    assert f'href="{SEATS}"' not in page


def test_whose_seat_opens_nothing_is_told_so(grace, bob, as_, selling, settings):
    seated(make_seats(grace), bob)
    assert "Your seat is closed" not in as_(bob).get("/billing/").content.decode()
    Subscription.objects.update(status="unpaid")
    page = as_(bob).get("/billing/").content.decode()
    assert "Your seat is closed.</strong> <bdi>Grace</bdi> does not pay for it now." in page
    assert "nothing to pay" in page
    assert "Your seat is closed" not in as_(grace).get("/billing/").content.decode()
    settings.STRIPE_SECRET_KEY = ""
    assert "Your seat is closed" not in as_(bob).get("/billing/").content.decode()


def test_whose_seat_was_taken_back_is_told_by_whom_and_when(
    grace, bob, ada, as_, selling, time_machine
):
    time_machine.move_to("2026-11-21T12:00:00Z", tick=False)
    paid = make_seats(grace)
    lost, given = seated(paid, bob), seated(paid, ada)
    as_(grace).post(f"{SEATS}{lost.pk}/removal/")
    as_(ada).post(f"{SEATS}{given.pk}/leaving/")
    page = as_(bob).get("/billing/").content.decode()
    assert "<bdi>Grace</bdi> took your seat back on <time" in page
    assert ">21 Nov 2026</time>" in page
    assert f"{lost.pk}/leaving/" not in page
    assert "took your seat back" not in as_(ada).get("/billing/").content.decode()


def test_whoever_pays_is_told_that_they_need_no_seat(grace, as_, selling):
    seat = promised(make_seats(grace))
    answer = as_(grace).post(SEATS, {"emails": grace.email})
    assert answer.status_code == 422
    assert f"without a seat. Leave {grace.email} out." in answer.content.decode()
    answer = as_(grace).post(TAKING, {"invitation": seat.invitation}, follow=True)
    assert "hold the plan yourself without one" in answer.content.decode()
    assert 'value="Take the seat"' not in answer.content.decode()


@pytest.mark.parametrize("text", ["", "x", "../../admin/", "é" * 32, "a" * 33, "a" * 5000])
def test_junk_is_no_invitation(bob, as_, selling, text):
    assert as_(bob).post(TAKING, {"invitation": text}).status_code == 404


def test_an_invitation_that_works_is_in_no_log(grace, bob, ada, as_, selling, letters, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    seat = promised(make_seats(grace))
    due_mail.mail_invitations()
    as_(ada).get(address(seat))
    as_(ada).post(TAKING, {"invitation": seat.invitation})
    Client(enforce_csrf_checks=True).post(TAKING, {"invitation": seat.invitation})
    as_(bob).post(TAKING, {"invitation": seat.invitation})
    assert Seat.objects.get().user == bob
    assert caplog.records
    assert seat.invitation not in caplog.text


def test_the_invited_page_takes_few_queries(
    grace, bob, as_, selling, django_assert_max_num_queries
):
    seat = promised(make_seats(grace))
    guest, browser = Client(), as_(bob)
    # The invitation, whether it stands, and what the frame asks; a member is somebody besides.
    with django_assert_max_num_queries(3):
        guest.get(address(seat))
    with django_assert_max_num_queries(8):
        browser.get(address(seat))


def test_more_seats_are_bought_in_two_presses(grace, as_, stripe):
    paid = bought(stripe, grace, 3)
    page = as_(grace).get(QUANTITY, {"quantity": 5})
    words = page.content.decode()
    assert "60\xa0€ a month for 5 seats" in words
    assert "Buy 2 more seats" in words
    assert places_of(Subscription.objects.get()).paid == 3
    answer = as_(grace).post(QUANTITY, {"quantity": 5}, follow=True)
    assert answer.redirect_chain == [(SEATS, 303)]
    assert told(answer) == ["You pay for 5 seats now."]
    paid.refresh_from_db()
    assert paid.quantity == 5


def test_what_the_next_invoice_comes_to_is_said_before_seats_are_bought(grace, as_, stripe):
    paid = bought(stripe, grace, 3)
    item = stripe.get("subscription", paid.stripe_subscription_id)["items"]["data"][0]
    length = item["current_period_end"] - item["current_period_start"]
    # Half of the period is over.
    stripe.wait(length / 2 / 24 / 3600)
    assert "comes to <strong>72\xa0€</strong>" in as_(grace).get(QUANTITY, {"quantity": 5}).text
    assert "comes to <strong>0\xa0€</strong>" in as_(grace).get(QUANTITY, {"quantity": 1}).text
    assert places_of(Subscription.objects.get()).paid == 3
    stripe.away = True
    assert "for each seat more it adds the part of the price" in " ".join(
        as_(grace).get(QUANTITY, {"quantity": 5}).text.split()
    )
    assert "for each seat fewer it takes off" in as_(grace).get(QUANTITY, {"quantity": 1}).text


def test_more_given_back_than_is_due_makes_the_invoices_after_it_less(grace, as_, stripe):
    bought(stripe, grace, 30)
    page = as_(grace).get(QUANTITY, {"quantity": 1}).text
    assert "the invoices after it are less by what is over" in page


def test_fewer_seats_let_promises_run_out_and_nobody_go(grace, bob, as_, stripe):
    paid = bought(stripe, grace, 4)
    seated(paid, bob)
    promised(paid, "zoe@example.org")
    last = promised(paid, "eve@example.org")
    assert b"1 invitation that was sent last stops working" in (
        as_(grace).get(QUANTITY, {"quantity": 2}).content
    )
    as_(grace).post(QUANTITY, {"quantity": 2})
    paid.refresh_from_db()
    assert (places_of(paid).taken, places_of(paid).promised) == (1, 1)
    last.refresh_from_db()
    assert last.expires_at <= now()
    seated_too = seats.take(
        make_person("zoe@example.org", "Zoe"), Seat.objects.get(email="zoe@example.org").invitation
    )
    assert seated_too.user
    assert b"Take 1 back" in as_(grace).get(QUANTITY, {"quantity": 1}).content
    assert as_(grace).post(QUANTITY, {"quantity": 1}).status_code == 409
    paid.refresh_from_db()
    assert paid.quantity == 2


def test_what_shrinks_at_stripe_is_shown_as_too_many(grace, as_, stripe):
    paid = bought(stripe, grace, 4)
    people = crowd(3)
    for person in people:
        seated(paid, person)
    promised(paid, "zoe@example.org")
    stripe.change(paid.stripe_subscription_id, quantity=2)
    syncing.sync(paid.customer)
    answer = as_(grace).get(SEATS)
    page = answer.context["page"]
    assert (page.places.too_many, page.places.promised) == (1, 0)
    assert [seat.user for seat in page.waiting] == [people[2]]
    assert [line.state for line in page.lines] == ["taken", "taken", "waiting", "ran out"]
    assert b"3 seats are taken and 2 are paid for." in answer.content


@pytest.mark.parametrize("wanted", ["", "0", "-1", "many", "501", "9" * 40, "1.5"])
def test_a_number_that_is_none_is_422(grace, as_, selling, wanted):
    make_seats(grace)
    for answer in (
        as_(grace).get(QUANTITY, {"quantity": wanted}),
        as_(grace).post(QUANTITY, {"quantity": wanted}),
    ):
        assert answer.status_code == 422
        assert b"Enter how many seats: 1 to 500." in answer.content


def test_while_stripe_is_away_nothing_is_bought_and_nothing_lost(grace, as_, stripe):
    paid = bought(stripe, grace, 3)
    stripe.away = True
    answer = as_(grace).post(QUANTITY, {"quantity": 5})
    assert answer.status_code == 503
    assert b'value="5"' in answer.content
    paid.refresh_from_db()
    assert paid.quantity == 3


def test_seats_of_before_are_taken_over_in_one_press(grace, bob, as_, selling):
    old = make_seats(grace)
    seated(old, bob)
    Subscription.objects.update(status="canceled", ended_at=now())
    ended = as_(grace).get(SEATS)
    assert b"This subscription has ended" in ended.content
    assert b"Invite people" not in ended.content
    new = make_seats(grace, 2)
    assert b"Take them over" in as_(grace).get(SEATS).content
    answer = as_(grace).post(f"{SEATS}earlier/", follow=True)
    assert told(answer) == ["1 seat taken over."]
    assert bob.seats.get().subscription == new
    assert b"Take them over" not in as_(grace).get(SEATS).content


def test_who_signs_up_for_a_seat_is_at_the_invitation_once_the_address_is_verified(
    grace, selling, client, django_capture_on_commit_callbacks
):
    """The form does not know the address: whoever has the link may be anybody."""
    seat = promised(make_seats(grace), "eve@example.org")
    there = address(seat)
    sign_up = f"/accounts/signup/?next={there}"
    page = client.get(sign_up).content.decode()
    assert f'name="next" value="{there}"' in page
    assert "eve@example.org" not in page
    assert f"/accounts/login/?next={there.replace('/', '%2F')}" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(sign_up, form(next=there, email="Eve@example.org"))
    verified = client.post("/accounts/confirm-email/", {"code": code_in_mail()})
    assert verified["Location"] == there
    page = client.get(there)
    assert page.context["page"].state == "open"
    client.post(TAKING, {"invitation": seat.invitation})
    seat.refresh_from_db()
    assert seat.user.email == "eve@example.org"
