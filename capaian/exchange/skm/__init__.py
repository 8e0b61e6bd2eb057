"""Answers of satisfaction surveys from workbooks: the template to fill, and how a filled one comes in."""
