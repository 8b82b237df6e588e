from django.urls import URLPattern, URLResolver, include, path

from cases import allocation_views, approval_views, case_views, creditor_views, inbox_views, list_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("cases.desk_urls")),
    path("", include("cases.remittance_urls")),
    path("cases/", list_views.case_list, name="case-list"),
    path("cases/assign/", list_views.assign_chosen, name="case-list-assign"),
    path("creditor/cases/", creditor_views.case_list, name="creditor-cases"),
    path("creditor/cases/<int:case_id>/", creditor_views.case_page, name="creditor-case"),
    path("allocation/", allocation_views.allocation, name="allocation"),
    path("allocation/apply/", allocation_views.apply, name="allocation-apply"),
    path("allocation/<int:batch_id>/undo/", allocation_views.undo, name="allocation-undo"),
    path("approvals/", approval_views.approvals, name="approvals"),
    path("approvals/decided/", inbox_views.decided, name="approvals-decided"),
    path("approvals/<int:approval_id>/decide/", inbox_views.decide, name="approval-decide"),
    path("creditor/approvals/", inbox_views.creditor_inbox, name="creditor-approvals"),
    path("creditor/approvals/<int:approval_id>/decide/", inbox_views.creditor_decide, name="creditor-approval-decide"),
    path("approvals/decide/", approval_views.decide, name="approvals-decide"),
    path("cases/<int:case_id>/holds/", case_views.hold_place, name="hold-place"),
    path("cases/<int:case_id>/holds/<int:hold_id>/lift/", case_views.hold_lift, name="hold-lift"),
    path("cases/<int:case_id>/stage/", case_views.stage_move, name="stage-move"),
    path("cases/<int:case_id>/promises/", case_views.promise_make, name="promise-make"),
    path("cases/<int:case_id>/promises/<int:promise_id>/cancel/", case_views.promise_cancel, name="promise-cancel"),
    path("cases/<int:case_id>/promises/<int:promise_id>/approve/", case_views.promise_approve, name="promise-approve"),
    path("cases/<int:case_id>/promises/<int:promise_id>/refuse/", case_views.promise_refuse, name="promise-refuse"),
    path("cases/<int:case_id>/payments/", case_views.payment_enter, name="payment-enter"),
    path("cases/<int:case_id>/payments/<int:entry_id>/reverse/", case_views.payment_reverse, name="payment-reverse"),
    path("cases/<int:case_id>/notes/", case_views.note_add, name="note-add"),
    path("cases/<int:case_id>/contact-points/", case_views.contact_point_add, name="contact-point-add"),
    path(
        "cases/<int:case_id>/contact-points/<int:point_id>/judge/",
        case_views.contact_point_judge,
        name="contact-point-judge",
    ),
    path("cases/<int:case_id>/statuses/", case_views.status_record, name="status-record"),
    path("cases/<int:case_id>/assign/", case_views.reassign, name="case-reassign"),
]
