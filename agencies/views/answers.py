"""How pages answer a refusal: beside the field at fault, or as a message on the page before."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from common.refusals import Refused


def beside(form: forms.BaseForm, refusal: Refused) -> None:
    """Show a refusal in the form whose input is kept."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


@contextmanager
def told(request: HttpRequest, success: str) -> Iterator[None]:
    """Tell how a deed without a form went: its success, or the refusal's sentence."""
    try:
        yield
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, success)
