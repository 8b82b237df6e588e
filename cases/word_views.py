"""Pages of the lists of the desk: the ladder of arguments and the codes of suspicion of an agency."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Language
from agencies.permissions import Permission
from cases import arguments, desk_words, suspicions
from cases.models import DeskWord
from cases.word_forms import ArgumentForm, SuspicionForm
from common.refusals import Refused


@require_GET
@requires(Permission.DESK_WORDS)
def words(request: HttpRequest) -> HttpResponse:
    return _page(request, SuspicionForm())


def _page(request: HttpRequest, form: forms.Form, *, status: int = 200) -> HttpResponse:
    own = arguments.all_words()
    language = translation.get_language() or "en"
    ladder = [(step, said, step.spoken(language, language)) for step, said in arguments.whole_ladder(own)]
    context = {
        "ladder": ladder,
        "fixed": list(suspicions.FIXED.values()),
        "own": arguments.words_of(DeskWord.Kind.SUSPICION, own),
        "form": form,
    }
    return render(request, "cases/words/lists.html", context, status=status)


@require_POST
@requires(Permission.DESK_WORDS)
def suspicion_add(request: HttpRequest) -> HttpResponse:
    form = SuspicionForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        word = desk_words.add_suspicion(
            form.cleaned_data["label"], by=cast(MemberRequest, request).membership, now=timezone.now()
        )
    except Refused as refused:
        form.add_error("label", refused.sentence)
        return _page(request, form, status=422)
    messages.success(request, _("“%(word)s” can be chosen at the desk now.") % {"word": word.label})
    return redirect("desk-words")


@require_http_methods(["GET", "POST"])
@requires(Permission.DESK_WORDS)
def argument(request: HttpRequest) -> HttpResponse:
    """The agency's words of the step that `step` names, or a new one at the end of the ladder."""
    code = request.GET.get("step", "")
    step = _step_or_404(code) if code else None
    spoken = _by_language(step)
    first = {"label": step.word.label if step and step.word else ""}
    first |= {f"text_{language}": text for language, text in (step.texts if step else {}).items()}
    form = ArgumentForm(request.POST or None, texts=spoken, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            desk_words.keep_argument(
                code, label=form.cleaned_data["label"], texts=form.texts(),
                by=cast(MemberRequest, request).membership, now=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.success(request, _("The step is kept."))
            return redirect("desk-words")
    context = {"form": form, "step": step}
    return render(request, "cases/words/argument.html", context, status=422 if form.errors else 200)


def _by_language(step: arguments.Argument | None) -> dict[str, str]:
    """What the product says in each language; nothing of a step of the agency's own."""
    spoken: dict[str, str] = {}
    for language, _name in Language.choices:
        with translation.override(language):
            spoken[language] = str(step.say) if step else ""
    return spoken


@require_POST
@requires(Permission.DESK_WORDS)
def move(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("word", "")
    _step_or_404(code)
    member, now = cast(MemberRequest, request).membership, timezone.now()
    return _told(request, lambda: desk_words.move_argument(code, up="up" in request.POST, by=member, now=now))


@require_POST
@requires(Permission.DESK_WORDS)
def use(request: HttpRequest) -> HttpResponse:
    """Retire a word, or use it again."""
    kind, code = request.POST.get("kind", ""), request.POST.get("word", "")
    if kind == DeskWord.Kind.ARGUMENT:
        _step_or_404(code)
    else:
        get_object_or_404(DeskWord.objects, kind=kind, code=code)
    member, now = cast(MemberRequest, request).membership, timezone.now()
    active = "again" in request.POST
    return _told(request, lambda: desk_words.use(kind, code, active=active, by=member, now=now))


def _told(request: HttpRequest, deed: Any) -> HttpResponse:
    try:
        deed()
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("desk-words")


def _step_or_404(code: str) -> arguments.Argument:
    found = next((step for step, _said in arguments.whole_ladder(arguments.all_words()) if step.code == code), None)
    if found is None:
        raise Http404
    return found
