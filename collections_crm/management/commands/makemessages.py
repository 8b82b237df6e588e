"""Django's `makemessages`, which also knows the short name this house gives to lazy translation."""

from django.core.management.commands import makemessages

KEYWORDS = ["--keyword=_lazy"]


class Command(makemessages.Command):
    xgettext_options = [*makemessages.Command.xgettext_options, *KEYWORDS]
