"""The tables of cases. Days past due are never stored: `Case.oldest_due_on` is, and a day is given."""

from cases.models.agreements import Instalment, Plan, PlanFormat, Settlement
from cases.models.allocation import AllocationBatch, AllocationMove, Roll
from cases.models.case import (
    Case,
    CloseReason,
    ContractStatus,
    ExpertReason,
    Hold,
    NextAction,
    Party,
    PartyRole,
    Stage,
)
from cases.models.debtor_complaints import ComplaintStep, DebtorComplaint
from cases.models.deeds import Deed
from cases.models.evidence import Approval, ApprovalKind, Document, DocumentKind
from cases.models.paying import AgreedWay
from cases.models.quality import ConversationReview, ItemMark, QualitySample, ScoreCard, ScoreItem
from cases.models.remittance import Remittance, RemittanceLine
from cases.models.reported import ReportedPayment
from cases.models.sales import DebtSale, SoldCase
from cases.models.waivers import Waiver
from cases.models.words import DeskWord
from cases.models.work import Disposition, DispositionCode, Note, Promise, ReasonForNonPayment

__all__ = [
    "AgreedWay",
    "AllocationBatch",
    "AllocationMove",
    "Approval",
    "ApprovalKind",
    "Case",
    "CloseReason",
    "ComplaintStep",
    "ContractStatus",
    "ConversationReview",
    "DebtSale",
    "DebtorComplaint",
    "Deed",
    "DeskWord",
    "Disposition",
    "DispositionCode",
    "Document",
    "DocumentKind",
    "ExpertReason",
    "Hold",
    "Instalment",
    "ItemMark",
    "NextAction",
    "Note",
    "Party",
    "PartyRole",
    "Plan",
    "PlanFormat",
    "Promise",
    "QualitySample",
    "ReasonForNonPayment",
    "Remittance",
    "RemittanceLine",
    "ReportedPayment",
    "Roll",
    "ScoreCard",
    "ScoreItem",
    "Settlement",
    "SoldCase",
    "Stage",
    "Waiver",
]
