"""Bank statements of the demo: CAMT.053 files as the agency's bank would send them, with lines that fit and lines that
leave a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from stdnum.iso7064 import mod_97_10

BANKS = {"MD": "CD{:018d}", "LT": "70999{:011d}"}


@dataclass(frozen=True)
class Incoming:
    """One credit on the account."""

    amount: Decimal
    name: str
    text: str
    iban: str = ""


def account(country: str, number: int) -> str:
    """An invented IBAN at an invented bank of the country."""
    own = BANKS[country].format(number)
    return f"{country}{mod_97_10.calc_check_digits(own + country)}{own}"


def camt(
    *, iban: str, currency: str, number: int, day: date, opening: Decimal, lines: Sequence[Incoming]
) -> tuple[bytes, Decimal]:
    """One statement of one day, and its closing balance."""
    closing = opening + sum((line.amount for line in lines), Decimal(0))
    entries = "".join(_entry(line, currency, day, place) for place, line in enumerate(lines, start=1))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>S{number}</MsgId><CreDtTm>{day}T18:00:00</CreDtTm></GrpHdr><Stmt><Id>{number}</Id>"
        f"<ElctrncSeqNb>{number}</ElctrncSeqNb><CreDtTm>{day}T18:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
        f"{_balance('OPBD', opening, currency, day)}{_balance('CLBD', closing, currency, day)}{entries}"
        "</Stmt></BkToCstmrStmt></Document>\n"
    )
    return text.encode(), closing


def _balance(code: str, amount: Decimal, currency: str, day: date) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount:.2f}</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _entry(line: Incoming, currency: str, day: date, place: int) -> str:
    payer = f"<DbtrAcct><Id><IBAN>{line.iban}</IBAN></Id></DbtrAcct>" if line.iban else ""
    return (
        f'<Ntry><NtryRef>{day:%m%d}-{place}</NtryRef><Amt Ccy="{currency}">{line.amount:.2f}</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr><Nm>{escape(line.name)}</Nm>"
        f"</Dbtr>{payer}</RltdPties><RmtInf><Ustrd>{escape(line.text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
