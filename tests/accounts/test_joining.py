"""Who may join: asked at every way of signing up."""

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.joining import invitation_path
from accounts.models import School, User
from accounts.school import change_school, current_school, forget, renew_invitation, school
from courses.models import Course
from tests.accounts.conftest import begin, come_back, form
from tests.accounts.oauth_double import OAuthDouble
from tests.billing.rows import make_price
from tests.billing.seeing import sell

pytestmark = pytest.mark.django_db
SIGN_UP = "/accounts/signup/"
Joining = School.Joining


@pytest.fixture
def by_invitation() -> None:
    change_school(joining=Joining.INVITED)


@pytest.fixture
def by_domain() -> None:
    change_school(joining=Joining.DOMAIN, domains=["example.org", "school.example"])
    forget()


def test_without_a_word_of_the_owners_everybody_may_join(client: Client, sent: Any) -> None:
    assert sent(client.post, SIGN_UP, form()).status_code == 302
    assert User.objects.filter(email="eve@example.org").exists()


def test_by_invitation_the_page_says_so_and_the_form_makes_nobody(
    client: Client, sent: Any, by_invitation: None
) -> None:
    for answer in (client.get(SIGN_UP), sent(client.post, SIGN_UP, form())):
        assert answer.status_code == 200
        assert "By invitation only" in answer.text
    assert not User.objects.exists()
    assert not mail.outbox


def test_by_invitation_no_page_leads_to_sign_up_but_for_who_has_the_link(
    client: Client, course: Course, by_invitation: None
) -> None:
    forget()
    pages = ("/", "/accounts/login/", course.get_absolute_url())
    for path in pages:
        assert SIGN_UP not in client.get(path).text
    assert "by invitation" in client.get("/accounts/login/").text
    client.get(invitation_path())
    for path in pages:
        assert SIGN_UP in client.get(path).text


def test_by_invitation_prices_and_the_mail_of_a_demo_lead_to_sign_in(
    client: Client, settings: Any, tmp_path: Path, by_invitation: None
) -> None:
    sell(settings)
    make_price()
    settings.DEMO_SCHOOL = True
    settings.MAILERS = {
        "transport": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(tmp_path)},
        }
    }
    forget()
    for path in ("/pricing/", "/demo/mail/"):
        page = client.get(path).text
        assert SIGN_UP not in page
        assert "Create account" not in page
    assert "/accounts/login/?next=/pricing/" in client.get("/pricing/").text
    client.get(invitation_path())
    for path in ("/pricing/", "/demo/mail/"):
        assert SIGN_UP in client.get(path).text


def test_the_link_of_invitation_opens_sign_up_to_this_browser_alone(
    client: Client, sent: Any, by_invitation: None
) -> None:
    answer = client.get(invitation_path())
    assert (answer.status_code, answer["Location"]) == (302, SIGN_UP)
    assert sent(client.post, SIGN_UP, form()).status_code == 302
    assert User.objects.filter(email="eve@example.org").exists()
    assert "By invitation only" in Client().get(SIGN_UP).text


def test_a_new_link_ends_the_old_one_and_who_came_by_it(
    client: Client, sent: Any, by_invitation: None
) -> None:
    old = invitation_path()
    client.get(old)
    renew_invitation()
    assert Client().get(old).status_code == 404
    assert "By invitation only" in sent(client.post, SIGN_UP, form()).text
    assert not User.objects.exists()


@pytest.mark.parametrize("text", ["x", "é", "%00", "a" * 500])
def test_an_invented_invitation_is_not_found(
    client: Client, by_invitation: None, text: str
) -> None:
    assert client.get(f"/join/{text}/").status_code in (400, 404)
    assert "By invitation only" in client.get(SIGN_UP).text


def test_before_the_owner_said_anything_no_invitation_is_right(client: Client) -> None:
    assert client.get("/join/anything/").status_code == 404


def test_the_link_stays_the_same_from_when_it_is_first_asked_for() -> None:
    assert invitation_path() == invitation_path()


def test_who_is_signed_in_is_led_home_by_an_invitation(as_: Any, bob: User) -> None:
    assert as_(bob).get(invitation_path())["Location"] == "/"


@pytest.mark.parametrize("provider_name", ["google", "github"])
def test_by_invitation_providers_bring_in_nobody_new(
    client: Client, provider: OAuthDouble, by_invitation: None, provider_name: str
) -> None:
    answer = come_back(client, provider, provider_name)
    assert "By invitation only" in answer.text
    assert not User.objects.exists()


