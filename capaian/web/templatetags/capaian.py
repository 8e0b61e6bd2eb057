"""Filters that print numbers and money as Indonesian documents do. They only format; nothing is computed here."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()
