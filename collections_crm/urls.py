"""Every address of the product. Each app owns its own `urls.py`."""

from django.urls import include, path

from collections_crm import views
from collections_crm.health import health_urls

urlpatterns = [
    *health_urls(),
    path("accounts/", include("agencies.accounts_urls")),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("", include("agencies.urls")),
    path("", include("audit.urls")),
    path("", include("debtors.urls")),
    path("", include("portfolios.urls")),
    path("", include("ledger.urls")),
    path("", include("cases.urls")),
    path("", include("contacts.urls")),
    path("", include("field.urls")),
    path("", include("legal.urls")),
    path("", include("reports.urls")),
    path("api/v1/", include("api.urls")),
]

handler400 = "collections_crm.failures.bad_request"
handler403 = "collections_crm.failures.permission_denied"
handler404 = "collections_crm.failures.page_not_found"
handler500 = "collections_crm.failures.server_error"