@pytest.mark.parametrize("provider_name", ["google", "github"])
def test_by_invitation_providers_bring_in_who_has_the_link(
    client: Client, provider: OAuthDouble, by_invitation: None, provider_name: str
) -> None:
    client.get(invitation_path())
    assert come_back(client, provider, provider_name).status_code == 302
    assert User.objects.get().email == "eve@example.org"


@pytest.mark.parametrize("provider_name", ["google", "github"])
def test_who_came_by_a_provider_before_still_comes_in(
    client: Client, provider: OAuthDouble, provider_name: str
) -> None:
    come_back(client, provider, provider_name)
    change_school(joining=Joining.INVITED)
    again = Client()
    assert come_back(again, provider, provider_name).status_code == 302
    assert "_auth_user_id" in again.session


@pytest.mark.parametrize("email", ["eve@example.org", "Eve@SCHOOL.example"])
def test_an_address_of_ours_joins(client: Client, sent: Any, by_domain: None, email: str) -> None:
    assert sent(client.post, SIGN_UP, form(email=email)).status_code == 302
    assert User.objects.get().email == email.lower()


@pytest.mark.parametrize(
    "email", ["eve@elsewhere.example", "eve@sub.example.org", "eve@example.org.evil.example"]
)
def test_an_address_of_elsewhere_does_not(
    client: Client, sent: Any, by_domain: None, email: str
) -> None:
    answer = sent(client.post, SIGN_UP, form(email=email))
    assert answer.status_code == 200
    assert "Use an address of example.org or school.example" in answer.text
    assert "A link of invitation lets in others, too." in answer.text
    assert not User.objects.exists()


def test_the_form_says_the_rule_beforehand(client: Client, by_domain: None) -> None:
    assert "Use an address of example.org or school.example" in client.get(SIGN_UP).text


def test_an_address_of_elsewhere_is_refused_alike_whether_it_has_an_account(
    client: Client, sent: Any
) -> None:
    User.objects.create_user("old@elsewhere.example", "x" * 12, name="Old")
    change_school(joining=Joining.DOMAIN, domains=["example.org"])
    told = {
        sent(client.post, SIGN_UP, form(email=email)).text.replace(email, "")
        for email in ("old@elsewhere.example", "new@elsewhere.example")
    }
    assert len({text.partition("Use an address")[2][:200] for text in told}) == 1
    assert not mail.outbox


@pytest.mark.parametrize("provider_name", ["google", "github"])
def test_a_provider_that_vouches_for_an_address_of_elsewhere_asks_for_another(
    client: Client, provider: OAuthDouble, sent: Any, by_domain: None, provider_name: str
) -> None:
    provider.be("uid-9", "eve@elsewhere.example", "Eve")
    answer = sent(come_back, client, provider, provider_name)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/3rdparty/signup/")
    typed = {"email": "eve@elsewhere.example", "name": "Eve"}
    assert "Use an address of" in sent(client.post, answer["Location"], typed).text
    assert not User.objects.exists()
    assert begin(client, provider, provider_name)


def test_an_invitation_goes_before_the_domains(client: Client, sent: Any, by_domain: None) -> None:
    client.get(invitation_path())
    assert sent(client.post, SIGN_UP, form(email="eve@elsewhere.example")).status_code == 302
    assert User.objects.get().email == "eve@elsewhere.example"


def test_a_school_by_domains_names_one() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        change_school(joining=Joining.DOMAIN, domains=[])


def test_there_is_one_school() -> None:
    change_school(name="Green Hill")
    with pytest.raises(IntegrityError), transaction.atomic():
        School.objects.create(name="Another")


def test_pages_show_the_schools_name_without_asking_for_it_each_time(
    client: Client, django_assert_num_queries: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        change_school(name="Green Hill")
    with django_assert_num_queries(1):
        assert "Green Hill" in client.get("/no-such-page/").text
    with django_assert_num_queries(0):
        assert "Green Hill" in client.get("/no-such-page/").text


def test_what_is_decided_is_asked_of_the_row_and_not_of_the_memory() -> None:
    change_school(joining=Joining.INVITED)
    assert school().joining == Joining.OPEN
    assert current_school().joining == Joining.INVITED
