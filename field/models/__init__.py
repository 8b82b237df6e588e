"""The tables of the field floor: trips, visits with their proof, and what follows from them."""

from field.models.follow_up import Discrepancy, FinancedObject, Incident, ObjectStep, Recommendation
from field.models.papers import FinalReport, PaperTerm
from field.models.trips import Territory, Trigger, VisitKind, VisitOrder, VisitStop
from field.models.visits import POSITIVE, Asset, Letter, Outcome, Photo, Signature, Visit

__all__ = [
    "POSITIVE",
    "Asset",
    "Discrepancy",
    "FinalReport",
    "FinancedObject",
    "Incident",
    "Letter",
    "ObjectStep",
    "Outcome",
    "PaperTerm",
    "Photo",
    "Recommendation",
    "Signature",
    "Territory",
    "Trigger",
    "Visit",
    "VisitKind",
    "VisitOrder",
    "VisitStop",
]
