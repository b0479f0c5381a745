"""The data model of the application as its schema files state it: tables, what they refer to, and whose they are."""
