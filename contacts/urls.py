from django.urls import URLPattern, URLResolver, include, path, register_converter

from contacts import campaign_views, letter_views, outbox_views, template_views


class _Words:
    """One word of a closed list."""

    words: tuple[str, ...] = ()

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class CampaignVerb(_Words):
    regex = "pause|resume|cancel"


class TemplateVerb(_Words):
    regex = "approve|retire"


class OutboxVerb(_Words):
    regex = "again|sent|give-up"


register_converter(CampaignVerb, "campaign_verb")
register_converter(TemplateVerb, "template_verb")
register_converter(OutboxVerb, "outbox_verb")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("contacts.desk_urls")),
    path("campaigns/", campaign_views.campaign_list, name="campaigns"),
    path("campaigns/new/", campaign_views.campaign_new, name="campaign-new"),
    path("campaigns/<int:campaign_id>/", campaign_views.campaign, name="campaign"),
    path("campaigns/<int:campaign_id>/forecast/", campaign_views.campaign_forecast, name="campaign-forecast"),
    path("campaigns/<int:campaign_id>/cases/<str:key>/", campaign_views.campaign_sample, name="campaign-sample"),
    path("campaigns/<int:campaign_id>/messages/", campaign_views.campaign_messages, name="campaign-messages"),
    path("campaigns/<int:campaign_id>/approve/", campaign_views.campaign_approve, name="campaign-approve"),
    path("campaigns/<int:campaign_id>/<campaign_verb:verb>/", campaign_views.campaign_move, name="campaign-move"),
    path("templates/", template_views.template_list, name="templates"),
    path("templates/new/", template_views.template_new, name="template-new"),
    path("templates/<int:template_id>/", template_views.template, name="template"),
    path("templates/<int:template_id>/<template_verb:verb>/", template_views.template_decide, name="template-decide"),
    path("letters/", letter_views.print_batches, name="letters"),
    path("letters/batch/", letter_views.print_batch_new, name="print-batch-new"),
    path("letters/batch/<int:batch_id>/", letter_views.print_batch_document, name="print-batch"),
    path("letters/batch/<int:batch_id>/hand-over/", letter_views.print_batch_hand_over, name="print-batch-hand-over"),
    path("letters/<int:message_id>/", letter_views.letter_document, name="letter"),
    path("outbox/", outbox_views.outbox, name="outbox"),
    path("outbox/<int:message_id>/<outbox_verb:verb>/", outbox_views.outbox_decide, name="outbox-decide"),
    path("approvals/contacts/<int:request_id>/", outbox_views.approval_decide, name="contact-approval"),
    path("", include("contacts.hook_urls")),
]
