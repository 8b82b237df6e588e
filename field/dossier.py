"""What this floor brings to a case's dossier: visits with their proof, what was found of assets and income, photos."""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.dossier import File, Part, register_files, register_part
from cases.models import Case
from common import kept_files
from common.templatetags.trade import moment, money
from field import letters_left, photos
from field.models import Asset, Photo, Visit


def visits_part(case: Case) -> Part | None:
    """Each visit: when, where, who came, who was met, whether the letter was left, how many photos prove it."""
    taken = Counter(Photo.objects.filter(case=case).values_list("visit_id", flat=True))
    visits = Visit.objects.filter(case=case).select_related("address", "collector__user").order_by("started_at", "id")
    rows: list[tuple[str, ...]] = [
        (
            moment(one.started_at), one.address.value, str(one.collector.user), _result(one), one.get_letter_display(),
            str(taken[one.id]), one.note,
        )
        for one in visits
    ]  # fmt: skip
    if not rows:
        return None
    columns = (
        _("Visited at"),
        _("Address"),
        pgettext("person", "By"),
        _("Outcome"),
        _("Contact letter"),
        _("Photos"),
        _("Note"),
    )
    return Part(_("Visits"), columns, rows, frozenset({5}))


def assets_part(case: Case) -> Part | None:
    rows: list[tuple[str, ...]] = [
        (
            moment(one.recorded_at), one.get_kind_display(),
            f"{one.description} ({_('encumbered')})" if one.encumbered else one.description,
            "" if one.value is None else money(one.value, one.currency),
        )
        for one in Asset.objects.filter(case=case).order_by("id")
    ]  # fmt: skip
    if not rows:
        return None
    return Part(_("Assets and income"), (_("When"), _("Kind"), _("Description"), _("Value")), rows, frozenset({3}))


def photos_part(case: Case) -> Part | None:
    """The photos by the hash of their originals, which stay sealed; the archive holds the copies that are shown."""
    rows: list[tuple[str, ...]] = [
        (
            _name(one), one.get_kind_display(), "" if one.taken_at is None else moment(one.taken_at),
            "" if one.latitude is None else f"{one.latitude}, {one.longitude}", one.original_sha256,
        )
        for one in _photos(case)
    ]  # fmt: skip
    if not rows:
        return None
    columns = (_("File"), _("Kind"), _("Taken at"), _("Position"), _("SHA-256 of the original"))
    note = _("The originals are kept sealed by these hashes and are handed out on request.")
    return Part(_("Photos"), columns, rows, note=note)


def photo_files(case: Case) -> Iterable[File]:
    for one in _photos(case):
        try:
            content = photos.shown_content(one)
        except kept_files.FileIsNotAsKept:  # it stays in the list above, without a file
            continue
        yield File(_name(one), content)


def _result(visit: Visit) -> str:
    met = visit.get_person_role_display() if visit.person_role else letters_left.relation_label(visit.relation)
    return f"{visit.get_outcome_display()}: {met}" if met else visit.get_outcome_display()


def _photos(case: Case) -> Iterable[Photo]:
    found: Iterable[Photo] = Photo.objects.filter(case=case).order_by("id")
    return found


def _name(photo: Photo) -> str:
    if photo.visit_id is None:
        return f"objects/{photo.step_id:08d}-{photo.id}.jpg"
    return f"visits/{photo.visit_id:08d}-{photo.id}.jpg"


def register() -> None:
    register_part("visits", visits_part, order=60)
    register_part("assets", assets_part, order=62)
    register_part("photos", photos_part, order=64)
    register_files("visits", photo_files)
