"""The walls between agencies, and what is done to take each away. No Django here: a plain script reads it too."""

from dataclasses import dataclass

OWN = "agency_id = (SELECT NULLIF(current_setting('app.agency_id', true), '')::bigint)"


@dataclass(frozen=True)
class Wall:
    """`down` and `up` are statements of the tables' owner; code walls are taken down by `patch` instead."""

    what: str
    down: tuple[str, ...] = ()
    up: tuple[str, ...] = ()
    patch: str = ""


WALLS = {
    "policy": Wall(
        "row security of cases shows every row",
        ("ALTER POLICY cases_case_rls ON cases_case USING (true) WITH CHECK (true)",),
        (f"ALTER POLICY cases_case_rls ON cases_case USING ({OWN}) WITH CHECK ({OWN})",),
    ),
    "row security": Wall(
        "row security of cases is switched off",
        ("ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY",),
        ("ALTER TABLE cases_case ENABLE ROW LEVEL SECURITY",),
    ),
    "force": Wall(
        "the owner of cases goes past row security",
        ("ALTER TABLE cases_case NO FORCE ROW LEVEL SECURITY",),
        ("ALTER TABLE cases_case FORCE ROW LEVEL SECURITY",),
    ),
    "composite key": Wall(
        "a case points to its debtor by the id alone",
        (
            "ALTER TABLE cases_case DROP CONSTRAINT cases_case_debtor_wall",
            "ALTER TABLE cases_case ADD CONSTRAINT cases_case_debtor_wall"
            " FOREIGN KEY (debtor_id) REFERENCES debtors_debtor (id)",
        ),
        (
            "ALTER TABLE cases_case DROP CONSTRAINT cases_case_debtor_wall",
            "ALTER TABLE cases_case ADD CONSTRAINT cases_case_debtor_wall"
            " FOREIGN KEY (agency_id, debtor_id) REFERENCES debtors_debtor (agency_id, id)",
        ),
    ),
    "no setting": Wall("the scope does not tell the database the agency", patch="silent"),
    "session setting": Wall("the scope sets the agency for the session, not for the transaction", patch="session"),
    "manager": Wall("the manager neither filters nor raises", patch="quiet"),
    "write check": Wall("rows of another agency may be saved by the model", patch="unclaimed"),
    "role": Wall("the application comes as a superuser", patch="superuser"),
}
