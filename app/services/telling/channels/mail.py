"""The channel of e-mail: one SMTP conversation for each parcel."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from app.domain import clock
from app.domain.mail import MailServer, Tls
from app.domain.text import N_
from app.services.telling.channels import Cause, Parcel, Undeliverable
from app.services.telling.channels.mail_texts import letter_of

TIMEOUT_SECONDS = 10.0
PERMANENT = 500
SENDER_NAME = N_("审批")


class Mail:
    """Sends parcels as e-mail; `public_url` is where its links lead."""

    def __init__(self, server: MailServer, public_url: str) -> None:
        self._server, self._public_url = server, public_url

    def send(self, parcel: Parcel) -> None:
        """Send one mail. Raises Undeliverable for what the server answered, and where it did not."""
        message = self._message(parcel)
        try:
            with _conversation(self._server) as smtp:
                smtp.send_message(message, self._server.sender, [parcel.address])
        except (OSError, smtplib.SMTPException) as error:
            raise _fault(error) from None

    def _message(self, parcel: Parcel) -> EmailMessage:
        """Write the mail; a name or a title with line breaks cannot make a header of its own."""
        letter = letter_of(parcel, self._public_url)
        message = EmailMessage()
        message["Subject"] = " ".join(letter.subject.split())
        message["From"] = Address(SENDER_NAME, addr_spec=self._server.sender)
        message["To"] = parcel.address
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{parcel.token}@{urlsplit(self._public_url).hostname}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, cte="base64")
        message.add_alternative(letter.html, subtype="html", cte="base64")
        return message


@contextmanager
def _conversation(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Greet the server, encrypt, sign in; what goes wrong while parting does not undo what was taken."""
    tls = ssl.create_default_context()
    smtp = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=tls)
        if server.tls == Tls.TLS
        else smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    )
    try:
        if server.tls == Tls.STARTTLS:
            smtp.starttls(context=tls)
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
    finally:
        smtp.close()


def _fault(error: Exception) -> Undeliverable:
    """Say what an error of the conversation means for the parcel."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
        return _answered(Cause.ADDRESS, code)
    if isinstance(error, smtplib.SMTPDataError):
        return _answered(Cause.REJECTED, error.smtp_code)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return Undeliverable(Cause.SENDER, error.smtp_code)
    if isinstance(error, (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError)):
        return Undeliverable(Cause.SIGN_IN, getattr(error, "smtp_code", None))
    return Undeliverable(Cause.UNREACHABLE, getattr(error, "smtp_code", None))


def _answered(cause: Cause, code: int) -> Undeliverable:
    """Return a refusal for good, or that the server asks to come again."""
    is_final = code >= PERMANENT
    return Undeliverable(cause if is_final else Cause.BUSY, code, is_final=is_final)
