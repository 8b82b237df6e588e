"""E-mail through the mail server of the settings."""

import smtplib
from email.utils import make_msgid

from django.core.mail import EmailMessage

from contacts.channels.base import Accepted, FateUnknown, Leaving, NotAccepted, Result


def send(leaving: Leaving) -> Result:
    """Hand one e-mail to the mail server. A refusal is certain; a connection that breaks afterwards is not."""
    reference = make_msgid(f"m{leaving.message_id}", domain="collections.invalid")
    mail = EmailMessage(
        subject=leaving.subject,
        body=leaving.body,
        to=[leaving.to],
        reply_to=[leaving.sender] if leaving.sender else None,
        headers={"Message-ID": reference, "Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPAuthenticationError, ConnectionRefusedError):
        return NotAccepted("SMTP_DOWN", retry_in=min(60.0 * 2**leaving.attempt, 3600.0))
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError):
        return NotAccepted("SMTP_REFUSED")
    except (smtplib.SMTPException, OSError) as error:
        return FateUnknown(type(error).__name__)
    return Accepted(reference.strip("<>")[:64], "handed over")
