"""Proceedings that were under way when a law firm lost its case: the next firm goes on with them."""

from legal.models import Handoff, HandoffDocument, Proceeding, ProceedingStep


def take_over(handoff: Handoff) -> int:
    """Bring the case's open proceedings to the firm that has it now, and their documents within its reach."""
    before = Proceeding.objects.filter(case_id=handoff.case_id, state=Proceeding.State.OPEN).exclude(handoff=handoff)
    ids = list(before.values_list("id", flat=True))
    if not ids:
        return 0
    papers = ProceedingStep.objects.filter(proceeding__in=ids, document__isnull=False)
    known = HandoffDocument.objects.filter(handoff=handoff).values("document_id")
    HandoffDocument.objects.bulk_create(
        [
            HandoffDocument(handoff=handoff, document_id=paper, from_firm=False)
            for paper in papers.exclude(document_id__in=known).values_list("document_id", flat=True).distinct()
        ]
    )
    return int(Proceeding.objects.filter(id__in=ids).update(handoff=handoff))
