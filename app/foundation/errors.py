"""The families of error a door must know how to answer; a kind says what to do next.

A message falls back to the class's docstring, so every error is at least a sentence.
"""

from __future__ import annotations


class PortalError(Exception):
    """Something went wrong that we know about."""

    status = 500

    def __init__(self, message: str = "") -> None:
        doc = self.__class__.__doc__ or ""
        self.message = message or doc.partition("\n")[0]
        super().__init__(self.message)


class NotFoundError(PortalError):
    """There is no such thing here."""

    status = 404


class NotAllowedError(PortalError):
    """Your role does not allow this."""

    status = 403


class ConflictError(PortalError):
    """This is not possible in the present state."""

    status = 409


class BadInputError(PortalError):
    """Something that was entered can't be used.

    `field` is the name of the form field or column, `message` says what is wrong and what to do about it.
    """

    status = 422

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ChangedMeanwhileError(ConflictError):
    """Somebody else changed this while you were working on it; look at the newer version and try again."""
