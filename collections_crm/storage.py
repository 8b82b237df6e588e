"""Static files with hashed names in production."""

from collections.abc import Iterator
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed names. Imports between our own modules follow the hashed names; scripts of packages stay as
    they are, since what looks like an import in them may be none, and their source maps are not shipped.
    """

    manifest_strict = False
    support_js_module_import_aggregation = True

    def _post_process(self, paths: Any, adjustable_paths: Any, hashed_files: Any) -> Iterator[Any]:
        ours = [path for path in adjustable_paths if not path.endswith(".js") or path.startswith("js/")]
        theirs = set(adjustable_paths) - set(ours)
        for name, hashed_name, processed, substituted in super()._post_process(paths, ours, hashed_files):
            yield name, hashed_name, processed, substituted and name not in theirs
