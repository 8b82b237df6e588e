"""Forms of quality: what to draw, the marks of a judge, the comment of who was judged, a new card. They only read."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Team
from cases.case_forms import Plain, day_field
from cases.models import ItemMark, ScoreItem
from cases.quality_cards import MOST_ITEMS, USUAL, Item, label_of
from cases.quality_reviews import Given

NO_OCCASION = "NONE"
POINTS = [("2", _("Fully")), ("1", _("In part")), ("0", _("Not")), (NO_OCCASION, _("No occasion"))]


class SampleForm(Plain):
    starts_on = day_field(_("Held from"))
    ends_on = day_field(_("Held to"))
    per_person = forms.IntegerField(
        label=_("Conversations of each person"), min_value=1, max_value=50,
        help_text=_("Everybody is drawn the same number; who had fewer is heard in all of them."),
    )  # fmt: skip
    team: Any = forms.ModelChoiceField(queryset=None, label=_("Team"), required=False, empty_label=_("All teams"))
    third_parties = forms.BooleanField(
        label=_("Also conversations with people who do not owe"), required=False
    )  # fmt: skip

    def __init__(self, *args: Any, own_team: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams, field = Team.objects.order_by("name", "id"), self.fields["team"]
        if own_team is not None:
            teams, field.required = teams.filter(id=own_team), True
            field.empty_label, field.initial = None, own_team  # type: ignore[attr-defined]
        field.queryset = teams  # type: ignore[attr-defined]


class JudgeForm(Plain):
    """One choice and one comment for each item of the card, then the whole."""

    recording = forms.CharField(
        label=_("Where the recording is"), max_length=200, required=False,
        help_text=_("Its name or address in your telephone system, when there is one."),
    )  # fmt: skip
    comment = forms.CharField(
        label=_("What to keep and what to do better"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4, "wide": True}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, items: Sequence[ScoreItem], marks: Mapping[int, ItemMark] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        known = marks or {}
        for item in items:
            mark = known.get(item.id)
            points = None if mark is None else NO_OCCASION if mark.points is None else str(mark.points)
            self.fields[f"points_{item.id}"] = forms.ChoiceField(
                label=label_of(item), choices=POINTS, required=False, widget=forms.RadioSelect,
                initial=points,
            )  # fmt: skip
            self.fields[f"note_{item.id}"] = forms.CharField(
                label=_("Comment"), max_length=400, required=False, initial=mark.comment if mark else "",
                widget=forms.TextInput(attrs={"placeholder": _("Comment")}),
            )  # fmt: skip

    def rows(self) -> list[tuple[ScoreItem, Any, Any]]:
        """Each item with its choice and its comment."""
        return [(item, self[f"points_{item.id}"], self[f"note_{item.id}"]) for item in self.items]

    def given(self) -> dict[int, Given]:
        """What was chosen; items without an answer are left out."""
        told = self.cleaned_data
        return {
            item.id: Given(None if points == NO_OCCASION else int(points), told[f"note_{item.id}"])
            for item in self.items
            if (points := told[f"points_{item.id}"])
        }


class ReplyForm(Plain):
    text = forms.CharField(
        label=_("Your comment"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "wide": True}),
        help_text=_("You comment once; your words stay beside the judgement."),
    )  # fmt: skip


class CardForm(Plain):
    """The items of a card as one row each: words, weight, fatal. A usual item left in its words keeps its code."""

    name = forms.CharField(label=_("Name"), max_length=80)

    def __init__(self, *args: Any, items: Sequence[Item], spare: int = 3, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = range(min(len(items) + spare, MOST_ITEMS))
        for place in self.places:
            item = items[place] if place < len(items) else Item(2)
            self.fields[f"label_{place}"] = forms.CharField(
                label=_("What is listened for"), max_length=160, required=False,
                initial=item.label or (str(USUAL[item.code]) if item.code else ""),
            )  # fmt: skip
            self.fields[f"weight_{place}"] = forms.IntegerField(
                label=_("Weight"), min_value=1, max_value=9, required=False, initial=item.weight
            )
            self.fields[f"fatal_{place}"] = forms.BooleanField(
                label=_("Fatal"), required=False, initial=item.fatal
            )  # fmt: skip

    def rows(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"label_{place}"], self[f"weight_{place}"], self[f"fatal_{place}"]) for place in self.places]

    def items(self) -> list[Item]:
        """Rows with words, in their order."""
        codes = {str(label): code for code, label in USUAL.items()}
        told, found = self.cleaned_data, []
        for place in self.places:
            label = str(told.get(f"label_{place}") or "").strip()
            if not label:
                continue
            weight, fatal = told.get(f"weight_{place}") or 1, bool(told.get(f"fatal_{place}"))
            code = codes.get(label, "")
            found.append(Item(weight, code=code, label="" if code else label, fatal=fatal))
        return found
