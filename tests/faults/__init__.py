"""Processes die, answers are lost, providers are busy or broken; no letter is lost, doubled or mixed."""
