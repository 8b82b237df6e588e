from django.urls import path

from cases import agreement_views as views
from cases import deed_views, expert_views, plan_format_views, sale_views, waiver_views

urlpatterns = [
    path("cases/<int:case_id>/plans/new/", views.plan_request, name="plan-request"),
    path("cases/<int:case_id>/plans/<int:plan_id>/", views.plan, name="plan"),
    path("cases/<int:case_id>/plans/<int:plan_id>/draft/", views.plan_draft, name="plan-draft"),
    path("cases/<int:case_id>/plans/<int:plan_id>/preview/", views.plan_preview, name="plan-preview"),
    path("cases/<int:case_id>/plans/<int:plan_id>/sign/", views.plan_sign, name="plan-sign"),
    path("cases/<int:case_id>/plans/<int:plan_id>/cancel/", views.plan_cancel, name="plan-cancel"),
    path("cases/<int:case_id>/experts/", expert_views.mark, name="case-experts"),
    path("cases/<int:case_id>/adviser/", expert_views.adviser, name="case-adviser"),
    path("sales/", sale_views.sale_list, name="sales"),
    path("sales/new/", sale_views.sale_new, name="sale-new"),
    path("sales/<int:sale_id>/", sale_views.sale, name="sale"),
    path("sales/<int:sale_id>/withdraw/", sale_views.sale_withdraw, name="sale-withdraw"),
    path("sales/cases/<int:sold_case_id>/notice/", sale_views.sale_notice, name="sale-notice"),
    path("agreements/", deed_views.concluded_list, name="concluded-agreements"),
    path("cases/<int:case_id>/plans/<int:plan_id>/deed/", deed_views.deed_draft, name="deed-draft"),
    path("deeds/<int:deed_id>/", deed_views.deed, name="deed"),
    path("deeds/<int:deed_id>/drop/", deed_views.deed_drop, name="deed-drop"),
    path("cases/<int:case_id>/settlements/new/", views.settlement_offer, name="settlement-offer"),
    path("cases/<int:case_id>/settlements/figures/", views.settlement_figures, name="settlement-figures"),
    path(
        "cases/<int:case_id>/settlements/<int:settlement_id>/cancel/", views.settlement_cancel, name="settlement-cancel"
    ),
    path("cases/<int:case_id>/waivers/new/", waiver_views.waiver_ask, name="waiver-ask"),
    path("cases/<int:case_id>/waivers/<int:waiver_id>/cancel/", waiver_views.waiver_cancel, name="waiver-cancel"),
    path(
        "cases/<int:case_id>/waivers/<int:waiver_id>/back/", waiver_views.waiver_take_back, name="waiver-take-back"
    ),
    path("cases/<int:case_id>/documents/new/", views.document_add, name="document-add"),
    path("cases/<int:case_id>/documents/<int:document_id>/", views.document, name="document"),
    path(
        "creditors/<int:creditor_id>/mandates/<int:mandate_id>/plan-formats/", plan_format_views.formats,
        name="plan-formats",
    ),
    path(
        "creditors/<int:creditor_id>/mandates/<int:mandate_id>/plan-formats/<int:format_id>/retire/",
        plan_format_views.retire, name="plan-format-retire",
    ),
]  # fmt: skip
