from django.urls import URLPattern, URLResolver, path

from ledger import bank_account_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("bank-accounts/", bank_account_views.bank_accounts, name="bank-accounts"),
    path("bank-accounts/<int:bank_account_id>/", bank_account_views.bank_accounts, name="bank-account"),
]
