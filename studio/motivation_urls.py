"""Addresses of what staff do about points, seasons, challenges and referrals."""

from django.urls import path

from studio.views import (
    motivation,
    motivation_contests,
    motivation_points,
    motivation_starts,
)

ROOM = "gamification/"
urlpatterns = [
    path(ROOM, motivation.overview, name="motivation"),
    path(f"{ROOM}health/", motivation_points.health, name="motivation_health"),
    path(f"{ROOM}multipliers/", motivation.multipliers, name="multipliers"),
    path(f"{ROOM}multipliers/new/", motivation.new_multiplier, name="new_multiplier"),
    path(
        f"{ROOM}multipliers/<uuid:pk>/call-off/",
        motivation.call_multiplier_off,
        name="call_multiplier_off",
    ),
    path(f"{ROOM}seasons/", motivation_contests.seasons, name="seasons"),
    path(f"{ROOM}seasons/new/", motivation_contests.new_season, name="new_season"),
    path(f"{ROOM}seasons/<slug:slug>/", motivation_contests.season, name="season"),
    path(f"{ROOM}seasons/<slug:slug>/close/", motivation_contests.close, name="close_season"),
    path(f"{ROOM}challenges/", motivation_contests.challenges, name="challenges"),
    path(f"{ROOM}challenges/new/", motivation_contests.new_challenge, name="new_challenge"),
    path(f"{ROOM}challenges/<slug:slug>/", motivation_contests.challenge, name="challenge"),
    path(
        f"{ROOM}challenges/<slug:slug>/publish/",
        motivation_contests.publish,
        name="publish_challenge",
    ),
    path(f"{ROOM}starts/<slug:slug>/", motivation_starts.starts, name="starts"),
    path(f"{ROOM}starts/<uuid:pk>/again/", motivation_starts.start_again, name="start_again"),
    path(f"{ROOM}referrals/", motivation.referral_list, name="referrals"),
    path(f"{ROOM}referrals/<uuid:pk>/decision/", motivation.decide, name="decide_referral"),
    path(f"{ROOM}people/", motivation_points.people, name="people"),
    path(f"{ROOM}people/<uuid:pk>/", motivation_points.person, name="person"),
    path(f"{ROOM}people/<uuid:pk>/pauses/", motivation_points.pauses, name="pauses"),
    path(f"{ROOM}entries/<uuid:pk>/reversal/", motivation_points.take_back, name="take_back"),
    path(f"{ROOM}uncounted/", motivation_points.uncounted, name="uncounted"),
]
