from django.urls import path

from agencies.views import home, joining, me, people, platform, settings, tokens

urlpatterns = [
    path("", home.home, name="home"),
    path("join/<str:secret>/", joining.join, name="join"),
    path("me/", me.preferences, name="preferences"),
    path("me/keys/", me.shortcuts, name="shortcuts"),
    path("me/sessions/end/", me.end_other_sessions, name="end-other-sessions"),
    path("me/agency/", me.switch_agency, name="switch-agency"),
    path("people/", people.people, name="people"),
    path("people/<int:membership_id>/", people.person, name="person"),
    path("people/<int:membership_id>/deactivate/", people.deactivate, name="person-deactivate"),
    path("people/<int:membership_id>/reactivate/", people.reactivate, name="person-reactivate"),
    path("people/invitations/<int:invitation_id>/withdraw/", people.withdraw, name="invitation-withdraw"),
    path("people/invitations/<int:invitation_id>/again/", people.invite_again, name="invitation-again"),
    path("people/teams/", people.teams, name="teams"),
    path("people/teams/<int:team_id>/", people.team, name="team"),
    path("people/teams/<int:team_id>/close/", people.close_team, name="team-close"),
    path("api-tokens/", tokens.api_tokens, name="api-tokens"),
    path("api-tokens/<int:token_id>/revoke/", tokens.revoke_token, name="api-token-revoke"),
    path("agency/", settings.agency_settings, name="agency-settings"),
    path("platform/", platform.platform, name="platform"),
]
