"""Prelien: a Telegram bot that stands by a US taxpayer until no tax lien notice has to be filed."""
