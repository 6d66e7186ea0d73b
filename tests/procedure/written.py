"""Procedures as people write them: the parts that the tests of reading, of the schema and of the docs share."""

from __future__ import annotations

WHOLE = """\
# yaml-language-server: $schema=procedure.schema.json
procedure: building_permit
name: {ro: Autorizație de construire, en: Building permit}
legal_basis: Legea 50/1991
country: RO
calendar: {country: RO, hours: {mon-fri: "08:00-16:00"}, days: [{date: 2025-05-02, role: office, kind: bridge}]}
activities:
  - {name: Înregistrare cerere, aliases: [Inregistrare], unit: Registratură,
     target: {n: 1, unit: working_day}, then: office}
  - {name: Solicitare completări, then: applicant}
  - Depunere completări
  - {name: Aviz ISU, then: third_party}
  - Aviz DSP
  - {name: Eliberare autorizație, aliases: Eliberare}
  - Respingere cerere
flow:
  - Înregistrare cerere
  - {optional: [Solicitare completări, Depunere completări], repeatable: true}
  - {parallel: [Aviz ISU, [Aviz DSP, {repeatable: Aviz DSP}]]}
  - {choice: [Eliberare autorizație, Respingere cerere]}
closing:
  - {activity: Eliberare autorizație, outcome: approved}
  - Respingere cerere
events:
  registered: Înregistrare cerere
  file_complete: [Depunere completări, Înregistrare cerere]
  application_received: {attribute: Data primirii}
  invited_to_complete: {activity: Solicitare completări, period: {days: 14}}
  completed: {activity: [Depunere completări], period: {attribute: termen_zile}}
attributes:
  population: {value: 120000}
  constraint: {attribute: Monument}
terms:
  - term: ro.building_permit
    options: {free_days: true}
  - {term: [nl.wabo, nl.ow], id: dutch, if: {population: {above: 1000}}}
  - {id: internal, kind: internal, start: registered, length: {n: 10, unit: working_day}, counting: ro-free-days}
  - id: careful
    name: {en: With everything}
    start: {all_of: [registered, file_complete], fallback: []}
    counting: {extends: it-common, min_working_days: {from_days: 2, at_least: 2}, not_if_longer_than: {days: 90}}
    length: {n: 2, unit: month}
    variants: [{if: {constraint: true, kind: [a, b]}, length: {n: 3, unit: month}}]
    pauses:
      - it.susp_2_7
      - {id: own, effect: suspend, from: invited_to_complete, until: [completed, withdrawn], max_days: 30}
      - {extends: it.susp_2_7, id: longer, max_days: 60}
      - id: two
        from: invited_to_complete
        until: completed
        versions: [{valid_to: 2020-12-31}, {valid_from: 2021-01-01, effect: restart_full}]
    extend: [{by: {n: 10}, event: extension_approved, times: 2, days_before_due: 5}]
    replace_term: {length: {n: 30}, event: long_search_notified, latest: {n: 10}}
    silence: approval
    silence_except: [{if: {constraint: true}, unless: {cleared: true}}]
    valid_from: 2019-11-02
    valid_to: "2030-12-31"
  - id: two_parts
    start: registered
    phases:
      - {id: inquiry, length: {n: 60}, ends_on: proposal, double_on: complexity_declared}
      - {id: decision, start: proposal, length: {n: 30}}
  - id: by_year
    start: registered
    versions:
      - {valid_to: 2019-12-31, length: {n: 30}}
      - {valid_from: 2020-01-01, length: {n: 15, unit: working_day}, pauses: [it.10bis]}
  - {id: registry, start: registered, due_attribute: Termen, kind: internal}
  - {id: shorter, extends: ro.petition, length: {n: 20}}
"""
"""Every key that a procedure may have, and every way to write it."""

SMALL = """\
procedure: petition
country: RO
activities: [Înregistrare, Răspuns]
closing: [Răspuns]
events:
  registered: Înregistrare
terms:
  - {id: internal, start: registered, length: {n: 10, unit: day}}
"""
"""A procedure of one term, in which the tests put one mistake."""


def changed(old: str, new: str) -> str:
    """The small procedure with one part written in another way."""
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)
