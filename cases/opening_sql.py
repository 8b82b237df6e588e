"""The statements by which a chunk of a case file becomes cases; `cases.opening` says in which order and why."""

KNOWN = """
CREATE TEMP TABLE intake_known ON COMMIT DROP AS
SELECT c.id, c.account_id, c.debtor_id, c.stage, c.row_digest, c.source_row_id, c.contract_no, c.currency,
    c.balance, NULL::jsonb AS amounts
FROM cases_case AS c
WHERE c.agency_id = %(agency_id)s AND c.creditor_id = %(creditor_id)s AND c.contract_no = ANY(%(contract_numbers)s)
"""
"""Looked up by a list of values, not by a join: the index serves even before the table's statistics know its size."""

KNOWN_AMOUNTS = """
UPDATE intake_known AS k SET amounts = before.amounts
FROM (
    SELECT r.id, r."values" -> 'amounts' AS amounts FROM portfolios_casefilerow AS r
    WHERE r.agency_id = %(agency_id)s AND r.id = ANY(%(row_ids)s)
) AS before
WHERE before.id = k.source_row_id
"""

TAKE_CHUNK = """
CREATE TEMP TABLE intake_row ON COMMIT DROP AS
SELECT r.id AS row_id, r.line, r.contract_no, r.digest, r.changes, c.id IS NULL AS is_new,
    coalesce(c.id, nextval(pg_get_serial_sequence('cases_case', 'id'))) AS case_id,
    coalesce(c.account_id, nextval(pg_get_serial_sequence('ledger_account', 'id'))) AS account_id,
    CASE WHEN c.id IS NULL THEN nextval(pg_get_serial_sequence('ledger_entry', 'id')) END AS entry_id,
    c.debtor_id AS known_debtor_id,
    v.total = 0 OR c.amounts IS DISTINCT FROM r."values" -> 'amounts' AS amounts_changed,
    r."values" -> 'persons' AS persons, r."values" -> 'seals' AS seals, r."values" -> 'facts' AS facts,
    r."values" -> 'dues' AS dues, v.currency, v.total,
    coalesce(a."PRINCIPAL", 0) AS principal, coalesce(a."INTEREST", 0) AS interest,
    coalesce(a."PENALTY", 0) AS penalty, coalesce(a."FEES", 0) AS fees, coalesce(a."COSTS", 0) AS costs
FROM (
    SELECT * FROM portfolios_casefilerow
    WHERE agency_id = %(agency_id)s AND case_file_id = %(case_file_id)s AND line > %(after)s AND line <= %(until)s
      AND verdict IN ('NEW', 'CHANGED')
) AS r
CROSS JOIN LATERAL jsonb_to_record(r."values") AS v(currency text, total numeric)
CROSS JOIN LATERAL jsonb_to_record(r."values" -> 'amounts') AS a(
    "PRINCIPAL" numeric, "INTEREST" numeric, "PENALTY" numeric, "FEES" numeric, "COSTS" numeric)
LEFT JOIN intake_known AS c ON c.contract_no = r.contract_no COLLATE "C"
WHERE c.id IS NULL OR (
    c.stage <> 'CLOSED' AND c.currency = v.currency
    AND (c.row_digest IS DISTINCT FROM r.digest OR (v.total = 0 AND c.balance <> 0)))
ORDER BY r.line
"""
"""A row that says that nothing is owed brings the account to zero even when it says so for the second time."""

