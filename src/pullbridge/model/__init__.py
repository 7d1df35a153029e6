"""Neutral values: frozen, slotted, standard library only, no I/O. One file a subject."""
