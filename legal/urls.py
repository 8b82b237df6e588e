from django.urls import URLPattern, path

from legal import case_pages, list_pages, views
from legal import handoff_pages as pages
from legal.handoff_pages import AGENCY, FIRM, deed, document_of, page_of

_OF_BOTH = (
    ("share", pages.share, "documents/"),
    ("cost", pages.cost, "costs/"),
    ("proceeding", pages.proceeding, "proceedings/"),
    ("step", pages.step, "steps/<int:step_id>/"),
    ("due", pages.due, "steps/<int:step_id>/day/"),
    ("correct", pages.correct, "steps/<int:step_id>/correct/"),
    ("end", pages.end, "proceedings/<int:proceeding_id>/end/"),
)
_OF_AGENCY = (
    ("send", pages.send), ("repack", pages.repack), ("answer", pages.answer), ("recall", pages.recall),
    ("finish", pages.finish), ("clear", pages.clear),
)  # fmt: skip
_OF_FIRM = (("accept", pages.accept), ("ask", pages.ask))


def _both(root: str, side: pages.Side) -> list[URLPattern]:
    return [
        path(f"{root}<int:handoff_id>/", page_of(side), name=side.name),
        path(
            f"{root}<int:handoff_id>/documents/<int:document_id>/", document_of(side), name=f"{side.name}-document"
        ),
        *(
            path(f"{root}<int:handoff_id>/{route}", deed(side, do), name=f"{side.name}-{name}")
            for name, do, route in _OF_BOTH
        ),
    ]  # fmt: skip


urlpatterns = [
    path("legal/", views.legal_cases, name="legal-cases"),
    path("legal/calendar/", list_pages.calendar, name="legal-calendar"),
    path("legal/to-decide/", list_pages.to_decide_list, name="legal-to-decide"),
    path("legal/time-limits/", list_pages.time_limit_list, name="legal-time-limits"),
    path("legal/deeds/", list_pages.deed_list, name="legal-deeds"),
    path("legal/contracts/", list_pages.contracts, name="contracts"),
    path("legal/contracts/<int:portfolio_id>/", list_pages.contract_portfolio, name="contract-portfolio"),
    path("legal/firms/", list_pages.firm_list, name="law-firms"),
    path("legal/firms/<int:firm_id>/", list_pages.firm, name="law-firm"),
    path("legal/cases/<int:case_id>/", case_pages.legal_case, name="legal-case"),
    path("legal/cases/<int:case_id>/contract/", case_pages.contract_record, name="contract-record"),
    path("legal/cases/<int:case_id>/source/", case_pages.contract_source, name="contract-source"),
    path("legal/cases/<int:case_id>/decision/", case_pages.decision_save, name="lawsuit-save"),
    path("legal/cases/<int:case_id>/complaints/", case_pages.complaint_request, name="complaint-request"),
    path("legal/decisions/<int:decision_id>/withdraw/", case_pages.decision_withdraw, name="lawsuit-withdraw"),
    path("legal/decisions/<int:decision_id>/handoff/", case_pages.handoff_prepare, name="handoff-prepare"),
    path("legal/complaints/<int:complaint_id>/file/", case_pages.complaint_file, name="complaint-file"),
    path("legal/complaints/<int:complaint_id>/withdraw/", case_pages.complaint_withdraw, name="complaint-withdraw"),
    path("legal/complaints/<int:complaint_id>/news/", case_pages.complaint_news, name="complaint-news"),
    path("legal/documents/<int:document_id>/", case_pages.document, name="legal-document"),
    path("legal/handoffs/", list_pages.handoff_list, name="handoffs"),
    *_both("legal/handoffs/", AGENCY),
    *(
        path(f"legal/handoffs/<int:handoff_id>/{name}/", deed(AGENCY, do), name=f"handoff-{name}")
        for name, do in _OF_AGENCY
    ),
    path(
        "legal/handoffs/<int:handoff_id>/costs/<int:cost_id>/take-back/",
        deed(AGENCY, pages.cost_back),
        name="handoff-cost-back",
    ),
    path("firm/", list_pages.firm_handoffs, name="firm-handoffs"),
    *_both("firm/handoffs/", FIRM),
    *(
        path(f"firm/handoffs/<int:handoff_id>/{name}/", deed(FIRM, do), name=f"firm-handoff-{name}")
        for name, do in _OF_FIRM
    ),
]
