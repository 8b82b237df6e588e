"""The tenant: agencies, their users, teams, roles and permissions, and the scope in which their rows are touched.

Doors: `scope.agency_scope` opens the one scope in which agency rows may be read or written; `access.requires` guards
a view with exactly one permission.
"""
