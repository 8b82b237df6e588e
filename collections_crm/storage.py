"""Static files with hashed names in production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed names; a missing file is an error when files are collected, not when a page is shown.

    Comments that name source maps are left alone: the maps of third-party packages are not shipped.
    """

    manifest_strict = False
    support_js_module_import_aggregation = True
    patterns = tuple(
        (
            extension,
            tuple(rule for rule in rules if "sourceMappingURL" not in (rule if isinstance(rule, str) else rule[0])),
        )
        for extension, rules in CompressedManifestStaticFilesStorage.patterns
    )
