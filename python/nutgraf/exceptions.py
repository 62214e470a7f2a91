"""The exceptions of nutgraf.

Every class also derives from the builtin that fits it, so that ``except ValueError`` keeps working.
The sentence of an error names what was given, its value, the rule and the remedy; the attributes
``parameter``, ``row`` and ``section`` hold the same for programs (or ``None``).
"""

from __future__ import annotations

__all__ = [
    "IndexCorruptError",
    "IndexFormatError",
    "IndexLockedError",
    "IndexVersionError",
    "InputError",
    "InternalError",
    "LimitError",
    "MemoryLimitError",
    "NutgrafError",
    "NutgrafWarning",
    "ParameterError",
    "PatternError",
    "TextTypeError",
]


class NutgrafError(Exception):
    """Base of every exception that nutgraf raises on its own account.

    Parameters
    ----------
    message : str
        What was given, its value, the rule and the remedy.
    parameter : str, optional
        Name of the parameter at fault.
    row : int, optional
        Row of the document at fault, counted from 0.
    section : str, optional
        Section of the file at fault.
    """

    def __init__(
        self,
        message: str = "",
        *,
        parameter: str | None = None,
        row: int | None = None,
        section: str | None = None,
    ) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.row = row
        self.section = section


class InputError(NutgrafError, ValueError):
    """The documents, or something said about them, cannot be used."""


class TextTypeError(NutgrafError, TypeError):
    """A text is missing or is not text."""


class ParameterError(NutgrafError, ValueError):
    """A parameter is outside its rule."""


class PatternError(NutgrafError, ValueError):
    """A regular expression cannot be compiled or would be too large."""


class LimitError(NutgrafError, ValueError):
    """A documented limit would be passed."""


class MemoryLimitError(NutgrafError, MemoryError):
    """A result would not fit in memory.

    Parameters
    ----------
    message : str
        What was given, its value, the rule and the remedy.
    needed : int, optional
        Bytes that were needed.
    allowed : int, optional
        Bytes that the limit ``memory_bytes`` allows; None where memory itself was full.
    parameter, row, section
        As in `NutgrafError`.
    """

    def __init__(
        self,
        message: str = "",
        *,
        needed: int | None = None,
        allowed: int | None = None,
        parameter: str | None = None,
        row: int | None = None,
        section: str | None = None,
    ) -> None:
        super().__init__(message, parameter=parameter, row=row, section=section)
        self.needed = needed
        self.allowed = allowed


class IndexFormatError(NutgrafError, ValueError):
    """A file is not an index of nutgraf."""


class IndexCorruptError(IndexFormatError):
    """An index file is damaged."""


class IndexVersionError(IndexFormatError):
    """An index file comes from another version."""


class IndexLockedError(NutgrafError, OSError):
    """Somebody else is writing to the index."""


class InternalError(NutgrafError, RuntimeError):
    """A defect of nutgraf; please report it."""


class NutgrafWarning(UserWarning):
    """Work went on, but not as it was asked for: text was repaired, or threads were missing."""
