"""The demo: a data folder with made-up officers in real communes and a history played through the real code."""

from .fill import DemoAccount, fill_demo

__all__ = ["DemoAccount", "fill_demo"]
