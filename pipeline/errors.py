"""What can go wrong, said so that a user can act on it: what, where, and what to do."""

from __future__ import annotations


class PipelineError(Exception):
    """Base of all expected errors; its text is Dutch and meant for the user."""


class InputError(PipelineError):
    """An input file cannot be used as it is."""


class SettingsError(PipelineError):
    """settings.toml or one of the tables in data/ is not valid."""


class ArtefactError(PipelineError):
    """A model folder is missing, damaged or made for other data or libraries."""


class StoreError(PipelineError):
    """The store cannot be opened, or somebody else is using it."""


class DeliveryError(PipelineError):
    """A letter could not be delivered anywhere."""


class EngineError(PipelineError):
    """Workers cannot be reached, or stopped while they worked."""
