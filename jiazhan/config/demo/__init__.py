"""The fictional county 云溪区: places and people made up, matters made by the same services that people use."""

from .accounts import code_now
from .loading import load

__all__ = ["code_now", "load"]
