"""Zip containers (XLSX, ODS) are judged by their directory before a byte of them is unpacked."""

import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from portfolios.reading.refusal import FileRefused

MAX_UNPACKED = 600 * 1024 * 1024
MAX_RATIO = 200
RATIO_COUNTS_FROM = 20 * 1024 * 1024
MAX_MEMBERS = 2000


def check_container(path: Path) -> set[str]:
    """Return the names of the members.

    Raises:
        FileRefused: a truncated container, an encrypted one, or one that would unpack beyond all measure.
    """
    try:
        with zipfile.ZipFile(path) as container:
            members = container.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise FileRefused(_("The spreadsheet is cut off or damaged."), reason="truncated") from error
    unpacked = sum(member.file_size for member in members)
    packed = max(path.stat().st_size, 1)
    if (
        len(members) > MAX_MEMBERS
        or unpacked > MAX_UNPACKED
        or (unpacked > RATIO_COUNTS_FROM and unpacked / packed > MAX_RATIO)
    ):
        raise FileRefused(
            _("The spreadsheet would unpack to %(size)s MB; it is not opened.") % {"size": unpacked // (1024 * 1024)},
            reason="bomb",
        )
    if any(member.flag_bits & 1 for member in members):
        raise FileRefused(_("The spreadsheet is protected by a password."), reason="encrypted")
    for member in members:
        if member.header_offset + member.compress_size > packed:
            raise FileRefused(_("The spreadsheet is cut off or damaged."), reason="truncated")
    return {member.filename for member in members}
