"""
The numbers of the quotas; hub.

The hub sees entries and not people: a quota of people is one of entries, at `ENTRIES_PER_PERSON` each. That is the
most that the shipped schema makes of one person, and near the mean (48 and 45 on generated lists of careful and of
hurried offices), so that nobody is promised more people than fit. The numbers of people are assumptions, from documents
and not from interviews: one office's day, and a whole organisation's.
"""

ENTRIES_PER_PERSON = 48
KEY_PEOPLE = 30
ORGANISATION_PEOPLE = 100
