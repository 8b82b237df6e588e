"""Statements as banks send them, made from a few words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

ACCOUNT = "MD24AG000225100013104168"
DAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Row:
    """One movement: positive comes in."""

    amount: Decimal | int | str
    text: str = ""
    name: str = ""
    iban: str = ""
    reference: str = ""
    bank_reference: str = ""
    on: date = DAY
    reversal: bool = False

    @property
    def money(self) -> Decimal:
        return Decimal(self.amount).quantize(Decimal("0.01"))


def comma(amount: Decimal) -> str:
    return f"{abs(amount):.2f}".replace(".", ",")


def mt940(
    rows: Sequence[Row], *, opening: Decimal | int = 1000, account: str = ACCOUNT, currency: str = "MDL",
    number: str = "1/1", opened_on: date = date(2026, 11, 19), closed_on: date = DAY, closing: Decimal | None = None,
    closing_currency: str = "",
) -> bytes:  # fmt: skip
    """A statement with numbered parts after `?`, broken every 65 characters."""
    opening = Decimal(opening)
    closing = opening + sum((row.money for row in rows), Decimal(0)) if closing is None else closing
    lines = [":20:STARTUMS", f":25:{account}", f":28C:{number}", f":60F:{_balance(opening, opened_on, currency)}"]
    for row in rows:
        mark = ("RC" if row.money < 0 else "RD") if row.reversal else ("D" if row.money < 0 else "C")
        bank = f"//{row.bank_reference}" if row.bank_reference else ""
        reference = row.reference[:16] or "NONREF"
        lines.append(f":61:{row.on:%y%m%d}{row.on:%m%d}{mark}{comma(row.money)}NTRF{reference}{bank}")
        details = "166?00PLATA" + "".join(f"?{20 + n}{part}" for n, part in enumerate(_pieces(row.text, 27)) if n < 10)
        details += f"?31{row.iban}?32{row.name[:27]}?33{row.name[27:54]}"
        lines += [f":86:{details[:61]}", *_pieces(details[61:], 65)]
    lines += [f":62F:{_balance(closing, closed_on, closing_currency or currency)}", "-"]
    return "\r\n".join(lines).encode() + b"\r\n"


def camt(
    rows: Sequence[Row], *, opening: Decimal | int = 1000, account: str = ACCOUNT, currency: str = "MDL",
    number: str = "1", opened_on: date = date(2026, 11, 19), closed_on: date = DAY, closing: Decimal | None = None,
    version: str = "053.001.08",
) -> bytes:  # fmt: skip
    opening = Decimal(opening)
    closing = opening + sum((row.money for row in rows), Decimal(0)) if closing is None else closing
    entries = "\n".join(_entry(row, currency, version) for row in rows)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{version}">
<BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>
<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>
{_camt_balance("OPBD", opening, opened_on, currency)}
{_camt_balance("CLBD", closing, closed_on, currency)}
{entries}
</Stmt></BkToCstmrStmt></Document>
""".encode()


def _entry(row: Row, currency: str, version: str) -> str:
    side, newer = ("Cdtr" if row.money < 0 else "Dbtr"), version >= "053.001.08"
    party = f"<Pty><Nm>{escape(row.name)}</Nm></Pty>" if newer else f"<Nm>{escape(row.name)}</Nm>"
    status = "<Sts><Cd>BOOK</Cd></Sts>" if newer else "<Sts>BOOK</Sts>"
    account = f"<{side}Acct><Id><IBAN>{row.iban}</IBAN></Id></{side}Acct>" if row.iban else ""
    bank = f"<AcctSvcrRef>{escape(row.bank_reference)}</AcctSvcrRef>" if row.bank_reference else ""
    return f"""<Ntry><Amt Ccy="{currency}">{abs(row.money):.2f}</Amt><CdtDbtInd>{_mark(row.money)}</CdtDbtInd>
<RvslInd>{str(row.reversal).lower()}</RvslInd>{status}<BookgDt><Dt>{row.on}</Dt></BookgDt><ValDt><Dt>{row.on}</Dt></ValDt>
{bank}<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><Refs><EndToEndId>{escape(row.reference) or "NOTPROVIDED"}</EndToEndId></Refs>
<RltdPties><{side}>{party}</{side}>{account}</RltdPties><RmtInf><Ustrd>{escape(row.text)}</Ustrd></RmtInf>
</TxDtls></NtryDtls></Ntry>"""


def _camt_balance(code: str, amount: Decimal, on: date, currency: str) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{abs(amount):.2f}</Amt>'
        f"<CdtDbtInd>{_mark(amount)}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _mark(amount: Decimal) -> str:
    return "DBIT" if amount < 0 else "CRDT"


def _balance(amount: Decimal, on: date, currency: str) -> str:
    return f"{'D' if amount < 0 else 'C'}{on:%y%m%d}{currency}{comma(amount)}"


def _pieces(text: str, width: int) -> list[str]:
    return [text[start : start + width] for start in range(0, len(text), width)]
