"""The tables of going to court: decisions, law firms and what was handed to them, proceedings, criminal complaints."""

from legal.models.complaints import Complaint, PoliceNews
from legal.models.decisions import CheckState, CourtReason, LawsuitCheck, LawsuitDecision
from legal.models.handoffs import (
    CostKind,
    CostTakenBack,
    Handoff,
    HandoffCost,
    HandoffDocument,
    HandoffWord,
    LawFirm,
    LawFirmMember,
)
from legal.models.proceedings import Proceeding, ProceedingStep, StepCorrection

__all__ = [
    "CheckState",
    "Complaint",
    "CostKind",
    "CostTakenBack",
    "CourtReason",
    "Handoff",
    "HandoffCost",
    "HandoffDocument",
    "HandoffWord",
    "LawFirm",
    "LawFirmMember",
    "LawsuitCheck",
    "LawsuitDecision",
    "PoliceNews",
    "Proceeding",
    "ProceedingStep",
    "StepCorrection",
]