COLLECTED = """
CREATE TEMP TABLE intake_collected ON COMMIT DROP AS
SELECT p.account_id,
    -coalesce(sum(w.sign * l.amount) FILTER (WHERE l.bucket = 'PRINCIPAL'), 0) AS principal,
    -coalesce(sum(w.sign * l.amount) FILTER (WHERE l.bucket = 'INTEREST'), 0) AS interest,
    -coalesce(sum(w.sign * l.amount) FILTER (WHERE l.bucket = 'PENALTY'), 0) AS penalty,
    -coalesce(sum(w.sign * l.amount) FILTER (WHERE l.bucket = 'FEES'), 0) AS fees,
    -coalesce(sum(w.sign * l.amount) FILTER (WHERE l.bucket = 'COSTS'), 0) AS costs
FROM intake_row AS row
JOIN ledger_payment AS p ON p.agency_id = %(agency_id)s AND p.account_id = row.account_id AND p.source <> 'CREDITOR'
CROSS JOIN LATERAL (
    SELECT (p.reversed_at IS NULL)::int - count(*) FILTER (WHERE said.kind = 'PAYMENT')
        + count(*) FILTER (WHERE said.kind = 'REVERSAL') AS sign
    FROM cases_remittanceline AS said
    JOIN cases_remittance AS statement ON statement.agency_id = said.agency_id AND statement.id = said.remittance_id
    WHERE said.agency_id = %(agency_id)s AND said.payment_id = p.id AND statement.issued_at < %(told_before)s
) AS w
JOIN ledger_line AS l ON l.agency_id = p.agency_id AND l.entry_id = p.entry_id
WHERE NOT row.is_new AND row.amounts_changed AND row.total > 0 AND w.sign <> 0
GROUP BY p.account_id
"""
"""What the agency collected and the creditor could not know when it wrote the file (ADR 0009), by part of the debt: on
no remittance statement of an earlier day. A payment that stands on one and was taken back since counts below zero.
"""

UNTIL = """
SELECT max(line), array_agg(contract_no) FROM (
    SELECT line, contract_no FROM portfolios_casefilerow
    WHERE agency_id = %(agency_id)s AND case_file_id = %(case_file_id)s AND line > %(after)s
      AND verdict IN ('NEW', 'CHANGED')
    ORDER BY line LIMIT %(limit)s
) AS next
"""

PERSONS = """
INSERT INTO intake_person (row_id, nth, role, person, id_index, id_sealed, reference, same)
SELECT row.row_id, p.nth, p.item ->> 'role', p.item, decode(p.item ->> 'id', 'hex'),
    decode(row.seals ->> (p.item ->> 'id'), 'base64'), coalesce(p.item ->> 'ref', ''),
    coalesce('i' || (p.item ->> 'id'), 'r' || (p.item ->> 'ref'), 'n' || row.row_id || ':' || p.nth)
FROM intake_row AS row, jsonb_array_elements(row.persons) WITH ORDINALITY AS p(item, nth)
ORDER BY row.line, p.nth
"""

CANDIDATES_BY_REFERENCE = """
UPDATE intake_person AS p SET candidate_id = d.id
FROM (
    SELECT d.source_reference, min(d.id) AS id
    FROM debtors_debtor AS d
    WHERE d.agency_id = %(agency_id)s
      AND d.source_reference IN (SELECT DISTINCT reference FROM intake_person WHERE reference <> '')
      AND EXISTS (
          SELECT 1 FROM cases_case AS c
          WHERE c.agency_id = %(agency_id)s AND c.debtor_id = d.id AND c.creditor_id = %(creditor_id)s)
    GROUP BY d.source_reference
) AS d
WHERE p.reference = d.source_reference
"""
"""The creditor's own number of the person counts among the cases of that creditor alone."""

CANDIDATES_BY_PLACE = """
UPDATE intake_person AS p SET candidate_id = coalesce(
    CASE WHEN p.nth = 1 THEN row.known_debtor_id END,
    (SELECT party.person_id FROM cases_party AS party
     JOIN debtors_debtor AS d ON d.agency_id = party.agency_id AND d.id = party.person_id
     WHERE party.agency_id = %(agency_id)s AND party.case_id = row.case_id AND party.role = p.role
       AND d.name_key = left(p.person ->> 'key', 200) ORDER BY party.id LIMIT 1))
FROM intake_row AS row WHERE row.row_id = p.row_id AND NOT row.is_new
"""
"""On a known case the debtor stays the debtor, and a party of the same role and name stays that person."""

