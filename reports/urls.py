from django.urls import path

from reports import flow_views, list_views, pay_views, productivity_views, result_views, target_views, views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("reports/flow/", flow_views.flow_page, name="flow"),
    path("reports/flow/rolls/", flow_views.roll_list, name="report-rolls"),
    path("reports/flow/cures/", flow_views.cure_list, name="report-cures"),
    path("reports/productivity/", productivity_views.productivity_page, name="productivity"),
    path("reports/targets/", target_views.target_list, name="targets"),
    path("reports/targets/set/", target_views.target_set, name="target-set"),
    path("reports/targets/<int:target_id>/withdraw/", target_views.target_withdraw, name="target-withdraw"),
    path("my-targets/", target_views.my_targets, name="my-targets"),
    path("pay/", pay_views.pay_page, name="pay"),
    path("pay/rule/", pay_views.pay_rule, name="pay-rule"),
    path("pay/<int:membership_id>/", pay_views.pay_preview, name="pay-preview"),
    path("pay/<int:membership_id>/issue/", pay_views.pay_issue, name="pay-issue"),
    path("pay/statements/<int:pay_statement_id>/", pay_views.pay_statement, name="pay-statement"),
    path("my-pay/", pay_views.my_pay, name="my-pay"),
    path("my-pay/<int:pay_statement_id>/", pay_views.my_pay_statement, name="my-pay-statement"),
    path("reports/worked/", list_views.worked_list, name="report-worked"),
    path("reports/visits-made/", list_views.visit_list, name="report-visits-made"),
    path("reports/payments/", list_views.payment_list, name="report-payments"),
    path("reports/promises/", list_views.promise_list, name="report-promises"),
    path("reports/contacts/", list_views.contact_list, name="report-contacts"),
    path("reports/plans/", result_views.plan_list, name="report-plans"),
    path("reports/settlements/", result_views.settlement_list, name="report-settlements"),
    path("reports/visits/", result_views.trip_list, name="report-trips"),
    path("reports/court/", result_views.court_list, name="report-court"),
    path("reports/commission/", result_views.commission_list, name="report-commission"),
]
