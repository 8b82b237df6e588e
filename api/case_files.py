"""Case files over REST: upload, follow, map, read the verdicts, fetch what was not taken, confirm."""

from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import FileUploadParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.permissions import Permission
from api.documented import answers, page_of
from api.pages import Pages
from api.serializers import CaseFileOut, MappingIn, PortfolioOut, RowOut
from audit.once import digest_of, once
from portfolios import checking, inspecting, receiving
from portfolios.error_file import write_error_file
from portfolios.mapping import spec_of
from portfolios.models import CaseFileRow
from portfolios.visible import files_of, portfolios_of

_ID = OpenApiParameter("file_id", int, OpenApiParameter.PATH)
_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key gives the first answer again."
)
_CURSOR = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)]
_UPLOAD = {
    "multipart/form-data": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}, "portfolio": {"type": "integer"}},
        "required": ["file", "portfolio"],
    },
    "application/octet-stream": {"type": "string", "format": "binary"},
}


class RawFileParser(FileUploadParser):
    """The whole body is the file; its name comes from `?filename=` or Content-Disposition."""

    def get_filename(self, stream: Any, media_type: Any, parser_context: Any) -> str:
        named = parser_context["request"].query_params.get("filename")
        return str(named or super().get_filename(stream, media_type, parser_context) or "upload")


class Portfolios(APIView):
    scope = "files"
    permission = Permission.FILES_VIEW

    @answers(
        "portfolios", "Portfolios a file may be uploaded for", good={200: page_of("PortfolioPage", PortfolioOut)},
        problems=(400,), parameters=_CURSOR,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        return _page(self, request, portfolios_of(_member(request)), PortfolioOut)


class CaseFiles(APIView):
    scope = "files"
    parser_classes = [MultiPartParser, RawFileParser]

    @property
    def permission(self) -> Permission:
        return Permission.FILES_UPLOAD if self.request.method == "POST" else Permission.FILES_VIEW

    @answers(
        "case_files", "Case files, oldest first", good={200: page_of("CaseFilePage", CaseFileOut)}, problems=(400,),
        parameters=_CURSOR,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        return _page(self, request, files_of(_member(request)), CaseFileOut)

    @answers(
        "upload_case_file", "Upload a case file", good={202: CaseFileOut, 200: CaseFileOut},
        problems=(400, 404, 409, 413, 415, 422), request=_UPLOAD,
        parameters=[_KEY, OpenApiParameter("portfolio", int), OpenApiParameter("filename", str)],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """202: stored and being checked. 200: the very same file came before, or the same key; nothing was done."""
        member = _member(request)
        data: Any = request.data
        content = data.get("file")
        if not isinstance(content, UploadedFile):
            raise ValidationError({"file": [_("Choose a file.")]})
        wanted = data.get("portfolio") or request.query_params.get("portfolio") or ""
        if not str(wanted).isdecimal():
            raise ValidationError({"portfolio": [_("Say for which portfolio the file is.")]})
        portfolio = get_object_or_404(portfolios_of(member), id=int(wanted))

        def act() -> tuple[int, Any]:
            content.seek(0)
            case_file, is_new = receiving.receive(
                portfolio, content=content, filename=content.name or "", by=member, via="API"
            )
            return 202 if is_new else 200, dict(CaseFileOut(case_file).data)

        key = request.headers.get("Idempotency-Key")
        if key is None:
            status, body = act()
            return Response(body, status=status)
        digest = digest_of(str(portfolio.id), content.name or "", _digest(content))
        answer = once(f"case-files:{member.id}", key, digest, act)
        headers = {"Idempotency-Replayed": "true"} if answer.replayed else {}
        return Response(answer.body, status=200 if answer.replayed else answer.status, headers=headers)


class OneCaseFile(APIView):
    scope = "files"
    permission = Permission.FILES_VIEW

    @answers("case_file", "One case file", good={200: CaseFileOut}, problems=(404,), parameters=[_ID])
    def get(self, request: Request, file_id: int) -> Response:
        return Response(CaseFileOut(get_object_or_404(files_of(_member(request)), id=file_id)).data)


class CaseFileRows(APIView):
    scope = "files"
    permission = Permission.FILES_VIEW

    @answers(
        "case_file_rows", "Rows with their verdicts", good={200: page_of("RowPage", RowOut)}, problems=(400, 404),
        parameters=[_ID, OpenApiParameter("verdict", str, enum=CaseFileRow.Verdict.values), *_CURSOR],
    )  # fmt: skip
    def get(self, request: Request, file_id: int) -> Response:
        case_file = get_object_or_404(files_of(_member(request)), id=file_id)
        rows = CaseFileRow.objects.filter(case_file=case_file)
        verdict = request.query_params.get("verdict", "")
        if verdict:
            if verdict not in CaseFileRow.Verdict.values:
                raise ValidationError({"verdict": [_("There is no such verdict.")]})
            rows = rows.filter(verdict=verdict)
        return _page(self, request, rows, RowOut)


class CaseFileErrors(APIView):
    scope = "files"
    permission = Permission.FILES_VIEW

    @extend_schema(
        operation_id="case_file_errors", summary="Rows that were not taken, in the file's own columns plus `_error`",
        parameters=[_ID], responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )  # fmt: skip
    def get(self, request: Request, file_id: int) -> FileResponse:
        case_file = get_object_or_404(files_of(_member(request)).exclude(mapping=None), id=file_id)
        content, name, media = write_error_file(case_file)
        return FileResponse(content, as_attachment=True, filename=name, content_type=media)


class CaseFileMapping(APIView):
    scope = "files"
    permission = Permission.FILES_UPLOAD
    parser_classes = [JSONParser]

    @answers("map_case_file", "Say what the columns mean, and check the rows", good={202: CaseFileOut},
             problems=(400, 404, 409, 415, 422), parameters=[_ID], request=MappingIn)  # fmt: skip
    def put(self, request: Request, file_id: int) -> Response:
        case_file = get_object_or_404(files_of(_member(request)), id=file_id)
        told = MappingIn(data=request.data)
        told.is_valid(raise_exception=True)
        spec = spec_of(told.validated_data)
        case_file = inspecting.apply_mapping(case_file, spec=spec, by=_member(request).user, now=timezone.now())
        return Response(CaseFileOut(case_file).data, status=202)


class CaseFileConfirmation(APIView):
    scope = "files"
    permission = Permission.FILES_UPLOAD
    parser_classes = [JSONParser]

    @answers("confirm_case_file", "Open the cases of the accepted rows", good={202: CaseFileOut}, problems=(404, 409),
             parameters=[_ID])  # fmt: skip
    def post(self, request: Request, file_id: int) -> Response:
        """Confirming twice changes nothing."""
        case_file = get_object_or_404(files_of(_member(request)), id=file_id)
        confirmed = checking.confirm(case_file, by=_member(request).user, now=timezone.now())
        return Response(CaseFileOut(confirmed).data, status=202)


def _member(request: Request) -> Any:
    return request._request.membership  # type: ignore[attr-defined]


def _page(view: APIView, request: Request, rows: Any, serializer: Any) -> Response:
    pages = Pages()
    page: Any = pages.paginate_queryset(rows.order_by("id"), request, view=view)
    return pages.get_paginated_response(serializer(page, many=True).data)


def _digest(content: Any) -> bytes:
    """The hash of the content: the key stands for these bytes."""
    digest = sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    return digest.digest()
