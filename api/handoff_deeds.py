"""What a law firm does with a case in its hands, over REST: accept it, ask, share documents, open proceedings.

The rules are those of the page: the firm works on what it accepted, and a stop stops here too.
"""

from hashlib import sha256
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.permissions import Permission
from api.documented import answers
from api.handoffs import (
    ID,
    HandoffOut,
    OfHandoffs,
    ProceedingOut,
    SharedOut,
    WordOut,
    handoff_of,
    valid,
)
from api.sides import KEY, member_of, once_answered
from cases.document_pages import download
from cases.models import DocumentKind
from legal import handoffs, proceedings, uploads
from legal.forms import SHARED_KINDS
from legal.models import HandoffDocument

_UPLOAD = {
    "multipart/form-data": {
        "type": "object",
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "kind": {"type": "string", "enum": [str(kind) for kind in SHARED_KINDS]},
            "title": {"type": "string", "maxLength": 160},
        },
        "required": ["file"],
    }
}


class QuestionIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=4000)


class ShareIn(serializers.Serializer[Any]):
    file = serializers.FileField()
    kind = serializers.ChoiceField(choices=[str(kind) for kind in SHARED_KINDS], default=str(DocumentKind.COURT))
    title = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)


class ProceedingIn(serializers.Serializer[Any]):
    kind = serializers.CharField(max_length=40, help_text="A proceeding of the country, such as LAWSUIT.")
    opened_on = serializers.DateField()
    court = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)
    file_no = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class HandoffAcceptance(OfHandoffs):
    writing = Permission.LAW_FIRM

    @answers("accept_handoff", "Accept a case for your firm", good={200: HandoffOut}, problems=(404, 409, 422),
             parameters=[ID, KEY], request=None)  # fmt: skip
    def post(self, request: Request, handoff_id: int) -> Response:
        handoff, member = handoff_of(request, handoff_id), member_of(request)

        def act() -> tuple[int, Any]:
            handoffs.accept(handoff, by=member, now=timezone.now())
            return 200, HandoffOut(handoff_of(request, handoff_id)).data

        return once_answered(request, f"accept:{handoff.id}", act)


class HandoffQuestions(OfHandoffs):
    writing = Permission.LAW_FIRM

    @answers("ask_about_handoff", "Ask the agency something; the answer stands among the handoff's `words`",
             good={201: WordOut}, problems=(400, 404, 409, 422), parameters=[ID, KEY], request=QuestionIn)  # fmt: skip
    def post(self, request: Request, handoff_id: int) -> Response:
        handoff, member = handoff_of(request, handoff_id), member_of(request)
        given = valid(QuestionIn(data=request.data))

        def act() -> tuple[int, Any]:
            return 201, WordOut(handoffs.ask(handoff, text=given["text"], by=member, now=timezone.now())).data

        return once_answered(request, f"question:{handoff.id}", act)


class HandoffDocuments(OfHandoffs):
    parser_classes = [MultiPartParser]

    @answers("share_document", "Share a document of the case", good={201: SharedOut},
             problems=(400, 404, 409, 415, 422), parameters=[ID, KEY], request=_UPLOAD)  # fmt: skip
    def post(self, request: Request, handoff_id: int) -> Response:
        """PDF, JPEG, PNG, DOCX, ODT, ZIP or a signed envelope, up to 25 MB; the content must be what the name says."""
        handoff, member = handoff_of(request, handoff_id), member_of(request)
        given = valid(ShareIn(data=request.data))
        sent = uploads.read(given["file"])

        def act() -> tuple[int, Any]:
            document = handoffs.share(
                handoff, kind=given["kind"], title=given["title"], filename=sent.filename, content=sent.content,
                mime=sent.mime, by=member, now=timezone.now(),
            )  # fmt: skip
            return 201, SharedOut(HandoffDocument.objects.get(handoff=handoff, document=document)).data

        content = (given["kind"], given["title"], sent.filename, sha256(sent.content).digest())
        return once_answered(request, f"document:{handoff.id}", act, *content)


class OneHandoffDocument(OfHandoffs):
    @answers("shared_document", "A shared document as it was kept",
             good={(200, "application/octet-stream"): OpenApiTypes.BINARY}, problems=(404,),
             parameters=[ID, OpenApiParameter("document_id", int, OpenApiParameter.PATH)])  # fmt: skip
    def get(self, request: Request, handoff_id: int, document_id: int) -> HttpResponse:
        row = get_object_or_404(
            HandoffDocument.objects.select_related("document"), handoff=handoff_of(request, handoff_id),
            document_id=document_id,
        )  # fmt: skip
        return download(row.document)


class HandoffProceedings(OfHandoffs):
    @answers("open_proceeding", "Open a proceeding with its steps", good={201: ProceedingOut},
             problems=(400, 404, 409, 422), parameters=[ID, KEY], request=ProceedingIn)  # fmt: skip
    def post(self, request: Request, handoff_id: int) -> Response:
        handoff, member = handoff_of(request, handoff_id), member_of(request)
        given = valid(ProceedingIn(data=request.data))

        def act() -> tuple[int, Any]:
            opened = proceedings.open_proceeding(handoff, by=member, now=timezone.now(), **given)
            return 201, ProceedingOut(opened).data

        return once_answered(request, f"proceeding:{handoff.id}", act)
