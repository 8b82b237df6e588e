"""The agency's bank accounts: whose statements are taken in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from common.refusals import Refused
from ledger.bank_account_forms import BankAccountForm
from ledger.models import BankAccount
from ledger.statements import accounts
from ledger.statements.values import compact


@require_http_methods(["GET", "POST"])
@requires(Permission.MANDATES_MANAGE)
def bank_accounts(request: MemberRequest, bank_account_id: int = 0) -> HttpResponse:
    """The list, with the form of a new account or of the chosen one."""
    chosen = get_object_or_404(BankAccount.objects, id=bank_account_id) if bank_account_id else None
    form = BankAccountForm(request.POST or None, initial=_initial(chosen))
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, chosen, form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("bank-accounts")
    known = BankAccount.objects.select_related("creditor").order_by("closed_on", "name", "number", "id")
    paid_to = compact(request.agency.payment_iban)
    context = {
        "form": form, "chosen": chosen, "accounts": known,
        "unnamed": paid_to if paid_to and not known.filter(number=paid_to).exists() else "",
    }  # fmt: skip
    return render(request, "ledger/bank_accounts.html", context, status=422 if form.errors else 200)


def _initial(account: BankAccount | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {name: getattr(account, name) for name in ("number", "currency", "name", "creditor", "closed_on")}


def _save(request: MemberRequest, account: BankAccount | None, told: dict[str, Any]) -> None:
    if account is not None:
        accounts.change_account(account, **told, by=request.membership)
        return
    made = {name: told[name] for name in ("number", "currency", "name", "creditor")}
    accounts.add_account(**made, by=request.membership)
