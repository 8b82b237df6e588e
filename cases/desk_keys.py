"""The desk's actions and their usual keys; everyone may put others in their place."""

from django.utils.translation import gettext_lazy as _

from agencies.shortcuts import Action

ACTIONS = [
    Action("next", _("Next case"), "n"),
    Action("previous", _("Previous case"), "p"),
    Action("down", _("Down in the queue"), "j"),
    Action("up", _("Up in the queue"), "k"),
    Action("call", _("Call the best number"), "c"),
    Action("check", _("Check who is speaking"), "v"),
    Action("promise", _("Promise to pay"), "t"),
    Action("paid", _("Says it is paid"), "y"),
    Action("note", _("Note"), "o"),
    Action("contact_data", _("New contact data"), "a"),
    Action("recall", _("Call back or put aside"), "z"),
    Action("states", _("Special states"), "."),
    Action("payment", _("Enter a payment"), "e"),
    Action("complaint", _("Record a complaint"), "b"),
    Action("undo", _("Take the last result back"), "u"),
    Action("timeline", _("History"), "l"),
    Action("script", _("Script"), "s"),
]