OPEN_CASES = """
INSERT INTO cases_case (
    id, agency_id, creditor_id, mandate_id, portfolio_id, debtor_id, account_id, contract_no, branch, product,
    debt_kind, ownership, original_creditor, jurisdiction, contract_signed_on, contract_status, accelerated_on,
    source_accelerated, secured, collateral, original_instalment, assignment_notice_on, currency, balance, overdue,
    oldest_due_on, opened_on, stage, stage_since, close_reason, broken_in_a_row, on_hold, next_action, next_action_at,
    priority, row_digest, source_row_id)
SELECT row.case_id, %(agency_id)s, %(creditor_id)s, %(mandate_id)s, %(portfolio_id)s, p.debtor_id, row.account_id,
    row.contract_no, coalesce(f.branch, ''), coalesce(f.product, ''), %(debt_kind)s, %(ownership)s,
    coalesce(f.original_creditor, %(original_creditor)s), %(jurisdiction)s,
    f.contract_signed_on, f.contract_status, f.accelerated_on, f.source_accelerated, f.secured,
    coalesce(f.collateral, ''), f.original_instalment, f.assignment_notice_on, row.currency, row.total,
    coalesce(due.overdue, 0), due.oldest_on, %(on)s, 'WATCH', %(on)s, '', 0, false, 'NEW', %(now)s, 50, row.digest,
    row.row_id
FROM intake_row AS row
JOIN intake_person AS p ON p.row_id = row.row_id AND p.nth = 1
CROSS JOIN LATERAL jsonb_to_record(row.facts) AS f(
    branch text, product text, collateral text, original_creditor text, contract_status text, contract_signed_on date,
    accelerated_on date, assignment_notice_on date, original_instalment numeric, secured boolean,
    source_accelerated boolean)
CROSS JOIN LATERAL (
    SELECT sum((item ->> 1)::numeric) AS overdue, min((item ->> 0)::date) AS oldest_on
    FROM jsonb_array_elements(row.dues) AS item WHERE (item ->> 0)::date < %(on)s
) AS due
WHERE row.is_new
ORDER BY row.case_id
"""

CHANGE_CASES = """
UPDATE cases_case AS c
SET debtor_id = p.debtor_id, branch = coalesce(f.branch, c.branch), product = coalesce(f.product, c.product),
    original_creditor = coalesce(f.original_creditor, c.original_creditor),
    contract_signed_on = coalesce(f.contract_signed_on, c.contract_signed_on), contract_status = f.contract_status,
    accelerated_on = coalesce(f.accelerated_on, c.accelerated_on), source_accelerated = f.source_accelerated,
    secured = f.secured, collateral = coalesce(f.collateral, c.collateral),
    original_instalment = coalesce(f.original_instalment, c.original_instalment),
    assignment_notice_on = coalesce(f.assignment_notice_on, c.assignment_notice_on),
    balance = a.balance, overdue = coalesce(late.overdue, 0), oldest_due_on = late.oldest_due_on,
    row_digest = row.digest, source_row_id = row.row_id
FROM intake_row AS row
JOIN intake_person AS p ON p.row_id = row.row_id AND p.nth = 1
JOIN ledger_account AS a ON a.agency_id = %(agency_id)s AND a.id = row.account_id
LEFT JOIN ({past_due}) AS late ON late.account_id = row.account_id
CROSS JOIN LATERAL jsonb_to_record(row.facts) AS f(
    branch text, product text, collateral text, original_creditor text, contract_status text, contract_signed_on date,
    accelerated_on date, assignment_notice_on date, original_instalment numeric, secured boolean,
    source_accelerated boolean)
WHERE NOT row.is_new AND c.agency_id = %(agency_id)s AND c.id = row.case_id
"""

PARTIES = """
INSERT INTO cases_party (agency_id, case_id, person_id, role, authorised_by_document, added_at)
SELECT DISTINCT %(agency_id)s, row.case_id, p.debtor_id, p.role, '', %(now)s
FROM intake_person AS p
JOIN intake_row AS row ON row.row_id = p.row_id
JOIN intake_person AS holder ON holder.row_id = p.row_id AND holder.nth = 1
WHERE p.nth > 1 AND p.debtor_id <> holder.debtor_id
ON CONFLICT (agency_id, case_id, person_id, role) DO NOTHING
"""

TELL_OPENED = """
SELECT %(agency_id)s, %(kind)s, %(now)s, %(by_id)s::bigint, case_id, NULL::bigint,
    jsonb_build_object('amount', total::text, 'currency', currency, 'case_file_id', %(case_file_id)s::bigint), ''
FROM intake_row WHERE is_new ORDER BY line
"""

TELL_CHANGED = """
SELECT %(agency_id)s, %(kind)s, %(now)s, %(by_id)s::bigint, case_id, NULL::bigint,
    jsonb_build_object('case_file_id', %(case_file_id)s::bigint, 'changes', changes,
        'fields', (SELECT coalesce(string_agg(key, ', ' ORDER BY key), '') FROM jsonb_object_keys(changes) AS key)), ''
FROM intake_row WHERE NOT is_new ORDER BY line
"""
